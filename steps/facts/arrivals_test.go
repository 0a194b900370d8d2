package facts_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/account"
	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/awsx/sandbox"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// beside are the answers of a restore beside the originals on one domain.
func beside(s *spec.Spec) {
	s.Target, s.Shape = s.Source, spec.ShapeSameDomain
	s.Move.RenamePattern, s.Move.RenameReplacement = "^(.+)$", "old-$1"
}

// registered makes bucket, role and repository, and gives the signer's cluster.
func (r *road) registered(f *facts.Facts) *cluster.Cluster {
	r.t.Helper()
	acc, err := f.Control(r.ctx, steps.Source)
	must(r.t, err)
	must(r.t, acc.CreateBucket(r.ctx, account.BucketSpec{Name: "acme-os-migration", Region: sandbox.Region}))
	trust := account.Document(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)
	made, err := acc.CreateRole(r.ctx, account.RoleSpec{Name: "snap", Trust: trust})
	must(r.t, err)
	must(r.t, acc.PutRolePolicy(r.ctx, "snap", "s3", account.Document(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)))
	c, err := f.Signer(r.ctx, steps.Source)
	must(r.t, err)
	must(r.t, c.PutRepository(r.ctx, cluster.Repository{Name: "snapferry", Type: "s3", Settings: map[string]string{
		"bucket": "acme-os-migration", "region": string(sandbox.Region), "role_arn": made.ARN.String(),
	}}))
	return c
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestArrivals tells what came from our snapshot from what others put there.
func TestArrivals(t *testing.T) {
	r := newRoad(t)
	f := r.open(answers(beside))
	c := r.registered(f)
	chosen, err := f.Selection(r.ctx)
	must(t, err)
	moves := chosen.Moves[3:6] // after the indices of a data stream
	if a, err := f.Arrivals(r.ctx, steps.Source, moves, nil); err != nil || len(a.Ours)+len(a.Foreign) > 0 {
		t.Errorf("before anything came: %+v %v", a, err)
	}
	must(t, c.CreateSnapshot(r.ctx, "snapferry", "s-1", cluster.SnapshotSpec{Indices: []string{moves[0].Index, moves[1].Index}}))
	must(t, c.Restore(r.ctx, "snapferry", "s-1", cluster.RestoreSpec{Indices: []string{moves[0].Index}, RenamePattern: "^(.+)$", RenameReplacement: "old-$1", WithoutAliases: true}))
	for _, call := range []string{moves[1].As, "theirs"} {
		body := "{}"
		if call == "theirs" {
			body = `{"aliases":{"` + moves[2].As + `":{}}}`
		}
		answer, err := c.Do(r.ctx, http.MethodPut, "/"+call, []byte(body))
		must(t, err)
		if f := answer.Failure(); f != nil {
			t.Fatal(f)
		}
	}
	f.Drop(steps.Ref{Kind: steps.KindIndices, Side: steps.Source}, steps.Ref{Kind: steps.KindSnapshot, Side: steps.Source})
	want := facts.Arrivals{Ours: []string{moves[0].As}, Foreign: []string{moves[1].As}}
	got, err := f.Arrivals(r.ctx, steps.Source, moves, nil)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("arrivals (-want +got):\n%s%v", diff, err)
	}
	// Engines forget where a shard came from; the run's own record does not.
	list, err := f.Indices(r.ctx, steps.Source)
	must(t, err)
	i := slices.IndexFunc(list, func(x facts.Index) bool { return x.Name == moves[1].As })
	got, err = f.Arrivals(r.ctx, steps.Source, moves, map[string]string{moves[1].As: list[i].UUID})
	if err != nil || len(got.Ours) != 2 {
		t.Errorf("with a record: %+v %v", got, err)
	}
	clashes, err := f.Clashes(r.ctx, steps.Source, moves, nil)
	if err != nil || len(clashes) != 2 || clashes[0].Name != moves[1].As || clashes[1].Name != moves[2].As || !strings.Contains(clashes[1].Why.String(), "theirs") {
		t.Errorf("clashes %+v %v", clashes, err)
	}
	if s, err := f.Snapshot(r.ctx, steps.Source, "snapferry", "s-1"); err != nil || s == nil || s.State != cluster.Success {
		t.Errorf("snapshot %+v %v", s, err)
	}
	if s, err := f.Snapshot(r.ctx, steps.Source, "snapferry", "s-2"); err != nil || s != nil {
		t.Errorf("another snapshot %+v %v", s, err)
	}
	f = r.open(answers(func(s *spec.Spec) { beside(s); s.Move.Overwrite = append(s.Move.Overwrite, "x", "y") }), func(o *facts.Options) {
		o.Recorded = map[string]string{moves[1].As: list[i].UUID}
	})
	if clashes, err := f.Clashes(r.ctx, steps.Source, moves, f.Recorded()); err != nil || len(clashes) != 1 {
		t.Errorf("clashes with a record: %+v %v", clashes, err)
	}
}

