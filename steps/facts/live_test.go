package facts_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"snapferry/awsx/account"
	"snapferry/awsx/network"
	"snapferry/awsx/sandbox"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// road is a sandbox reached in process, with a log of the calls that were made.
type road struct {
	t   *testing.T
	ctx context.Context
	box *sandbox.Sandbox

	mu    sync.Mutex
	calls []string
	// refuse, when set, answers for the sandbox.
	refuse func(*http.Request) *http.Response
}

// newRoad has domains whose access policies alone decide.
func newRoad(t *testing.T) *road {
	t.Helper()
	return guardedRoad(t, map[string]sandbox.AccessKind{"source": sandbox.AccessPolicy, "target": sandbox.AccessPolicy})
}

// guardedRoad has domains of these kinds, by label.
func guardedRoad(t *testing.T, access map[string]sandbox.AccessKind) *road {
	t.Helper()
	ctx := context.Background()
	box, err := sandbox.Open(ctx, sandbox.Options{Dir: t.TempDir(), Pace: sandbox.PaceInstant, Access: access})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close(ctx) })
	return &road{t: t, ctx: ctx, box: box}
}

// RoundTrip lets a test stand between the product and the sandbox.
func (r *road) RoundTrip(req *http.Request) (*http.Response, error) {
	if r.refuse != nil {
		if answer := r.refuse(req); answer != nil {
			return answer, nil
		}
	}
	return r.box.Transport().RoundTrip(req)
}

func (r *road) log(c network.Call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	what := c.Operation
	if what == "" {
		what = c.Method + " " + c.Path
	}
	r.calls = append(r.calls, what)
}

// made gives the calls since the last time, sorted.
func (r *road) made() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	calls := r.calls
	r.calls = nil
	slices.Sort(calls)
	return calls
}

// answers are those of a move inside the source's account, changed by the caller.
func answers(change func(*spec.Spec)) *spec.Spec {
	s := &spec.Spec{
		Source: spec.SideSpec{Account: sandbox.SourceAccount, Region: sandbox.Region, Domain: "logs-prod", Auth: spec.AuthSigned, Role: spec.RoleSpec{Name: "snap"}},
		Target: spec.SideSpec{Account: sandbox.TargetAccount, Region: sandbox.Region, Domain: "logs-prod", Auth: spec.AuthSigned},
		Bucket: spec.BucketSpec{Name: "acme-os-migration", Owner: steps.Source, Region: sandbox.Region},
		Move:   spec.MoveSpec{Patterns: []string{"*"}, Repository: "snapferry", Snapshot: "s-1"},
	}
	if change != nil {
		change(s)
	}
	return s
}

func (r *road) open(s *spec.Spec, change ...func(*facts.Options)) *facts.Facts {
	r.t.Helper()
	o := facts.Options{
		Spec: s, Sandbox: map[string]session.Keys{}, Session: session.Options{Isolated: true},
		Network:    network.New(network.Options{Isolated: true, RoundTripper: r, OnCall: r.log}),
		HealthLate: time.Minute, // health is to be there, however busy the machine is
	}
	for _, a := range r.box.Info().Accounts {
		o.Sandbox[a.Label] = session.Keys{AccessKeyID: a.AccessKey, Secret: session.NewSecret(a.Secret)}
	}
	for _, c := range change {
		c(&o)
	}
	f, err := facts.Open(r.ctx, o)
	if err != nil {
		r.t.Fatal(err)
	}
	return f
}

func (r *road) endpoint(label string) string {
	for _, d := range r.box.Info().Domains {
		if d.Label == label {
			return d.Endpoint
		}
	}
	r.t.Fatalf("no domain %s", label)
	return ""
}

