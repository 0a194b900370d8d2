package engine

import (
	"context"
	"sync"

	"snapferry/steps"
)

// Control is how a person stops a run from outside, or has it stand still. Safe for
// concurrent use.
type Control struct {
	mu    sync.Mutex
	count int
	why   steps.Text
	// soon ends with the first interrupt, now with the second.
	soon, now         context.Context
	stopSoon, stopNow context.CancelFunc
	goOn              chan struct{}
	// still is closed when the run need not stand still any more, nil while it need not.
	still chan struct{}
}

// NewControl makes a Control nobody has touched.
func NewControl() *Control {
	c := &Control{goOn: make(chan struct{}, 1)}
	c.soon, c.stopSoon = context.WithCancel(context.Background())
	c.now, c.stopNow = context.WithCancel(context.Background())
	return c
}

// Interrupt asks to stop: the first time at the next safe point, the second
// time at once, cancelling the call in flight. It returns how often it was asked.
func (c *Control) Interrupt() int { return c.Stop(steps.T("Stopped because you asked for it.")) }

// Stop is Interrupt for another reason than a person's wish; the first counts.
func (c *Control) Stop(why steps.Text) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count == 0 {
		c.why = why
	}
	c.count++
	c.stopSoon()
	if c.count > 1 {
		c.stopNow()
	}
	return c.count
}

// because is why a stop was asked for; a context that ended gives no reason.
func (c *Control) because() steps.Text {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count == 0 {
		return steps.T("Stopped because you asked for it.")
	}
	return c.why
}

// Stopping says that a stop was asked for.
func (c *Control) Stopping() bool { return c.soon.Err() != nil }

// Pause has the run begin no further step for as long as it is on. The step now under
// way comes to its end.
func (c *Control) Pause(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case on && c.still == nil:
		c.still = make(chan struct{})
	case !on && c.still != nil:
		close(c.still)
		c.still = nil
	}
}

// stand stands still between two steps while that is wanted. A run that is to stop,
// and one that nobody waits for, stands no longer.
func (c *Control) stand(ctx context.Context) {
	for {
		c.mu.Lock()
		still := c.still
		c.mu.Unlock()
		if still == nil {
			return
		}
		select {
		case <-still: // unless it is to stand still again at once
		case <-c.soon.Done():
			return
		case <-ctx.Done():
			return
		}
	}
}

// Continue ends a pause at once, after a new login, instead of at the next try.
func (c *Control) Continue() {
	select {
	case c.goOn <- struct{}{}:
	default: // one is waiting already
	}
}
