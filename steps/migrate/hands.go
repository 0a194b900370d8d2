package migrate

import (
	"context"
	"errors"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
)

// doc is a thing's document; unread where nobody was named who could read it, or who
// was may not, so that somebody else has to make it so.
func (r *route) doc(ctx context.Context, w *engine.World, ref steps.Ref) (live steps.Doc, unread bool, err error) {
	unread = r.nobody(ctx, ref)
	live, err = w.Doc(ctx, ref)
	if unread && errors.Is(err, facts.ErrNobody) || unseeable(ref.Kind, err) {
		return steps.Absent, true, nil
	}
	return live, unread, err
}

// unseeable says that a thing may not be read by who is here, and so not be changed:
// nothing is written unseen. Whose a bucket is has to be known in any case.
func unseeable(kind steps.Kind, err error) bool {
	switch kind {
	case steps.KindRole, steps.KindSignerGrant, steps.KindBucketPolicy, steps.KindKeyPolicy:
		return failure.Is(err, failure.Denied)
	}
	return false
}

// nobody says that a thing's side has no identity for things of its kind.
func (r *route) nobody(ctx context.Context, ref steps.Ref) bool {
	var err error
	switch ref.Kind {
	case steps.KindFGACRole, steps.KindRoleMapping:
		_, err = r.facts.Mapper(ctx, ref.Side)
	default:
		_, err = r.facts.Control(ctx, ref.Side)
	}
	return errors.Is(err, facts.ErrNobody)
}

// allowed does something on a side's domain as the signer or, where fine-grained
// access control keeps that one to snapshots, as the mapper.
func (r *route) allowed(ctx context.Context, side steps.Side, do func(*cluster.Cluster) error) error {
	c, err := r.facts.Signer(ctx, side)
	if err != nil {
		return err
	}
	if err = do(c); !failure.Is(err, failure.Denied) {
		return err
	}
	m, merr := r.facts.Mapper(ctx, side)
	if merr != nil {
		return facts.Unasked(err, merr)
	}
	if m == c {
		return err
	}
	if merr = do(m); failure.Is(merr, failure.Denied) {
		return err
	}
	return merr
}
