package wizard

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/theme"
)

// dark is the look of tests that look for words alone.
var dark = theme.Options{Dark: true, Unicode: true}

// checked is the board of checks with findings on it.
func checked(t *testing.T, o theme.Options, p *play, found []steps.Finding) *stage {
	t.Helper()
	if p.check == nil {
		p.check = func(context.Context) ([]steps.Finding, error) { return found, nil }
	}
	return enter(t, newChecks(props(t, p, o))).still()
}

func TestChecksPictures(t *testing.T) {
	refusal := &steps.Error{Summary: steps.T("The credentials of the source ran out"), Fix: steps.T("Log in again: aws sso login --profile %s", longARN)}
	pictures(t, "checks", []scene{
		{"looking", func(t *testing.T, o theme.Options) *stage {
			return enter(t, newChecks(props(t, &play{check: func(ctx context.Context) ([]steps.Finding, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}}, o)))
		}},
		{"a blocker", func(t *testing.T, o theme.Options) *stage {
			return checked(t, o, &play{fixes: []steps.CheckID{"role-trusts-service"}}, someFindings())
		}},
		{"in full", func(t *testing.T, o theme.Options) *stage {
			return checked(t, o, &play{}, someFindings()).press("space")
		}},
		{"plan is not to be had", func(t *testing.T, o theme.Options) *stage {
			return checked(t, o, &play{}, someFindings()).press("enter")
		}},
		{"as command", func(t *testing.T, o theme.Options) *stage {
			return checked(t, o, &play{}, someFindings()).press("c")
		}},
		{"all is well", func(t *testing.T, o theme.Options) *stage { return checked(t, o, &play{}, passingFindings()) }},
		{"nothing", func(t *testing.T, o theme.Options) *stage { return checked(t, o, &play{}, nil) }},
		{"error", func(t *testing.T, o theme.Options) *stage {
			return checked(t, o, &play{check: func(context.Context) ([]steps.Finding, error) { return nil, refusal }}, nil)
		}},
	})
}

// TestBlockersStopAndWeightyWarningsAreAccepted: enter leads on only where nothing
// stands in the way, and hands over what was accepted.
func TestBlockersStopAndWeightyWarningsAreAccepted(t *testing.T) {
	found := someFindings()
	p := &play{check: func(context.Context) ([]steps.Finding, error) { return found, nil }}
	s := checked(t, dark, p, nil)
	s.says("role-trusts-service", "blocks").press("enter").says("stands in the way").press("a").says("Only a warning")
	s.press("f").says("cannot put this right by itself")
	found = found[1:]
	s.press("r").still().saysNot("role-trusts-service")
	s.says("bucket-private").press("enter").says("a accepts it").press("a").says("take back that you go on")
	s.press("a").saysNot("take back that you go on").press("a", "enter").wanted(func(m tea.Msg) bool {
		g, is := m.(goMsg)
		return is && g.to == atReview && len(g.accept) == 1 && g.accept[0] == "bucket-private"
	})
}

// TestTheVerdict: what could not be looked at passes nothing, and nobody has to press a
// key to learn that it leads nowhere.
func TestTheVerdict(t *testing.T) {
	blind := append(passingFindings(), steps.Finding{ID: "clock", Outcome: steps.Unknown}, steps.Finding{ID: "aliases", Outcome: steps.Skipped, BecauseOf: "clock"})
	for words, found := range map[string][]steps.Finding{
		"Nothing stands in the way":                                   passingFindings(),
		"Nothing known is in the way, but 2 checks could not be made": blind,
		"No plan yet: role-trusts-service is in the way":              someFindings(),
		"No plan yet: bucket-private waits for your word":             someFindings()[1:],
	} {
		checked(t, dark, &play{}, found).says(words)
	}
}

// TestAcceptedStaysAccepted: who goes back and comes again is not asked twice, unless
// what was accepted says something else by now.
func TestAcceptedStaysAccepted(t *testing.T) {
	found := someFindings()[1:]
	m := props(t, &play{check: func(context.Context) ([]steps.Finding, error) { return found, nil }}, dark)
	m.accepted = map[steps.CheckID]string{}
	again := func() *stage { return enter(t, newChecks(m)).still() }
	again().says("to go on in spite of it").press("a").says("take back that you go on")
	s := again().says("take back that you go on").press("enter")
	s.wanted(func(m tea.Msg) bool {
		g, is := m.(goMsg)
		return is && g.to == atReview && len(g.accept) == 1 && g.accept[0] == "bucket-private"
	})
	found[0].Evidence = []steps.Text{steps.T("the policy allows everybody")}
	s = again()
	if s.press("enter").says("a accepts it"); len(s.wants) > 0 {
		t.Errorf("wants %v", s.wants)
	}
	// What was taken back is not remembered; what is gone is not handed on.
	again().press("a", "a")
	if again().press("enter").says("a accepts it").press("a"); len(m.accepted) != 1 {
		t.Errorf("remembers %v", m.accepted)
	}
	found = passingFindings()
	again().press("enter").wanted(func(m tea.Msg) bool { g, is := m.(goMsg); return is && len(g.accept) == 0 })
	found = someFindings()[1:]
	if s = again().press("a"); len(m.accepted) != 1 {
		t.Errorf("remembers %v", m.accepted)
	}
	found[0].Cause = steps.T("another one")
	if s.press("r").still().press("enter").says("a accepts it"); len(m.accepted) > 0 {
		t.Error("looking again with r, it is taken for the same")
	}
}

