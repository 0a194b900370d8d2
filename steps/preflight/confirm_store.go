package preflight

import (
	"context"
	"slices"

	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/diagnose"
	"snapferry/steps/facts"
)

// storeGaps are what the bucket's policy refuses a side's snapshot role.
func (w *View) storeGaps(ctx context.Context, side steps.Side) (gaps []policy.Gap, ok bool) {
	b, err := w.beforeBucket(ctx, side)
	if err != nil || b.bucket == nil || b.now.unreadResource != nil {
		return nil, false
	}
	return b.now.resourceGaps(), true
}

// ofVerdict picks the gaps of a verdict.
func ofVerdict(gaps []policy.Gap, v policy.Verdict) []policy.Gap {
	return slices.DeleteFunc(slices.Clone(gaps), func(g policy.Gap) bool { return g.Decision.Verdict != v })
}

func policySilent(ctx context.Context, w *View, side steps.Side, _ diagnose.Subject) diagnose.Seen {
	return w.policyLook(ctx, side, policy.Implicit)
}

func policyDenies(ctx context.Context, w *View, side steps.Side, _ diagnose.Subject) diagnose.Seen {
	return w.policyLook(ctx, side, policy.Deny)
}

// policyLook says whether the bucket's policy refuses in one of its two ways. The
// way out is the check's.
func (w *View) policyLook(ctx context.Context, side steps.Side, v policy.Verdict) diagnose.Seen {
	gaps, ok := w.storeGaps(ctx, side)
	if !ok {
		return diagnose.Seen{}
	}
	of := ofVerdict(gaps, v)
	if len(of) == 0 {
		return isNotSo(steps.T("%s: it refuses the %s snapshot role nothing in this way", w.How(facts.FactBucketPolicy, w.Spec().Bucket.Owner), string(side)))
	}
	c := bucketPolicyAllows(w.Spec().RoleSide(side))
	return isSo(cause(of), c.Run(ctx, w)[0].Fix)
}

func policyDead(ctx context.Context, w *View, _ steps.Side, _ diagnose.Subject) diagnose.Seen {
	doc, err := w.BucketPolicy(ctx)
	if err != nil {
		return diagnose.Seen{}
	}
	dead := policy.DeadPrincipals(doc)
	return seen(len(dead) > 0, steps.T("%s: names of deleted roles and users: %s", w.How(facts.FactBucketPolicy, w.Spec().Bucket.Owner), orNone(dead)))
}

func bucketMissing(ctx context.Context, w *View, _ steps.Side, _ diagnose.Subject) diagnose.Seen {
	b, err := w.Bucket(ctx)
	if err != nil {
		return diagnose.Seen{}
	}
	return seen(b == nil, steps.T("%s: s3://%s is there: %t", w.How(facts.FactBucket, w.Spec().Bucket.Owner), string(w.Spec().Bucket.Name), b != nil))
}

// keyLook is what the policy of the bucket's key refuses a side's snapshot role.
func (w *View) keyLook(ctx context.Context, side steps.Side) (gaps []policy.Gap, c cipher, ok bool) {
	b, c, settled := w.beforeKey(ctx, verdict{}, w.Spec().RoleSide(side))
	if settled != nil || b.now.unreadResource != nil {
		return nil, c, false
	}
	return b.now.resourceGaps(), c, true
}

func keyConditions(ctx context.Context, w *View, side steps.Side, _ diagnose.Subject) diagnose.Seen {
	gaps, _, ok := w.keyLook(ctx, side)
	if !ok {
		return diagnose.Seen{}
	}
	for _, g := range gaps {
		for _, l := range g.Lacks {
			if slices.ContainsFunc(l.Misses, func(m policy.Miss) bool { return m.Element == policy.ElementCondition }) {
				return isSo(l.Text, steps.Fix{})
			}
		}
	}
	return isNotSo(steps.T("%s: no condition is in the way", w.How(facts.FactKeyPolicy, side)))
}

func keyElsewhere(ctx context.Context, w *View, _ steps.Side, _ diagnose.Subject) diagnose.Seen {
	c, err := w.cipher(ctx)
	if err != nil || !c.customer() || c.KeyARN == "" {
		return diagnose.Seen{}
	}
	return seen(c.key == nil || c.key.ARN.Region != w.Spec().Bucket.Region, c.told())
}
