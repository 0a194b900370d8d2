package preflight

import (
	"context"
	"slices"

	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/migrate"
	"snapferry/steps/resource"
)

// ciphering are the requests of a snapshot role to the key, as S3 makes them on its
// behalf: through S3, and with the bucket as context where that has a bucket key.
// Writing needs Decrypt, too, for what is sent in parts.
func (w *View) ciphering(side steps.Side, who policy.Who, c cipher) []policy.Request {
	b := w.Spec().Bucket
	of := awsid.BucketARN(b.Region.Partition(), b.Name).String()
	if !c.BucketKey {
		of += "/" + string(b.BasePath) + "/index-0"
	}
	actions := []string{"kms:Decrypt"}
	if w.Spec().RoleWrites(side) {
		actions = append(actions, "kms:GenerateDataKey")
	}
	var list []policy.Request
	for _, action := range actions {
		list = append(list, policy.Request{
			Who: who, Action: action, Resource: c.key.ARN.String(), ResourceAccount: string(c.key.ARN.Account),
			Context: map[string][]string{
				"kms:ViaService": {"s3." + string(b.Region) + ".amazonaws.com"}, "aws:RequestedRegion": {string(b.Region)}, "aws:SecureTransport": {"true"}, "aws:ViaAWSService": {"true"},
				"kms:EncryptionContext:aws:s3:arn": {of}, "kms:EncryptionContextKeys": {"aws:s3:arn"},
			},
		})
	}
	return list
}

// beforeKey is a snapshot role before the bucket's key; settled is the finding
// where there is nothing to judge.
func (w *View) beforeKey(ctx context.Context, v verdict, side steps.Side) (out before, c cipher, settled *steps.Finding) {
	end := func(f steps.Finding) (before, cipher, *steps.Finding) { return out, c, &f }
	var err error
	if c, err = w.cipher(ctx); err != nil {
		return end(v.unread(err))
	}
	switch {
	case !c.customer():
		return end(v.pass(c.told()))
	case c.managed():
		return end(v.skipped(shareableID, steps.T("the bucket has no customer key")))
	case c.key == nil:
		return end(v.skipped(enabledID, steps.T("there is no such key")))
	}
	if out.role, err = w.role(ctx, side); err != nil {
		return end(v.unread(err))
	}
	out.now = plea{actor: out.role.actor, kind: policy.KindKey, requests: w.ciphering(side, out.role.who, c)}
	of := w.holder(c.key.ARN.String())
	doc, err := w.KeyPolicy(ctx, of, c.key.ARN.String())
	if err != nil {
		out.now.unreadResource = err
	} else {
		out.now.resource = &doc
	}
	after, change := w.roleAfter(ctx, side, out.role)
	out.then, out.roleChange = out.now, change
	out.then.actor = after.actor
	if planned, ok := w.Planned(ctx, steps.Ref{Kind: steps.KindKeyPolicy, Side: of, Name: c.key.ARN.String()}); ok {
		if doc, err := resource.ParsePolicy(planned.After); err == nil {
			out.then.resource, out.then.unreadResource, out.policyChange = &doc, nil, &planned
		}
	}
	return out, c, nil
}

func roleMayUseKey(side steps.Side) Check {
	return check{CheckInfo{
		ID: steps.CheckID(string(side) + "-role-may-use-key"), Family: steps.FamilyBucket, Severity: steps.Block,
		Statement: steps.T("the %s snapshot role has the rights on the bucket's key that its domain needs", string(side)),
		Why:       steps.T("Reading needs kms:Decrypt, writing kms:GenerateDataKey, too; across accounts both the role's own policy and the key's have to allow. S3 may say no more than Access Denied."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		b, c, settled := f.beforeKey(ctx, v, side)
		if settled != nil {
			return one(*settled)
		}
		right := policy.Statement{Effect: policy.EffectAllow, Resource: []string{c.key.ARN.String()}}
		for _, q := range b.now.requests {
			right.Action = append(right.Action, q.Action)
		}
		return one(v.on("%s", b.role.arn.String()).rule(ruling{
			now: b.now.ownGaps(), absent: !b.role.exists, then: b.then.ownGaps(), change: b.roleChange, unread: b.role.unread, left: b.then.unread, stuck: f.blindRole(ctx, side),
			seen: []steps.Text{c.told(), f.How(facts.FactRole, side)},
			fix: func(g policy.Gap) steps.Fix {
				return f.rightsFix(ctx, side, b.role, g, "key", []policy.Statement{right})
			},
		}))
	}}
}

func keyPolicyAllows(side steps.Side) Check {
	return check{CheckInfo{
		ID: steps.CheckID(string(side) + "-key-policy-allows"), Family: steps.FamilyBucket, Severity: steps.Block,
		Statement: steps.T("the policy of the bucket's key does not stand in the way of the %s snapshot role", string(side)),
		Why:       steps.T("A key's policy has the last word: it has to let in the account, or the role itself, and a role of another account by its ARN. Conditions on the encryption context have to name the bucket where that has a bucket key."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		b, c, settled := f.beforeKey(ctx, v, side)
		if settled != nil {
			return one(*settled)
		}
		if !b.role.exists && b.roleChange == nil {
			return one(v.skipped(spellingID, steps.T("there is no role to judge yet, and no step can be planned that would make it")))
		}
		of := f.holder(c.key.ARN.String())
		return one(v.on("%s on %s", b.role.arn.String(), c.key.ARN.String()).rule(ruling{
			now: b.now.resourceGaps(), then: b.then.resourceGaps(), change: b.policyChange, unread: b.now.unreadResource, left: b.then.unreadResource, stuck: f.blind(ctx, migrate.StepShareKey),
			seen: []steps.Text{c.told(), f.How(facts.FactKeyPolicy, of)},
			fix: func(g policy.Gap) steps.Fix {
				if g.Decision.Verdict == policy.Deny {
					return steps.Fix{Text: steps.T("Except the snapshot role from that denial: no Allow lifts a Deny")}
				}
				fix := f.wouldBe(ctx, steps.Ref{Kind: steps.KindKeyPolicy, Side: of, Name: c.key.ARN.String()}, merging(f.unlocking(ctx, v, side)...))
				fix.Text = steps.T("Let the key's policy allow the role; the role has to be there first")
				return fix
			},
		}))
	}}
}

// unlocking is what the key's policy lacks for a side's role, and for the other's where
// that is refused, too, as sharing is for the bucket's. A role of both has one rule.
func (w *View) unlocking(ctx context.Context, v verdict, side steps.Side) (rules []policy.Statement) {
	for _, at := range []steps.Side{side, other(side)} {
		b, _, settled := w.beforeKey(ctx, v, at)
		if settled != nil || at != side && !b.refused() {
			continue
		}
		name := b.role.arn.String()
		rule := policy.Statement{Sid: "SnapshotRole" + policy.Mark(name), Effect: policy.EffectAllow, Principal: policy.AWS(name), Resource: []string{"*"}}
		i := slices.IndexFunc(rules, func(s policy.Statement) bool { return s.Sid == rule.Sid })
		if i < 0 {
			rules, i = append(rules, rule), len(rules)
		}
		for _, q := range b.now.requests {
			if !slices.Contains(rules[i].Action, q.Action) {
				rules[i].Action = append(rules[i].Action, q.Action)
			}
		}
	}
	return rules
}
