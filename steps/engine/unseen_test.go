package engine

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

// unproven is handed over, read by nobody and proven by nothing.
type unproven struct{ s blind }

func (u unproven) Info() Info { return u.s.Info() }

func (u unproven) Plan(ctx context.Context, w *World) ([]steps.Change, error) {
	return u.s.Plan(ctx, w)
}

// refusal is what a domain says for as long as the role is not what was handed over.
func refusal(kind failure.Kind) error {
	return &failure.Failure{Kind: kind, Message: "not authorized to perform: iam:PassRole"}
}

// waits are the reasons that were written down for waiting in a step.
func waits(t *testing.T, b *bench, step steps.StepID) (list []string) {
	t.Helper()
	for _, r := range b.paper.records(t) {
		if w, ok := r.Event.(steps.Waiting); ok && r.Step == step && !w.Reason.IsZero() {
			list = append(list, w.Reason.String())
		}
	}
	return list
}

func fixOf(err error) string {
	var said *steps.Error
	if !errors.As(err, &said) {
		return ""
	}
	return said.Fix.String()
}

// TestARefusalAfterAHandOverIsWaitedOut: what nobody here can see shows in the
// first step that needs it, which is tried again until somebody has done it.
func TestARefusalAfterAHandOverIsWaitedOut(t *testing.T) {
	for name, tt := range map[string]struct {
		limit  time.Duration
		handed bool
		kind   failure.Kind
		code   int
	}{
		"done while it is waited for": {Forever, true, failure.Denied, 0},
		"done within the limit":       {time.Hour, true, failure.Missing, 0},
		"not done within the limit":   {5 * time.Minute, true, failure.Denied, 4},
		"nobody to wait for":          {0, true, failure.Denied, 4},
		"no refusal":                  {time.Hour, true, failure.Invalid, 1},
		"nothing was handed over":     {time.Hour, false, failure.Denied, 1},
	} {
		t.Run(name, func(t *testing.T) {
			b, done := newBench(t), false
			b.paper = &paper{}
			road(b)
			if tt.handed {
				b.steps[1] = unproven{blind{b.steps[1].(*want)}}
			}
			b.e.onWrite = func(ref steps.Ref) error {
				if ref == repo && !done {
					return refusal(tt.kind)
				}
				return nil
			}
			began := b.clock.Now()
			b.clock.each = func(time.Duration) { done = done || b.clock.Now().Sub(began) >= 10*time.Minute }
			b.options = func(o *Options) { o.WaitOther = tt.limit }
			r, err := b.run()
			if ExitCode(err) != tt.code {
				t.Fatalf("%v", err)
			}
			s, told := r.State(), strings.Join(waits(t, b, "source-repository"), "\n")
			if tt.handed && s.Step("source-role").Status != steps.StatusSkipped {
				t.Errorf("what nobody can see is %s", s.Step("source-role").Status)
			}
			want := 0
			if tt.handed && tt.kind != failure.Invalid {
				want = 1
			}
			if strings.Count(told, "somebody who does what was handed over") != want {
				t.Errorf("waited for %q", told)
			}
			if tt.code != 4 {
				return
			}
			if got := statuses(s); !strings.Contains(got, "source-repository:stopped") || !strings.Contains(err.Error(), "not authorized to perform: iam:PassRole") || !strings.Contains(fixOf(err), "stands with source-role to") {
				t.Errorf("%s, %v", got, err)
			}
			done = true
			if got := statuses(b.mustRun().State()); !strings.Contains(got, "verify:done") {
				t.Errorf("does not go on: %s", got)
			}
		})
	}
}
