package cli

import (
	"context"
	"sync"
)

// gate holds a run between two steps while somebody wants it to stand still. The
// zero value is open. It keeps nothing that was begun from its end.
type gate struct {
	mu sync.Mutex
	// opens is closed when it opens again, nil while it is open.
	opens chan struct{}
}

// shut shuts the gate or opens it again.
func (g *gate) shut(on bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case on && g.opens == nil:
		g.opens = make(chan struct{})
	case !on && g.opens != nil:
		close(g.opens)
		g.opens = nil
	}
}

// pass goes through the gate as soon as it is open. A run that is stopped, or that
// nobody waits for, passes too: it looks by itself whether it goes on.
func (g *gate) pass(ctx context.Context, stopped <-chan struct{}) {
	for {
		g.mu.Lock()
		opens := g.opens
		g.mu.Unlock()
		if opens == nil {
			return
		}
		select {
		case <-opens: // unless it was shut again at once
		case <-stopped:
			return
		case <-ctx.Done():
			return
		}
	}
}
