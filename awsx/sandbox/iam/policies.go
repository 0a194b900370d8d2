package iam

import (
	"maps"
	"slices"
	"strings"

	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// mostPolicy bounds a managed policy in characters without white space; versions
// of one policy are bounded too [IAM quotas].
const (
	mostPolicy   = 6144
	mostVersions = 5
)

func (s *service) policyOperations() map[string]wire.Operation {
	return map[string]wire.Operation{
		"CreatePolicy": {Mutates: true, Run: s.createPolicy},
		"DeletePolicy": {Mutates: true, Run: s.changePolicy(deletePolicy)},
		"GetPolicy":    {Run: s.getPolicy},
		"ListPolicies": {Run: s.listPolicies},
	}
}

// policyShape is a managed policy without its document.
type policyShape struct {
	PolicyName, PolicyId, Arn, Path, DefaultVersionId string
	AttachmentCount, PermissionsBoundaryUsageCount    int
	IsAttachable                                      bool
	Description                                       string `xml:",omitempty"`
	CreateDate, UpdateDate                            string
	Tags                                              *list[tagShape] `xml:",omitempty"`
}

// managed is a customer managed policy as the API shows it, with how many
// principals of the account use it.
func managed(a *world.Account, p *world.ManagedPolicy) policyShape {
	out := policyShape{
		PolicyName: p.Name, PolicyId: p.ID, Arn: p.ARN, Path: p.Path, DefaultVersionId: p.Default,
		IsAttachable: true, Description: p.Description, CreateDate: stamp(p.Created), UpdateDate: stamp(p.Updated),
	}
	for _, g := range allGrants(a) {
		if slices.Contains(g.Attached, p.ARN) {
			out.AttachmentCount++
		}
		if g.Boundary == p.ARN {
			out.PermissionsBoundaryUsageCount++
		}
	}
	if len(p.Tags) > 0 {
		t := tags(p.Tags)
		out.Tags = &t
	}
	return out
}

// awsManaged is an AWS managed policy; only its document matters here.
func awsManaged(arn string) policyShape {
	return policyShape{
		PolicyName: arn[strings.LastIndexByte(arn, '/')+1:], PolicyId: "ANPAIWMBCKSKIEE64ZLYK", Arn: arn, Path: "/",
		DefaultVersionId: "v1", IsAttachable: true, CreateDate: "2015-02-06T18:39:46Z", UpdateDate: "2015-02-06T18:39:46Z",
	}
}

// allGrants are those of every principal of the account.
func allGrants(a *world.Account) []world.Grants {
	var out []world.Grants
	for _, u := range a.Users {
		out = append(out, u.Grants)
	}
	for _, r := range a.Roles {
		out = append(out, r.Grants)
	}
	return out
}

// createPolicy begins with version v1, which is in force.
func (s *service) createPolicy(in *wire.Input) (any, error) {
	n, err := name(in, "PolicyName", "policyName", 128)
	if err != nil {
		return nil, err
	}
	at, err := path(in)
	if err != nil {
		return nil, err
	}
	arn := entityARN(in, "policy"+at+n)
	if err := s.allow(in, arn, "policy "+n, nil); err != nil {
		return nil, err
	}
	doc := in.Get("PolicyDocument")
	if err := checkManaged(doc); err != nil {
		return nil, err
	}
	var out struct{ Policy policyShape }
	err = s.write(in, func(st *world.State, a *world.Account) error {
		for _, p := range a.Policies {
			if strings.EqualFold(p.Name, n) {
				return exists("A policy called %s already exists. Duplicate names are not allowed.", n)
			}
		}
		now := s.world.Now()
		p := &world.ManagedPolicy{
			Name: n, Path: at, ID: st.ID("ANPA", 17), ARN: arn, Description: in.Get("Description"), Created: now, Updated: now,
			Versions: []world.PolicyVersion{{ID: "v1", Document: doc, Created: now}}, Default: "v1", NextVersion: 2,
			Tags: in.Pairs("Tags", "Key", "Value"),
		}
		a.Policies[arn] = p
		out.Policy = managed(a, p)
		return nil
	})
	return out, err
}

// checkManaged checks the document of a managed policy, whose size is bounded by
// itself and not by the sum.
func checkManaged(doc string) error {
	if err := document(doc); err != nil {
		return err
	}
	if characters(doc) > mostPolicy {
		return limit("Cannot exceed quota for PolicySize: %d", mostPolicy)
	}
	return nil
}

// policyNamed reads PolicyArn and asks whether the caller may.
func (s *service) policyNamed(in *wire.Input) (string, error) {
	arn := in.Get("PolicyArn")
	if arn == "" {
		return "", invalid("1 validation error detected: Value at 'policyArn' failed to satisfy constraint: Member must not be null")
	}
	return arn, s.allow(in, arn, "policy "+arn, nil)
}

// findPolicy finds customer managed policies only: AWS's own cannot be changed.
func findPolicy(a *world.Account, arn string) (*world.ManagedPolicy, error) {
	if p := a.Policies[arn]; p != nil {
		return p, nil
	}
	return nil, noSuch("Policy %s was not found.", arn)
}

// getPolicy answers for AWS managed policies too, since they can be attached.
func (s *service) getPolicy(in *wire.Input) (any, error) {
	arn, err := s.policyNamed(in)
	if err != nil {
		return nil, err
	}
	var out struct{ Policy policyShape }
	if _, ok := world.AWSManaged(arn); ok {
		out.Policy = awsManaged(arn)
		return out, nil
	}
	err = s.read(in, func(_ *world.State, a *world.Account) error {
		p, err := findPolicy(a, arn)
		if err == nil {
			out.Policy = managed(a, p)
		}
		return err
	})
	return out, err
}

// listPolicies lists the account's own policies, as with Scope=Local.
func (s *service) listPolicies(in *wire.Input) (any, error) {
	if err := s.allow(in, entityARN(in, "policy/"), "policy path /", nil); err != nil {
		return nil, err
	}
	var out struct {
		Policies list[policyShape]
		page
	}
	err := s.read(in, func(_ *world.State, a *world.Account) error {
		var all []policyShape
		for _, arn := range slices.Sorted(maps.Keys(a.Policies)) {
			shape := managed(a, a.Policies[arn])
			shape.Tags = nil
			all = append(all, shape)
		}
		out.Policies, out.page = paged(in, all)
		return nil
	})
	return out, err
}

// changePolicy makes an operation of a change to one customer managed policy.
func (s *service) changePolicy(change func(*wire.Input, *world.State, *world.Account, *world.ManagedPolicy) (any, error)) func(*wire.Input) (any, error) {
	return func(in *wire.Input) (any, error) {
		arn, err := s.policyNamed(in)
		if err != nil {
			return nil, err
		}
		var out any
		err = s.write(in, func(st *world.State, a *world.Account) error {
			p, err := findPolicy(a, arn)
			if err != nil {
				return err
			}
			out, err = change(in, st, a, p)
			return err
		})
		return out, err
	}
}

// deletePolicy refuses while anybody uses the policy or old versions of it are
// left: callers take it apart from the top.
func deletePolicy(_ *wire.Input, _ *world.State, a *world.Account, p *world.ManagedPolicy) (any, error) {
	shape := managed(a, p)
	switch {
	case shape.AttachmentCount > 0 || shape.PermissionsBoundaryUsageCount > 0:
		return nil, conflict("Cannot delete a policy attached to entities.")
	case len(p.Versions) > 1:
		return nil, conflict("This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.")
	}
	delete(a.Policies, p.ARN)
	return nil, nil
}
