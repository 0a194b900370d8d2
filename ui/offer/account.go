package offer

import (
	"context"
	"strings"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
	"snapferry/ui/ask"
)

// identity says whose the credentials of a slot are. The account is the control
// identity's; another slot's must be of it too, or its roles are out of reach.
func identity(ctx context.Context, f *facts.Facts, r ask.Request) (ask.Offer, error) {
	who, err := f.Identity(ctx, r.Side, facts.Role(r.Slot))
	if nobody(err) {
		return ask.Offer{}, nil
	}
	if err != nil {
		return ask.Offer{}, err
	}
	side := f.Spec().Side(r.Side)
	o := ask.Offer{Note: steps.T("You are %s, %s; %s.", who.Principal.String(), whose(slot(side, r.Slot)), left(who.Expires, f.Now()))}
	switch {
	case r.Slot == string(facts.Control):
		o.Default, o.Only = string(who.Account), string(who.Account)
	case r.Slot == string(facts.Signer) && side.Account != "" && who.Account != side.Account:
		return o, &steps.Error{
			Summary: steps.T("These credentials are of account %s, but the domain is in %s", who.Account.Grouped(), side.Account.Grouped()),
			Fix:     steps.T("Name credentials of %s: iam:PassRole crosses no account", side.Account.Grouped()),
		}
	}
	return o, nil
}

func slot(s *spec.SideSpec, name string) spec.Identity {
	switch name {
	case string(facts.Signer):
		return s.Signer
	case string(facts.Mapper):
		return s.Mapper
	}
	return s.Control
}

// whose says where credentials come from, as it was answered.
func whose(id spec.Identity) steps.Text {
	from := steps.T("by %s", id.Origin())
	switch n := len(id.Chain); n {
	case 0:
		return from
	case 1:
		return steps.T("%s and one role", from)
	default:
		return steps.T("%s and %d roles", from, n)
	}
}

// left says how long credentials are good for.
func left(until, now time.Time) steps.Text {
	if until.IsZero() {
		return steps.T("the keys do not expire")
	}
	rest := until.Sub(now)
	if rest < time.Hour {
		return steps.T("good for another %d min", int(rest.Minutes()))
	}
	return steps.T("good for another %d h %02d min", int(rest.Hours()), int(rest.Minutes())%60)
}

// buckets lists those of the account in the region, where the domain can use one.
func buckets(ctx context.Context, f *facts.Facts, r ask.Request) (ask.Offer, error) {
	list, err := f.BucketNames(ctx, r.Side)
	if nobody(err) {
		return ask.Offer{}, nil
	}
	if err != nil {
		return ask.Offer{}, err
	}
	region := string(f.Spec().Side(r.Side).Region)
	if len(list) == 0 {
		return ask.Offer{Note: steps.T("The account has no bucket in %s yet; a new name is made.", region)}, nil
	}
	o := ask.Offer{Note: steps.T("These are there in %s; a new name is made.", region)}
	for _, name := range list {
		o.Options = append(o.Options, ask.Option{Value: string(name)})
	}
	return o, nil
}

// bucket says whose the bucket is that was named. A name belongs to one account
// in the world.
func bucket(ctx context.Context, f *facts.Facts, _ ask.Request) (ask.Offer, error) {
	b, err := f.Store(ctx)
	spec := f.Spec().Bucket
	switch {
	case nobody(err):
		return ask.Offer{}, nil
	case err != nil:
		return ask.Offer{}, err
	case b == nil:
		return ask.Offer{Note: steps.T("Nobody has %s: it will be made in %s.", string(spec.Name), string(spec.Region))}, nil
	case !b.Ours:
		return ask.Offer{}, &steps.Error{
			Summary: steps.T("%s is there and not owned by the %s account", string(spec.Name), string(spec.Owner)),
			Fix:     steps.T("Choose another name, or say whose account owns it"),
		}
	case spec.Region != "" && b.Region != spec.Region:
		return ask.Offer{}, elsewhere(b, spec.Region)
	}
	o := ask.Offer{Note: steps.T("%s is yours, in %s: it will be used as it is.", string(b.Name), string(b.Region))}
	if with, _, err := crypto(ctx, f); err == nil {
		o.Note = steps.T("%s is yours, in %s, encrypted with %s: it will be used as it is.", string(b.Name), string(b.Region), with)
	}
	return o, nil
}

// encryption says how the bucket of the answers is encrypted. A customer key of one
// that is there is the answer, as it is adopted and not changed.
func encryption(ctx context.Context, f *facts.Facts, _ ask.Request) (ask.Offer, error) {
	b, err := f.Store(ctx)
	switch {
	case nobody(err), err == nil && b != nil && !b.Ours:
		return ask.Offer{}, nil
	case err != nil:
		return ask.Offer{}, err
	case b == nil:
		return ask.Offer{Note: steps.T("The bucket is new: it is made with the key named here, or with SSE-S3.")}, nil
	}
	with, key, err := crypto(ctx, f)
	if err != nil {
		return ask.Offer{}, err
	}
	return ask.Offer{Default: key, Note: steps.T("%s is there, encrypted with %s.", string(b.Name), with)}, nil
}

// crypto is the encryption of the bucket that is there, in words, and its customer key,
// "" where it has none that could be named.
func crypto(ctx context.Context, f *facts.Facts) (with steps.Text, arn string, err error) {
	c, err := f.BucketEncryption(ctx)
	switch {
	case err != nil:
		return steps.Text{}, "", err
	case c == nil || c.Algorithm == "AES256":
		return steps.T("SSE-S3"), "", nil
	case c.KeyARN == "":
		return steps.T("the key aws/s3, which cannot be shared with another account"), "", nil
	}
	owner := f.Spec().Bucket.Owner
	if id, err := awsid.ParseARN(c.KeyARN); err == nil && strings.HasPrefix(id.Resource, "key/") {
		return steps.T("the customer key %s", c.KeyARN), c.KeyARN, nil
	}
	// It is named by its alias or its id, and the answer is an ARN.
	k, err := f.Key(ctx, owner, c.KeyARN)
	if err != nil || k == nil {
		return steps.T("the key %s", c.KeyARN), "", nil
	}
	if k.AWSManaged {
		return steps.T("the key aws/s3, which cannot be shared with another account"), "", nil
	}
	return steps.T("the customer key %s", k.ARN.String()), k.ARN.String(), nil
}

func elsewhere(b *facts.Store, want awsid.Region) error {
	return &steps.Error{
		Summary: steps.T("%s is in %s, the domain in %s", string(b.Name), string(b.Region), string(want)),
		Fix:     steps.T("Choose a bucket in %s: the domain wants it in its own region", string(want)),
	}
}
