package preflight

import (
	"context"
	"maps"
	"slices"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/migrate"
	"snapferry/steps/resource"
)

// storing are the requests of a snapshot role to the bucket: as the engine makes
// them, over TLS, with the canned list it sends, and not below the base path alone
// (newer engines write shard data beside it: seen on a real OpenSearch 3.4.0).
func (w *View) storing(side steps.Side, who policy.Who) []policy.Request {
	s := w.Spec()
	b := s.Bucket
	bucket := awsid.BucketARN(b.Region.Partition(), b.Name).String()
	acl := "private"
	if s.RoleHandsOver(side) {
		acl = "bucket-owner-full-control"
	}
	ask := func(action, resource string, more ...string) policy.Request {
		q := policy.Request{
			Who: who, Action: action, Resource: resource, ResourceAccount: string(s.Side(b.Owner).Account),
			Context: map[string][]string{"aws:SecureTransport": {"true"}, "aws:RequestedRegion": {string(b.Region)}},
		}
		for i := 0; i < len(more); i += 2 {
			q.Context[more[i]] = []string{more[i+1]}
		}
		return q
	}
	base := string(b.BasePath)
	if base != "" {
		base += "/"
	}
	list := []policy.Request{ask("s3:ListBucket", bucket, "s3:prefix", base+"index-")}
	for _, key := range []string{base + "index-0", "beside-the-base-path/" + base + "indices/0/0"} {
		list = append(list, ask("s3:GetObject", bucket+"/"+key))
		if s.RoleWrites(side) {
			list = append(list, ask("s3:PutObject", bucket+"/"+key, "s3:x-amz-acl", acl), ask("s3:DeleteObject", bucket+"/"+key))
		}
		if s.RoleHandsOver(side) {
			list = append(list, ask("s3:PutObjectAcl", bucket+"/"+key, "s3:x-amz-acl", acl))
		}
	}
	return list
}

// before is a snapshot role before the bucket, as both are and as the plan leaves
// them.
type before struct {
	now, then plea
	role      snapshotRole
	// bucket is nil where there is none yet; roleChange and policyChange are nil
	// where the plan changes nothing of it.
	bucket                   *account.Bucket
	roleChange, policyChange *steps.Change
}

func (w *View) beforeBucket(ctx context.Context, side steps.Side) (before, error) {
	role, err := w.role(ctx, side)
	if err != nil {
		return before{}, err
	}
	out := before{role: role}
	if out.bucket, err = w.Bucket(ctx); err != nil {
		return out, err
	}
	out.now = plea{actor: role.actor, requests: w.storing(side, role.who), kind: policy.KindBucket}
	if out.bucket != nil {
		doc, err := w.BucketPolicy(ctx)
		switch {
		case err != nil:
			out.now.unreadResource = err
		case !doc.IsZero():
			out.now.resource = &doc
		}
	}
	after, change := w.roleAfter(ctx, side, role)
	out.then, out.roleChange = out.now, change
	out.then.actor = after.actor
	b := w.Spec().Bucket
	if c, ok := w.Planned(ctx, steps.Ref{Kind: steps.KindBucketPolicy, Side: b.Owner, Name: string(b.Name)}); ok {
		if doc, err := resource.ParsePolicy(c.After); err == nil {
			out.then.resource, out.then.unreadResource, out.policyChange = &doc, nil, &c
		}
	}
	return out, nil
}

