package repo_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"snapferry/awsx/sandbox/memory/fake"
	"snapferry/awsx/sandbox/memory/repo"
)

var nodes = []repo.Node{{ID: "N1", Shown: "{n1}{N1}"}, {ID: "N2", Shown: "{n2}{N2}"}}

func TestVerifyWritesReadsAndSweeps(t *testing.T) {
	p := open(t)
	if err := p.r.Verify(p.ctx(), nodes); err != nil {
		t.Fatal(err)
	}
	written := p.bucket.Written()
	if len(written) != 3 || !strings.HasPrefix(written[0], "mig/logs/tests-") || !strings.HasSuffix(written[0], "/master.dat") ||
		!strings.HasSuffix(written[1], "/data-N1.dat") || !strings.HasSuffix(written[2], "/data-N2.dat") {
		t.Errorf("written: %v", written)
	}
	if left := p.bucket.Keys(""); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestReadonlyVerifyOnlyLists(t *testing.T) {
	p := open(t, func(o *repo.Options) { o.Readonly = true })
	p.bucket.Refuse = func(op, _ string) error {
		if op != "list" {
			return fake.Denied()
		}
		return nil
	}
	if err := p.r.Verify(p.ctx(), nodes); err != nil {
		t.Error(err)
	}
}

func asReadonly(o *repo.Options) { o.Readonly = true }
func oldSDK(o *repo.Options)     { o.SDK, o.Manager = repo.SDK1, "master" }
func newSDK(o *repo.Options)     { o.SDK = repo.SDK2Async }

var refusedVerifications = map[string]struct {
	refuse string
	change func(*repo.Options)
	types  []string
	reason string
	deep   string
}{
	"no write": {
		"put", nil,
		[]string{"repository_verification_exception", "i_o_exception", "s3_exception"},
		"[r] path [mig][logs] is not accessible on cluster-manager node", "Access Denied (Service: S3, Status Code: 403, Request ID: REQ1)",
	},
	"no write, old engine": {
		"put", oldSDK,
		[]string{"repository_verification_exception", "i_o_exception", "amazon_s3_exception"},
		"[r] path [mig][logs] is not accessible on master node", "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: REQ1)",
	},
	"no write, new engine": {
		"put", newSDK,
		[]string{"repository_verification_exception", "i_o_exception", "s3_exception"},
		"[r] path [mig][logs] is not accessible on cluster-manager node", "Access Denied (Service: S3, Status Code: 403, Request ID: REQ1) (SDK Attempt Count: 1)",
	},
	"no list, readonly": {
		"list", asReadonly,
		[]string{"repository_verification_exception", "i_o_exception", "s3_exception"},
		"[r] path [mig][logs] is not accessible on cluster-manager node", "Access Denied",
	},
	"no read": {
		"get", nil,
		[]string{"repository_verification_exception"},
		"[r] [[N1, 'RepositoryVerificationException[[r] Failed to verify repository]; nested: S3Exception[Access Denied (Service: S3, Status Code: 403, Request ID: REQ1)];'], [N2, '", "",
	},
	"no list": {
		"list", nil,
		[]string{"repository_verification_exception", "i_o_exception", "s3_exception"},
		"[r] cannot delete test data at [mig][logs]", "Access Denied",
	},
	"no delete": {
		"delete", nil,
		[]string{"repository_verification_exception", "i_o_exception", "s3_exception"},
		"[r] cannot delete test data at [mig][logs]", "Access Denied",
	},
	"no delete, new engine": {
		"delete", newSDK,
		[]string{"repository_verification_exception", "runtime_exception", "completion_exception", "s3_exception"},
		"[r] cannot delete test data at [mig][logs]", "Access Denied",
	},
}

// TestVerifyFailures: who is refused what, and how each engine says so.
func TestVerifyFailures(t *testing.T) {
	for name, tc := range refusedVerifications {
		t.Run(name, func(t *testing.T) {
			p := open(t)
			if tc.change != nil {
				p.use(tc.change)
			}
			p.refuseOn(tc.refuse)
			err := p.r.Verify(p.ctx(), nodes)
			if err == nil {
				t.Fatal("it passed")
			}
			if err.Status != 500 || !reflect.DeepEqual(chain(err), tc.types) || !strings.HasPrefix(err.Reason, tc.reason) {
				t.Errorf("got %d %v %q", err.Status, chain(err), err.Reason)
			}
			for err.Cause != nil {
				err = err.Cause
			}
			if tc.deep != "" && !strings.HasPrefix(err.Reason, tc.deep) {
				t.Errorf("innermost: %q", err.Reason)
			}
		})
	}
}

// Files that were written and cannot be found again point at another place
// than files that may not be read.
func TestVerifyFileGone(t *testing.T) {
	p := open(t)
	p.bucket.Refuse = func(op, _ string) error {
		if op == "get" {
			return fake.Error(404, "NoSuchKey", "gone")
		}
		return nil
	}
	err := p.r.Verify(p.ctx(), nodes[:1])
	if err == nil || !strings.Contains(err.Reason, "a file written by cluster-manager to the store [BlobStore{mig/logs}] cannot be accessed on the node [{n1}{N1}]") {
		t.Error(err)
	}
}

func TestVerifySomebodyElsesSeed(t *testing.T) {
	p := open(t)
	r := repo.New(meddler{p.bucket}, repo.Options{Name: "r", Manager: "master", Random: strings.NewReader(strings.Repeat("x", 64))})
	if err := r.Verify(p.ctx(), nodes[:1]); err == nil || !strings.Contains(err.Reason, "Seed read from master.dat was [other]") {
		t.Error(err)
	}
}

// A role that cannot be assumed shows at the first call, whatever it is.
func TestVerifyWithoutRole(t *testing.T) {
	r := repo.New(repo.Closed(fake.NotTrusted()), repo.Options{Name: "r", Base: "b", Manager: "cluster-manager", SDK: repo.SDK2, Random: strings.NewReader(strings.Repeat("x", 64))})
	err := r.Verify(t.Context(), nodes)
	if err == nil || !reflect.DeepEqual(chain(err), []string{"repository_verification_exception", "i_o_exception", "sts_exception"}) {
		t.Fatal(err)
	}
	if _, err := r.Load(t.Context()); err == nil || err.Type != "repository_exception" {
		t.Error(err)
	}
	closed := repo.Closed(errors.New("network"))
	if _, err := repo.New(closed, repo.Options{Name: "r"}).Load(t.Context()); err == nil || !reflect.DeepEqual(chain(err), []string{"repository_exception", "i_o_exception", "sdk_client_exception"}) {
		t.Error(err)
	}
}
