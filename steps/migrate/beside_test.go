package migrate

import (
	"context"
	"strings"
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/spec"
)

// beside is another migration in the same world, from a run directory of its own.
func (r *road) beside(t *testing.T, run string, change func(*spec.Spec)) *road {
	t.Helper()
	s := *r.spec
	change(&s)
	n := &road{T: t, ctx: r.ctx, box: r.box, clock: r.clock, dir: t.TempDir(), spec: &s, runID: run, settleFor: r.settleFor}
	n.start()
	return n
}

// undo takes back everything the run made.
func (r *road) undo() {
	r.Helper()
	plan, err := r.runner.PlanUndo(r.ctx)
	r.must(err)
	r.must(r.runner.Approve(plan, "test"))
	r.must(r.runner.Undo(r.ctx, plan, func(context.Context, steps.Text, string) bool { return true }))
}

// TestTwoMigrationsBesideEachOther: from one source, with one role name and one
// signer, into two buckets. Neither takes away what the other lives on, nor does
// taking one of them back.
func TestTwoMigrationsBesideEachOther(t *testing.T) {
	for name, undone := range map[string]int{"the first is undone": 0, "the second is undone": 1} {
		t.Run(name, func(t *testing.T) {
			first := newRoad(t, options{})
			poorSigner(first)
			// It may look, or nothing could be planned.
			look := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["es:ESHttpGet"],"Resource":"*"}]}`
			first.must(first.account(steps.Source).PutRolePolicy(first.ctx, "signer", "look", account.Document(look)))
			first.upTo(StepSourceRepository)
			second := first.beside(t, "run-2", func(s *spec.Spec) {
				s.Bucket.Name, s.Move.Repository, s.Move.Snapshot = "acme-second", "second", "s-2"
			})
			second.upTo(StepSourceRepository)
			both := []*road{first, second}
			for _, r := range both {
				r.stands()
			}
			both[undone].undo()
			both[1-undone].stands()
		})
	}
}

// stands says that a migration has everything it wants, up to its repository, and
// that the repository's nodes reach the bucket.
func (r *road) stands() {
	r.Helper()
	r.facts.DropAll()
	for _, s := range Catalogue(r.spec, r.facts) {
		id := s.Info().ID
		if _, act := s.(engine.Action); act {
			break
		}
		changes, err := s.Plan(r.ctx, r.runner.World())
		r.must(err)
		for _, c := range changes {
			if c.Verb != steps.Exists {
				r.Errorf("%s: %s wants to %s\n%s\n%s", r.spec.Bucket.Name, id, c.Verb, c.Before, c.After)
			}
		}
	}
	if _, err := r.cluster(steps.Source).VerifyRepository(r.ctx, r.spec.Move.Repository); err != nil {
		r.Errorf("%s: %v", r.spec.Bucket.Name, err)
	}
}

// TestNames: what is written into documents that others write into, too, says
// which migration it is for, in the characters IAM takes.
func TestNames(t *testing.T) {
	seen := map[string]string{}
	for _, b := range []spec.BucketSpec{
		{Name: "acme-os-migration"},
		{Name: "acme-os-migration", BasePath: "a"},
		{Name: "acme-os.migration", BasePath: "a"},
		{Name: "acme-os-migration-a"},
		{Name: awsid.BucketName(strings.Repeat("b", 63)), BasePath: awsid.BasePath(strings.Repeat("c/", 100))},
	} {
		r := &route{spec: &spec.Spec{Bucket: b}}
		for _, name := range []string{r.sid(sidTrust), r.rolePolicy(), r.signerPolicy()} {
			if other, taken := seen[name]; taken {
				t.Errorf("%+v and %s are both called %s", b, other, name)
			}
			seen[name] = string(b.Name + "/" + awsid.BucketName(b.BasePath))
			if len(name) > 128 {
				t.Errorf("%s is too long", name)
			}
		}
		if sid := r.sid(sidTrust); strings.Trim(strings.ToLower(sid), "abcdefghijklmnopqrstuvwxyz0123456789") != "" || !strings.HasPrefix(sid, sidTrust) {
			t.Errorf("the Sid %s", sid)
		}
	}
}
