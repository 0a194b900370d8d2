package cli

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"snapferry/steps/engine"
	"snapferry/ui/wizard"
)

// TestPausedBetweenSteps: a run that is to pause does the step under way to its end
// and begins no other; it goes on where it stands, and can be stopped and given up
// there too.
func TestPausedBetweenSteps(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(p wizard.Planned, giveUp func())
		want error
	}{
		"goes on":  {func(p wizard.Planned, _ func()) { p.Pause(false) }, nil},
		"stopped":  {func(p wizard.Planned, _ func()) { p.Interrupt() }, engine.ErrStopped},
		"given up": {func(_ wizard.Planned, giveUp func()) { giveUp() }, engine.ErrStopped},
	} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			var said []string
			say := func(what string) { mu.Lock(); said = append(said, what); mu.Unlock() }
			var p wizard.Planned
			started, stands := 0, make(chan struct{})
			proc := Process{Points: func(point string) {
				switch {
				case point == engine.PointStepStarted:
					say("step")
					if started++; started == 2 {
						p.Pause(true)
					}
				case point == engine.PointBetween && started == 2:
					say("between")
					close(stands)
					started++
				}
			}}
			s := seatedIn(t, proc, t.TempDir(), small)
			p = s.planned()
			ctx, giveUp := context.WithCancel(t.Context())
			defer giveUp()
			over := make(chan error, 1)
			go func() { over <- s.desk.Run(ctx, "typed the target account id") }()
			<-stands
			say("a key")
			c.end(p, giveUp)
			if err := <-over; !errors.Is(err, c.want) {
				t.Errorf("it ended with %v, wants %v", err, c.want)
			}
			at := slices.Index(said, "between")
			if next := said[at:]; next[1] != "a key" || (len(next) > 2) != (c.want == nil) {
				t.Errorf("what happened: %v", said)
			}
		})
	}
}
