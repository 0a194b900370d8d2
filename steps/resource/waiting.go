package resource

import (
	"context"
	"sync"
	"time"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

// How long IAM may take to show everywhere what was written. AWS gives no
// number; in practice it is seconds, and a wait that long says that something
// else is wrong.
const propagation = 2 * time.Minute

type waitKey struct{}

// WithWaits lets tell hear of every wait a Write or Delete makes for AWS to show
// what was written: the reason when it begins, an empty Text when it ends. tell
// runs on the goroutine of the call.
func WithWaits(ctx context.Context, tell func(reason steps.Text)) context.Context {
	return context.WithValue(ctx, waitKey{}, tell)
}

// tellWait tells whoever listens, if anybody does.
func tellWait(ctx context.Context, reason steps.Text) {
	if tell, ok := ctx.Value(waitKey{}).(func(steps.Text)); ok {
		tell(reason)
	}
}

// retry repeats op while it fails in a way that a little time may mend.
func (o Options) retry(ctx context.Context, also func(*failure.Failure) bool, reason steps.Text, op func(context.Context) error) error {
	waited := false
	err := failure.Retry(ctx, o.clock(), failure.Policy{
		Attempts: 60, First: time.Second, Max: 10 * time.Second, Within: propagation,
		Also: also,
		OnWait: func(failure.Wait) {
			waited = true
			tellWait(ctx, reason)
		},
	}, op)
	if waited {
		tellWait(ctx, steps.Text{})
	}
	return err
}

func (o Options) clock() failure.Clock {
	if o.Clock == nil {
		return failure.SystemClock()
	}
	return o.Clock
}

// recentWrites remembers when this process last changed a side's IAM, so that a
// denial right afterwards is waited out and one without such a reason is not.
type recentWrites struct {
	clock failure.Clock

	mu sync.Mutex
	at map[steps.Side]time.Time
}

// note is called after a write that IAM may take a while to show.
func (r *recentWrites) note(side steps.Side) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.at == nil {
		r.at = map[steps.Side]time.Time{}
	}
	r.at[side] = r.clock.Now()
}

// any says whether some side's IAM was changed a moment ago. Sides are not told
// apart: inside one account the source's role serves the target's domain too.
func (r *recentWrites) any() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, at := range r.at {
		if r.clock.Now().Sub(at) < propagation {
			return true
		}
	}
	return false
}

// Content is implemented by kinds whose thing may hold what is worth asking
// about before it is deleted (a bucket's objects).
type Content interface {
	// Content counts what is in it.
	Content(ctx context.Context, ref steps.Ref) (objects int, bytes int64, err error)
	// Empty deletes what is in it. Call it only after a typed confirmation.
	Empty(ctx context.Context, ref steps.Ref) error
}
