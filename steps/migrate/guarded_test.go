package migrate

import (
	"slices"
	"strings"
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/spec"
)

// stranger signs on both sides as a role that no domain knows and that has no
// rights at all yet; an internal master maps where there is one.
func stranger(r *road) {
	made := map[awsid.AccountID]awsid.ARN{}
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		s := r.spec.Side(side)
		trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + string(s.Account) + `"},"Action":"sts:AssumeRole"}]}`
		if made[s.Account].IsZero() {
			role, err := r.account(side).CreateRole(r.ctx, account.RoleSpec{Name: "stranger", Path: "/team/", Trust: account.Document(trust)})
			r.must(err)
			made[s.Account] = role.ARN
		}
		s.Signer = s.Control
		s.Signer.Chain = []spec.Link{{Role: made[s.Account], SessionName: "me"}}
		s.Mapper = s.Control
		if _, internal := r.passwords()[side]; internal {
			s.Mapper = spec.Identity{Base: "password", User: "master"}
		}
	}
	r.dir = r.TempDir()
	r.start()
}

// TestAccessKinds: whatever the two domains are, an unknown signer moves.
func TestAccessKinds(t *testing.T) {
	for _, pair := range [][2]sandbox.AccessKind{
		{sandbox.AccessIAMMaster, sandbox.AccessInternalMaster},
		{sandbox.AccessInternalMaster, sandbox.AccessIAMMaster},
		{sandbox.AccessPolicy, sandbox.AccessIAMMaster},
		{sandbox.AccessOpen, sandbox.AccessPolicy},
	} {
		t.Run(string(pair[0]+" to "+pair[1]), func(t *testing.T) {
			movesAs(t, options{spec: twoAccounts, access: map[string]sandbox.AccessKind{"source": pair[0], "target": pair[1]}})
		})
	}
}

// TestOldEngine has the security plugin under its old path, and mappings and roles
// of the old form.
func TestOldEngine(t *testing.T) {
	movesAs(t, options{
		spec:   twoAccounts,
		access: map[string]sandbox.AccessKind{"source": sandbox.AccessInternalMaster, "target": sandbox.AccessIAMMaster},
		versions: map[string]awsid.EngineVersion{
			"source": {Family: awsid.Elasticsearch, Major: 7, Minor: 10, Patch: 2}, "target": {Family: awsid.OpenSearch, Major: 2, Minor: 19, Patch: 4},
		},
	})
}

// movesAs runs a road between domains of these kinds.
func movesAs(t *testing.T, o options) {
	t.Helper()
	r := newRoad(t, o)
	stranger(r)
	r.thereAndBack()
}

// TestObserverSeesEnough: once it is mapped, the signer sees by itself all that a
// start looks at; the mapper is not needed any more.
func TestObserverSeesEnough(t *testing.T) {
	r := newRoad(t, options{spec: twoAccounts, access: map[string]sandbox.AccessKind{"source": sandbox.AccessIAMMaster, "target": sandbox.AccessInternalMaster}})
	stranger(r)
	r.must(r.run())
	password := spec.Identity{Base: "password", User: "not-the-master"} // the sandbox refuses it with 401
	for name, mapper := range map[string]spec.Identity{"nobody": {Base: "none"}, "a wrong login": password} {
		r.spec.Target.Mapper = mapper
		if name == "nobody" {
			r.spec.Source.Mapper = mapper
		}
		alone := r.beside(t, "run-1", func(*spec.Spec) {})
		if err := alone.run(); err != nil {
			t.Fatal(name, err)
		}
		for _, sp := range alone.runner.State().Plan.Steps {
			for _, c := range sp.Changes {
				if c.Verb != steps.Exists && c.Mutates() {
					t.Errorf("%s: wants to %s %s", name, c.Verb, c.ID)
				}
			}
		}
	}
}

