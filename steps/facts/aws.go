package facts

import (
	"context"
	"maps"
	"slices"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
	"snapferry/awsx/policy"
	"snapferry/awsx/session"
	"snapferry/steps"
)

// Identity is who STS says an identity is.
func (f *Facts) Identity(ctx context.Context, side steps.Side, role Role) (session.Who, error) {
	slot := Slot{side, role}
	who, err := read(ctx, &f.memo, key{FactIdentity, f.who(slot), ""}, func(ctx context.Context) (session.Who, error) {
		s, _, err := f.session(ctx, slot)
		if err != nil {
			return session.Who{}, err
		}
		return s.WhoAmI(ctx)
	})
	return who, f.failed(FactIdentity, side, err)
}

// principal is an answer of Principal.
type principal struct {
	arn   awsid.ARN
	exact bool
}

// Principal is the identity's user or role ARN with its true path and spelling,
// as policies and role mappings need it. exact is false where only STS could be
// asked, which drops the path.
func (f *Facts) Principal(ctx context.Context, side steps.Side, role Role) (arn awsid.ARN, exact bool, err error) {
	p, err := read(ctx, &f.memo, key{FactPrincipal, f.who(Slot{side, role}), f.who(Slot{side, Control})}, func(ctx context.Context) (principal, error) {
		who, err := f.Identity(ctx, side, role)
		if err != nil || who.PathKnown || who.Principal.Type() != "role" {
			return principal{who.Principal, true}, err
		}
		acc, err := f.Control(ctx, side)
		if err != nil {
			return principal{who.Principal, false}, nil
		}
		r, err := acc.Role(ctx, awsid.RoleName(who.Principal.Name()))
		if err != nil || r == nil || r.ARN.Account != who.Account {
			// Not being allowed to look is no error here: the answer is a guess and says so.
			return principal{who.Principal, false}, interrupted(ctx, err)
		}
		return principal{r.ARN, true}, nil
	})
	return p.arn, p.exact, f.failed(FactPrincipal, side, err)
}

// interrupted keeps the end of our own context from being taken for an answer.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	return nil
}

// Policies are the identity policies of a principal, for merging and for
// judging without IAM's simulator.
type Policies struct {
	Principal awsid.ARN
	// Inline are by name, Attached in their default version by ARN. A user's
	// groups' are among them, inline ones under GROUP/NAME.
	Inline   map[string]policy.Document
	Attached map[string]policy.Document
	// Boundary is zero for none.
	Boundary awsid.ARN
	// Tags are a role's; nil for users.
	Tags map[string]string
	// Incomplete is why some policies could not be read, nil when all were. What
	// is allowed by what is here may still be denied by what is not.
	Incomplete error
}

// Documents are all of them, for a policy.Stack.
func (p Policies) Documents() []policy.Document {
	var out []policy.Document
	for _, docs := range []map[string]policy.Document{p.Inline, p.Attached} {
		for _, name := range slices.Sorted(maps.Keys(docs)) {
			out = append(out, docs[name])
		}
	}
	return out
}

// Policies reads what the identity may do by its own policies.
func (f *Facts) Policies(ctx context.Context, side steps.Side, role Role) (Policies, error) {
	p, err := read(ctx, &f.memo, key{FactPolicies, f.who(Slot{side, role}), f.who(Slot{side, Control})}, func(ctx context.Context) (Policies, error) {
		arn, _, err := f.Principal(ctx, side, role)
		if err != nil {
			return Policies{}, err
		}
		acc, err := f.Control(ctx, side)
		if err != nil {
			return Policies{}, err
		}
		return policiesOf(ctx, acc, arn)
	})
	return p, f.failed(FactPolicies, side, err)
}

// policiesOf reads user or role. What may be read of them decides what can be
// judged here; the rest is told in Incomplete.
func policiesOf(ctx context.Context, acc *account.Account, arn awsid.ARN) (Policies, error) {
	p := Policies{Principal: arn, Inline: map[string]policy.Document{}, Attached: map[string]policy.Document{}}
	switch arn.Type() {
	case "role":
		r, err := acc.Role(ctx, awsid.RoleName(arn.Name()))
		if err != nil {
			return Policies{}, err
		}
		if r == nil {
			return Policies{}, missing("IAM GetRole", "there is no role "+arn.Name())
		}
		p.Principal, p.Boundary, p.Tags, p.Incomplete = r.ARN, r.Boundary, r.Tags, r.Incomplete
		p.add("", r.Inline, r.Attached)
	case "user":
		u, err := acc.User(ctx, arn.Name())
		if err != nil {
			return Policies{}, err
		}
		if u == nil {
			return Policies{}, missing("IAM GetUser", "there is no user "+arn.Name())
		}
		p.Principal, p.Boundary, p.Incomplete = u.ARN, u.Boundary, u.Incomplete
		p.add("", u.Inline, u.Attached)
		for _, g := range u.Groups {
			p.add(g.Name+"/", g.Inline, g.Attached)
		}
	default:
		// The account's root user has no policies and may do everything.
		p.Inline["root"] = policy.Document{Version: policy.Version2012, Statements: []policy.Statement{
			{Effect: policy.EffectAllow, Action: []string{"*"}, Resource: []string{"*"}},
		}}
	}
	return p, nil
}

// add files the documents of one holder: the principal itself or a group of it.
func (p *Policies) add(prefix string, inline map[string]account.Document, attached []account.ManagedPolicy) {
	for name, raw := range inline {
		p.parse(p.Inline, prefix+name, raw)
	}
	for _, m := range attached {
		p.parse(p.Attached, m.ARN.String(), m.Document)
	}
}

