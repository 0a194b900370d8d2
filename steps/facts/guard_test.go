package facts_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"snapferry/awsx/failure"
	"snapferry/awsx/sandbox"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// notYet refuses a session of a role what fine-grained access control refuses
// whoever is not mapped.
func notYet() func(*http.Request) *http.Response {
	const body = `{"error":{"root_cause":[{"type":"security_exception","reason":"no permissions for [x] and User [name=y]"}],"type":"security_exception","reason":"no permissions for [x] and User [name=y]"},"status":403}`
	return func(req *http.Request) *http.Response {
		if strings.HasPrefix(req.URL.Host, "search-") && req.Header.Get("X-Amz-Security-Token") != "" {
			return says(403, "", body)
		}
		return nil
	}
}

// TestMapperSees: what the signer may not see yet the mapper may; what is asked of
// the signer himself is not answered by another.
func TestMapperSees(t *testing.T) {
	r := newRoad(t)
	keys, _ := r.temporary("/")
	r.refuse = notYet()
	open := func(mapper string) *facts.Facts {
		return r.open(answers(func(s *spec.Spec) {
			s.Source.Signer.Base, s.Source.Mapper.Base = "keys", mapper
		}), func(o *facts.Options) {
			o.Keys = map[facts.Slot]session.Keys{{Side: steps.Source, Role: facts.Signer}: keys}
		})
	}
	repository := steps.Ref{Kind: steps.KindRepository, Side: steps.Source, Name: "snapferry"}
	for mapper, sees := range map[string]bool{"": true, "none": false} {
		f := open(mapper)
		list, err := f.Indices(r.ctx, steps.Source)
		if (err == nil && len(list) > 0) != sees || !sees && !failure.Is(err, failure.Denied) {
			t.Errorf("mapper %q: %d indices, %v", mapper, len(list), err)
		}
		if doc, err := f.Doc(r.ctx, repository); (err == nil) != sees || doc.Exists() {
			t.Errorf("mapper %q: the repository %q, %v", mapper, doc, err)
		}
		if _, err := f.Answers(r.ctx, steps.Source); !failure.Is(err, failure.Denied) {
			t.Errorf("mapper %q: the signer is answered: %v", mapper, err)
		}
		if _, err := f.AuthInfo(r.ctx, steps.Source, facts.Signer); !failure.Is(err, failure.Denied) {
			t.Errorf("mapper %q: the signer is known: %v", mapper, err)
		}
	}
}

// TestAMissingPasswordIsTheFirstCause: what the signer is refused, and the mapper
// might see, waits for the mapper's password; the refusal comes second.
func TestAMissingPasswordIsTheFirstCause(t *testing.T) {
	r := newRoad(t)
	keys, _ := r.temporary("/")
	r.refuse = notYet()
	f := r.open(answers(func(s *spec.Spec) {
		s.Source.Signer.Base, s.Source.Mapper = "keys", spec.Identity{Base: "password", User: "master"}
	}), func(o *facts.Options) {
		o.Keys = map[facts.Slot]session.Keys{{Side: steps.Source, Role: facts.Signer}: keys}
	})
	_, ofFact := f.Indices(r.ctx, steps.Source)
	_, ofDoc := f.Doc(r.ctx, steps.Ref{Kind: steps.KindRepository, Side: steps.Source, Name: "snapferry"})
	for name, err := range map[string]error{"a fact": ofFact, "a document": ofDoc} {
		var said *steps.Error
		var fact *facts.Error
		if !errors.As(err, &said) || said.Field != "source.mapper.user" || !strings.Contains(said.Fix.String(), "SNAPFERRY_SOURCE_MAPPER_PASSWORD") || !errors.Is(err, facts.ErrNotSaid) {
			t.Errorf("%s: %v", name, err)
		}
		if !errors.As(err, &fact) || fact.Fact != facts.FactPermissions || !failure.Is(err, failure.Denied) || !strings.Contains(failure.Of(err).Message, "no permissions for [x]") {
			t.Errorf("%s: the refusal is lost: %v", name, err)
		}
	}
	if _, err := f.Left(r.ctx, steps.Source); err != nil {
		t.Errorf("what is only counted does not wait for a password: %v", err)
	}
}

// TestMapperWithAPassword calls with it and nothing else, and only as the mapper.
func TestMapperWithAPassword(t *testing.T) {
	r := newRoad(t)
	internal := func(s *spec.Spec) { s.Source.Mapper = spec.Identity{Base: "password", User: "master"} }
	var header string
	r.refuse = func(req *http.Request) *http.Response {
		if strings.HasPrefix(req.URL.Host, "search-") && strings.Contains(req.URL.Path, "/api/rolesmapping/") {
			header = req.Header.Get("Authorization")
			return says(404, "Content-Type: application/json", `{"status":"NOT_FOUND","message":"rolesmapping 'x' not found."}`)
		}
		return nil
	}
	ref := steps.Ref{Kind: steps.KindRoleMapping, Side: steps.Source, Name: "manage_snapshots"}
	var said *steps.Error
	if _, err := r.open(answers(internal)).Doc(r.ctx, ref); !errors.Is(err, facts.ErrNotSaid) || !errors.As(err, &said) || said.Field != "source.mapper.user" || !strings.Contains(said.Fix.String(), "SNAPFERRY_SOURCE_MAPPER_PASSWORD") {
		t.Errorf("without the password: %v", err)
	}
	f := r.open(answers(internal), func(o *facts.Options) {
		o.Passwords = map[steps.Side]session.Secret{steps.Source: session.NewSecret("Correct-1")}
	})
	if doc, err := f.Doc(r.ctx, ref); err != nil || doc.Exists() {
		t.Errorf("%q %v", doc, err)
	}
	if !strings.HasPrefix(header, "Basic ") {
		t.Errorf("Authorization %q", header)
	}
	if _, err := f.Identity(r.ctx, steps.Source, facts.Mapper); !errors.Is(err, facts.ErrNotSaid) {
		t.Errorf("AWS knows an internal user: %v", err)
	}
	if _, err := f.Signer(r.ctx, steps.Source); err != nil {
		t.Error(err)
	}
}

