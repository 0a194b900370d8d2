package migrate

import (
	"context"
	"slices"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
)

// httpActions are the calls a signer makes.
var httpActions = []string{"es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost", "es:ESHttpPut", "es:ESHttpDelete"}

// accessPolicies are the changes of access policies that stand in the signer's
// way although its own rights would do. Inside one account they need not name
// it; a signer of another account has to be let in on both sides (AWS developer
// guide, access control).
func (s signerStep) accessPolicies(ctx context.Context, w *engine.World, who awsid.ARN, calls []steps.Side) ([]steps.Change, error) {
	have, err := s.policies(ctx)
	if err != nil {
		have = facts.Policies{Incomplete: err} // whoever can tell nothing of it may still be in the way
	}
	stack := stackOf(have)
	stack.Kind = policy.KindDomainAccess
	var changes []steps.Change
	for _, side := range calls {
		d, err := s.domain(ctx, side)
		if err != nil {
			return nil, err
		}
		if !d.Described || len(d.AccessPolicy) == 0 {
			continue
		}
		doc, err := policy.Parse(d.AccessPolicy)
		if err != nil {
			return nil, err
		}
		s.without(&doc)
		rights := policy.Document{Version: policyVersion, Statements: signerRights(awsid.ARN{}, []string{d.ARN.String()})}
		with := stack
		with.Identity, with.Resource = append(slices.Clone(stack.Identity), rights), &doc
		closed, err := s.closed(with, who, d.ARN)
		if err != nil {
			return nil, err
		}
		if !closed {
			continue
		}
		rule := policy.Statement{
			Sid: s.sid(sidDomain), Effect: policy.EffectAllow, Principal: policy.AWS(who.String()),
			Action: httpActions, Resource: []string{d.ARN.String() + "/*"},
		}
		ref := steps.Ref{Kind: steps.KindAccessPolicy, Side: side, Name: string(d.Name)}
		c, err := s.merged(ctx, w, s.id, ref, steps.T("the access policy of %s lets %s in", string(d.Name), who.String()), rule)
		if err != nil {
			return nil, err
		}
		changes = append(changes, c)
	}
	return changes, nil
}

// without takes out what other migrations let in: that goes when they are taken back.
func (s signerStep) without(doc *policy.Document) {
	doc.Statements = slices.DeleteFunc(doc.Statements, func(st policy.Statement) bool {
		return strings.HasPrefix(st.Sid, sidDomain) && st.Sid != s.sid(sidDomain)
	})
}

// closed says that the access policy has to name the signer. One that denies is
// nobody's to overrule from here.
func (s signerStep) closed(stack policy.Stack, who, domain awsid.ARN) (bool, error) {
	for _, action := range httpActions {
		d := policy.Decide(stack, policy.Request{
			Who:    policy.Who{Account: string(who.Account), ARN: who.String()},
			Action: action, Resource: domain.String() + "/_snapshot/any-name", ResourceAccount: string(domain.Account),
			ContextUnknown: policy.OfNetwork,
		})
		switch {
		case d.Verdict == policy.Deny:
			return false, &steps.Error{
				Summary: steps.T("A %s denies %s on %s to %s (statement %q)", string(d.Layer), action, domain.String(), who.String(), d.Sid),
				Fix:     steps.T("Take the signer out of that statement, or sign with another identity: no other right outweighs a denial"),
			}
		case d.Verdict == policy.Implicit && slices.Contains(d.Lacking, policy.LayerResource):
			return true, nil
		}
	}
	return false, nil
}
