package failure

import (
	"context"
	"time"
)

// Clock is the time that waits live by.
type Clock interface {
	Now() time.Time
	// Wait returns nil after d, or the context's error as soon as it ends.
	Wait(ctx context.Context, d time.Duration) error
}

// SystemClock is the real time.
func SystemClock() Clock { return systemClock{} }

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) Wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
