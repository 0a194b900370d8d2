package wizard

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/ask"
)

// holding is a desk over a domain with these indices; one that begins with a dot
// stays.
func holding(names ...string) *desk {
	try := func(patterns []string) []ask.Hit {
		if !slices.ContainsFunc(patterns, func(p string) bool { return !strings.HasPrefix(p, "-") }) {
			patterns = append([]string{"*"}, patterns...) // as facts.Match has it
		}
		hits := make([]ask.Hit, len(names))
		for i, n := range names {
			h := ask.Hit{Name: n, Bytes: int64(i+1) << 30, Primaries: 5, Copies: 2, Made: "2.11", Left: true}
			if strings.HasPrefix(n, ".") {
				h.Left, h.Why = false, steps.T("a restore that contains it is refused")
			}
			hits[i] = h
			for _, p := range patterns {
				out := strings.HasPrefix(p, "-")
				p = strings.TrimPrefix(p, "-")
				if !strings.HasPrefix(n, ".") && (p == n || strings.HasSuffix(p, "*") && strings.HasPrefix(n, strings.TrimSuffix(p, "*"))) {
					hits[i].Moves, hits[i].Left = !out, out
				}
			}
		}
		return hits
	}
	return &desk{fetch: func(_ context.Context, _ *ask.Answers, r ask.Request) (ask.Offer, error) {
		if r.What != ask.Indices {
			return ask.Offer{}, nil
		}
		return ask.Offer{Try: try, Note: steps.T("%d indices.", len(names))}, nil
	}}
}

// atMoves sits at the page of what moves.
func atMoves(t testing.TB, d *desk, o Options) *person {
	t.Helper()
	if o.Answers == nil {
		o.Answers = answered(t, preset)
	}
	o.Deeds = d
	p := sit(t, o)
	p.turned(p.open(movePage))
	if p.page == movePage && p.screen.(*moves).form.Asking().Key != indicesKey {
		p.press("shift+tab")
	}
	return p.on(movePage, indicesKey)
}

// line is what stands on the line of patterns.
func (p *person) line() string { return p.screen.(*moves).form.Typed() }

// TestPreview: what the patterns hit is seen while they are typed.
func TestPreview(t *testing.T) {
	p := atMoves(t, holding("logs-1", "logs-2", "metrics-1", ".kibana_1"), Options{})
	p.says("3 of 3 indices", "1 stays", "made with 2.11", "✗ .kibana_1", "stays: a restore")
	p.press("e", "ctrl+u", "logs-*").says("2 of 3 indices", "– metrics-1", "left by your pattern")
	p.press("enter", "down", "space").says("1 of 3 indices", "logs-*, -logs-2", "– logs-2")
	p.press("space").says("2 of 3 indices", "pattern  logs-*\n")
	p.press("end", "space").says("stays whatever the pattern says")
	p.press("esc")
	if p.page != "bucket" {
		t.Fatalf("esc leads to %s", p.page)
	}
	if p.press("pgdown").on(movePage, indicesKey); p.line() != "logs-*" {
		t.Errorf("what was typed is gone: %q", p.line())
	}
	p.press("enter").on(movePage, moreKey).says("2 of 3 indices")
	if got := p.Answers.Get(indicesKey); got != "logs-*" {
		t.Errorf("the answer is %q", got)
	}
}

// TestLeaveOrTake: each key press changes one index, and the second one takes the
// first back.
func TestLeaveOrTake(t *testing.T) {
	names := []string{"a", "b", "c"}
	for line, want := range map[string]string{
		"*": "*, -b", "": "*, -b", "-a": "*, -a, -b", "b": "b, -b", "a": "a, b", "a, b": "a", "*, -b": "*", "-b": "*", "a, -b": "a, b", "a*": "a*, b",
	} {
		p := atMoves(t, holding(names...), Options{})
		p.press("e", "ctrl+u")
		p.send(tea.PasteMsg{Content: line})
		p.press("enter")
		before, _ := p.screen.(*moves).list.under()
		for before.Name != "b" {
			p.press("down")
			before, _ = p.screen.(*moves).list.under()
		}
		p.press("space")
		after, _ := p.screen.(*moves).list.under()
		if p.line() != want || before.Moves == after.Moves || after.Name != "b" {
			t.Errorf("%q became %q, wants %q; %s", line, p.line(), want, after.Name)
		}
		p.press("space")
		if again, _ := p.screen.(*moves).list.under(); again.Moves != before.Moves {
			t.Errorf("%q, left and taken: %q", line, p.line())
		}
	}
}

