package panel

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"snapferry/steps"
)

var update = flag.Bool("update", false, "write the golden panels instead of comparing them")

// view is a panel with what it shows.
type view struct {
	name string
	draw func(l Look, width, height int) []string
}

// views are all panels, in their good and bad days.
func views() []view {
	board := func(s *steps.State, c []Call) func(Look, int, int) []string {
		return func(l Look, w, h int) []string { return NewRun(l).View(s, c, noon, 3, w, h) }
	}
	long := func(draw func(Look, int) []string) func(Look, int, int) []string {
		return func(l Look, w, h int) []string {
			lines, _ := l.Window(draw(l, w), 0, h)
			return l.Into(lines, w, h)
		}
	}
	found := func(at, down int) func(Look, int, int) []string {
		return func(l Look, w, h int) []string {
			list := Ordered(findings())
			lines, _ := l.Findings(Findings{Found: list, At: (Heaviest(list) + at) % len(list), Down: down, Accepted: map[steps.CheckID]bool{"bucket-private": true}, Fixable: func(f steps.Finding) bool { return f.ID == "role-trusts-service" }}, w, h)
			return lines
		}
	}
	reviewed := func(n, at int, open bool) func(Look, int) []string {
		return func(l Look, w int) []string {
			p := plan(n)
			lines, _ := l.Changes(Plan{Plan: p, At: at, Open: map[int]bool{at: open}}, w)
			return append(lines, l.Beside(p, w)...)
		}
	}
	other := steps.Waiting{Reason: steps.T("the role %s", longARN), Since: noon.Add(-90 * time.Second), Instruction: &steps.Instruction{Who: steps.T("whoever administers account 222222222222"), What: steps.T("make the snapshot role"), CLI: "aws iam create-role --role-name acme-snap --assume-role-policy-document '" + strings.Repeat(`{"Effect":"Allow"}`, 12) + "'\naws iam tag-role --role-name acme-snap"}}
	return []view{
		{"route", func(l Look, w, h int) []string { return l.Route(route(), w, h) }},
		{"route, half known", func(l Look, w, h int) []string { return l.Route(Route{Source: route().Source}, w, h) }},
		{"findings", found(0, 0)},
		{"findings, the next family", found(4, 0)},
		{"findings, nothing", func(l Look, w, h int) []string {
			lines, _ := l.Findings(Findings{}, w, h)
			return lines
		}},
		{"plan", long(reviewed(38, 0, false))},
		{"plan, a role in full", long(reviewed(38, 1, true))},
		{"plan, nothing", long(func(l Look, w int) []string {
			lines, _ := l.Changes(Plan{}, w)
			return append(lines, l.Beside(steps.Plan{}, w)...)
		})},
		{"run begins", board(&steps.State{}, nil)},
		{"run", board(running(), calls(12))},
		{"run waits for somebody", board(after(running(), "snapshot", other), calls(1))},
		{"run has failed", board(after(running(), "snapshot", steps.StepFailed{Diagnosis: cause()}), calls(12))},
		{"run is done", board(done(), nil)},
		{"step", long(func(l Look, w int) []string { return l.Step(*running().Step("snapshot"), running().Logs, w) })},
		{"diagnosis", long(func(l Look, w int) []string { return l.Diagnosis(cause(), w) })},
		{"report", long(func(l Look, w int) []string {
			return l.Report(account(done(), steps.RunDone{OK: true}), []string{"snapferry-run/report.html"}, w)
		})},
		{"report of a failure", long(func(l Look, w int) []string {
			return l.Report(account(after(running(), "snapshot", steps.StepFailed{Diagnosis: cause()}), steps.RunDone{ExitCode: 1}), nil, w)
		})},
		{"command", long(func(l Look, w int) []string { return l.Command(cause().Causes[0].Command, w) })},
		{"trouble", long(func(l Look, w int) []string {
			return append(l.Trouble(&steps.Error{Summary: steps.T("The bucket %s is not there", longARN), Fix: steps.T("Make it")}, w), l.Trouble(errors.New("plain"), w)...)
		})},
	}
}

// rooms are what a terminal of a size leaves for a screen.
var rooms = map[string][2]int{"60x20": {60, 15}, "80x24": {80, 19}, "120x40": {120, 31}}

// hold fails where a panel is wider or taller than its room, or has what a
// terminal would take for more than letters.
func hold(t *testing.T, what string, lines []string, width, height int, unicode bool) {
	t.Helper()
	if len(lines) > height {
		t.Errorf("%s: %d lines of %d", what, len(lines), height)
	}
	for _, l := range lines {
		if got := ansi.StringWidth(l); got > width {
			t.Errorf("%s: %d cells of %d: %q", what, got, width, ansi.Strip(l))
		}
		bare := ansi.Strip(l)
		if strings.ContainsFunc(bare, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }) {
			t.Errorf("%s: control signs in %q", what, bare)
		}
		if !unicode && strings.ContainsAny(bare, "✓✗◐○█░─│┌┐└┘━▶▸▾·…↑↓×–→") {
			t.Errorf("%s: our own signs beyond ASCII in %q", what, bare)
		}
	}
}

func TestGoldenPanels(t *testing.T) {
	for name, options := range looks {
		for size, room := range rooms {
			var out strings.Builder
			for _, v := range views() {
				lines := v.draw(lookOf(options), room[0], room[1])
				hold(t, name+" "+size+" "+v.name, lines, room[0], room[1], options.Unicode)
				shown := strings.Join(lines, "\n")
				if name == "ascii" {
					shown = ansi.Strip(shown)
				}
				fmt.Fprintf(&out, "== %s\n%s\n", v.name, shown)
			}
			golden(t, name+"-"+size, out.String())
		}
	}
}

// TestEveryRoom: whatever the room, nothing gets out of it.
func TestEveryRoom(t *testing.T) {
	for name, options := range looks {
		for _, v := range views() {
			for _, w := range []int{20, 60, 61, 79, 89, 90, 96, 97, 120, 200} {
				for _, h := range []int{0, 1, 2, 5, 12, 60} {
					hold(t, fmt.Sprintf("%s %dx%d %s", name, w, h, v.name), v.draw(lookOf(options), w, h), w, h, options.Unicode)
				}
			}
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (go test -update writes it; look at it): %s", name, diff)
	}
}
