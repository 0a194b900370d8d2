package wizard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/panel"
	"snapferry/ui/theme"
)

// rehearsal is a run that is played by hand.
type rehearsal struct {
	*stage
	feed  tape
	plan  steps.Plan
	play  *play
	stops int
	went  int
	// pauses are the pauses that were asked for and taken back.
	pauses []bool
	by     string
	fails  chan Failure
	// ends ends the run with what is sent.
	ends chan error
	seq  int
}

func rehearse(t *testing.T, o theme.Options, events ...any) *rehearsal {
	t.Helper()
	r := &rehearsal{plan: somePlan(38), ends: make(chan error, 1), fails: make(chan Failure, 1), play: &play{}}
	planned, feed := planFor(r.plan)
	r.feed = feed
	planned.Failures = r.fails
	planned.Interrupt = func() int {
		r.stops++
		return r.stops
	}
	planned.Continue = func() { r.went++ }
	planned.Pause = func(on bool) { r.pauses = append(r.pauses, on) }
	r.play.run = func(ctx context.Context, by string) error {
		r.by = by
		defer close(feed)
		select {
		case err := <-r.ends:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	r.stage = enter(t, newRunning(props(t, r.play, o), planned, "typed"))
	records := story(r.plan, events...)
	r.seq = len(records)
	feed <- records
	r.until("the story", func() bool { return r.state().Seq == int64(r.seq) })
	return r
}

func (r *rehearsal) state() *steps.State { return r.screen.(*running).state }

// tell adds events to the story.
func (r *rehearsal) tell(step steps.StepID, events ...steps.Event) *rehearsal {
	r.t.Helper()
	for _, e := range events {
		r.seq++
		r.feed <- []steps.Record{{Seq: int64(r.seq), At: noon, Step: step, Event: e}}
	}
	r.until("the story", func() bool { return r.state().Seq == int64(r.seq) })
	return r
}

// begun is the story until the snapshot moves.
func begun() []any {
	return []any{steps.StepID("bucket"), steps.StepStarted{}, steps.StepDone{}, steps.StepID("source-role"), steps.StepStarted{}, steps.StepDone{Existed: true}, steps.StepID("snapshot"), steps.StepStarted{}, steps.Log{Level: "info", Text: steps.T("It begins with %s", wide)}, moving()}
}

var otherDoes = steps.Waiting{Reason: steps.T("the role %s", longARN), Since: noon, Instruction: &steps.Instruction{Who: steps.T("whoever administers 222222222222"), What: steps.T("make the role"), CLI: "aws iam create-role --role-name acme"}}

func TestRunningPictures(t *testing.T) {
	failing := func(skippable bool) func(*testing.T, theme.Options) *stage {
		return func(t *testing.T, o theme.Options) *stage {
			r := rehearse(t, o, begun()...)
			r.play.fixes = []steps.CheckID{"role-trusts-service"}
			r.fails <- Failure{Step: "snapshot", Diagnosis: someCause(), Skippable: skippable, Fix: someFindings()[0]}
			r.until("the failure", func() bool { return r.screen.(*running).failed != nil })
			return r.stage
		}
	}
	pictures(t, "running", []scene{
		{"begins", func(t *testing.T, o theme.Options) *stage {
			planned, _ := planFor(steps.Plan{})
			return &stage{t: t, screen: newRunning(props(t, &play{}, o), planned, "")}
		}},
		{"snapshot", func(t *testing.T, o theme.Options) *stage { return rehearse(t, o, begun()...).stage }},
		{"details", func(t *testing.T, o theme.Options) *stage { return rehearse(t, o, begun()...).press("space") }},
		{"as command", func(t *testing.T, o theme.Options) *stage { return rehearse(t, o, begun()...).press("c") }},
		{"waits for somebody", func(t *testing.T, o theme.Options) *stage {
			return rehearse(t, o, append(begun(), otherDoes)...).stage
		}},
		{"waits for somebody, as it says", func(t *testing.T, o theme.Options) *stage {
			errand := otherDoes
			errand.Reason = steps.T("%s: %s", errand.Instruction.Who, errand.Instruction.What)
			return rehearse(t, o, append(begun(), errand)...).stage
		}},
		{"paused", func(t *testing.T, o theme.Options) *stage {
			return rehearse(t, o, append(begun(), steps.Paused{Why: steps.T("The credentials ran out"), Resume: "snapferry run"})...).stage
		}},
		{"pauses after this step", func(t *testing.T, o theme.Options) *stage { return rehearse(t, o, begun()...).press("p") }},
		{"stands still between steps", func(t *testing.T, o theme.Options) *stage {
			return rehearse(t, o, append(begun(), steps.StepDone{})...).press("p")
		}},
		{"stops", func(t *testing.T, o theme.Options) *stage {
			r := rehearse(t, o, begun()...)
			r.do(r.screen.(*running).Interrupt())
			return r.stage
		}},
		{"has failed", failing(true)},
		{"has failed, no way round", failing(false)},
	})
}

// TestRunLeadsToTheReport: only when it has come back and all it told was folded in.
func TestRunLeadsToTheReport(t *testing.T) {
	for _, first := range []string{"told", "over"} {
		r := rehearse(t, dark, begun()...)
		r.says("snapshot", "66 %", "276 GiB of 412 GiB", "about 16 min left")
		if !r.screen.Moving() || len(r.wants) != 0 {
			t.Fatalf("moving %v, wants %v", r.screen.Moving(), r.wants)
		}
		if first == "over" {
			r.take(overMsg{})
			r.tell("snapshot", steps.StepDone{}).tell("", steps.RunDone{OK: true})
			if len(r.wants) != 0 {
				t.Error("left before everything was told")
			}
		} else {
			r.tell("snapshot", steps.StepDone{}).tell("", steps.RunDone{OK: true})
		}
		r.ends <- nil
		r.wanted(func(m tea.Msg) bool {
			g, is := m.(goMsg)
			return is && g.to == atReport && g.err == nil && g.state.Done != nil && g.state.Done.OK
		})
		if r.by != "typed" || r.screen.Moving() {
			t.Errorf("approved by %q, moving %v", r.by, r.screen.Moving())
		}
	}
}

// TestRunThatTellsNoEnd: a run that came back is not waited for forever.
func TestRunThatTellsNoEnd(t *testing.T) {
	r := rehearse(t, dark, begun()...)
	fail := errors.New("there is no plan")
	r.take(overMsg{fail})
	r.says("Writing the report")
	r.take(graceMsg{})
	r.wanted(func(m tea.Msg) bool {
		g, is := m.(goMsg)
		return is && g.to == atReport && errors.Is(g.err, fail)
	})
}

// TestEarlierStepsAreLookedAt: with what they proved and said, while the run goes on.
func TestEarlierStepsAreLookedAt(t *testing.T) {
	events := begun()
	events[2] = steps.StepDone{Evidence: steps.Evidence{Summary: steps.T("bucket as wanted")}}
	r := rehearse(t, dark, events...)
	r.room = rooms["120x40"]
	r.says("about 16 min left").saysNot("bucket as wanted")
	r.press("up", "up", "up", "up", "up").says("bucket as wanted", "Step 3 of 5").press("space").says("bucket as wanted").press("esc").says("bucket as wanted")
	if keys := keysOf(r.screen.Keys()); !strings.Contains(keys, " esc ") {
		t.Errorf("keys: %s", keys)
	}
	r.do(r.screen.Restyle(theme.New(theme.Options{})))
	r.says("bucket as wanted").press("esc").says("about 16 min left").press("up", "down")
	r.tell("snapshot", steps.StepDone{}).tell("verify", steps.StepStarted{}).says("| The proof")
}

// TestStopsInTwoStages: ctrl+c asks for a stop, then gives the call up; a third one
// does not wait for the run any more.
func TestStopsInTwoStages(t *testing.T) {
	r := rehearse(t, dark, begun()...)
	s := r.screen.(*running)
	if keys := keysOf(s.Keys()); !strings.Contains(keys, "p ctrl+c") {
		t.Errorf("keys: %s", keys)
	}
	r.do(s.Interrupt())
	r.says("stops at the next safe point").press("p")
	if r.stops != 1 || len(r.pauses) > 0 {
		t.Errorf("asked %d times, pauses %v", r.stops, r.pauses)
	}
	r.do(s.Interrupt())
	r.says("giving up what it is doing now")
	r.tell("", steps.Paused{Why: steps.T("asked to stop")})
	if keys := keysOf(s.Keys()); strings.Contains(keys, "r ") {
		t.Errorf("what stops cannot be gone on with, and the keys are %s", keys)
	}
	r.do(s.Interrupt())
	r.wanted(func(m tea.Msg) bool {
		g, is := m.(goMsg)
		return is && g.to == atReport && errors.Is(g.err, context.Canceled)
	})
	if cmd := s.Interrupt(); cmd != nil || r.stops != 3 {
		t.Errorf("asked %d times", r.stops)
	}
}

// TestPausesAfterThisStep: p lets the step under way come to its end and has nothing
// begin after it; r goes on without leaving, and so does p before it comes to that.
func TestPausesAfterThisStep(t *testing.T) {
	r := rehearse(t, dark, begun()...)
	s := r.screen.(*running)
	r.press("p").says("The run pauses when step snapshot is done", "p takes that back")
	if keys := s.Keys(); s.Calm() || !strings.Contains(described(keys), "p go on without a pause") || strings.Contains(described(keys), "r go on") {
		t.Errorf("calm %v, keys %s", s.Calm(), described(keys))
	}
	r.press("p").saysNot("pauses when").press("p")
	r.tell("snapshot", steps.StepDone{})
	r.says("Paused, as you asked", "Next is step restore", "r goes on")
	if keys := described(s.Keys()); !s.Calm() || !s.Moving() || !strings.Contains(keys, "r go on") || strings.Contains(keys, "p ") {
		t.Errorf("calm %v, keys %s", s.Calm(), keys)
	}
	r.press("r").saysNot("Paused")
	if want := []bool{true, false, true, false}; !slices.Equal(r.pauses, want) || r.stops != 0 || r.went != 0 {
		t.Errorf("pauses %v, %d stops", r.pauses, r.stops)
	}
	// One that is stopped while it stands still says so, and what is over is not paused.
	r.press("p").says("Paused, as you asked")
	r.do(s.Interrupt())
	r.saysNot("Paused").says("stops at the next safe point")
	// Behind the last step nothing is left to be held.
	r = rehearse(t, dark, append(begun(), steps.StepDone{}, steps.StepID("restore"), steps.StepStarted{}, steps.StepDone{}, steps.StepID("verify"), steps.StepStarted{})...)
	if r.press("p").saysNot("pauses"); len(r.pauses) > 0 || strings.Contains(described(r.screen.Keys()), "p pause") {
		t.Errorf("pauses %v, keys %s", r.pauses, described(r.screen.Keys()))
	}
}

// described are the keys a screen names, with what they do.
func described(list []key.Binding) string {
	var out []string
	for _, k := range list {
		out = append(out, k.Help().Key+" "+k.Help().Desc)
	}
	return strings.Join(out, ", ")
}

// TestPauseAndHandOver: a pause is gone on with by r, and the command of what
// somebody else has to do is there to be copied.
func TestPauseAndHandOver(t *testing.T) {
	r := rehearse(t, dark, begun()...)
	r.press("r")
	r.tell("", steps.Paused{Why: steps.T("The credentials ran out")})
	r.says("Paused: The credentials ran out").press("r")
	if r.went != 1 {
		t.Errorf("went on %d times", r.went)
	}
	r.tell("snapshot", steps.Continued{})
	r.saysNot("Paused").press("c").says("curl -X PUT snapshot/").press("c")
	if s := r.screen.(calm); s.Calm() || !s.Moving() {
		t.Error("a step at work is calm")
	}
	r.tell("snapshot", otherDoes)
	if s := r.screen.(calm); !s.Calm() || !s.Moving() {
		t.Error("a step that waits is animated")
	}
	if keys := keysOf(r.screen.Keys()); !strings.HasPrefix(keys, "c ") {
		t.Errorf("what is to be handed on is not the first key: %s", keys)
	}
	r.says("Somebody else does this", "whoever administers").press("c").says("aws iam create-role").press("esc")
	r.room = rooms["120x40"]
	r.press("space").says("What it said", "It begins with").press("space").saysNot("What it said")
}

// TestFailedStep: every choice is told to the run, and the board is there again.
func TestFailedStep(t *testing.T) {
	for name, c := range map[string]struct {
		press     string
		skippable bool
		want      Decision
	}{
		"retry": {"r", false, Retry}, "skip": {"s", true, Skip}, "stop": {"q", false, Stop}, "ctrl+c": {"", false, Stop},
	} {
		r := rehearse(t, dark, begun()...)
		decided := make(chan Decision, 1)
		for range 2 { // it may fail again
			r.fails <- Failure{Step: "snapshot", Diagnosis: someCause(), Skippable: c.skippable, Decide: decided}
			r.says("Step snapshot failed", "The signer may not pass", "No policy of the signer allows it", "Allow iam:PassRole")
			if r.screen.Moving() {
				t.Error("the animation runs while nothing does")
			}
			r.press("f")
			if !c.skippable {
				r.press("s").saysNot("skip this step")
			}
			r.press("c").says("As a command", "put-user-policy").press("esc").says("Step snapshot failed")
			if r.press(c.press); c.press == "" {
				r.do(r.screen.(*running).Interrupt())
			}
			r.until("the decision", func() bool { return len(decided) > 0 })
			if got := <-decided; got != c.want {
				t.Errorf("%s: decided %d", name, got)
			}
			r.saysNot("Step snapshot failed")
		}
	}
}

// TestFixAndRetry: the run stops, the answers have the plan put it right, and the
// checks lead to the changed plan.
func TestFixAndRetry(t *testing.T) {
	for _, fail := range []error{nil, errors.New("not ours to change")} {
		r := rehearse(t, dark, begun()...)
		decided := make(chan Decision, 1)
		r.play.fixes = []steps.CheckID{"role-trusts-service"}
		r.play.fix = func(a *ask.Answers) (steps.Text, error) {
			q, _, _ := a.Find("bucket.name")
			if e := a.Set(q, "another-bucket"); e != nil {
				return steps.Text{}, e
			}
			return steps.T("fixed"), fail
		}
		r.fails <- Failure{Step: "snapshot", Diagnosis: someCause(), Fix: someFindings()[0], Decide: decided}
		r.says("have the plan put it right").press("f")
		r.until("the decision", func() bool { return len(decided) > 0 })
		if got := <-decided; got != Stop {
			t.Errorf("decided %d", got)
		}
		r.ends <- nil
		want, name := atChecks, "another-bucket"
		if fail != nil {
			want, name = atReport, "acme-os-migration"
		}
		r.wanted(goes(want))
		if got := r.screen.(*running).Answers.Get("bucket.name"); got != name {
			t.Errorf("the answers say %s", got)
		}
	}
}

// TestRouteOfARun: the leg that data is on is alive, with its rate.
func TestRouteOfARun(t *testing.T) {
	r := rehearse(t, dark, begun()...)
	s := r.screen.(*running)
	if got := s.Route(panel.Route{}); got.Moving != panel.Out || got.Rate != 148<<20 {
		t.Errorf("%+v", got)
	}
	r.tell("snapshot", steps.StepDone{}).tell("restore", steps.StepStarted{})
	if got := s.Route(panel.Route{}); got.Moving != panel.In || got.Rate != 0 {
		t.Errorf("%+v", got)
	}
	r.tell("restore", steps.StepDone{}).tell("verify", steps.StepStarted{})
	if got := s.Route(panel.Route{}); got.Moving != panel.NoLeg {
		t.Errorf("%+v", got)
	}
}

// TestBatches: however much is told at once, it is folded in order, and what is told
// twice counts once.
func TestBatches(t *testing.T) {
	r := rehearse(t, dark, begun()...)
	for n := range 50 {
		var batch []steps.Record
		for range 200 {
			r.seq++
			batch = append(batch, steps.Record{Seq: int64(r.seq), At: noon, Step: "snapshot", Event: steps.Log{Text: steps.T("%s", fmt.Sprint(r.seq))}})
		}
		r.feed <- batch
		if n%2 == 0 {
			r.feed <- batch
		}
	}
	r.until("all", func() bool { return r.state().Seq == int64(r.seq) })
	logs := r.state().Logs
	if got := logs[len(logs)-1].Text.String(); got != fmt.Sprint(r.seq) {
		t.Errorf("the last line is %s, wants %d", got, r.seq)
	}
}
