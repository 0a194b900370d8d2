package engine

import (
	"context"
	"sync"
)

// Control is how a person stops a run from outside. Safe for concurrent use.
type Control struct {
	mu    sync.Mutex
	count int
	// soon ends with the first interrupt, now with the second.
	soon, now         context.Context
	stopSoon, stopNow context.CancelFunc
	goOn              chan struct{}
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
func (c *Control) Interrupt() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	c.stopSoon()
	if c.count > 1 {
		c.stopNow()
	}
	return c.count
}

// Stopping says that a stop was asked for.
func (c *Control) Stopping() bool { return c.soon.Err() != nil }

// Continue ends a pause at once, after a new login, instead of at the next try.
func (c *Control) Continue() {
	select {
	case c.goOn <- struct{}{}:
	default: // one is waiting already
	}
}
