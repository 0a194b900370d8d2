package migrate

import (
	"context"
	"maps"

	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/resource"
)

// roleStep wants the snapshot role of a side: the role the service assumes to
// reach the bucket. A role that was answered by its ARN is adopted as it is, and
// judged by the checks; one that was answered by name is made, or gets what it
// lacks by a merge the plan shows.
type roleStep struct {
	*route
	side steps.Side
	id   steps.StepID
}

func (s roleStep) Info() engine.Info {
	return engine.Info{ID: s.id, Side: s.side, Title: steps.T("Snapshot role of the %s account", string(s.side))}
}

func (s roleStep) Plan(ctx context.Context, w *engine.World) ([]steps.Change, error) {
	arn, err := s.roleARN(ctx, s.side)
	if err != nil {
		return nil, err
	}
	ref := steps.Ref{Kind: steps.KindRole, Side: s.side, Name: arn.Name()}
	live, unread, err := s.doc(ctx, w, ref)
	if err != nil {
		return nil, err
	}
	adopted := !s.spec.Side(s.side).Role.ARN.IsZero()
	want := live
	switch {
	case adopted && unread:
		return nil, nil // it is what it is, and nobody here can tell
	case adopted && !live.Exists():
		return nil, &steps.Error{
			Field:   string(s.side) + ".role.arn",
			Summary: steps.T("The role %s does not exist", arn.String()),
			Fix:     steps.T("Copy the ARN from the IAM console, letter by letter, or answer with a name to have a role made"),
		}
	case adopted:
		if err := s.spelt(live, arn); err != nil {
			return nil, err
		}
	default:
		if want, err = s.want(ctx, w, live); err != nil {
			return nil, err
		}
	}
	c := steps.NewChange(s.id, ref, live, want, steps.T("role %s", arn.String()))
	c.Helper, c.Unread = true, unread
	return []steps.Change{c}, nil
}

// spelt refuses an adopted role whose ARN is not IAM's letter by letter: its path
// is part of it, and the service would assume a role that is not there.
func (s roleStep) spelt(live steps.Doc, asked awsid.ARN) error {
	role, _, err := resource.ParseRole(live)
	if err != nil || role.ARN == asked.String() {
		return err
	}
	return &steps.Error{
		Field:   string(s.side) + ".role.arn",
		Summary: steps.T("The answers say %s, IAM says %s", asked.String(), role.ARN),
		Fix:     steps.T("Answer with the ARN as IAM spells it"),
	}
}

func (s roleStep) want(ctx context.Context, w *engine.World, live steps.Doc) (steps.Doc, error) {
	role, exists, err := resource.ParseRole(live)
	if err != nil {
		return "", err
	}
	if !exists {
		if role, err = s.fresh(ctx, w.RunID()); err != nil {
			return "", err
		}
	}
	rule, err := s.trustRule(ctx)
	if err != nil {
		return "", err
	}
	trustDoc, err := resource.ParsePolicy(role.Trust)
	if err != nil {
		return "", err
	}
	role.Trust = resource.PolicyDoc(trustDoc.Merge(rule))
	own, err := resource.ParsePolicy(role.Inline[s.rolePolicy()])
	if err != nil {
		return "", err
	}
	key, err := s.key(ctx, w)
	if err != nil {
		return "", err
	}
	rights := roleRights(s.partition(s.side), s.spec.Bucket.Name, key, s.use(s.side))
	role.Inline = maps.Clone(role.Inline)
	if role.Inline == nil {
		role.Inline = map[string]steps.Doc{}
	}
	role.Inline[s.rolePolicy()] = resource.PolicyDoc(own.Merge(rights.Statements...))
	return role.Doc(), nil
}

// fresh is a role that is not there yet, without its documents.
func (s roleStep) fresh(ctx context.Context, run string) (resource.Role, error) {
	arn, err := s.roleARN(ctx, s.side)
	if err != nil {
		return resource.Role{}, err
	}
	asked := s.spec.Side(s.side).Role
	tags := map[string]string{resource.TagRun: run}
	for k, v := range asked.Tags {
		tags[k] = v
	}
	return resource.Role{
		ARN:         arn.String(),
		Description: "Lets OpenSearch Service reach " + string(s.spec.Bucket.Name) + " for a migration by snapferry",
		Boundary:    asked.Boundary.String(),
		Tags:        tags,
	}, nil
}

func (s roleStep) trustRule(ctx context.Context) (policy.Statement, error) {
	domains, err := s.domainARNs(ctx, s.spec.DomainsOf(s.side))
	if err != nil {
		return policy.Statement{}, err
	}
	conditions := true
	for _, side := range s.spec.DomainsOf(s.side) {
		d, err := s.domain(ctx, side)
		if err != nil {
			return policy.Statement{}, err
		}
		conditions = conditions && d.SendsSource()
	}
	if len(domains) < len(s.spec.DomainsOf(s.side)) {
		domains = nil // a list without one of them would shut that one out: the account has to do
	}
	return trust(s.sid(sidTrust), s.spec.Side(s.side).Account, domains, conditions), nil
}
