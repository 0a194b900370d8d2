package facts

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/network"
	"snapferry/awsx/policy"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/spec"
)

func view(t *testing.T, o Options) *Facts {
	t.Helper()
	o.Network = network.New(network.Options{Isolated: true})
	f, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestBases: what the answers say becomes what a session is opened with.
func TestBases(t *testing.T) {
	typed := session.Keys{AccessKeyID: "AKIAX"}
	for _, c := range []struct {
		said    spec.Identity
		sandbox bool
		want    session.Base
		err     error
	}{
		{said: spec.Identity{}, want: session.Base{Kind: session.BaseEnvironment}},
		{said: spec.Identity{Base: "environment"}, want: session.Base{Kind: session.BaseEnvironment}},
		{said: spec.Identity{Base: "profile", Profile: "acme"}, want: session.Base{Kind: session.BaseProfile, Profile: "acme"}},
		{said: spec.Identity{Base: "instance"}, want: session.Base{Kind: session.BaseInstance}},
		{said: spec.Identity{Base: "task"}, want: session.Base{Kind: session.BaseTask}},
		{said: spec.Identity{Base: "keys"}, want: session.Base{Kind: session.BaseKeys, Keys: typed}},
		{said: spec.Identity{Base: "none"}, err: ErrNobody},
		// In the sandbox this machine's own configuration is never looked at.
		{said: spec.Identity{}, sandbox: true, want: session.Base{Kind: session.BaseSandbox, Profile: "source", Keys: session.Keys{AccessKeyID: "S"}}},
		{said: spec.Identity{Base: "environment"}, sandbox: true, want: session.Base{Kind: session.BaseSandbox, Profile: "source", Keys: session.Keys{AccessKeyID: "S"}}},
		{said: spec.Identity{Base: "instance"}, sandbox: true, want: session.Base{Kind: session.BaseInstance}},
		{said: spec.Identity{Base: "task"}, sandbox: true, want: session.Base{Kind: session.BaseTask}},
		{said: spec.Identity{Base: "profile", Profile: "jump"}, sandbox: true, want: session.Base{Kind: session.BaseSandbox, Profile: "jump", Keys: session.Keys{AccessKeyID: "J"}}},
		{said: spec.Identity{Base: "keys"}, sandbox: true, want: session.Base{Kind: session.BaseKeys, Keys: typed}},
		{said: spec.Identity{Base: "profile", Profile: "acme"}, sandbox: true, err: ErrNotSaid},
	} {
		s := &spec.Spec{}
		s.Source.Signer = c.said
		o := Options{Spec: s, Keys: map[Slot]session.Keys{{steps.Source, Control}: typed}}
		if c.sandbox {
			o.Sandbox = map[string]session.Keys{"source": {AccessKeyID: "S"}, "jump": {AccessKeyID: "J"}}
		}
		got, err := view(t, o).identity(Slot{steps.Source, Signer})
		if !errors.Is(err, c.err) || (err == nil && got.Base != c.want) {
			t.Errorf("%+v (sandbox %v): %+v, %v; want %+v, %v", c.said, c.sandbox, got.Base, err, c.want, c.err)
		}
	}
}

// TestFingerprint: identities are told apart without their secrets, and sides
// with one identity share what is learned.
func TestFingerprint(t *testing.T) {
	role, _ := awsid.ParseARN("arn:aws:iam::111122223333:role/r")
	s := &spec.Spec{}
	chain := spec.Identity{Base: "keys", Chain: []spec.Link{{Role: role, ExternalID: "x", SessionName: "me"}}}
	s.Source = spec.SideSpec{Region: "eu-west-1", Control: chain, Signer: chain, Mapper: spec.Identity{Base: "none"}}
	s.Target = spec.SideSpec{Region: "eu-west-1", Control: chain, Signer: spec.Identity{Base: "keys"}}
	keys := session.Keys{AccessKeyID: "AKIAX", Secret: session.NewSecret("hush"), Token: session.NewSecret("hush too")}
	f := view(t, Options{Spec: s, Keys: map[Slot]session.Keys{{steps.Source, Control}: keys, {steps.Target, Control}: keys}})
	who := func(side steps.Side, role Role) string { return f.who(Slot{side, role}) }
	if who(steps.Source, Control) != who(steps.Source, Signer) || who(steps.Source, Control) != who(steps.Target, Control) {
		t.Error("one identity has several names")
	}
	if who(steps.Target, Control) == who(steps.Target, Signer) || who(steps.Source, Mapper) == who(steps.Target, Mapper) {
		t.Error("several identities have one name")
	}
	if strings.Contains(who(steps.Source, Control), "hush") {
		t.Error("a secret stands in a name")
	}
	s.Target.Region = "eu-west-2"
	if who(steps.Source, Control) == who(steps.Target, Control) {
		t.Error("two regions share what is learned")
	}
	got, err := f.identity(Slot{steps.Source, Signer})
	want := []session.Link{{RoleARN: role, ExternalID: "x", SessionName: "me"}}
	if diff := cmp.Diff(want, got.Chain); diff != "" || err != nil {
		t.Errorf("chain (-want +got):\n%s%v", diff, err)
	}
}

func TestOpenDefaults(t *testing.T) {
	f := view(t, Options{})
	if f.Spec() == nil || f.Now().IsZero() {
		t.Errorf("%+v", f.opts)
	}
	broken := network.New(network.Options{Isolated: true, CAPEM: []byte("no certificate")})
	if _, err := Open(t.Context(), Options{Network: broken}); err == nil {
		t.Error("opened over a network that cannot be used")
	}
}

// TestPoliciesOfUsers: a group's documents count, broken ones are noted.
func TestPolicyGathering(t *testing.T) {
	doc := account.Document(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)
	managed, _ := awsid.ParseARN("arn:aws:iam::aws:policy/X")
	p := Policies{Inline: map[string]policy.Document{}, Attached: map[string]policy.Document{}}
	p.add("", map[string]account.Document{"own": doc}, []account.ManagedPolicy{{ARN: managed, Document: doc}})
	p.add("admins/", map[string]account.Document{"own": doc}, nil)
	if len(p.Documents()) != 3 || p.Incomplete != nil || len(p.Inline["admins/own"].Statements) != 1 {
		t.Errorf("%+v", p)
	}
	p.add("", map[string]account.Document{"broken": account.Document("{"), "worse": account.Document("[")}, nil)
	if len(p.Documents()) != 3 || p.Incomplete == nil {
		t.Errorf("a document that cannot be read went unnoticed: %+v", p)
	}
}
