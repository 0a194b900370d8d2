package resource

import (
	"context"

	"snapferry/awsx/account"
	"snapferry/awsx/policy"
	"snapferry/steps"
)

// mergeKind is a policy document that is shared with others: only our own
// statements are ever written or removed.
type mergeKind struct {
	// read gives the document as it lies there; nil for none.
	read func(ctx context.Context, ref steps.Ref) (account.Document, error)
	put  func(ctx context.Context, ref steps.Ref, doc account.Document) error
	// remove drops a document that has no statement left.
	remove  func(ctx context.Context, ref steps.Ref) error
	grammar policy.Kind
	render  func(c steps.Change) Renderings
}

func (k mergeKind) Read(ctx context.Context, ref steps.Ref) (steps.Doc, error) {
	d, err := k.live(ctx, ref)
	if err != nil {
		return "", err
	}
	return PolicyDoc(d), nil
}

// live is the document with the bytes of every statement as they lie there.
func (k mergeKind) live(ctx context.Context, ref steps.Ref) (policy.Document, error) {
	raw, err := k.read(ctx, ref)
	if err != nil || len(raw) == 0 {
		return policy.Document{}, err
	}
	return policy.Parse(raw)
}

// Write reads once more and changes only what differs between was and want, so
// that a statement somebody added a moment ago survives.
func (k mergeKind) Write(ctx context.Context, ref steps.Ref, was, want steps.Doc) error {
	live, err := k.live(ctx, ref)
	if err != nil {
		return err
	}
	next, err := patch(live, was, want)
	switch {
	case err != nil:
		return err
	case next.Equal(live):
		return nil
	case len(next.Statements) == 0:
		return k.remove(ctx, ref)
	}
	// A document that AWS took is not refused for what others wrote in it.
	if err := next.Validate(k.grammar); err != nil && (live.IsZero() || live.Validate(k.grammar) == nil) {
		return err
	}
	return k.put(ctx, ref, next.Bytes())
}

// Delete is called when nothing was left of the document but what we made. What
// somebody added since stays.
func (k mergeKind) Delete(ctx context.Context, ref steps.Ref, was steps.Doc) error {
	return k.Write(ctx, ref, was, steps.Absent)
}

// Takeback leaves every statement of others, whatever became of it since.
func (k mergeKind) Takeback(live, before, after steps.Doc) (steps.Doc, bool, steps.Text) {
	return unmerge(live, before, after)
}

func (k mergeKind) Render(c steps.Change) Renderings {
	switch {
	case c.Verb == steps.Exists:
		return Renderings{}
	case c.Unread && c.Ref.Kind != steps.KindSignerGrant:
		// Nobody knows what else stands there: a command would put this in its place.
		return Renderings{CLI: note("Add these statements to the "+string(c.Ref.Kind)+" of "+c.Ref.Name+", beside what is in it", c.After)}
	}
	return k.render(c)
}
