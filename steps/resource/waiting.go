package resource

import (
	"context"

	"snapferry/steps"
)

type waitKey struct{}

// WithWaits lets tell hear of every wait a Write or Delete makes for AWS to show
// what was written: the reason when it begins, an empty Text when it ends. tell
// runs on the goroutine of the call.
func WithWaits(ctx context.Context, tell func(reason steps.Text)) context.Context {
	return context.WithValue(ctx, waitKey{}, tell)
}

func tellWait(ctx context.Context, reason steps.Text) {
	if tell, ok := ctx.Value(waitKey{}).(func(steps.Text)); ok {
		tell(reason)
	}
}

// Content is implemented by kinds whose thing may hold what is worth asking
// about before it is deleted (a bucket's objects).
type Content interface {
	// Content counts what is in it.
	Content(ctx context.Context, ref steps.Ref) (objects int, bytes int64, err error)
	// Empty deletes what is in it. Call it only after a typed confirmation.
	Empty(ctx context.Context, ref steps.Ref) error
}
