package memory_test

import (
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

func (e *embedded) Cluster(t testing.TB, v string) contract.Target {
	t.Helper()
	if e.clusters[v] == nil {
		c, err := memory.Open(memory.Options{
			Dir: filepath.Join(e.dir, v), Version: version(t, v), Name: "contract", Clock: e.clock.now, Wait: e.clock.wait, Roles: e.bucket,
		})
		if err != nil {
			t.Fatal(err)
		}
		e.clusters[v] = c
	}
	return contract.Target{
		BaseURL: "http://cluster", Client: contract.InProcess(e.clusters[v]), Pass: func(d time.Duration) { e.clock.pass(d) },
		Deny:       e.deny,
		Repository: map[string]any{"bucket": "contract", "region": "us-east-1", "role_arn": "arn:aws:iam::111111111111:role/snapshots"},
	}
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
			e := &embedded{dir: t.TempDir(), clock: newClock(), bucket: fake.NewBucket(), clusters: map[string]*memory.Cluster{}}
			contract.Run(t, e, v)
		})
	}
}
