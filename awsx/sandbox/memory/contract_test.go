package memory_test

import (
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"snapferry/awsx/sandbox/contract"
	"snapferry/awsx/sandbox/memory"
	"snapferry/awsx/sandbox/memory/fake"
)

// embedded is a contract world of embedded clusters over one bucket and clock.
type embedded struct {
	// dir outlives the subtest that asks for a cluster first.
	dir      string
	clock    *clock
	bucket   *fake.Bucket
	clusters map[string]*memory.Cluster
}

func newEmbedded(t *testing.T) *embedded {
	return &embedded{dir: t.TempDir(), clock: newClock(), bucket: fake.NewBucket(), clusters: map[string]*memory.Cluster{}}
}

// open gives the cluster of a name, the same one at each call.
func (e *embedded) open(t testing.TB, name, v string, s *memory.Security) *memory.Cluster {
	t.Helper()
	if e.clusters[name] == nil {
		c, err := memory.Open(memory.Options{
			Dir: filepath.Join(e.dir, name), Version: version(t, v), Name: "contract", Clock: e.clock.now, Wait: e.clock.wait, Roles: e.bucket, Security: s,
		})
		if err != nil {
			t.Fatal(err)
		}
		e.clusters[name] = c
	}
	return e.clusters[name]
}

// ticking lets a moment pass before each call, so that snapshots come one after
// the other.
func (e *embedded) ticking(c *memory.Cluster) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.clock.pass(time.Millisecond)
		c.ServeHTTP(w, r)
	})
}

func (e *embedded) target() contract.Target {
	return contract.Target{
		BaseURL: "http://cluster", Pass: func(d time.Duration) { e.clock.pass(d) }, Deny: e.deny,
		Repository: map[string]any{"bucket": "contract", "region": "us-east-1", "role_arn": "arn:aws:iam::111111111111:role/snapshots"},
	}
}

func (e *embedded) Cluster(t testing.TB, v string) contract.Target {
	t.Helper()
	out := e.target()
	out.Client = contract.InProcess(e.ticking(e.open(t, v, v, nil)))
	return out
}

func (e *embedded) Secured(t testing.TB, v string, master contract.Actor) contract.Target {
	t.Helper()
	c := e.open(t, v+master.ARN+master.User, v, &memory.Security{MasterARN: master.ARN, MasterUser: master.User, MasterPassword: master.Password})
	out := e.target()
	out.As = contract.Acting(e.ticking(c))
	out.Client = out.As(master)
	return out
}

// deny makes the bucket refuse what S3 serves under an HTTP method. Deletion of
// many keys is a POST.
func (e *embedded) deny(method string) {
	ops := map[string][]string{"PUT": {"put"}, "GET": {"get", "list"}, "POST": {"delete"}, "*": {"put", "get", "list", "delete"}}[method]
	e.bucket.Refuse = func(op, _ string) error {
		if slices.Contains(ops, op) {
			return fake.Denied()
		}
		return nil
	}
}

// TestContract plays the scenarios that real nodes were recorded with and
// compares every body with theirs.
func TestContract(t *testing.T) {
	for _, v := range []string{"7.10.2", "2.19.4", "3.4.0"} {
		t.Run(v, func(t *testing.T) {
			contract.Run(t, newEmbedded(t), v)
		})
	}
}

// TestSecurityContract does the same with fine-grained access control.
func TestSecurityContract(t *testing.T) {
	for _, v := range []string{"7.10.2", "2.19.4", "3.4.0"} {
		t.Run(v, func(t *testing.T) {
			contract.RunSecured(t, newEmbedded(t), v)
		})
	}
}