// parse files a document, or notes that it cannot be understood.
func (p *Policies) parse(in map[string]policy.Document, name string, raw account.Document) {
	d, err := policy.Parse(raw)
	if err == nil {
		in[name] = d
	} else if p.Incomplete == nil {
		p.Incomplete = err
	}
}

// missing is the failure AWS would have answered, where package account gives nil.
func missing(operation, message string) error {
	return &failure.Failure{Kind: failure.Missing, Message: message, Operation: operation}
}

// SnapshotRole is a side's snapshot role as it was asked for and as it is.
type SnapshotRole struct {
	Asked awsid.RoleName
	// Found is the role of exactly this name, nil when there is none. Its
	// Incomplete says whether all its policies could be read.
	Found *account.Role
	// Similar holds the role whose name differs in letter case only: IAM finds it
	// and will not make another, but STS compares letter by letter.
	Similar []account.RoleSummary
}

// Role reads a side's snapshot role.
func (f *Facts) Role(ctx context.Context, side steps.Side) (SnapshotRole, error) {
	asked := f.spec.Side(side).Role.Name
	r, err := read(ctx, &f.memo, key{FactRole, f.who(Slot{side, Control}), string(asked)}, func(ctx context.Context) (SnapshotRole, error) {
		r := SnapshotRole{Asked: asked}
		if asked == "" {
			return r, notSaid(string(side) + ".role.name")
		}
		acc, err := f.Control(ctx, side)
		if err != nil {
			return r, err
		}
		found, err := acc.Role(ctx, asked)
		switch {
		case err != nil || found == nil:
			return r, err
		case found.Name == asked:
			r.Found = found
		default:
			r.Similar = []account.RoleSummary{{ARN: found.ARN, Name: found.Name, UniqueID: found.UniqueID, Created: found.Created}}
		}
		return r, nil
	})
	return r, f.failed(FactRole, side, err)
}

// bucketFact reads something of the bucket with its owner's control identity.
func bucketFact[T any](ctx context.Context, f *Facts, name Name, get func(context.Context, *account.Account, awsid.BucketName) (T, error)) (T, error) {
	b := f.spec.Bucket
	v, err := read(ctx, &f.memo, key{name, f.who(Slot{b.Owner, Control}), string(b.Name)}, func(ctx context.Context) (T, error) {
		var zero T
		if b.Name == "" {
			return zero, notSaid("bucket.name")
		}
		acc, err := f.Control(ctx, b.Owner)
		if err != nil {
			return zero, err
		}
		return get(ctx, acc, b.Name)
	})
	return v, f.failed(name, b.Owner, err)
}

// Bucket looks for the bucket with its owner's control identity; nil when nobody has it.
func (f *Facts) Bucket(ctx context.Context) (*account.Bucket, error) {
	return bucketFact(ctx, f, FactBucket, func(ctx context.Context, acc *account.Account, name awsid.BucketName) (*account.Bucket, error) {
		return acc.Bucket(ctx, name)
	})
}

// BucketPolicy is the bucket's policy; the zero document when it has none.
func (f *Facts) BucketPolicy(ctx context.Context) (policy.Document, error) {
	return bucketFact(ctx, f, FactBucketPolicy, func(ctx context.Context, acc *account.Account, name awsid.BucketName) (policy.Document, error) {
		raw, err := acc.BucketPolicy(ctx, name)
		if err != nil || len(raw) == 0 {
			return policy.Document{}, err
		}
		return policy.Parse(raw)
	})
}

// BucketEncryption is the bucket's default encryption, nil when none is set.
func (f *Facts) BucketEncryption(ctx context.Context) (*account.Encryption, error) {
	return bucketFact(ctx, f, FactBucketCrypto, func(ctx context.Context, acc *account.Account, name awsid.BucketName) (*account.Encryption, error) {
		return acc.BucketEncryption(ctx, name)
	})
}

// BucketOwnership says whose the objects in the bucket are, as S3 spells it.
func (f *Facts) BucketOwnership(ctx context.Context) (string, error) {
	return bucketFact(ctx, f, FactBucketOwning, func(ctx context.Context, acc *account.Account, name awsid.BucketName) (string, error) {
		return acc.ObjectOwnership(ctx, name)
	})
}

// KeyPolicy is the policy of a key, by its ARN, in the account of the side.
func (f *Facts) KeyPolicy(ctx context.Context, side steps.Side, id string) (policy.Document, error) {
	d, err := read(ctx, &f.memo, key{FactKeyPolicy, f.who(Slot{side, Control}), id}, func(ctx context.Context) (policy.Document, error) {
		acc, err := f.Control(ctx, side)
		if err != nil {
			return policy.Document{}, err
		}
		raw, err := acc.KeyPolicy(ctx, id)
		if err != nil {
			return policy.Document{}, err
		}
		return policy.Parse(raw)
	})
	return d, f.failed(FactKeyPolicy, side, err)
}

// Key reads a KMS key by what a bucket's encryption names it: its ARN, id or
// alias, in the account of the side; nil when it is not there.
func (f *Facts) Key(ctx context.Context, side steps.Side, id string) (*account.Key, error) {
	k, err := read(ctx, &f.memo, key{FactKey, f.who(Slot{side, Control}), id}, func(ctx context.Context) (*account.Key, error) {
		acc, err := f.Control(ctx, side)
		if err != nil {
			return nil, err
		}
		return acc.Key(ctx, id)
	})
	return k, f.failed(FactKey, side, err)
}