// TestHiddenIndex: what no wildcard takes moves when it is named; what is protected
// never does.
func TestHiddenIndex(t *testing.T) {
	d := holding("a")
	try := func(patterns []string) []ask.Hit {
		named := slices.Contains(patterns, "hidden")
		return []ask.Hit{{Name: "a", Moves: true}, {Name: "hidden", Moves: named, Why: steps.T("it is hidden")}, {Name: "never", Why: steps.T("it is protected")}}
	}
	d.fetch = func(context.Context, *ask.Answers, ask.Request) (ask.Offer, error) { return ask.Offer{Try: try}, nil }
	p := atMoves(t, d, Options{}).press("down").says("it is hidden").press("space").says("2 of 2 indices move", "1 stays")
	if p.line() != "*, hidden" {
		t.Errorf("the line is %q", p.line())
	}
	if p.press("down", "space").says("stays whatever the pattern says: it is protected"); p.line() != "*, hidden" {
		t.Errorf("the line is %q", p.line())
	}
}

// TestRefusedPatterns: who is told what is wrong types on, and every letter is one.
func TestRefusedPatterns(t *testing.T) {
	p := atMoves(t, holding("logs-1", "r"), Options{})
	p.press("e", "ctrl+u", "Logs", "enter").says("✗").press("er").on(movePage, indicesKey)
	if p.line() != "Logser" {
		t.Errorf("the line is %q", p.line())
	}
	p.press("esc", "enter").says("✗").press("ctrl+u", "logs-*", "enter").says("1 of 2 indices").press("enter").on(movePage, moreKey)
	if got := p.Answers.Get(indicesKey); got != "logs-*" {
		t.Errorf("the answer is %q", got)
	}
}

// TestLookingAgain: the list is made of what is there now.
func TestLookingAgain(t *testing.T) {
	d := holding("a")
	p := atMoves(t, d, Options{}).says("1 of 1 index moves")
	d.fetch = holding("a", "b", "c").fetch
	p.press("ctrl+r").says("3 of 3 indices").press("end", "space").says("2 of 3 indices")
	d.fetch = func(context.Context, *ask.Answers, ask.Request) (ask.Offer, error) {
		return ask.Offer{}, &steps.Error{Summary: steps.T("Nothing came back"), Fix: steps.T("Look again")}
	}
	p.press("ctrl+r").says("Nothing came back").press("x")
	if p.line() != "*, -cx" {
		t.Errorf("the line is %q", p.line())
	}
}

// TestLookedUpAnew: whoever comes back to the patterns sees what is there by then.
func TestLookedUpAnew(t *testing.T) {
	d := holding("a")
	p := atMoves(t, d, Options{}).says("1 of 1 index moves").press("enter")
	d.fetch = holding("a", "b", "c").fetch
	p.press("shift+tab").on(movePage, indicesKey).says("3 of 3 indices").press("end", "space").says("2 of 3 indices")
}

// TestRenaming: r leads to the pattern of new names, and they stand in the list.
func TestRenaming(t *testing.T) {
	p := atMoves(t, holding("logs-1", "metrics-1"), Options{Width: 120, Height: 40})
	p.press("r").on(movePage, patternKey).press("^(.+)$", "enter").on(movePage, replaceKey).press("old-$1").says("old-logs-1", "old-metrics-1")
	if p.Answers.Get(indicesKey) != "*" {
		t.Errorf("the pattern is %q", p.Answers.Get(indicesKey))
	}
}

// TestNewNamesHaveRoom: of what is renamed its new name matters, and stands there whole.
func TestNewNamesHaveRoom(t *testing.T) {
	for _, width := range []int{60, 80} {
		p := atMoves(t, holding("logs-000041", "metrics-2026.11"), Options{Width: width, Height: 24})
		p.press("r", "^(.+)$", "enter", "restored-$1").says("▶ restored-logs-000041", "▶ restored-metrics-2026.11")
	}
}

// TestBackFromRenaming: esc leads back to the list that r was pressed in, and what was
// opened for it is closed again.
func TestBackFromRenaming(t *testing.T) {
	p := atMoves(t, holding("logs-1", "metrics-1"), Options{Width: 120, Height: 40}).press("down", "r").on(movePage, patternKey)
	p.says("esc back to the list").press("esc").on(movePage, indicesKey).says("▸ ✓ metrics-1", "enter next")
	if got := p.Answers.Get(moreKey); got == ask.Yes {
		t.Errorf("more to set: %q", got)
	}
	p.press("r", "^(.+)$", "enter").on(movePage, replaceKey).press("old-$1", "esc").on(movePage, indicesKey).says("▸ ✓ metrics-1")
	if p.press("r").on(movePage, patternKey); p.line() != "^(.+)$" {
		t.Errorf("the pattern is gone: %q", p.line())
	}
	p.press("enter").on(movePage, replaceKey).says("old-metrics-1")
	p.press("shift+tab", "shift+tab", "esc")
	if p.page == movePage && p.screen.(*moves).form.Asking().Key != indicesKey {
		t.Errorf("esc leads to %s", p.screen.(*moves).form.Asking().Key)
	}
}

