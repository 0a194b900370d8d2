package account_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
	"snapferry/awsx/network"
	"snapferry/awsx/sandbox"
	"snapferry/awsx/session"
)

var ctx = context.Background()

// world is an embedded AWS of this process.
func world(t *testing.T) *sandbox.Sandbox {
	t.Helper()
	s, err := sandbox.Open(ctx, sandbox.Options{Dir: t.TempDir(), Pace: sandbox.PaceInstant})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return s
}

// as is an account of the world seen by its administrator.
func as(t *testing.T, s *sandbox.Sandbox, label string) *account.Account {
	t.Helper()
	return account.New(login(t, s, keysOf(t, s, label), sandbox.Region))
}

// keysOf are the keys of an account's administrator.
func keysOf(t *testing.T, s *sandbox.Sandbox, label string) session.Keys {
	t.Helper()
	for _, a := range s.Info().Accounts {
		if a.Label == label {
			return session.Keys{AccessKeyID: a.AccessKey, Secret: session.NewSecret(a.Secret)}
		}
	}
	t.Fatalf("no account %s", label)
	return session.Keys{}
}

// login opens a session of keys and a chain of roles.
func login(t *testing.T, s *sandbox.Sandbox, keys session.Keys, region awsid.Region, chain ...session.Link) *session.Session {
	t.Helper()
	id := session.Identity{Base: session.Base{Kind: session.BaseSandbox, Keys: keys}, Chain: chain}
	net := network.New(network.Options{Isolated: true, RoundTripper: s.Transport()})
	sess, err := session.Open(ctx, net, id, region, session.Options{Isolated: true})
	must(t, err)
	return sess
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// equalJSON compares documents by meaning.
func equalJSON(t *testing.T, what string, want, got account.Document) {
	t.Helper()
	var w, g any
	if json.Unmarshal(want, &w) != nil || json.Unmarshal(got, &g) != nil {
		t.Errorf("%s: not JSON: %s / %s", what, want, got)
		return
	}
	if d := cmp.Diff(w, g); d != "" {
		t.Errorf("%s: %s", what, d)
	}
}

const (
	trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	reads = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::acme/*","arn:aws:s3:::acme/+ é%2F/*"]}]}`
)

func TestRoleFromBirthToEnd(t *testing.T) {
	a := as(t, world(t), "source")
	if none, err := a.Role(ctx, "snap"); err != nil || none != nil {
		t.Fatalf("before: %v %v", none, err)
	}
	made, err := a.CreateRole(ctx, account.RoleSpec{Name: "snap", Path: "/team/", Description: "for snapshots", Trust: account.Document(trust), Tags: map[string]string{"run": "1", "who": "me"}})
	must(t, err)
	if made.ARN.String() != "arn:aws:iam::111111111111:role/team/snap" || made.UniqueID == "" || made.Created.IsZero() {
		t.Errorf("%+v", made)
	}
	must(t, a.PutRolePolicy(ctx, "snap", "s3", account.Document(reads)))
	must(t, a.TagRole(ctx, "snap", map[string]string{"who": "you", "new": "1"}))
	must(t, a.UntagRole(ctx, "snap", []string{"run", "never"}))
	r, err := a.Role(ctx, "snap")
	if err != nil || r == nil {
		t.Fatal(r, err)
	}
	equalJSON(t, "trust", account.Document(trust), r.Trust)
	equalJSON(t, "inline", account.Document(reads), r.Inline["s3"])
	if r.ARN != made.ARN || r.Name != "snap" || r.Path != "/team/" || r.Description != "for snapshots" || r.UniqueID != made.UniqueID || len(r.Attached) != 0 || r.Incomplete != nil {
		t.Errorf("%+v", r)
	}
	if d := cmp.Diff(map[string]string{"who": "you", "new": "1"}, r.Tags); d != "" {
		t.Error(d)
	}
	one, err := a.RolePolicy(ctx, "snap", "s3")
	must(t, err)
	equalJSON(t, "one policy", account.Document(reads), one)
	other := account.Document(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"sts:AssumeRole"}]}`)
	must(t, a.PutTrust(ctx, "snap", other))
	r, err = a.Role(ctx, "snap")
	must(t, err)
	equalJSON(t, "new trust", other, r.Trust)
	for range 2 { // gone is gone, and no error the second time
		must(t, a.DeleteRolePolicy(ctx, "snap", "s3"))
		must(t, a.DeleteRole(ctx, "snap"))
	}
	if r, err := a.Role(ctx, "snap"); err != nil || r != nil {
		t.Errorf("after: %v %v", r, err)
	}
	if doc, err := a.RolePolicy(ctx, "snap", "s3"); err != nil || doc != nil {
		t.Errorf("after: %s %v", doc, err)
	}
}

func TestRoleNamesAndLetterCase(t *testing.T) {
	a := as(t, world(t), "source")
	_, err := a.CreateRole(ctx, account.RoleSpec{Name: "SnapRole", Trust: account.Document(trust)})
	must(t, err)
	if _, err := a.CreateRole(ctx, account.RoleSpec{Name: "snaprole", Trust: account.Document(trust)}); !failure.Is(err, failure.Exists) {
		t.Errorf("another letter case gave %v", err)
	}
	if _, err := a.CreateRole(ctx, account.RoleSpec{Name: "bad", Trust: account.Document(`{`)}); !failure.Is(err, failure.Invalid) {
		t.Errorf("a broken document gave %v", err)
	}
}

func TestUserAndPolicies(t *testing.T) {
	a := as(t, world(t), "source")
	if none, err := a.User(ctx, "nobody"); err != nil || none != nil {
		t.Errorf("%v %v", none, err)
	}
	must(t, a.PutUserPolicy(ctx, "admin", "pass", account.Document(reads)))
	u, err := a.User(ctx, "admin")
	if err != nil || u == nil || u.Incomplete != nil {
		t.Fatalf("%+v %v", u, err)
	}
	equalJSON(t, "inline", account.Document(reads), u.Inline["pass"])
	if u.ARN.String() != "arn:aws:iam::111111111111:user/admin" || u.UniqueID == "" || len(u.Attached) != 1 {
		t.Fatalf("%+v", u)
	}
	if m := u.Attached[0]; m.ARN.String() != "arn:aws:iam::aws:policy/AdministratorAccess" || !json.Valid(m.Document) {
		t.Errorf("%+v", m)
	}
	one, err := a.UserPolicy(ctx, "admin", "pass")
	must(t, err)
	equalJSON(t, "one policy", account.Document(reads), one)
	for range 2 {
		must(t, a.DeleteUserPolicy(ctx, "admin", "pass"))
	}
	if one, err := a.UserPolicy(ctx, "admin", "pass"); err != nil || one != nil {
		t.Errorf("%s %v", one, err)
	}
}

func TestDomains(t *testing.T) {
	w := world(t)
	a := as(t, w, "source")
	list, err := a.Domains(ctx)
	if err != nil || len(list) < 2 || list[0].Name == "" || list[0].Family != awsid.OpenSearch {
		t.Fatalf("%+v %v", list, err)
	}
	if none, err := a.Domain(ctx, "nobody"); err != nil || none != nil {
		t.Errorf("%v %v", none, err)
	}
	for _, info := range w.Info().Domains {
		if info.Label != "source" {
			continue
		}
		d, err := a.Domain(ctx, info.Name)
		if err != nil || d == nil {
			t.Fatal(d, err)
		}
		// The control plane tells no patch level.
		if d.Endpoint != info.Endpoint || d.Name != info.Name || d.Version.Major != info.Version.Major || d.Version.Minor != info.Version.Minor || !d.Created || d.Deleted || d.Processing || !d.EnforceHTTPS || d.Nodes.Count != 3 || d.Nodes.Zones != 3 || d.Volume.SizeGiB != 512 || d.Software.Current == "" || !d.Security.Enabled || d.Security.InternalUsers || d.VPC != nil {
			t.Errorf("%+v", d)
		}
		policy := account.Document(fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:user/admin"},"Action":"es:ESHttpGet","Resource":"%s/*"}]}`, d.ARN))
		must(t, a.PutAccessPolicy(ctx, info.Name, policy))
		d, err = a.Domain(ctx, info.Name)
		must(t, err)
		equalJSON(t, "access policy", policy, d.AccessPolicy)
	}
}

func TestWhoMayNotAsk(t *testing.T) {
	w := world(t)
	nobody := account.New(login(t, w, session.Keys{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", Secret: session.NewSecret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")}, sandbox.Region))
	for what, ask := range map[string]func() error{
		"IAM":    func() error { _, err := nobody.Role(ctx, "snap"); return err },
		"S3":     func() error { _, err := nobody.Bucket(ctx, "acme-none"); return err },
		"domain": func() error { _, err := nobody.Domain(ctx, "logs-prod"); return err },
	} {
		if err := ask(); !failure.Is(err, failure.Credentials) {
			t.Errorf("%s: an unknown key gave %v", what, err)
		}
	}
}
