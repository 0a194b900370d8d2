package facts_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/account"
	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/awsx/sandbox"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/resource"
	"snapferry/steps/spec"
)

func TestUnknownIsNeverAPass(t *testing.T) {
	r := newRoad(t)
	f := r.open(answers(func(s *spec.Spec) { s.Source.Domain = "nothing" }))
	var known *facts.Error
	if _, err := f.Domain(r.ctx, steps.Source); !errors.As(err, &known) || known.Kind != failure.Missing || known.Fact != facts.FactDomain {
		t.Errorf("a domain that is not there: %v", err)
	}
	if _, err := f.Indices(r.ctx, steps.Source); !errors.As(err, &known) || known.Fact != facts.FactDomain {
		t.Errorf("what rests on it: %v", err)
	}
}

// says makes an answer of the test's own.
func says(status int, header, body string) *http.Response {
	h := http.Header{}
	if name, value, ok := strings.Cut(header, ": "); ok {
		h.Set(name, value)
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
}

// deny refuses every call to hosts that begin with one of the prefixes.
func deny(prefixes ...string) func(*http.Request) *http.Response {
	return func(req *http.Request) *http.Response {
		for _, p := range prefixes {
			if strings.HasPrefix(req.URL.Host, p) {
				return says(403, "Content-Type: application/json", `{"__type":"AccessDeniedException","message":"User: x is not authorized to perform: es:DescribeDomain","Message":"User: x is not authorized"}`)
			}
		}
		return nil
	}
}

// TestDataPlaneOnly is a bastion: the domain is all that can be reached.
func TestDataPlaneOnly(t *testing.T) {
	r := newRoad(t)
	for name, s := range map[string]*spec.Spec{
		"denied":    answers(func(s *spec.Spec) { s.Source.Endpoint = r.endpoint("source") }),
		"nobody":    answers(func(s *spec.Spec) { s.Source.Endpoint = r.endpoint("source"); s.Source.Control.Base = "none" }),
		"no name":   answers(func(s *spec.Spec) { s.Source.Endpoint, s.Source.Domain = r.endpoint("source"), "" }),
		"described": answers(func(s *spec.Spec) { s.Source.Endpoint = r.endpoint("source") }),
	} {
		r.refuse = nil
		if name != "described" {
			r.refuse = deny("es.", "opensearch.")
		}
		d, err := r.open(s).Domain(r.ctx, steps.Source)
		if err != nil || d.Described != (name == "described") || d.Endpoint != r.endpoint("source") || d.Version.Major != 2 {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
		if d.ARN.IsZero() != (name == "no name") {
			t.Errorf("%s: ARN %s", name, d.ARN)
		}
	}
}

func TestDenied(t *testing.T) {
	r := newRoad(t)
	r.refuse = deny("es.", "opensearch.")
	f := r.open(answers(nil))
	var known *facts.Error
	_, err := f.Domain(r.ctx, steps.Source)
	if !errors.As(err, &known) || known.Kind != failure.Denied || known.Needs != "es:DescribeDomain" || known.Side != steps.Source || known.How.String() != "OpenSearch DescribeDomain" {
		t.Errorf("%+v", err)
	}
	if f := failure.Of(err); f == nil || f.Status != 403 {
		t.Errorf("the failure is gone: %+v", f)
	}
	r.refuse = deny("search-")
	f = r.open(answers(nil))
	if _, err := f.Health(r.ctx, steps.Source); !errors.As(err, &known) || known.Kind != failure.Denied || !strings.HasPrefix(known.How.String(), "GET https://"+r.endpoint("source")+"/_cluster/health") {
		t.Errorf("%+v: %s", err, known.How)
	}
}

// TestNobodyAsked: what was not said, and parts somebody else does.
func TestNobodyAsked(t *testing.T) {
	r := newRoad(t)
	f := r.open(answers(func(s *spec.Spec) {
		s.Source.Control.Base = "none"
		s.Source.Signer = spec.Identity{Base: "keys"}
		s.Target = spec.SideSpec{}
		s.Bucket.Name = ""
		s.Bucket.Owner = steps.Target
	}))
	for name, ask := range map[string]func() error{
		"identity": func() error { _, err := f.Identity(r.ctx, steps.Source, facts.Control); return err },
		"role":     func() error { _, err := f.Role(r.ctx, steps.Source); return err },
		"control":  func() error { _, err := f.Control(r.ctx, steps.Source); return err },
		"domain":   func() error { _, err := f.Domain(r.ctx, steps.Source); return err },
		"keys":     func() error { _, err := f.Identity(r.ctx, steps.Source, facts.Signer); return err },
		"region":   func() error { _, err := f.Identity(r.ctx, steps.Target, facts.Control); return err },
		"target":   func() error { _, err := f.Engine(r.ctx, steps.Target); return err },
		"bucket":   func() error { _, err := f.Bucket(r.ctx); return err },
	} {
		var known *facts.Error
		var said *steps.Error
		err := ask()
		if !errors.As(err, &known) || known.Kind != "" || (!errors.Is(err, facts.ErrNobody) && !errors.Is(err, facts.ErrNotSaid)) {
			t.Errorf("%s: %v", name, err)
		}
		if !errors.As(err, &said) || said.Field == "" || said.Fix.IsZero() || strings.Contains(said.Summary.String()+said.Fix.String(), "%!") {
			t.Errorf("%s: no way out: %+v", name, said)
		}
	}
	if calls := r.made(); len(calls) > 0 {
		t.Errorf("called %v", calls)
	}
	if _, err := f.Doc(r.ctx, steps.Ref{Kind: steps.KindProof, Name: "x"}); err == nil {
		t.Error("an act has a document")
	}
}

func TestTypedKeysAndProfiles(t *testing.T) {
	r := newRoad(t)
	keysOf := func(label string) session.Keys {
		for _, a := range r.box.Info().Accounts {
			if a.Label == label {
				return session.Keys{AccessKeyID: a.AccessKey, Secret: session.NewSecret(a.Secret)}
			}
		}
		return session.Keys{}
	}
	s := answers(func(s *spec.Spec) {
		s.Source.Control, s.Source.Signer = spec.Identity{Base: "keys"}, spec.Identity{Base: "keys"}
		s.Source.Mapper = spec.Identity{Base: "profile", Profile: "jump"}
		s.Target.Control = spec.Identity{Base: "profile", Profile: "wibble"}
	})
	f := r.open(s, func(o *facts.Options) {
		o.Keys = map[facts.Slot]session.Keys{{Side: steps.Source, Role: facts.Control}: keysOf("target"), {Side: steps.Source, Role: facts.Signer}: keysOf("source")}
	})
	for role, want := range map[facts.Role]string{facts.Control: "222222222222", facts.Signer: "111111111111", facts.Mapper: "333333333333"} {
		if who, err := f.Identity(r.ctx, steps.Source, role); err != nil || string(who.Account) != want {
			t.Errorf("%s is in %s, %v", role, who.Account, err)
		}
	}
	if _, err := f.Identity(r.ctx, steps.Target, facts.Control); err == nil {
		t.Error("a profile the sandbox does not have was found")
	}
	f.Renew()
	if who, err := f.Identity(r.ctx, steps.Source, facts.Signer); err != nil || who.Account != sandbox.SourceAccount || len(r.made()) < 4 {
		t.Errorf("after a new login: %+v %v", who, err)
	}
}

func TestClock(t *testing.T) {
	r := newRoad(t)
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	r.refuse = func(req *http.Request) *http.Response {
		if strings.HasPrefix(req.URL.Host, "search-") {
			return says(403, "Date: Sun, 22 Nov 2026 10:07:00 GMT", "")
		}
		return nil
	}
	f := r.open(answers(nil), func(o *facts.Options) { o.Now = func() time.Time { return now } })
	if d, err := f.Clock(r.ctx, steps.Source); err != nil || d.Round(time.Second) != 7*time.Minute+time.Second {
		t.Errorf("the domain is ahead by %s, %v", d, err)
	}
	r.refuse = func(req *http.Request) *http.Response {
		if strings.HasPrefix(req.URL.Host, "search-") {
			return says(200, "", "{}")
		}
		return nil
	}
	f.DropAll()
	if _, err := f.Clock(r.ctx, steps.Source); err == nil {
		t.Error("an answer without a date told the time")
	}
}

// TestSelection is over the sandbox's own content.
func TestSelection(t *testing.T) {
	r := newRoad(t)
	f := r.open(answers(func(s *spec.Spec) {
		s.Move.RenamePattern, s.Move.RenameReplacement = "^(.+)$", "old-$1"
		s.Move.Patterns = []string{"*", "nope-*"}
	}))
	got, err := f.Selection(r.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Moves) < 10 || len(got.Idle) != 1 {
		t.Errorf("%d moves, idle %v", len(got.Moves), got.Idle)
	}
	streams := 0
	for _, m := range got.Moves {
		as := "old-" + m.Index
		if m.Stream != "" {
			streams++
			as = ".ds-old-" + strings.TrimPrefix(m.Index, ".ds-")
		}
		if m.As != as || strings.HasPrefix(m.Index, ".") != (m.Stream != "") || m.Primaries < 1 || m.Created == "" {
			t.Errorf("%+v", m)
		}
	}
	if streams != 3 || len(got.Torn) > 0 {
		t.Errorf("%d indices of data streams, torn are %+v", streams, got.Torn)
	}
	kinds := map[string]bool{}
	for _, s := range got.Stays {
		kinds[s.What] = true
		if s.Why.IsZero() || strings.Contains(s.Why.String(), "%!") {
			t.Errorf("%+v", s)
		}
	}
	for _, what := range []string{"index", "user, role and mapping", "dashboards object"} {
		if !kinds[what] {
			t.Errorf("nothing is said of %s: %v", what, kinds)
		}
	}
	last := got.Moves[len(got.Moves)-1].Index
	f = r.open(answers(func(s *spec.Spec) { s.Move.Patterns = []string{last} }))
	one, err := f.Selection(r.ctx)
	if err != nil || len(one.Moves) != 1 || one.Moves[0].As != one.Moves[0].Index {
		t.Errorf("%+v %v", one.Moves, err)
	}
	left := 0
	for _, s := range one.Stays {
		if s.What == "index" && s.Name == "" {
			left = s.Count
		}
	}
	if left < len(got.Moves)-1 {
		t.Errorf("%d left by pattern, of %d", left, len(got.Moves))
	}
}

// TestDropForgetsWhatChanged: a registration that came is seen once it is dropped.
func TestDropForgetsWhatChanged(t *testing.T) {
	r := newRoad(t)
	f := r.open(answers(nil))
	acc, err := f.Control(r.ctx, steps.Source)
	if err != nil {
		t.Fatal(err)
	}
	if err := acc.CreateBucket(r.ctx, account.BucketSpec{Name: "acme-os-migration", Region: sandbox.Region}); err != nil {
		t.Fatal(err)
	}
	made, err := acc.CreateRole(r.ctx, account.RoleSpec{Name: "snap", Trust: account.Document(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)})
	if err != nil {
		t.Fatal(err)
	}
	if err := acc.PutRolePolicy(r.ctx, "snap", "s3", account.Document(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)); err != nil {
		t.Fatal(err)
	}
	ref := steps.Ref{Kind: steps.KindRepository, Side: steps.Source, Name: "snapferry"}
	if d, err := f.Doc(r.ctx, ref); err != nil || d.Exists() {
		t.Fatalf("%s %v", d, err)
	}
	if x, err := f.Repository(r.ctx, steps.Source, "snapferry"); err != nil || x != nil {
		t.Fatalf("%+v %v", x, err)
	}
	kind, _ := f.Resource(ref.Kind)
	want := resource.Repository{Type: "s3", Settings: map[string]string{"bucket": "acme-os-migration", "region": string(sandbox.Region), "role_arn": made.ARN.String()}}.Doc()
	if err := kind.Write(r.ctx, ref, steps.Absent, want); err != nil {
		t.Fatal(err)
	}
	if d, _ := f.Doc(r.ctx, ref); d.Exists() {
		t.Error("a remembered document changed by itself")
	}
	f.Drop(ref)
	if d, err := f.Doc(r.ctx, ref); err != nil || d != want {
		t.Errorf("%s %v", d, err)
	}
	if x, err := f.Repository(r.ctx, steps.Source, "snapferry"); err != nil || x == nil {
		t.Errorf("%+v %v", x, err)
	}
	if list, err := f.Repositories(r.ctx, steps.Source); err != nil || !hasRepository(list) {
		t.Errorf("%+v %v", list, err)
	}
	f.Drop(steps.Ref{Kind: "of another time"}) // an unknown kind may have changed anything
	r.made()
	if _, err := f.Doc(r.ctx, ref); err != nil || len(r.made()) == 0 {
		t.Errorf("nobody was asked: %v", err)
	}
}

func hasRepository(list []cluster.Repository) bool {
	for _, x := range list {
		if x.Name == "snapferry" {
			return true
		}
	}
	return false
}

// TestSelectionIsMadeOnceAReading: checks that ask at the same time share it, and what
// one adds to it no other sees.
func TestSelectionIsMadeOnceAReading(t *testing.T) {
	r := newRoad(t)
	f := r.open(answers(nil))
	once, err := f.Selection(r.ctx)
	if err != nil {
		t.Fatal(err)
	}
	_ = append(once.Stays, steps.Stay{What: "mine"})
	twice, err := f.Selection(r.ctx)
	if err != nil || &twice.Moves[0] != &once.Moves[0] || len(twice.Stays) != len(once.Stays) || cap(twice.Moves) != len(twice.Moves) {
		t.Errorf("it was made anew, or differs: %v", err)
	}
	f.DropAll()
	anew, err := f.Selection(r.ctx)
	if err != nil || &anew.Moves[0] == &once.Moves[0] || len(anew.Moves) != len(once.Moves) {
		t.Errorf("it was kept beyond its reading: %v", err)
	}
}