// TestAWrongPasswordIsNamed by the answer it was given for, whoever meets it, and can
// be given anew.
func TestAWrongPasswordIsNamed(t *testing.T) {
	r := guardedRoad(t, map[string]sandbox.AccessKind{"source": sandbox.AccessIAMMaster, "target": sandbox.AccessInternalMaster})
	f := r.open(answers(func(s *spec.Spec) { s.Target.Mapper = spec.Identity{Base: "password", User: "master"} }), func(o *facts.Options) {
		o.Passwords = map[steps.Side]session.Secret{steps.Target: session.NewSecret("mistyped")}
	})
	named := func(err error) bool {
		var said *steps.Error
		return errors.As(err, &said) && said.Field == "target.mapper.user" && strings.Contains(said.Summary.String(), "master") && failure.Is(err, failure.Credentials)
	}
	_, err := f.Permissions(r.ctx, steps.Target)
	if !named(err) || failure.Of(err).NeedsLogin() {
		t.Errorf("a fact: %v", err)
	}
	c, err := f.Mapper(r.ctx, steps.Target)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = c.PermissionsInfo(r.ctx); !named(f.Refused(err)) {
		t.Errorf("a call: %v", f.Refused(err))
	}
	other := errors.New("another")
	if f.Refused(other) != other || f.Refused(nil) != nil {
		t.Error("another error is taken for a wrong password")
	}
	for _, d := range r.box.Info().Domains {
		if d.Label == "target" {
			f.Repeat(steps.Target, session.NewSecret(d.MasterPassword))
		}
	}
	if _, err := f.Permissions(r.ctx, steps.Target); err != nil {
		t.Errorf("given anew: %v", err)
	}
}

// TestGuarded: the control plane tells whether there is fine-grained access
// control; where it cannot be asked, the domain does by knowing somebody.
func TestGuarded(t *testing.T) {
	r := newRoad(t)
	bastion := func(s *spec.Spec) { s.Source.Endpoint, s.Source.Control.Base = r.endpoint("source"), "none" }
	knows := func(req *http.Request) *http.Response {
		if strings.HasSuffix(req.URL.Path, "/_security/authinfo") {
			return says(200, "Content-Type: application/json", `{"user_name":"x","backend_roles":[],"roles":["manage_snapshots"]}`)
		}
		return nil
	}
	for name, c := range map[string]struct {
		spec   func(*spec.Spec)
		refuse func(*http.Request) *http.Response
		want   bool
	}{
		"described":            {},
		"described, and knows": {refuse: knows}, // of the two the control plane is the one to believe
		"bastion":              {spec: bastion},
		"bastion, and knows":   {spec: bastion, refuse: knows, want: true},
	} {
		r.refuse = c.refuse
		got, err := r.open(answers(c.spec)).Guarded(r.ctx, steps.Source)
		if err != nil || got != c.want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// TestAccess: what the control plane and the domain tell of who may do what.
func TestAccess(t *testing.T) {
	r := guardedRoad(t, map[string]sandbox.AccessKind{"source": sandbox.AccessIAMMaster, "target": sandbox.AccessInternalMaster})
	f := r.open(answers(func(s *spec.Spec) { s.Target.Mapper = spec.Identity{Base: "password", User: "master"} }), func(o *facts.Options) {
		for _, d := range r.box.Info().Domains {
			if d.Label == "target" {
				o.Passwords = map[steps.Side]session.Secret{steps.Target: session.NewSecret(d.MasterPassword)}
			}
		}
	})
	for side, internal := range map[steps.Side]bool{steps.Source: false, steps.Target: true} {
		a, err := f.Access(r.ctx, side)
		if err != nil || !a.Guarded || a.Internal != internal || len(a.Policy.Statements) != 1 {
			t.Errorf("%s: %+v, %v", side, a, err)
		}
		may, err := f.Permissions(r.ctx, side)
		if err != nil || !may.May("PUT", "ROLESMAPPING") {
			t.Errorf("%s: the mapper may %+v, %v", side, may, err)
		}
		m, ok, err := f.RoleMapping(r.ctx, side, "all_access")
		if err != nil || !ok || len(m.Users)+len(m.BackendRoles) == 0 {
			t.Errorf("%s: all_access is %+v, %v", side, m, err)
		}
		if _, ok, err := f.RoleMapping(r.ctx, side, "nobody_ever"); ok || err != nil {
			t.Errorf("%s: a mapping that is not there: %v", side, err)
		}
	}
	open := newRoad(t)
	if a, err := open.open(answers(nil)).Access(r.ctx, steps.Source); err != nil || a.Guarded {
		t.Errorf("%+v %v", a, err)
	}
}
