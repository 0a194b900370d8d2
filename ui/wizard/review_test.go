package wizard

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/theme"
)

// reviewed is a plan under review; with says what the plan is like.
func reviewed(t *testing.T, o theme.Options, p steps.Plan, with func(*made, *Planned)) *stage {
	t.Helper()
	planned, _ := planFor(p)
	m := props(t, &play{}, o)
	if with != nil {
		with(&m, &planned)
	}
	m.Deeds.(*play).plan = func([]steps.CheckID) (Planned, error) { return planned, nil }
	return enter(t, newReview(m, nil)).still()
}

func TestReviewPictures(t *testing.T) {
	lots, some := somePlan(10_000), somePlan(38)
	pictures(t, "review", []scene{
		{"planning", func(t *testing.T, o theme.Options) *stage {
			return &stage{t: t, screen: newReview(props(t, &play{}, o), nil), msgs: make(chan tea.Msg)}
		}},
		{"ten thousand indices", func(t *testing.T, o theme.Options) *stage { return reviewed(t, o, lots, nil) }},
		{"a diff", func(t *testing.T, o theme.Options) *stage {
			return reviewed(t, o, some, nil).press("down", "d", "2222-")
		}},
		{"the end", func(t *testing.T, o theme.Options) *stage { return reviewed(t, o, lots, nil).press("end") }},
		{"a slip", func(t *testing.T, o theme.Options) *stage { return reviewed(t, o, some, nil).press("123", "enter") }},
		{"as command", func(t *testing.T, o theme.Options) *stage { return reviewed(t, o, some, nil).press("c") }},
		{"nothing", func(t *testing.T, o theme.Options) *stage {
			return reviewed(t, o, steps.Plan{}, func(_ *made, p *Planned) { p.Uncovered = 0 })
		}},
		{"error", func(t *testing.T, o theme.Options) *stage {
			fail := &steps.Error{Summary: steps.T("Step source-role cannot be planned: %s", longARN), Fix: steps.T("Make it")}
			return enter(t, newReview(props(t, &play{plan: func([]steps.CheckID) (Planned, error) { return Planned{}, fail }}, o), nil)).still()
		}},
	})
}

// TestTypedApproval: only the target's account id approves, however it is written;
// what is typed and is no digit is a key.
func TestTypedApproval(t *testing.T) {
	s := reviewed(t, dark, somePlan(3), nil)
	s.wanted(func(m tea.Msg) bool { _, is := m.(plannedMsg); return is })
	s.says("Type the target account id to approve", "2222-2222-2222").press("enter").says("Nothing is changed")
	s.press("111122223333", "enter").says("That is not the target's account id").press("ctrl+u")
	for range 3 {
		s.press("x")
	}
	if len(s.wants) != 1 {
		t.Fatalf("went on: %v", s.wants)
	}
	s.take(tea.PasteMsg{Content: " 2222-2222-2222\n"})
	s.press("enter").wanted(func(m tea.Msg) bool {
		g, is := m.(goMsg)
		return is && g.to == atRun && g.by == "typed the target account id" && g.planned.Uncovered == 4
	})
}

// TestNeedsNoApproval: a plan that was approved already goes on by enter; one in the
// sandbox is approved as anywhere, which is what one is there to see.
func TestNeedsNoApproval(t *testing.T) {
	reviewed(t, dark, somePlan(3), func(_ *made, p *Planned) { p.Uncovered = 0 }).says("approved already").press("enter").wanted(goes(atRun))
	reviewed(t, dark, somePlan(3), func(m *made, _ *Planned) { m.Sandbox = true }).says("approve: _ 2222-2222-2222").
		press("enter").says("Nothing is changed").press("222222222222", "enter").wanted(goes(atRun))
}

// TestReviewMoves: the cursor reaches every change, an open one is scrolled through,
// and below the last one stands what moves, to its end.
func TestReviewMoves(t *testing.T) {
	s := reviewed(t, dark, somePlan(500), nil)
	s.room = rooms["60x20"]
	s.says("▸ + create")
	seen := map[string]bool{}
	for range 600 {
		s.press("down")
		for _, l := range strings.Split(s.shows(), "\n") {
			for _, word := range strings.Fields(l) {
				seen[word] = true
			}
			if strings.HasPrefix(l, "▸") {
				seen[l] = true
			}
		}
	}
	for _, want := range []string{"S3", "logs-000000", ".opendistro_security", "▸ * do     target prove that everything arrived"} {
		if !seen[want] {
			t.Errorf("never came to %s", want)
		}
	}
	s.says("logs-000499")
	for range 700 {
		s.press("up")
	}
	s.says("▸ + create").press("d").says(`+ {`, `"region"`).press("d").saysNot(`"region"`)
	s.press("c").says("As a command", "curl -X PUT bucket/").press("esc").saysNot("As a command")
}

// TestPlanFails: the error says what to do; r plans again.
func TestPlanFails(t *testing.T) {
	fail := error(&steps.Error{Summary: steps.T("The run directory is in use"), Fix: steps.T("End the other one")})
	var accepted []steps.CheckID
	p := &play{plan: func(accept []steps.CheckID) (Planned, error) {
		accepted = accept
		planned, _ := planFor(somePlan(3))
		return planned, fail
	}}
	s := enter(t, newReview(props(t, p, dark), []steps.CheckID{"bucket-private"})).says("The run directory is in use", "End the other one", "r plans again")
	fail = nil
	s.press("enter", "d", "c", "r").says("3 indices", "approve").press("esc").wanted(func(m tea.Msg) bool { _, is := m.(backMsg); return is })
	if len(accepted) != 1 {
		t.Errorf("accepted %v", accepted)
	}
}
