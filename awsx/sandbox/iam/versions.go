package iam

import (
	"slices"
	"strconv"
	"time"

	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

func (s *service) versionOperations() map[string]wire.Operation {
	return map[string]wire.Operation{
		"CreatePolicyVersion":     {Mutates: true, Run: s.changePolicy(createVersion(s.world.Now))},
		"DeletePolicyVersion":     {Mutates: true, Run: s.changePolicy(deleteVersion)},
		"SetDefaultPolicyVersion": {Mutates: true, Run: s.changePolicy(setDefault)},
		"GetPolicyVersion":        {Run: s.getVersion},
		"ListPolicyVersions":      {Run: s.listVersions},
	}
}

// versionShape is a version of a managed policy.
type versionShape struct {
	Document         string `xml:",omitempty"`
	VersionId        string
	IsDefaultVersion bool
	CreateDate       string
}

// versionOf is a version as lists show it, without its document.
func versionOf(p *world.ManagedPolicy, v world.PolicyVersion) versionShape {
	return versionShape{VersionId: v.ID, IsDefaultVersion: v.ID == p.Default, CreateDate: stamp(v.Created)}
}

func noVersion(arn, id string) error {
	return noSuch("Policy %s version %s does not exist or is not attachable.", arn, id)
}

// createVersion adds a version, in force at once if asked so. Numbers go on after
// a deletion, and five versions are the most there can be.
func createVersion(now func() time.Time) func(*wire.Input, *world.State, *world.Account, *world.ManagedPolicy) (any, error) {
	return func(in *wire.Input, _ *world.State, _ *world.Account, p *world.ManagedPolicy) (any, error) {
		doc := in.Get("PolicyDocument")
		if err := checkManaged(doc); err != nil {
			return nil, err
		}
		if len(p.Versions) >= mostVersions {
			return nil, limit("A managed policy can have up to %d versions. Before you create a new version, you must delete an existing version.", mostVersions)
		}
		v := world.PolicyVersion{ID: "v" + strconv.Itoa(p.NextVersion), Document: doc, Created: now()}
		p.NextVersion++
		p.Versions, p.Updated = append(p.Versions, v), v.Created
		if in.Get("SetAsDefault") == "true" {
			p.Default = v.ID
		}
		return struct{ PolicyVersion versionShape }{versionOf(p, v)}, nil
	}
}

// deleteVersion takes away any version but the one in force.
func deleteVersion(in *wire.Input, _ *world.State, _ *world.Account, p *world.ManagedPolicy) (any, error) {
	id := in.Get("VersionId")
	i := slices.IndexFunc(p.Versions, func(v world.PolicyVersion) bool { return v.ID == id })
	switch {
	case i < 0:
		return nil, noVersion(p.ARN, id)
	case id == p.Default:
		return nil, conflict("Cannot delete the default version of a policy.")
	}
	p.Versions = slices.Delete(p.Versions, i, i+1)
	return nil, nil
}

// setDefault puts a version in force for everybody who has the policy.
func setDefault(in *wire.Input, _ *world.State, _ *world.Account, p *world.ManagedPolicy) (any, error) {
	if p.Version(in.Get("VersionId")) == nil {
		return nil, noVersion(p.ARN, in.Get("VersionId"))
	}
	p.Default = in.Get("VersionId")
	return nil, nil
}

// getVersion is the only way to read a managed policy's document.
func (s *service) getVersion(in *wire.Input) (any, error) {
	arn, err := s.policyNamed(in)
	if err != nil {
		return nil, err
	}
	id := in.Get("VersionId")
	var out struct{ PolicyVersion versionShape }
	if doc, ok := world.AWSManaged(arn); ok {
		if id != "v1" {
			return nil, noVersion(arn, id)
		}
		out.PolicyVersion = versionShape{escaped(doc), id, true, awsManaged(arn).CreateDate}
		return out, nil
	}
	err = s.read(in, func(_ *world.State, a *world.Account) error {
		p, err := findPolicy(a, arn)
		if err != nil {
			return err
		}
		v := p.Version(id)
		if id == "" || v == nil {
			return noVersion(arn, id)
		}
		out.PolicyVersion = versionOf(p, *v)
		out.PolicyVersion.Document = escaped(v.Document)
		return nil
	})
	return out, err
}

// listVersions has no documents in it.
func (s *service) listVersions(in *wire.Input) (any, error) {
	arn, err := s.policyNamed(in)
	if err != nil {
		return nil, err
	}
	var out struct {
		Versions list[versionShape]
		page
	}
	err = s.read(in, func(_ *world.State, a *world.Account) error {
		p, err := findPolicy(a, arn)
		if err != nil {
			return err
		}
		var all []versionShape
		for _, v := range slices.Backward(p.Versions) { // newest first, as IAM lists them
			all = append(all, versionOf(p, v))
		}
		out.Versions, out.page = paged(in, all)
		return nil
	})
	return out, err
}
