package engine

import (
	"context"
	"testing"
	"time"
)

// TestStandingStill: as long as it is wanted, and no longer where the run is to stop or
// nobody waits for it.
func TestStandingStill(t *testing.T) {
	gone, goAway := context.WithCancel(t.Context())
	goAway()
	for name, end := range map[string]func(*Control) context.Context{
		"nobody paused": func(*Control) context.Context { return t.Context() },
		"it goes on": func(c *Control) context.Context {
			c.Pause(true)
			c.Pause(true)
			c.Pause(false)
			c.Pause(false)
			return t.Context()
		},
		"it stops": func(c *Control) context.Context {
			c.Pause(true)
			c.Interrupt()
			return t.Context()
		},
		"nobody waits": func(c *Control) context.Context {
			c.Pause(true)
			return gone
		},
	} {
		c := NewControl()
		stood := make(chan struct{})
		go func() {
			c.stand(end(c))
			close(stood)
		}()
		select {
		case <-stood:
		case <-time.After(20 * time.Second):
			t.Fatalf("%s, and it stands still", name)
		}
	}
	c := NewControl()
	c.Pause(true)
	stood := make(chan struct{})
	go func() {
		c.stand(t.Context())
		close(stood)
	}()
	c.Pause(false)
	<-stood
}