// temporary are the keys of a session of a role, as a person pastes them.
func (r *road) temporary(path string) (session.Keys, account.RoleSummary) {
	r.t.Helper()
	acc, err := r.open(answers(nil)).Control(r.ctx, steps.Source)
	must(r.t, err)
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sts:AssumeRole"}]}`
	made, err := acc.CreateRole(r.ctx, account.RoleSpec{Name: "Signer", Path: path, Trust: account.Document(trust)})
	must(r.t, err)
	f := r.open(answers(func(s *spec.Spec) { s.Source.Signer.Chain = []spec.Link{{Role: made.ARN, SessionName: "me"}} }))
	s, err := f.Session(r.ctx, steps.Source, facts.Signer)
	must(r.t, err)
	creds, err := s.Credentials().Retrieve(r.ctx)
	must(r.t, err)
	return session.Keys{AccessKeyID: creds.AccessKeyID, Secret: session.NewSecret(creds.SecretAccessKey), Token: session.NewSecret(creds.SessionToken)}, made
}

// TestRolePathIsFound: STS drops the path of a role; IAM knows it, if it may be
// asked, and what is a guess is called one.
func TestRolePathIsFound(t *testing.T) {
	r := newRoad(t)
	keys, made := r.temporary("/team/")
	pasted := func(control spec.Identity) *facts.Facts {
		s := answers(func(s *spec.Spec) { s.Source.Control, s.Source.Signer = control, spec.Identity{Base: "keys"} })
		return r.open(s, func(o *facts.Options) {
			o.Keys = map[facts.Slot]session.Keys{{Side: steps.Source, Role: facts.Signer}: keys}
		})
	}
	f := pasted(spec.Identity{})
	arn, exact, err := f.Principal(r.ctx, steps.Source, facts.Signer)
	if err != nil || !exact || arn != made.ARN {
		t.Errorf("principal %s, exact %v, %v", arn, exact, err)
	}
	if p, err := f.Policies(r.ctx, steps.Source, facts.Signer); err != nil || len(p.Documents()) != 0 || p.Principal != made.ARN {
		t.Errorf("policies %+v: %v", p, err)
	}
	f = pasted(spec.Identity{Base: "none"})
	arn, exact, err = f.Principal(r.ctx, steps.Source, facts.Signer)
	if err != nil || exact || arn.String() != "arn:aws:iam::111111111111:role/Signer" {
		t.Errorf("without anybody to ask IAM: %s, exact %v, %v", arn, exact, err)
	}
	if _, err := f.Policies(r.ctx, steps.Source, facts.Signer); !errors.Is(err, facts.ErrNobody) {
		t.Errorf("policies without anybody to ask: %v", err)
	}
	// A control identity of another account sees another role of that name.
	f = pasted(spec.Identity{Base: "profile", Profile: "target"})
	if arn, exact, err = f.Principal(r.ctx, steps.Source, facts.Signer); err != nil || exact {
		t.Errorf("asked in another account: %s, exact %v, %v", arn, exact, err)
	}
	if _, err := f.Policies(r.ctx, steps.Source, facts.Signer); !failure.Is(err, failure.Missing) {
		t.Errorf("policies in another account: %v", err)
	}
}

func TestMapperCallsTheDomain(t *testing.T) {
	r := newRoad(t)
	f := r.open(answers(nil))
	signer, err := f.Signer(r.ctx, steps.Source)
	must(t, err)
	mapper, err := f.Mapper(r.ctx, steps.Source)
	must(t, err)
	if signer != mapper || mapper.Host() != r.endpoint("source") {
		t.Errorf("signer and mapper are one identity, but have two clusters at %s", mapper.Host())
	}
	if _, err := r.open(answers(func(s *spec.Spec) { s.Source.Mapper.Base = "none" })).Mapper(r.ctx, steps.Source); !errors.Is(err, facts.ErrNobody) {
		t.Errorf("nobody maps: %v", err)
	}
}