// TestFixInPlan: f changes the answers, says what it changed, and looks again; one
// that fails says why and changes nothing.
func TestFixInPlan(t *testing.T) {
	found, fail := someFindings(), error(nil)
	p := &play{fixes: []steps.CheckID{"role-trusts-service"}, check: func(context.Context) ([]steps.Finding, error) { return found, nil }}
	p.fix = func(a *ask.Answers) (steps.Text, error) {
		q, _, _ := a.Find("bucket.name")
		if e := a.Set(q, "another-bucket"); e != nil {
			t.Error(e)
		}
		found = passingFindings()
		return steps.T("The plan corrects the trust"), fail
	}
	fail = &steps.Error{Summary: steps.T("It is not ours to change"), Fix: steps.T("Ask its owner")}
	s := checked(t, dark, p, nil).says("press f")
	answers := s.screen.(*checks).Answers
	s.press("f").says("It is not ours to change. Ask its owner")
	if got := answers.Get("bucket.name"); got != "acme-os-migration" {
		t.Errorf("a fix that failed changed the answers: %s", got)
	}
	fail = ErrTurnedDown
	s.press("f").says("Without an answer", "Nothing was changed").saysNot("turned down")
	fail = nil
	s.press("f").says("The plan corrects the trust", "26 passed")
	s.press("f").says("cannot put this right by itself").press("down", "f").says("nothing to put right")
	found = []steps.Finding{{ID: "mapped", Outcome: steps.Note, Fix: steps.Fix{Step: "source-mapping"}}}
	s.press("r").still().press("f").says("already: see its step source-mapping")
}

// TestALookEndsAtTheChecks: who came for the checks alone ends with them; a plan is
// made only where it is asked for, and stops at the same obstacles.
func TestALookEndsAtTheChecks(t *testing.T) {
	found := passingFindings()
	p := &play{check: func(context.Context) ([]steps.Finding, error) { return found, nil }}
	look := func() *stage {
		m := props(t, p, dark)
		m.Answers.Amend(ask.Goal, ask.GoalCheck)
		return enter(t, newChecks(m)).still()
	}
	ends := func(m tea.Msg) bool { _, is := m.(leaveMsg); return is }
	s := look().says("enter ends here", "m makes a migration of it").saysNot("enter makes the plan", "Not as a migration needs it")
	if keys := keysOf(s.screen.Keys()); !strings.HasPrefix(keys, "enter m ") || s.screen.Keys()[0].Help().Desc != "end" {
		t.Errorf("the keys are %s", keys)
	}
	s.press("enter").wanted(ends)
	s = look().press("m").wanted(goes(atReview))
	if len(s.wants) != 1 {
		t.Errorf("wants %v", s.wants)
	}
	found = someFindings()
	look().says("Not as a migration needs it: role-trusts-service, bucket-private.").press("enter").wanted(ends)
	if s = look().press("m").says("stands in the way"); len(s.wants) > 0 {
		t.Errorf("wants %v", s.wants)
	}
}

func TestMovingAlongTheFindings(t *testing.T) {
	s := checked(t, dark, &play{}, someFindings())
	s.says("▸ ✗ role-trusts-service").press("tab").says("▸ ! bucket-private").press("shift+tab", "shift+tab").says("▸ ✓ domain-0")
	s.press("down").says("▸ ✓ domain-1").press("up", "up").says("identity-4")
	for range 60 {
		s.press("down", "pgdown")
	}
	s.says("▸ ✓ fit-10").press("esc").wanted(func(m tea.Msg) bool { _, is := m.(backMsg); return is })
}

// TestLeavingTheChecks gives up the look that is under way, and what comes of it is
// of no interest any more.
func TestLeavingTheChecks(t *testing.T) {
	gone := make(chan struct{})
	p := &play{check: func(ctx context.Context) ([]steps.Finding, error) {
		<-ctx.Done()
		close(gone)
		return someFindings(), nil
	}}
	s := enter(t, newChecks(props(t, p, dark)))
	if !s.screen.Moving() {
		t.Error("nothing moves while it looks")
	}
	s.screen.Close()
	<-gone
	s.take(<-s.msgs)
	s.saysNot("role-trusts-service")
}
