package engine

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

// longLook is an act whose proof asks ten questions, one after the other.
type longLook struct {
	*tape
	ask func(ctx context.Context, question int) error
}

func (l longLook) Verify(ctx context.Context, w *World, _ steps.Change, _ Emit) (steps.Evidence, error) {
	for q := range 10 {
		if err := w.Retry(ctx, "snapshot", func(ctx context.Context) error { return l.ask(ctx, q) }); err != nil {
			return steps.Evidence{}, err
		}
	}
	return steps.Evidence{Summary: steps.T("all asked")}, nil
}

// looking is a bench with such an act alone; asked are the questions in their order.
func looking(t *testing.T, answer func(b *bench, question, try int) error) (b *bench, asked *[]int) {
	t.Helper()
	b = newBench(t)
	b.paper = &paper{}
	asked = &[]int{}
	tries := map[int]int{}
	act := newTape(b.e)
	act.polls = 0
	b.steps = []Step{longLook{act, func(_ context.Context, q int) error {
		*asked = append(*asked, q)
		tries[q]++
		return answer(b, q, tries[q])
	}}}
	return b, asked
}

var busy = &failure.Failure{Kind: failure.Throttled, Status: 429, Transient: true, Message: "Data too large"}

// TestOneQuestionIsAskedAgain: trouble in the middle of a look repeats nothing of what
// was found out before it, and is told while it lasts.
func TestOneQuestionIsAskedAgain(t *testing.T) {
	b, asked := looking(t, func(_ *bench, q, try int) error {
		if (q == 3 || q == 7) && try < 4 {
			return busy
		}
		return nil
	})
	var rests []time.Duration
	b.clock.each = func(d time.Duration) { rests = append(rests, d) }
	r := b.mustRun()
	if want := []int{0, 1, 2, 3, 3, 3, 3, 4, 5, 6, 7, 7, 7, 7, 8, 9}; !slices.Equal(*asked, want) {
		t.Errorf("asked %v", *asked)
	}
	if s := time.Second; !slices.Equal(rests, []time.Duration{s, 2 * s, 4 * s, s, 2 * s, 4 * s}) {
		t.Errorf("rested %v", rests)
	}
	told := waits(t, b, "snapshot")
	if len(told) != 2 || !strings.Contains(told[0], "trouble to pass by itself: Data too large") || !r.State().Step("snapshot").Wait.Reason.IsZero() {
		t.Errorf("told %q", told)
	}
}

// TestAQuestionHasItsEnd: what lasts is borne once, and not once more by the step; what
// does not pass by itself is not borne at all; and both fail it with what was said.
func TestAQuestionHasItsEnd(t *testing.T) {
	for _, tt := range []struct {
		name     string
		err      error
		from, to time.Duration
	}{
		{"busy without end", busy, 2 * time.Minute, 3 * time.Minute},
		{"refused", refusal(failure.Denied), 0, 0},
		{"an answer that is none", &failure.Failure{Kind: failure.Unknown, Message: "what a domain never says"}, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, asked := looking(t, func(_ *bench, q, _ int) error {
				if q == 3 {
					return tt.err
				}
				return nil
			})
			began := b.clock.Now()
			r, err := b.run()
			var failed *StepError
			if !errors.As(err, &failed) || !errors.Is(err, tt.err) || r.State().Step("snapshot").Diagnosis.Summary.String() != failure.Of(tt.err).Message {
				t.Errorf("got %v", err)
			}
			if spent := b.clock.Now().Sub(began); spent < tt.from || spent > tt.to {
				t.Errorf("after %s", spent)
			}
			if n := len(slices.DeleteFunc(slices.Clone(*asked), func(q int) bool { return q != 0 })); n != 1 {
				t.Errorf("begun %d times: %v", n, *asked)
			}
		})
	}
}

// TestAStopEndsAQuestion: at once, in the rest before it is asked again.
func TestAStopEndsAQuestion(t *testing.T) {
	for name, stop := range map[string]func(b *bench, cancel func()){
		"a stop":             func(b *bench, _ func()) { b.control.Interrupt() },
		"the end of context": func(_ *bench, cancel func()) { cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			b, asked := looking(t, func(*bench, int, int) error { return busy })
			b.clock.each = func(time.Duration) { stop(b, cancel) }
			r := b.start()
			if err := r.Run(ctx, b.plan(r)); ExitCode(err) != 130 || len(*asked) != 1 {
				t.Errorf("%v, asked %v", err, *asked)
			}
		})
	}
}

// TestALoginIsTheSteps: a session that runs out in the middle of a look is paused for as
// ever; what is asked with is opened anew by the step.
func TestALoginIsTheSteps(t *testing.T) {
	b, asked := looking(t, func(_ *bench, q, try int) error {
		if q == 2 && try == 1 {
			return expired
		}
		return nil
	})
	b.options = func(o *Options) { o.LoggedIn = func(context.Context) error { return nil } }
	b.mustRun()
	if want := []int{0, 1, 2, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9}; !slices.Equal(*asked, want) {
		t.Errorf("asked %v", *asked)
	}
}
