package migrate

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
	"snapferry/steps/resource"
	"snapferry/steps/spec"
)

// signerStep wants the signer to be able to pass the snapshot role and to call
// the domain. What it may do already is left alone; what it lacks goes into an
// inline policy of our own.
type signerStep struct {
	*route
	side steps.Side
	id   steps.StepID
}

// TwoSigners says that the target's domain is called by a signer of its own, whose
// rights are planned beside the source's.
func TwoSigners(s *spec.Spec) bool {
	switch s.Shape {
	case spec.ShapeSameDomain:
		return false
	case spec.ShapeSameAccount:
		return !reflect.DeepEqual(s.Source.Signer, s.Target.Signer)
	}
	return true
}

// calls are the sides whose domains this step's signer calls. Two answers may still
// name one principal of an account: then the source's step gives it everything.
func (s signerStep) calls(ctx context.Context) ([]steps.Side, error) {
	if !s.spec.OneAccount() || !TwoSigners(s.spec) {
		return s.spec.DomainsOf(s.side), nil
	}
	source, _, err := s.facts.Principal(ctx, steps.Source, facts.Signer)
	if err != nil {
		return nil, err
	}
	target, _, err := s.facts.Principal(ctx, steps.Target, facts.Signer)
	switch {
	case err != nil:
		return nil, err
	case source != target:
		return []steps.Side{s.side}, nil
	case s.side == steps.Target:
		return nil, nil
	}
	return s.spec.DomainsOf(s.side), nil
}

func (s signerStep) Info() engine.Info {
	return engine.Info{ID: s.id, Side: s.side, Title: steps.T("Rights of the %s signer", string(s.side))}
}

func (s signerStep) Plan(ctx context.Context, w *engine.World) ([]steps.Change, error) {
	domains, err := s.calls(ctx)
	if err != nil || len(domains) == 0 {
		return nil, err
	}
	who, exact, err := s.facts.Principal(ctx, s.side, facts.Signer)
	if err != nil {
		return nil, err
	}
	ref := steps.Ref{Kind: steps.KindSignerGrant, Side: s.side, Name: who.String(), In: s.signerPolicy()}
	live, unread, err := s.doc(ctx, w, ref)
	if err != nil {
		return nil, err
	}
	lacks, err := s.lacks(ctx, who, domains)
	if err != nil {
		return nil, err
	}
	want := live
	if len(lacks) > 0 {
		// What AWS keeps itself nobody can edit in place: its owner is told, and it
		// is seen by what the signer may do afterwards.
		unread = unread || resource.Reserved(who)
		if err := grantable(who, exact || unread, lacks); err != nil {
			return nil, err
		}
		doc, err := resource.ParsePolicy(live)
		if err != nil {
			return nil, err
		}
		want = resource.PolicyDoc(doc.Merge(lacks...))
	}
	c := steps.NewChange(s.id, ref, live, want, steps.T("%s may pass the role and call the domain", who.String()))
	c.Helper, c.Unread = true, unread && c.Verb != steps.Exists
	open, err := s.accessPolicies(ctx, w, who, domains)
	return append([]steps.Change{c}, open...), err
}

// Witnessed looks at what the signer may do by now.
func (s signerStep) Witnessed(ctx context.Context, _ *engine.World, c steps.Change) (bool, error) {
	if c.Ref.Kind != steps.KindSignerGrant || s.nobody(ctx, c.Ref) {
		return false, engine.ErrNoWitness
	}
	if _, err := s.policies(ctx); unseeable(steps.KindSignerGrant, err) {
		return false, engine.ErrNoWitness
	}
	domains, err := s.calls(ctx)
	if err != nil {
		return false, err
	}
	who, _, err := s.facts.Principal(ctx, s.side, facts.Signer)
	if err != nil {
		return false, err
	}
	lacks, err := s.lacks(ctx, who, domains)
	return err == nil && len(lacks) == 0, err
}

// lacks are the statements of which the signer's own policies do not allow
// everything yet.
func (s signerStep) lacks(ctx context.Context, who awsid.ARN, calls []steps.Side) ([]policy.Statement, error) {
	role, err := s.roleARN(ctx, s.side)
	if err != nil {
		return nil, err
	}
	domains, err := s.domainARNs(ctx, calls)
	if err != nil {
		return nil, err
	}
	have, err := s.policies(ctx)
	switch {
	case errors.Is(err, facts.ErrNobody) || unseeable(steps.KindSignerGrant, err):
		return signerRights(role, domains), nil
	case err != nil:
		return nil, err
	}
	var lacks []policy.Statement
	for _, rule := range signerRights(role, domains) {
		if !allows(have, who, rule) {
			lacks = append(lacks, rule)
		}
	}
	return lacks, nil
}

// policies are the signer's own, without what another migration granted: that goes
// when that one is taken back.
func (s signerStep) policies(ctx context.Context) (facts.Policies, error) {
	have, err := s.facts.Policies(ctx, s.side, facts.Signer)
	have.Inline = maps.Clone(have.Inline)
	maps.DeleteFunc(have.Inline, func(name string, _ policy.Document) bool {
		return strings.HasPrefix(name, signerPrefix) && name != s.signerPolicy()
	})
	return have, err
}

// below are names that a resource which ends in * is tried with: a call for
// snapshots and one for anything else, which no allowance of single names matches.
var below = []string{"_snapshot/any-name", "any-name"}

// allows says whether policies already grant every action of a rule on every
// resource of it. A boundary, or a policy that could not be read, leaves it open:
// then it is granted, and the plan shows it.
func allows(have facts.Policies, who awsid.ARN, rule policy.Statement) bool {
	stack := stackOf(have)
	for _, action := range rule.Action {
		for _, res := range rule.Resource {
			for _, name := range below {
				req := policy.Request{
					Who:             policy.Who{Account: string(who.Account), ARN: who.String()},
					Action:          action,
					Resource:        strings.ReplaceAll(res, "*", name),
					ResourceAccount: string(who.Account),
					Context:         map[string][]string{"iam:PassedToService": {servicePrincipal}},
				}
				if !policy.Decide(stack, req).Allowed() {
					return false
				}
			}
		}
	}
	return true
}

// stackOf is what is known of a principal's rights.
func stackOf(have facts.Policies) policy.Stack {
	stack := policy.Stack{Identity: have.Documents()}
	if have.Incomplete != nil {
		stack.Unread = append(stack.Unread, policy.LayerIdentity)
	}
	if !have.Boundary.IsZero() {
		stack.Unread = append(stack.Unread, policy.LayerBoundary)
	}
	return stack
}

// grantable refuses principals that can have no policy, or cannot be named.
func grantable(who awsid.ARN, exact bool, lacks []policy.Statement) error {
	text := policy.Document{Version: policyVersion, Statements: lacks}.Pretty()
	switch {
	case who.Type() != "role" && who.Type() != "user":
		return &steps.Error{
			Summary: steps.T("%s lacks rights, and it is no user or role whose policies could be edited", who.String()),
			Fix:     steps.T("Sign with a user or a role, or give it this policy:\n%s", text),
		}
	case !exact:
		return &steps.Error{
			Summary: steps.T("%s lacks rights, but its exact ARN is not known: IAM could not be asked", who.String()),
			Fix:     steps.T("Give the control identity iam:GetRole, or add this policy to the signer:\n%s", text),
		}
	}
	return nil
}