func roleMayUseBucket(side steps.Side) Check {
	return check{CheckInfo{
		ID: steps.CheckID(string(side) + "-role-may-use-bucket"), Family: steps.FamilyRole, Severity: steps.Block,
		Statement: steps.T("the %s snapshot role has the rights on the whole bucket that its domain needs", string(side)),
		Why:       steps.T("ListBucket belongs on the bucket, the rights on objects on the bucket followed by /*, and not on the base path alone: newer engines write beside it. Without ListBucket the engine is told 403 where it waits for 404. A permissions boundary caps all of it."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		b, err := f.beforeBucket(ctx, side)
		if err != nil {
			return one(v.unread(err))
		}
		return one(v.on("%s", b.role.arn.String()).rule(ruling{
			now: b.now.ownGaps(), absent: !b.role.exists, then: b.then.ownGaps(), change: b.roleChange, unread: b.role.unread, left: b.then.unread, stuck: f.blindRole(ctx, side),
			seen: []steps.Text{steps.T("%s with its policies, for s3://%s", f.How(facts.FactRole, side), string(f.Spec().Bucket.Name))},
			fix:  func(g policy.Gap) steps.Fix { return f.rightsFix(ctx, side, b.role, g, "bucket", f.bucketRights(side)) },
		}))
	}}
}

// bucketRights is what a snapshot role lacks at most.
func (w *View) bucketRights(side steps.Side) []policy.Statement {
	b := w.Spec().Bucket
	bucket := awsid.BucketARN(b.Region.Partition(), b.Name).String()
	objects := []string{"s3:GetObject"}
	if w.Spec().RoleWrites(side) {
		objects = append(objects, "s3:PutObject", "s3:DeleteObject")
	}
	if w.Spec().RoleHandsOver(side) {
		objects = append(objects, "s3:PutObjectAcl")
	}
	return []policy.Statement{
		{Effect: policy.EffectAllow, Action: []string{"s3:ListBucket"}, Resource: []string{bucket}},
		{Effect: policy.EffectAllow, Action: objects, Resource: []string{bucket + "/*"}},
	}
}

// rightsFix gives a role that no step touches what it lacks, by a policy of a name of
// its own: one that bears it already keeps what it says.
func (w *View) rightsFix(ctx context.Context, side steps.Side, r snapshotRole, g policy.Gap, purpose string, lacks []policy.Statement) steps.Fix {
	switch {
	case g.Decision.Layer == policy.LayerBoundary:
		return steps.Fix{Text: steps.T("Have the role's permissions boundary allow it, too, or use another role: the boundary caps what any policy grants")}
	case g.Decision.Verdict == policy.Deny:
		return steps.Fix{Text: steps.T("Take that denial out of the role's policies, or use another role: no Allow lifts a Deny")}
	}
	own := grantName(purpose, lacks[0].Resource[0])
	fix := w.wouldBe(ctx, steps.Ref{Kind: steps.KindRole, Side: side, Name: r.arn.Name()}, func(doc steps.Doc) (steps.Doc, error) {
		role, _, err := resource.ParseRole(doc)
		if err != nil {
			return "", err
		}
		had, err := resource.ParsePolicy(role.Inline[own])
		if err != nil {
			return "", err
		}
		inline := maps.Clone(role.Inline)
		if inline == nil {
			inline = map[string]steps.Doc{}
		}
		inline[own] = resource.PolicyDoc(had.Merge(lacks...))
		role.Inline = inline
		return role.Doc(), nil
	})
	fix.Text = steps.T("Add what is missing to the role, or answer with a role name to have a role made")
	fix.Answers = w.byName(side, r.arn)
	return fix
}

// grantName names the policy that gives somebody a right on something: whatever else a
// fix or a step gives him stands in another.
func grantName(purpose, on string) string { return "snapferry-" + purpose + "-" + policy.Mark(on) }

func bucketPolicyAllows(side steps.Side) Check {
	return check{CheckInfo{
		ID: steps.CheckID(string(side) + "-bucket-policy-allows"), Family: steps.FamilyBucket, Severity: steps.Block,
		Statement: steps.T("the bucket's policy does not stand in the way of the %s snapshot role", string(side)),
		Why:       steps.T("A role of another account needs the policy's word beside its own rights. Denials by VPC endpoint, address or organisation hit it, too: the service calls from its own network."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		b, err := f.beforeBucket(ctx, side)
		if err != nil {
			return one(v.unread(err))
		}
		v = v.on("%s on s3://%s", b.role.arn.String(), string(f.Spec().Bucket.Name))
		switch {
		case b.bucket != nil && b.bucket.Owner != account.Ours:
			return one(v.skipped("bucket-usable", steps.T("the bucket's policy is not this account's to read")))
		case !b.role.exists && b.roleChange == nil:
			return one(v.skipped(spellingID, steps.T("there is no role to judge yet, and no step can be planned that would make it")))
		case b.bucket == nil && b.policyChange == nil:
			return one(v.skipped("bucket-usable", steps.T("there is no bucket yet, and no step can be planned that would make it")))
		}
		owner := f.Spec().Bucket.Owner
		var seen []steps.Text
		if b.bucket != nil {
			seen = append(seen, steps.T("%s of s3://%s", f.How(facts.FactBucketPolicy, owner), string(f.Spec().Bucket.Name)))
			for _, dead := range deadOf(b.now.resource) {
				seen = append(seen, steps.T("the policy names %s, somebody who was deleted", dead))
			}
		}
		change := b.policyChange
		if made, ok := f.Planned(ctx, steps.Ref{Kind: steps.KindBucket, Side: owner, Name: string(f.Spec().Bucket.Name)}); ok && f.Spec().RoleSide(side) == owner {
			change = &made // its own account's role needs no word of the policy
		}
		return one(v.rule(ruling{
			now: b.now.resourceGaps(), absent: b.bucket == nil, then: b.then.resourceGaps(), change: change, unread: b.now.unreadResource, left: b.then.unreadResource, stuck: f.blind(ctx, migrate.StepShareBucket), seen: seen,
			fix: func(g policy.Gap) steps.Fix {
				if g.Decision.Verdict == policy.Deny {
					return steps.Fix{Text: steps.T("Except the snapshot role from that denial, for example with a condition on aws:PrincipalArn: no Allow lifts a Deny")}
				}
				fix := f.wouldBe(ctx, steps.Ref{Kind: steps.KindBucketPolicy, Side: owner, Name: string(f.Spec().Bucket.Name)}, merging(f.sharing(ctx, side)...))
				fix.Text = steps.T("Let the bucket's policy allow exactly this role, on the bucket and on its objects; the role has to be there first")
				return fix
			},
		}))
	}}
}

// sharing is what the bucket's policy lacks for a side's role, and for the other's where
// that is refused, too: the fix of each is the whole policy, and the one that is run
// last must not take out what the other put in.
func (w *View) sharing(ctx context.Context, side steps.Side) (rules []policy.Statement) {
	for _, at := range []steps.Side{side, other(side)} {
		b, err := w.beforeBucket(ctx, at)
		if err != nil || at != side && !b.refused() {
			continue
		}
		for _, rule := range w.bucketRights(at) {
			rule.Principal = policy.AWS(b.role.arn.String())
			rules = append(rules, rule)
		}
	}
	return rules
}

// refused says that the resource's policy is silent about a role that is there, and
// that no step of the plan mends that.
func (b before) refused() bool {
	gaps := b.now.resourceGaps()
	i := slices.IndexFunc(gaps, isCertain)
	mended := b.policyChange != nil && len(b.then.resourceGaps()) == 0
	return b.role.exists && !mended && i >= 0 && gaps[i].Decision.Verdict != policy.Deny
}

// other is the side across.
func other(side steps.Side) steps.Side {
	if side == steps.Source {
		return steps.Target
	}
	return steps.Source
}

func deadOf(d *policy.Document) []string {
	if d == nil {
		return nil
	}
	return policy.DeadPrincipals(*d)
}