func TestOpeningTalksToNobody(t *testing.T) {
	r := newRoad(t)
	f := r.open(answers(nil))
	if f.Spec().Source.Domain != "logs-prod" || f.Now().IsZero() {
		t.Errorf("%+v at %s", f.Spec(), f.Now())
	}
	f.How(facts.FactIndices, steps.Source)
	if k, ok := f.Resource(steps.KindRepository); !ok || k.Render(steps.NewChange("x", steps.Ref{Kind: steps.KindRepository, Name: "r"}, "", `{"settings":{},"type":"s3"}`, steps.Text{})).Curl == "" {
		t.Error("a registration is not shown as curl")
	}
	if calls := r.made(); len(calls) > 0 {
		t.Errorf("called %v", calls)
	}
}

func TestIdentityAndPolicies(t *testing.T) {
	r := newRoad(t)
	f := r.open(answers(nil))
	for _, role := range []facts.Role{facts.Control, facts.Signer, facts.Mapper} {
		who, err := f.Identity(r.ctx, steps.Source, role)
		if err != nil || who.Account != sandbox.SourceAccount {
			t.Errorf("%s is %+v: %v", role, who, err)
		}
	}
	if calls := r.made(); len(calls) != 1 {
		t.Errorf("one identity in three roles was asked for with %v", calls)
	}
	arn, exact, err := f.Principal(r.ctx, steps.Source, facts.Signer)
	if err != nil || !exact || arn.String() != "arn:aws:iam::111111111111:user/admin" {
		t.Errorf("principal %s, exact %v, %v", arn, exact, err)
	}
	p, err := f.Policies(r.ctx, steps.Source, facts.Signer)
	if err != nil || len(p.Documents()) != 1 || p.Principal != arn {
		t.Errorf("policies %+v: %v", p, err)
	}
	other, err := f.Identity(r.ctx, steps.Target, facts.Control)
	if err != nil || other.Account != sandbox.TargetAccount {
		t.Errorf("target is %+v: %v", other, err)
	}
}

func TestSnapshotRole(t *testing.T) {
	r := newRoad(t)
	f := r.open(answers(nil))
	got, err := f.Role(r.ctx, steps.Source)
	if err != nil || got.Found != nil || len(got.Similar) != 0 || got.Asked != "snap" {
		t.Errorf("%+v: %v", got, err)
	}
	acc, err := f.Control(r.ctx, steps.Source)
	if err != nil {
		t.Fatal(err)
	}
	trust := account.Document(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)
	if _, err := acc.CreateRole(r.ctx, account.RoleSpec{Name: "SNAP", Trust: trust}); err != nil {
		t.Fatal(err)
	}
	if got, _ = f.Role(r.ctx, steps.Source); len(got.Similar) != 0 {
		t.Error("a fact changed without being dropped")
	}
	f.Drop(steps.Ref{Kind: steps.KindRole, Side: steps.Source, Name: "snap"})
	if got, err = f.Role(r.ctx, steps.Source); err != nil || got.Found != nil || len(got.Similar) != 1 || got.Similar[0].Name != "SNAP" {
		t.Errorf("%+v: %v", got, err)
	}
}

func TestBucketFacts(t *testing.T) {
	r := newRoad(t)
	f := r.open(answers(nil))
	if b, err := f.Bucket(r.ctx); err != nil || b != nil {
		t.Errorf("no bucket is %+v: %v", b, err)
	}
	acc, err := f.Control(r.ctx, steps.Source)
	if err != nil {
		t.Fatal(err)
	}
	if err := acc.CreateBucket(r.ctx, account.BucketSpec{Name: "acme-os-migration", Region: sandbox.Region, Encryption: account.Encryption{Algorithm: "AES256"}}); err != nil {
		t.Fatal(err)
	}
	f.Drop(steps.Ref{Kind: steps.KindBucket, Side: steps.Source, Name: "acme-os-migration"})
	if b, err := f.Bucket(r.ctx); err != nil || b == nil || b.Owner != account.Ours || b.Region != sandbox.Region {
		t.Errorf("bucket %+v: %v", b, err)
	}
	if p, err := f.BucketPolicy(r.ctx); err != nil || !p.IsZero() {
		t.Errorf("policy %+v: %v", p, err)
	}
	if o, err := f.BucketOwnership(r.ctx); err != nil || o != account.OwnerEnforced {
		t.Errorf("ownership %s: %v", o, err)
	}
	if e, err := f.BucketEncryption(r.ctx); err != nil || e == nil || e.Algorithm != "AES256" {
		t.Errorf("encryption %+v: %v", e, err)
	}
}