// TestObserverNamesAnIndexOnce: with all that may be done with it, and a target's
// alone are set up for good.
func TestObserverNamesAnIndexOnce(t *testing.T) {
	r := newRoad(t, options{spec: twoAccounts, access: map[string]sandbox.AccessKind{"source": sandbox.AccessIAMMaster, "target": sandbox.AccessInternalMaster}})
	stranger(r)
	r.upTo(StepShareBucket)
	for _, id := range []steps.StepID{StepSourceMapping, StepTargetMapping} {
		changes, err := r.planned(id)
		r.must(err)
		role := string(changes[1].After)
		if n := strings.Count(role, `"metrics-2026.01"`); changes[1].Ref.Kind != steps.KindFGACRole || n != 1 || strings.Contains(role, "indices:admin/settings/update") != (id == StepTargetMapping) {
			t.Errorf("%s names an index %d times: %s", id, n, role)
		}
	}
}

// TestNobodyMaps: without anybody who may map, the plan tells the lines that
// somebody else has to run; when he has, the signer moves by itself.
func TestNobodyMaps(t *testing.T) {
	admin := newRoad(t, options{spec: twoAccounts, access: map[string]sandbox.AccessKind{"source": sandbox.AccessIAMMaster, "target": sandbox.AccessInternalMaster}})
	stranger(admin)
	admin.upTo(StepShareBucket)
	r := admin.beside(t, "run-2", func(s *spec.Spec) {
		s.Source.Mapper, s.Target.Mapper = spec.Identity{Base: "none"}, spec.Identity{Base: "none"}
	})
	_, err := r.runner.Plan(r.ctx)
	r.says(err, "source.mapper", "lets arn:aws:iam::111111111111:role/team/stranger see nothing")
	lines := own(err).Fix.String()
	for _, part := range []string{
		"-X PUT", "/_plugins/_security/api/roles/" + r.observerRole(), `"metrics-2026.01"`, "/rolesmapping/" + r.observerRole(),
		"-X PATCH", "/rolesmapping/manage_snapshots", `"/backend_roles/-"`,
	} {
		if !strings.Contains(lines, part) {
			t.Errorf("without %s:\n%s", part, lines)
		}
	}
	for _, id := range []steps.StepID{StepSourceMapping, StepTargetMapping} {
		changes, err := admin.planned(id)
		admin.must(err)
		for _, c := range changes {
			k, _ := admin.facts.Resource(c.Ref.Kind)
			admin.must(k.Write(admin.ctx, c.Ref, c.Before, c.After))
		}
	}
	r.start()
	r.must(r.run())
}

// TestOneSignerOfTwoMigrations: undoing the one that had the signer mapped leaves
// the other what it lives on; alone, everything goes.
func TestOneSignerOfTwoMigrations(t *testing.T) {
	first := newRoad(t, options{spec: twoAccounts, access: map[string]sandbox.AccessKind{"source": sandbox.AccessIAMMaster, "target": sandbox.AccessPolicy}})
	stranger(first)
	first.upTo(StepSourceRepository)
	second := first.beside(t, "run-2", func(s *spec.Spec) {
		s.Bucket.Name, s.Move.Repository, s.Move.Snapshot = "acme-second", "second", "s-2"
	})
	second.upTo(StepSourceRepository)
	mapped := func() string {
		first.facts.DropAll()
		m, _, err := first.facts.RoleMapping(first.ctx, steps.Source, roleSnapshots)
		first.must(err)
		return strings.Join(append(m.Users, m.BackendRoles...), " ")
	}
	plan, err := first.runner.PlanUndo(first.ctx)
	first.must(err)
	if !slices.ContainsFunc(plan.Stays, func(s steps.Stay) bool {
		return s.Name == roleSnapshots && strings.Contains(s.Why.String(), "signs for another migration, too, as its role "+second.observerRole())
	}) {
		t.Errorf("the plan to undo leaves %+v", plan.Stays)
	}
	first.undo()
	if !strings.Contains(mapped(), "role/team/stranger") {
		t.Errorf("mapped are %s", mapped())
	}
	second.facts.DropAll()
	second.stands()
	second.undo()
	first.start()
	first.undo()
	if strings.Contains(mapped(), "role/team/stranger") {
		t.Errorf("nobody needs it, and mapped are %s", mapped())
	}
}

func (r *road) observerRole() string { return (&route{spec: r.spec}).observerRole() }
