package migrate

import (
	"strings"
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/resource"
	"snapferry/steps/spec"
)

// twoSigners signs inside one account as two roles that no domain knows and that
// have no rights at all yet.
func twoSigners(r *road, names map[steps.Side]string) {
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sts:AssumeRole"}]}`
	for side, name := range names {
		s := r.spec.Side(side)
		there, err := r.account(side).Role(r.ctx, awsid.RoleName(name))
		r.must(err)
		if there == nil {
			_, err = r.account(side).CreateRole(r.ctx, account.RoleSpec{Name: awsid.RoleName(name), Path: "/team/", Trust: account.Document(trust)})
			r.must(err)
		}
		s.Signer = s.Control
		arn := awsid.RoleARN("aws", sandbox.SourceAccount, "/team/", awsid.RoleName(name))
		s.Signer.Chain = []spec.Link{{Role: arn, SessionName: string(side)}}
		s.Mapper = s.Control
		if _, internal := r.passwords()[side]; internal {
			s.Mapper = spec.Identity{Base: "password", User: "master"}
		}
	}
	r.dir = r.TempDir()
	r.start()
}

// TestTwoSignersOfOneAccount: each signer gets the rights for its own domain, and
// both move.
func TestTwoSignersOfOneAccount(t *testing.T) {
	for name, access := range map[string]sandbox.AccessKind{"policies alone": sandbox.AccessPolicy, "guarded": sandbox.AccessIAMMaster} {
		t.Run(name, func(t *testing.T) {
			r := newRoad(t, options{access: map[string]sandbox.AccessKind{"source": access, "next": access}})
			twoSigners(r, map[steps.Side]string{steps.Source: "writer", steps.Target: "reader"})
			r.thereAndBack()
			for id, c := range map[steps.StepID]struct{ holds, not string }{
				StepSourceSigner: {"domain/logs-prod/*", "domain/logs-next"}, StepTargetSigner: {"domain/logs-next/*", "domain/logs-prod"},
			} {
				changes, err := r.planned(id)
				r.must(err)
				r.wants(changes, "create signer-grant", "iam:PassRole", c.holds)
				if strings.Contains(string(changes[0].After), c.not) {
					t.Errorf("%s: %s is in %s", id, c.not, changes[0].After)
				}
			}
		})
	}
}

// TestOneSignerNamedTwice: two answers that come out at one principal make one
// grant for both domains.
func TestOneSignerNamedTwice(t *testing.T) {
	r := newRoad(t, options{})
	twoSigners(r, map[steps.Side]string{steps.Source: "both", steps.Target: "both"})
	changes, err := r.planned(StepSourceSigner)
	r.must(err)
	r.wants(changes, "create signer-grant", "domain/logs-prod/*", "domain/logs-next/*")
	changes, err = r.planned(StepTargetSigner)
	r.must(err)
	r.wants(changes, "")
}

// TestEveryAccessPolicyIsLookedAt: a domain that lets the signer of another account
// in does not keep the next one from being looked at.
func TestEveryAccessPolicyIsLookedAt(t *testing.T) {
	far := spec.Identity{Base: "profile", Profile: "target"}
	r := newRoad(t, options{spec: func(s *spec.Spec) { s.Source.Signer, s.Target.Signer = far, far }, access: map[string]sandbox.AccessKind{"source": sandbox.AccessPolicy, "next": sandbox.AccessPolicy}})
	r.admits("logs-prod", "", "arn:aws:iam::222222222222:user/admin")
	r.admits("logs-next", "", "111111111111")
	changes, err := r.planned(StepSourceSigner)
	r.must(err)
	if len(changes) != 2 || changes[1].Ref.Kind != steps.KindAccessPolicy || changes[1].Ref.Name != "logs-next" {
		t.Errorf("%+v", changes)
	}
}

// admits writes an access policy of one statement.
func (r *road) admits(domain, sid, who string) {
	r.Helper()
	k, _ := r.facts.Resource(steps.KindAccessPolicy)
	ref := steps.Ref{Kind: steps.KindAccessPolicy, Side: steps.Source, Name: domain}
	was, err := k.Read(r.ctx, ref)
	r.must(err)
	let := policy.Statement{Sid: sid, Effect: policy.EffectAllow, Principal: policy.AWS(who), Action: []string{"es:ESHttp*"}, Resource: []string{"arn:aws:es:eu-west-1:111111111111:domain/" + domain + "/*"}}
	r.must(k.Write(r.ctx, ref, was, resource.PolicyDoc(policy.Document{Version: policyVersion, Statements: []policy.Statement{let}})))
}

// TestAccessThatAnotherMigrationGave: that goes when the other is taken back, in the
// midst of this one. What this one gave itself is there to stay.
func TestAccessThatAnotherMigrationGave(t *testing.T) {
	far := spec.Identity{Base: "profile", Profile: "target"}
	r := newRoad(t, options{spec: func(s *spec.Spec) { s.Source.Signer, s.Target.Signer = far, far }})
	another := *r.spec
	another.Bucket.BasePath = "another"
	for _, c := range []struct {
		of    *spec.Spec
		wants int
	}{{&another, 2}, {r.spec, 1}} {
		r.admits("logs-prod", (&route{spec: c.of}).sid(sidDomain), "arn:aws:iam::222222222222:user/admin")
		r.admits("logs-next", "", "arn:aws:iam::222222222222:user/admin")
		changes, err := r.planned(StepSourceSigner)
		if r.must(err); len(changes) != c.wants {
			t.Errorf("%d changes, wants %d: %+v", len(changes), c.wants, changes)
		}
	}
}