// TestDomainFacts reads everything the checks and steps ask of a domain, twice:
// the second time nobody is called.
func TestDomainFacts(t *testing.T) {
	r := newRoad(t)
	f := r.open(answers(nil))
	ask := map[string]func() error{
		"domains": func() error { l, err := f.Domains(r.ctx, steps.Source); return some(len(l) == 2, err) },
		"domain": func() error {
			d, err := f.Domain(r.ctx, steps.Source)
			return some(d.Described && d.Version.String() == "OpenSearch 2.19" && d.Endpoint != "", err)
		},
		"engine": func() error {
			i, err := f.Engine(r.ctx, steps.Source)
			return some(i.Version.String() == "OpenSearch 2.19.4", err)
		},
		"indices": func() error { l, err := f.Indices(r.ctx, steps.Source); return some(len(l) > 20, err) },
		"streams": func() error { l, err := f.DataStreams(r.ctx, steps.Source); return some(len(l) > 0, err) },
		"health":  func() error { h, err := f.Health(r.ctx, steps.Source); return some(h.Status != "", err) },
		"nodes":   func() error { l, err := f.Nodes(r.ctx, steps.Source); return some(len(l) > 0, err) },
		"shards":  func() error { n, err := f.MaxShardsPerNode(r.ctx, steps.Source); return some(n >= 1000, err) },
		"running": func() error { l, err := f.RunningSnapshots(r.ctx, steps.Source); return some(len(l) == 0, err) },
		"repositories": func() error {
			l, err := f.Repositories(r.ctx, steps.Source)
			return some(!hasRepository(l), err)
		},
		"repository": func() error {
			x, err := f.Repository(r.ctx, steps.Source, "snapferry")
			return some(x == nil, err)
		},
		"snapshot": func() error {
			x, err := f.Snapshot(r.ctx, steps.Source, "snapferry", "s-1")
			return some(x == nil, err)
		},
		"left": func() error { l, err := f.Left(r.ctx, steps.Source); return some(len(l) >= 4, err) },
		"doc": func() error {
			d, err := f.Doc(r.ctx, steps.Ref{Kind: steps.KindRepository, Side: steps.Source, Name: "snapferry"})
			return some(!d.Exists(), err)
		},
	}
	for name, fact := range ask {
		if err := fact(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if calls := r.made(); len(calls) < 12 {
		t.Errorf("only %v was called", calls)
	}
	for name, fact := range ask {
		if err := fact(); err != nil {
			t.Errorf("%s, again: %v", name, err)
		}
	}
	if calls := r.made(); len(calls) > 0 {
		t.Errorf("asked again: %v", calls)
	}
	f.DropAll()
	if _, err := f.Indices(r.ctx, steps.Source); err != nil || len(r.made()) == 0 {
		t.Errorf("after dropping all nobody was asked: %v", err)
	}
}

var errUnexpected = errors.New("the answer is not what was expected")

func some(ok bool, err error) error {
	if err == nil && !ok {
		return errUnexpected
	}
	return err
}

func TestIndicesHaveAliases(t *testing.T) {
	r := newRoad(t)
	list, err := r.open(answers(nil)).Indices(r.ctx, steps.Source)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(list, func(x facts.Index) bool { return len(x.Aliases) > 0 }) {
		t.Error("no index has an alias")
	}
	if !slices.IsSortedFunc(list, func(a, b facts.Index) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("indices are not in order")
	}
	if !slices.ContainsFunc(list, func(x facts.Index) bool { return x.DataStream != "" }) {
		t.Error("no index backs the data stream")
	}
}