// TestWaysOutOfTheLine: the keys that are named lead out of it, whatever stands on it.
func TestWaysOutOfTheLine(t *testing.T) {
	p := atMoves(t, holding("logs-1", "logs-2"), Options{}).press("e", "logs-*").says("enter back to the list")
	p.press(", Bad*").says("so far", "esc back to the list").press("enter").says("✗", "esc back to the list")
	if strings.Contains(p.shows(), "enter back to the list") {
		t.Error("enter is told to lead back, which it does not")
	}
	if p.press("enter").says("✗").press("esc").says("enter next"); p.line() != "logs-*, Bad*" {
		t.Errorf("the line is %q", p.line())
	}
	p.press("enter").says("✗", "esc back to the list").press("ctrl+u", "logs-1", "enter").says("enter next")
}

// TestHelpIsWhole: at the smallest size it has the list's room, and its key is named.
func TestHelpIsWhole(t *testing.T) {
	for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 40}} {
		p := atMoves(t, holding(stock...), Options{Width: size[0], Height: size[1], Sandbox: true})
		p.says("? help").press("?").says("In the console:", "snapferry probe GET", "--side source").press("?").says("? help", "✓ logs-000041")
		p.press("e").press("f1").says("In the console:", "--side source").press("f1").says("✓ logs-000041")
	}
}

// TestTenThousandIndices: only what is seen is drawn.
func TestTenThousandIndices(t *testing.T) {
	var names []string
	for i := range 10_000 {
		names = append(names, fmt.Sprintf("logs-%06d", i))
	}
	p := atMoves(t, holding(names...), Options{})
	p.says("10,000 of 10,000 indices move", "logs-000000").press("end").says("logs-009999").press("pgup", "up", "home").says("logs-000000")
	if n := testing.AllocsPerRun(3, func() { p.lines() }); n > 6000 {
		t.Errorf("%.0f allocations a frame", n)
	}
}

// TestAllGivesWay: where everything is taken, what is typed or pasted takes the place of
// the sign for it, and never stands glued behind it.
func TestAllGivesWay(t *testing.T) {
	for name, c := range map[string]struct {
		keys  []string
		paste string
		want  string
	}{
		"typed":                {[]string{"e", "logs-*"}, "", "logs-*"},
		"typed after a look":   {[]string{"e", "enter", "e", "logs-*"}, "", "logs-*"},
		"typed with it again":  {[]string{"e", "logs-1", "ctrl+u", "*", "enter", "e", "logs-*"}, "", "logs-*"},
		"the cursor before it": {[]string{"e", "home", "enter", "e", "logs-*"}, "", "logs-*"},
		"gone on with":         {[]string{"e", "end", ", -logs-1"}, "", "*, -logs-1"},
		"pasted":               {nil, "logs-1\nlogs-2\n", "logs-1, logs-2"},
		"pasted on the line":   {[]string{"e"}, "logs-1\nlogs-2", "logs-1, logs-2"},
		"pasted to others":     {[]string{"e", "metrics-1", "enter"}, "logs-1\nlogs-2", "metrics-1, logs-1, logs-2"},
	} {
		p := atMoves(t, holding("logs-1", "logs-2", "metrics-1"), Options{}).press(c.keys...)
		if c.paste != "" {
			p.send(tea.PasteMsg{Content: c.paste})
		}
		if p.line() != c.want {
			t.Errorf("%s: the line is %q, wants %q", name, p.line(), c.want)
		}
	}
}

// TestHitsComeFirst: what the patterns on the line hit is in sight while they are typed,
// however long the list is; a row under the cursor stays where it is.
func TestHitsComeFirst(t *testing.T) {
	var names []string
	for i := range 200 {
		names = append(names, fmt.Sprintf("audit-%03d", i))
	}
	names = append(names, ".kibana_1", "logs-1", "logs-2")
	p := atMoves(t, holding(names...), Options{Width: 60, Height: 20}).press("end", "e", "logs-*").says("✓ logs-1", "✓ logs-2", "– audit-000")
	p.press("enter").says("▸ ✓ logs-1").press("space").says("▸ – logs-1", "✓ logs-2").press("space").says("▸ ✓ logs-1")
	p.press("end").says("✗ .kibana_1").press("home")
	p.press("esc").press("pgdown").on(movePage, indicesKey).says("▸ ✓ logs-1", "✓ logs-2")
	p.press("e", ", -logs-1").says("✓ logs-2", "– audit-000")
	if h, _ := p.screen.(*moves).list.under(); h.Name != "logs-2" {
		t.Errorf("the first one is %s", h.Name)
	}
}

// TestPatternsAreGoneOnWith: what is edited is not replaced by the first letter.
func TestPatternsAreGoneOnWith(t *testing.T) {
	d := answered(t, preset)
	d.Amend(indicesKey, "logs-*")
	p := atMoves(t, holding("logs-1", "logs-2", "metrics-1"), Options{Answers: d}).says("2 of 3 indices")
	p.press("e", ", metrics-1").says("3 of 3 indices")
}
