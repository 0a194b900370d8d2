package wizard

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/theme"
)

// handing is a plan that waits until somebody else has acted, and then is there.
func handing(t *testing.T, o theme.Options, looks *int, until int) *stage {
	t.Helper()
	p := &play{plan: func([]steps.CheckID) (Planned, error) {
		if *looks++; *looks >= until {
			planned, _ := planFor(somePlan(3))
			return planned, nil
		}
		return Planned{}, someErrand()
	}}
	return enter(t, newReview(props(t, p, o), nil)).still()
}

// someErrand is what somebody else has to do first, with a command that is long.
func someErrand() error {
	return &HandedError{
		Err:     &steps.Error{Summary: steps.T("The source domain lets %s see nothing, and nobody here may change that", longARN), Fix: steps.T("Have somebody run these lines")},
		Command: "# map the signer\ncurl -sS -X PATCH --data-binary '[\n" + strings.Repeat("  {\"op\": \"add\", \"path\": \"/backend_roles/-\"},\n", 12) + "]' 'https://search-logs-prod.eu-west-1.es.amazonaws.com/_plugins/_security/api/rolesmapping/manage_snapshots'",
	}
}

func TestHandedPictures(t *testing.T) {
	pictures(t, "handed", []scene{
		{"waits", func(t *testing.T, o theme.Options) *stage { n := 0; return handing(t, o, &n, 9) }},
		{"the end of it", func(t *testing.T, o theme.Options) *stage { n := 0; return handing(t, o, &n, 9).press("end") }},
		{"looks", func(t *testing.T, o theme.Options) *stage {
			n := 0
			st := handing(t, o, &n, 9)
			st.screen.Update(pressed["r"])
			return st
		}},
	})
}

// TestHandedOverIsLookedForByItself: what somebody else has to do stands there while it
// is looked again and again, less often as time goes by; once it is done the plan
// follows, and nobody has to press a key.
func TestHandedOverIsLookedForByItself(t *testing.T) {
	looks := 0
	s := handing(t, dark, &looks, 5)
	s.says("lets arn:aws:iam", "Have somebody run these lines", "curl -sS -X PATCH", "Looked at 12:04:13", "looks again at 12:04:28")
	r := s.screen.(*review)
	for _, want := range []time.Duration{30 * time.Second, time.Minute} {
		s.take(lookMsg{r.task.number})
		s.says("Looked at 12:04:13, looks again at " + noon.Add(want).Format("15:04:05")).still()
	}
	stale := lookMsg{r.task.number - 1}
	if s.take(stale); r.task.busy() || looks != 3 {
		t.Errorf("a look that was not wanted any more was taken: %d", looks)
	}
	s.press("r").says("looks again at 12:04:28") // somebody is there: soon again
	if s.press("c").says("As a command", "clipboard").press("esc"); looks != 4 {
		t.Errorf("looked %d times", looks)
	}
	s.take(lookMsg{r.task.number})
	s.says("approve").wanted(func(m tea.Msg) bool { _, is := m.(plannedMsg); return is })
}

// TestHandedOverGoesOnBeingShown while it is looked again, and esc goes back at any
// time; another error takes its place.
func TestHandedOverGoesOnBeingShown(t *testing.T) {
	looks := 0
	s := handing(t, dark, &looks, 99)
	s.screen.Update(pressed["r"])
	s.says("Looking whether it is done", "curl -sS -X PATCH")
	s.press("esc").wanted(func(m tea.Msg) bool { _, is := m.(backMsg); return is })
	s = handing(t, dark, &looks, 0)
	r := s.screen.(*review)
	r.ready, r.err = false, someErrand()
	r.Deeds.(*play).plan = func([]steps.CheckID) (Planned, error) {
		return Planned{}, &steps.Error{Summary: steps.T("The run directory is in use")}
	}
	s.press("r").says("The run directory is in use", "r plans again").saysNot("looks again", "curl")
}

// TestAnotherRunWithTheseAnswers: where the directory has the run of other answers, a
// key begins one beside it.
func TestAnotherRunWithTheseAnswers(t *testing.T) {
	fail := &OtherRunError{&steps.Error{Summary: steps.T("The run directory belongs to run 1")}, "snapferry-run-2026-11-22"}
	s := enter(t, newReview(props(t, &play{plan: func([]steps.CheckID) (Planned, error) { return Planned{}, fail }}, dark), nil)).still()
	s.room = rooms["60x20"]
	s.says("belongs to run 1", "n begins another run", "snapferry-run-2026-11-22", "esc goes back")
	if keys := keysOf(s.screen.Keys()); !strings.HasPrefix(keys, "n esc") {
		t.Errorf("keys %s", keys)
	}
	s.press("n").wanted(func(m tea.Msg) bool { l, is := m.(leaveMsg); return is && l.afresh })
	// Of any other error it is no key.
	s = enter(t, newReview(props(t, &play{plan: func([]steps.CheckID) (Planned, error) { return Planned{}, fail.Err }}, dark), nil)).still()
	if s.press("n"); len(s.wants) > 0 {
		t.Errorf("wants %v", s.wants)
	}
}

// TestALongErrorIsReadToItsEnd on the smallest screen.
func TestALongErrorIsReadToItsEnd(t *testing.T) {
	fail := &steps.Error{Summary: steps.T("Step source-role cannot be planned"), Fix: steps.T("%s and that is the end", strings.Repeat("Make it so. ", 90))}
	s := enter(t, newReview(props(t, &play{plan: func([]steps.CheckID) (Planned, error) { return Planned{}, fail }}, dark), nil)).still()
	s.room = rooms["60x20"]
	s.saysNot("that is the end").press("end").says("that is the end", "r plans again")
}
