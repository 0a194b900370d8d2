package engine

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"snapferry/steps"
)

// sightless can plan nothing before its role is there.
type sightless struct{ seeing }

func (s sightless) Plan(ctx context.Context, w *World) ([]steps.Change, error) {
	list, err := s.blind.Plan(ctx, w)
	if err == nil && !s.seen() {
		err = &AheadError{s.id, list, &steps.Error{Summary: steps.T("nothing can be seen")}}
	}
	return list, err
}

// TestWhatHasToComeFirstIsHandedOverBeforeThePlan: it is waited for as in a run, and
// then there is a plan.
func TestWhatHasToComeFirstIsHandedOverBeforeThePlan(t *testing.T) {
	for name, tt := range map[string]struct {
		limit, after time.Duration
		code         int
	}{
		"done while it is waited for": {Forever, 10 * time.Minute, 0},
		"not done within the limit":   {5 * time.Minute, time.Hour, 4},
		"nobody to wait for":          {0, time.Hour, 4},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.paper = &paper{}
			road(b)
			b.steps[1] = sightless{seeing{blind{b.steps[1].(*want)}, func() bool { return b.e.get(role).Exists() }}}
			b.options = func(o *Options) { o.WaitOther = tt.limit }
			began := b.clock.Now()
			b.clock.each = func(time.Duration) {
				if b.clock.Now().Sub(began) >= tt.after {
					b.e.edit(role, "trust", "es")
				}
			}
			r := b.start()
			_, err := r.Plan(t.Context())
			var ahead *AheadError
			if !errors.As(err, &ahead) || ahead.Step != "source-role" || len(ahead.Changes) != 1 {
				t.Fatalf("planned: %v", err)
			}
			err = r.Ahead(t.Context(), ahead)
			s, asked := r.State(), instructed(t, b)
			if ExitCode(err) != tt.code || len(asked) != 1 || asked[0].CLI != "aws make "+role.Name {
				t.Fatalf("%v, instructed %+v", err, asked)
			}
			if tt.code != 0 {
				if s.Done == nil || s.Done.ExitCode != 4 || s.Paused == nil || !strings.Contains(err.Error(), "source-role waits for somebody who may change the role") {
					t.Errorf("%v; paused %+v, done %+v", err, s.Paused, s.Done)
				}
				b.e.edit(role, "trust", "es")
				r = b.start()
			}
			if err := r.Run(t.Context(), b.plan(r)); err != nil || len(b.e.mutations()) == 0 {
				t.Errorf("%v, made %v", err, b.e.mutations())
			}
		})
	}
}
