package session_test

import (
	"context"
	"net/url"
	"os"
	"testing"
	"time"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
	"snapferry/awsx/network"
	"snapferry/awsx/sandbox"
	"snapferry/awsx/session"
)

// through is the embedded AWS behind its CONNECT proxy, with real names, real
// TLS and its own authority, and a network that knows no other way.
func through(t *testing.T) (sandbox.Info, *network.Network, func() []network.Call) {
	t.Helper()
	w, err := sandbox.Open(context.Background(), sandbox.Options{Dir: t.TempDir(), Pace: sandbox.PaceInstant})
	if err != nil {
		t.Fatal(err)
	}
	info := w.Info()
	ca, err := os.ReadFile(info.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	proxy, err := url.Parse(info.Proxy)
	if err != nil {
		t.Fatal(err)
	}
	var calls []network.Call
	n := network.New(network.Options{ProxyURL: proxy, CAPEM: ca, Isolated: true, OnCall: func(c network.Call) { calls = append(calls, c) }})
	t.Cleanup(func() {
		n.Close()
		if err := w.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return info, n, func() []network.Call { return calls }
}

func baseOf(t *testing.T, i sandbox.Info, label string) session.Base {
	t.Helper()
	for _, a := range i.Accounts {
		if a.Label == label {
			return session.Base{Kind: session.BaseSandbox, Keys: session.Keys{AccessKeyID: a.AccessKey, Secret: session.NewSecret(a.Secret)}}
		}
	}
	t.Fatalf("no account %s", label)
	return session.Base{}
}

func TestThroughTheProxy(t *testing.T) {
	ambient(t) // nothing of it may be used
	info, n, calls := through(t)
	for _, id := range []session.Identity{
		{Base: baseOf(t, info, "target")},
		{Base: session.Base{Kind: session.BaseProfile, Profile: "target"}},
	} {
		s, err := session.Open(context.Background(), n, id, sandbox.Region, session.Options{
			Isolated: true, ConfigFiles: []string{info.ConfigFile}, CredentialsFiles: []string{info.CredentialsFile},
		})
		if err != nil {
			t.Fatal(err)
		}
		w, err := s.WhoAmI(context.Background())
		if err != nil || w.Account != sandbox.TargetAccount || w.Principal.String() != "arn:aws:iam::222222222222:user/admin" || !w.PathKnown {
			t.Errorf("%+v %v", w, err)
		}
	}
	got := calls()
	if len(got) != 2 || got[0].Host != "sts.eu-west-1.amazonaws.com" || got[0].Status != 200 || got[0].Operation != "STS GetCallerIdentity" || got[0].RequestID == "" {
		t.Errorf("%+v", got)
	}
	res, err := n.Client().Get("https://example.com/")
	if err == nil {
		_ = res.Body.Close()
		t.Fatal("the sandbox let a request out")
	}
	if !failure.Is(err, failure.Unreachable) {
		t.Errorf("a host outside gave %v", err)
	}
}

func TestChainIntoAnotherAccount(t *testing.T) {
	info, n, _ := through(t)
	ctx := context.Background()
	open := func(id session.Identity) *session.Session {
		s, err := session.Open(ctx, n, id, sandbox.Region, session.Options{Isolated: true})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	target := account.New(open(session.Identity{Base: baseOf(t, info, "target")}))
	role, err := target.CreateRole(ctx, account.RoleSpec{Name: "deploy", Path: "/team/", Trust: account.Document(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::333333333333:root"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"x-1"}}}]}`)})
	if err != nil {
		t.Fatal(err)
	}
	link := session.Link{RoleARN: role.ARN, ExternalID: "x-1", SessionName: "ann"}
	jump := session.Identity{Base: baseOf(t, info, "jump"), Chain: []session.Link{link}}
	w, err := open(jump).WhoAmI(ctx)
	if err != nil || w.Account != sandbox.TargetAccount || w.ARN.String() != "arn:aws:sts::222222222222:assumed-role/deploy/ann" || w.Principal != role.ARN || !w.PathKnown {
		t.Errorf("%+v %v", w, err)
	}
	if left := time.Until(w.Expires); left < 50*time.Minute || left > time.Hour {
		t.Errorf("the session lasts %s", left)
	}
	for name, l := range map[string]session.Link{
		"wrong external id": {RoleARN: role.ARN, ExternalID: "x-2"},
		"other letter case": {RoleARN: awsid.RoleARN("aws", sandbox.TargetAccount, "/team/", "Deploy"), ExternalID: "x-1"},
	} {
		jump.Chain = []session.Link{l}
		_, err := open(jump).WhoAmI(ctx)
		if f := failure.Of(err); f == nil || f.Kind != failure.Denied || f.Operation != "STS AssumeRole" || f.NeedsLogin() {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// TestMachinesOfTheSandbox: an instance, a task and a pod are asked at the
// sandbox's own services, whatever this machine's environment says.
func TestMachinesOfTheSandbox(t *testing.T) {
	ambient(t)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/x")
	info, _, _ := through(t)
	proxy, err := url.Parse(info.Proxy)
	if err != nil {
		t.Fatal(err)
	}
	proxy.User = url.UserPassword("source", "bastion")
	ca, err := info.CA()
	if err != nil {
		t.Fatal(err)
	}
	n := network.New(network.Options{ProxyURL: proxy, CAPEM: ca, Isolated: true})
	t.Cleanup(n.Close)
	host := session.Host{Metadata: "http://169.254.169.254"}
	for service, h := range map[string]session.Host{
		"ec2": host, "ecs-tasks": {Task: "http://169.254.170.2/v2/credentials/source/bastion"},
		"pods.eks": {Task: info.URL() + "/v1/credentials/source/bastion", TaskToken: session.NewSecret(info.PodToken)},
	} {
		kind := session.BaseTask
		if h.Metadata != "" {
			kind = session.BaseInstance
		}
		open := func(id session.Identity, o session.Options) *session.Session {
			s, err := session.Open(context.Background(), n, id, sandbox.Region, o)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		admin := account.New(open(session.Identity{Base: baseOf(t, info, "source")}, session.Options{Isolated: true}))
		// The world begins with a bastion, which is trusted otherwise and may do something.
		_ = admin.DeleteRolePolicy(context.Background(), "bastion", "domains")
		if err := admin.DeleteRole(context.Background(), "bastion"); err != nil && !failure.Is(err, failure.Missing) {
			t.Fatal(err)
		}
		role, err := admin.CreateRole(context.Background(), account.RoleSpec{Name: "bastion", Trust: account.Document(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + service + `.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}]}`)})
		if err != nil {
			t.Fatal(err)
		}
		w, err := open(session.Identity{Base: session.Base{Kind: kind}}, session.Options{Isolated: true, Host: h}).WhoAmI(context.Background())
		if err != nil || w.Account != sandbox.SourceAccount || w.Principal != role.ARN || w.Expires.IsZero() {
			t.Errorf("%s: %+v %v", service, w, err)
		}
	}
}
