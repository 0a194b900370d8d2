package cluster_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/cluster"
	"snapferry/awsx/network"
	"snapferry/awsx/sandbox"
	"snapferry/awsx/session"
)

const bucket = "acme-os-migration"

// road is the embedded AWS with a bucket and a snapshot role, and clients of its
// domains as the account's administrator.
type road struct {
	t       *testing.T
	world   *sandbox.Sandbox
	session *session.Session
	account *account.Account
	// pass lets time go by; nil where there is nothing to wait for.
	pass func()
}

func open(t *testing.T) *road {
	t.Helper()
	w, err := sandbox.Open(ctx, sandbox.Options{
		Dir: t.TempDir(), Pace: sandbox.PaceInstant, Access: map[string]sandbox.AccessKind{"source": sandbox.AccessPolicy, "target": sandbox.AccessPolicy},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	r := &road{t: t, world: w}
	for _, a := range w.Info().Accounts {
		if a.Label == "source" {
			id := session.Identity{Base: session.Base{Kind: session.BaseSandbox, Keys: session.Keys{AccessKeyID: a.AccessKey, Secret: session.NewSecret(a.Secret)}}}
			r.session, err = session.Open(ctx, network.New(network.Options{Isolated: true, RoundTripper: w.Transport()}), id, sandbox.Region, session.Options{Isolated: true})
			r.must(err)
		}
	}
	r.account = account.New(r.session)
	return r
}

func (r *road) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// assumed is a session of a role that may do what the administrator may.
func (r *road) assumed() *session.Session {
	r.t.Helper()
	role, err := r.account.CreateRole(ctx, account.RoleSpec{Name: "operator", Path: "/team/", Trust: account.Document(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"sts:AssumeRole"}]}`)})
	r.must(err)
	r.must(r.account.PutRolePolicy(ctx, "operator", "all", account.Document(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)))
	id := r.session.Identity()
	id.Chain = []session.Link{{RoleARN: role.ARN}}
	s, err := session.Open(ctx, r.session.Network(), id, sandbox.Region, session.Options{Isolated: true})
	r.must(err)
	return s
}

func (r *road) domain(label string) *cluster.Cluster {
	r.t.Helper()
	for _, d := range r.world.Info().Domains {
		if d.Label == label {
			return cluster.New(cluster.Options{Endpoint: d.Endpoint, Region: d.Region, Auth: cluster.Signed(r.session), Network: r.session.Network(), Version: d.Version})
		}
	}
	r.t.Fatalf("no domain %s", label)
	return nil
}

// prepare makes what a repository needs and gives its registration.
func (r *road) prepare() cluster.Repository {
	r.t.Helper()
	r.must(r.account.CreateBucket(ctx, account.BucketSpec{Name: bucket, Region: sandbox.Region}))
	role, err := r.account.CreateRole(ctx, account.RoleSpec{
		Name:  "snap",
		Trust: account.Document(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
	})
	r.must(err)
	r.must(r.account.PutRolePolicy(ctx, "snap", "s3", account.Document(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::`+bucket+`"},
		{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject"],"Resource":"arn:aws:s3:::`+bucket+`/*"}]}`)))
	return cluster.Repository{Name: "mig", Type: "s3", Settings: map[string]string{"bucket": bucket, "region": "eu-west-1", "base_path": "mig", "role_arn": role.ARN.String()}}
}

// do makes something the client has no call for.
func (r *road) do(c *cluster.Cluster, method, target, body string) {
	r.t.Helper()
	a, err := c.Do(ctx, method, target, []byte(body))
	r.must(err)
	if f := a.Failure(); f != nil {
		r.t.Fatal(f)
	}
}

// user makes an index of three shards with documents, some of them changed,
// deleted or routed, and an alias on it.
func (r *road) user(c *cluster.Cluster) cluster.Index {
	r.t.Helper()
	const name = "orders+2026"
	if a, err := c.Do(ctx, "HEAD", "/orders%2B2026", nil); err != nil || a.Status == 404 {
		r.must(err)
		r.do(c, "PUT", "/orders%2B2026", `{"settings":{"index":{"number_of_shards":3,"number_of_replicas":1}},"aliases":{"orders":{}}}`)
		var bulk strings.Builder
		for i := range 120 {
			fmt.Fprintf(&bulk, "{\"index\":{\"_id\":\"%d\"}}\n{\"n\":%d,\"t\":\"é\"}\n", i, i)
		}
		bulk.WriteString("{\"delete\":{\"_id\":\"7\"}}\n{\"index\":{\"_id\":\"8\"}}\n{\"n\":-8}\n{\"index\":{\"_id\":\"r\",\"routing\":\"here\"}}\n{}\n")
		r.do(c, "POST", "/orders%2B2026/_bulk", bulk.String())
		r.must(c.Refresh(ctx, []string{name}))
	}
	list, err := c.Indices(ctx)
	r.must(err)
	i := slices.IndexFunc(list, func(i cluster.Index) bool { return i.Name == name })
	if i < 0 || list[i].Docs != 120 || list[i].Primaries != 3 || list[i].Replicas != 1 || !list[i].Open || list[i].Hidden {
		r.t.Fatalf("%+v", list)
	}
	return list[i]
}

func read(t *testing.T, c *cluster.Cluster, w cluster.Walk) []cluster.Document {
	t.Helper()
	var docs []cluster.Document
	for d, err := range c.Documents(ctx, w) {
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, d)
	}
	return docs
}

// until asks again until it is so. The embedded AWS needs one look, a real node
// some dozens.
func (r *road) until(so func() bool) {
	r.t.Helper()
	for range 3000 {
		if so() {
			return
		}
		if r.pass != nil {
			r.pass()
		}
	}
	r.t.Fatal("it never came to be so")
}
