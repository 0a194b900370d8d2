package preflight

import (
	"context"

	"snapferry/awsx/account"
	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/facts"
)

func principalsAlive() Check {
	return check{CheckInfo{
		ID: "principals-alive", Family: steps.FamilyBucket, Severity: steps.Warn,
		Statement: steps.T("no policy on the way names somebody who was deleted"),
		Why:       steps.T("IAM keeps a role or user in a policy by an id (AROA…, AIDA…) and shows that once it is deleted. One made again under the old name is another one, whom the policy does not mean until it is saved anew."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		var found []steps.Finding
		var read []steps.Text
		look := func(what string, how steps.Text, doc policy.Document, err error) {
			if err != nil {
				found = append(found, v.on("%s", what).unread(err))
				return
			}
			read = append(read, steps.T("%s: %d statements of %s", how, len(doc.Statements), what))
			for _, d := range policy.Dead(doc) {
				found = append(found, v.on("%s", what).buried(d, how))
			}
		}
		for _, side := range f.Spec().RoleSides() {
			r, err := f.role(ctx, side)
			if err != nil || r.exists {
				look("the trust of the "+string(side)+" snapshot role", f.How(facts.FactRole, side), r.trust, err)
			}
		}
		owner := f.Spec().Bucket.Owner
		b, err := f.Bucket(ctx)
		switch {
		case err != nil:
			look("the bucket's policy", f.How(facts.FactBucket, owner), policy.Document{}, err)
		case b != nil && b.Owner == account.Ours:
			doc, err := f.BucketPolicy(ctx)
			look("the bucket's policy", f.How(facts.FactBucketPolicy, owner), doc, err)
			switch c, err := f.cipher(ctx); {
			case err != nil:
				look("the key's policy", f.How(facts.FactBucketCrypto, owner), policy.Document{}, err)
			case c.key != nil && !c.key.AWSManaged:
				of := f.holder(c.key.ARN.String())
				doc, err := f.KeyPolicy(ctx, of, c.key.ARN.String())
				look("the key's policy", f.How(facts.FactKeyPolicy, of), doc, err)
			}
		}
		switch {
		case len(found) > 0:
			return found
		case len(read) == 0:
			return one(v.pass(steps.T("there is neither role nor bucket yet that has a policy")))
		}
		return one(v.pass(read...))
	}}
}

// buried is the finding of one id of somebody who is gone.
func (v verdict) buried(d policy.DeadPrincipal, how steps.Text) steps.Finding {
	who := steps.T("a user")
	if d.Role {
		who = steps.T("a role")
	}
	where := steps.T("statement number %d", d.Index+1)
	if d.Sid != "" {
		where = steps.T("statement %q", d.Sid)
	}
	cause := steps.T("%s names %s, %s that was deleted", where, d.ID, who)
	fix := steps.T("If it was made again under its old name, save the policy with the ARN anew; else take it out")
	switch {
	case d.Not:
		cause = steps.T("%s, and no longer excepts the one made again", cause)
	case d.Alone:
		cause = steps.T("%s, and is about nobody else", cause)
	}
	return v.fail(cause, steps.Fix{Text: fix}, how)
}
