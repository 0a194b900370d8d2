package migrate

import (
	"context"

	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/resource"
)

// shareBucketStep wants the bucket's policy to let in exactly the snapshot role of
// the side that does not own the bucket. The role has to be there first: S3
// refuses a policy that names a principal that does not exist.
type shareBucketStep struct{ *route }

func (s shareBucketStep) Info() engine.Info {
	b := s.spec.Bucket
	return engine.Info{ID: StepShareBucket, Side: b.Owner, Title: steps.T("Bucket %s shared with the %s account", string(b.Name), string(across(b.Owner)))}
}

func (s shareBucketStep) Plan(ctx context.Context, w *engine.World) ([]steps.Change, error) {
	b, guest := s.spec.Bucket, across(s.spec.Bucket.Owner)
	role, err := s.roleARN(ctx, guest)
	if err != nil {
		return nil, err
	}
	what := steps.T("%s may read what is in bucket %s", role.String(), string(b.Name))
	if s.spec.RoleWrites(guest) {
		what = steps.T("%s may read and write in bucket %s", role.String(), string(b.Name))
	}
	ref := steps.Ref{Kind: steps.KindBucketPolicy, Side: b.Owner, Name: string(b.Name)}
	c, err := s.merged(ctx, w, StepShareBucket, ref, what, s.bucketShare(role, s.use(guest))...)
	return []steps.Change{c}, err
}

// shareKeyStep wants the policy of the bucket's customer key to let in the
// snapshot roles that are not of the key's account. Theirs is the other half:
// both the key's policy and the role's have to allow (KMS developer guide).
type shareKeyStep struct{ *route }

func (s shareKeyStep) Info() engine.Info {
	side, ok := s.spec.KeySide()
	if !ok {
		side = s.spec.Bucket.Owner
	}
	return engine.Info{ID: StepShareKey, Side: side, Title: steps.T("Key of the bucket shared with the %s account", string(across(side)))}
}

func (s shareKeyStep) Plan(ctx context.Context, w *engine.World) ([]steps.Change, error) {
	key, err := s.key(ctx, w)
	switch {
	case err != nil:
		return nil, err
	case key.IsZero() && s.cipherUnseen(ctx):
		return s.unknownKey(ctx)
	case key.IsZero():
		return nil, nil
	}
	side, err := s.keySide(key)
	if err != nil {
		return nil, err
	}
	guest := across(side)
	role, err := s.roleARN(ctx, guest)
	if err != nil {
		return nil, err
	}
	what := steps.T("%s may decrypt with key %s", role.String(), key.String())
	if s.spec.RoleWrites(guest) {
		what = steps.T("%s may encrypt and decrypt with key %s", role.String(), key.String())
	}
	ref := steps.Ref{Kind: steps.KindKeyPolicy, Side: side, Name: key.String()}
	c, err := s.merged(ctx, w, StepShareKey, ref, what, s.keyShare(role, s.use(guest)))
	return []steps.Change{c}, err
}

// unknownKey is what whoever sees the bucket's encryption has to do where that is by
// a customer key: nobody here can tell, and nothing is not the answer.
func (s shareKeyStep) unknownKey(ctx context.Context) ([]steps.Change, error) {
	b := s.spec.Bucket
	guest := across(b.Owner)
	role, err := s.roleARN(ctx, guest)
	if err != nil {
		return nil, err
	}
	doc := policy.Document{Version: policyVersion, Statements: []policy.Statement{s.keyShare(role, s.use(guest))}}
	ref := steps.Ref{Kind: steps.KindKeyPolicy, Side: b.Owner, Name: "customer key of " + string(b.Name) + ", if it has one"}
	c := steps.NewChange(StepShareKey, ref, steps.Absent, resource.PolicyDoc(doc), steps.T("if bucket %s encrypts with a customer key, %s may use that; answer bucket.kms_key with it, as its own policy has to name the key, too", string(b.Name), role.String()))
	c.Helper, c.Unread = true, true
	return []steps.Change{c}, nil
}

// merged is the change that puts statements of ours into a policy.
func (r *route) merged(ctx context.Context, w *engine.World, step steps.StepID, ref steps.Ref, what steps.Text, own ...policy.Statement) (steps.Change, error) {
	live, unread, err := r.doc(ctx, w, ref)
	if err != nil {
		return steps.Change{}, err
	}
	doc, err := resource.ParsePolicy(live)
	if err != nil {
		return steps.Change{}, err
	}
	c := steps.NewChange(step, ref, live, resource.PolicyDoc(doc.Merge(own...)), what)
	c.Helper, c.Unread = true, unread
	return c, nil
}

// across is the other end of the route.
func across(side steps.Side) steps.Side {
	if side == steps.Source {
		return steps.Target
	}
	return steps.Source
}
