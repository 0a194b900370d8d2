//go:build judges

package sandbox_test

import (
	"context"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"snapferry/awsx/sandbox"
)

// seoul is article 0: two accounts, a bucket between them. The source's master is
// an internal user, the target's an IAM identity.
type seoul struct {
	*replay
	s *sandbox.Sandbox
	// ahead is how much later it is in the sandbox.
	ahead atomic.Int64
}

func newSeoul(t *testing.T) *seoul {
	a := &seoul{}
	s, err := sandbox.Open(context.Background(), sandbox.Options{
		Dir: t.TempDir(), Clock: func() time.Time { return time.Now().Add(time.Duration(a.ahead.Load())) },
		Access: map[string]sandbox.AccessKind{"source": sandbox.AccessInternalMaster, "target": sandbox.AccessIAMMaster},
	})
	must(t, err)
	t.Cleanup(func() { shut(t, s) })
	a.replay, a.s = newReplay(t, s, "0"), s
	return a
}

// on makes a domain the one the scripts speak of.
func (a *seoul) on(label string) {
	admin, d := labelled(a.t, a.info, label, label)
	for name, value := range map[string]string{
		"DOMAIN": d.Endpoint, "MASTER": d.Master, "PASSWORD": d.MasterPassword, "KEY": admin.AccessKey, "SECRET": admin.Secret,
	} {
		a.let(name, value)
	}
}

// later lets a time pass that no clock of a client is so far behind that its
// signatures expire.
func (a *seoul) later() { a.ahead.Add(int64(time.Minute)) }

// TestArticle0 goes the eight steps of the article, with its two pains.
func TestArticle0(t *testing.T) {
	a := newSeoul(t)
	a.on("source")
	a.sourceSide()
	a.snapshot()
	a.same(a.script(a.as("source"), "share.sh"), answers{
		"before": {1, "…An error occurred (AccessDenied) when calling the ListObjectsV2 operation: …"},
		"share":  {0, ""},
		"after":  {0, "…indices/\n…index-0\n…index.latest\n…"},
	})
	a.on("target")
	a.same(a.script(a.as("target"), "target.sh"), answers{
		"role-of-the-source": {403, `{"Message":"User: arn:aws:iam::222222222222:user/admin is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111111111111:role/TheSnapshotRole"}`},
		"register":           {200, `{"acknowledged":true}`},
	})
	a.restore()
}

// sourceSide are the bucket, the role and the registration on the source.
func (a *seoul) sourceSide() {
	a.t.Helper()
	made := answer{201, `{"_index":"index-…"result":"created"…`}
	a.same(a.script(a.as("source"), "source.sh"), answers{
		"capitals": {1, "…An error occurred (InvalidBucketName) when calling the CreateBucket operation: The specified bucket is not valid."},
		"bucket":   {0, `…"Location": "http://my-snapshot-bucket.s3.amazonaws.com/"…`}, "index-1": made, "index-2": made, "index-3": made,
	})
	const (
		passRole = " is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111111111111:role/TheSnapshotRole"
		signer   = "arn:aws:iam::111111111111:user/snapshot-signer"
		denied   = `"type":"security_exception","reason":"no permissions for [cluster:admin/repository/put] and User [name=` + signer + `, backend_roles=[` + signer + `], requestedTenant=null]"`
	)
	anonymous := answer{403, `{"Message":"User: anonymous` + passRole + `"}`}
	a.same(a.script(a.as("source"), "register.sh"), answers{
		"without-passrole": {403, `{"Message":"User: ` + signer + passRole + `"}`},
		"unsigned":         anonymous, "with-password": anonymous,
		"not-mapped": {403, `{"error":{"root_cause":[{` + denied + `}],` + denied + `},"status":403}`},
		"role":       {201, `{"status":"CREATED","message":"'snapshot-role' created."}`},
		"mapping":    {201, `{"status":"CREATED","message":"'snapshot-role' created."}`},
		"mapped":     {200, `{"acknowledged":true}`},
	})
}

// snapshot takes it and watches it, running and done.
func (a *seoul) snapshot() {
	a.t.Helper()
	const none = `"type":"index_not_found_exception","reason":"no such index [-.opendistro_security]"`
	a.same(a.script(a.as("source"), "snapshot.sh"), answers{
		"excluding": {404, `{"error":{"root_cause":[{` + none + `,…}],` + none + `,…},"status":404}`},
		"create":    {200, `{"accepted":true}`},
	})
	const name = `{"snapshots":[{"snapshot":"snapshot-2023-11-17",…`
	a.same(a.script(a.as("source"), "watch.sh"), answers{
		"status": {200, name + `"repository":"my-snapshot-repo",…"state":"STARTED",…`},
		"one":    {200, name + `"state":"IN_PROGRESS",…`},
		"all":    {200, name + `"state":"IN_PROGRESS",…`},
		"table":  {200, "snapshot-2023-11-17 IN_PROGRESS"},
	})
	a.later()
	done := answer{200, name + `".opendistro_security"…"index-1"…"include_global_state":true,…"state":"SUCCESS",…"failures":[],…`}
	a.same(a.script(a.as("source"), "watch.sh"), answers{
		"status": {200, `{"snapshots":[]}`}, "one": done, "all": done, "table": {200, "snapshot-2023-11-17 SUCCESS"},
	})
}

// restore fails in all the ways the article and its readers found, and works.
func (a *seoul) restore() {
	a.t.Helper()
	const master = "arn:aws:iam::222222222222:user/admin"
	content := func(permission string) answer {
		why := `"type":"security_exception","reason":"no permissions for [` + permission + `] and User [name=` + master + `, backend_roles=[` + master + `], requestedTenant=null]"`
		return answer{403, `{"error":{"root_cause":[{` + why + `}],` + why + `},"status":403}`}
	}
	missing := func(index string) answer {
		return answer{404, `{"error":{"root_cause":[{"type":"index_not_found_exception","reason":"no such index [` + index + `]",…},"status":404}`}
	}
	accepted := answer{200, `{"accepted":true}`}
	a.same(a.script(a.as("target"), "restore.sh"), answers{
		"exclusions": content(""), "exclusions-as-list": content(""), "everything": content(""), "by-name": content(""),
		"blank": missing(" -.opendistro_security"), "unknown": missing("index-9"), "global-state": content("cluster:admin/snapshot/restore"),
		"list": accepted, "string": accepted,
	})
	a.later()
	want := answers{}
	for n := range 3 {
		for _, name := range []string{"index-", "again-index-"} {
			index := name + strconv.Itoa(n+1)
			want[index] = answer{200, `…"hits":{"total":{"value":1,…"_index":"` + index + `",…"_source":{"n":` + strconv.Itoa(n+1) + `}}]}}`}
		}
	}
	a.same(a.script(a.as("target"), "look.sh"), want)
	a.same(a.script(a.as("target"), "enforced.sh"), answers{
		"verify": {500, `…"type":"repository_verification_exception",…The bucket does not allow ACLs (Service: S3, Status Code: 400, Request ID: …`},
	})
}

// TestArticle0Terraform makes the source's bucket, role and policy as the author
// did. His bucket's name is a placeholder, which S3 would not take.
func TestArticle0Terraform(t *testing.T) {
	s := openAs(t, sandbox.Options{Access: map[string]sandbox.AccessKind{"source": sandbox.AccessPolicy}})
	r := newReplay(t, s, "0")
	_, d := labelled(t, s.Info(), "source", "source")
	r.let("DOMAIN", d.Endpoint)
	tf := r.terraform("source", "main.tf", "trust.json", "policy.json")
	said := answers{"capitals": tf("apply", "-auto-approve", "-target=aws_s3_bucket.snapshots", "-var", "bucket=MySnapshotBucket")}
	said["apply"] = tf("apply", "-auto-approve")
	said["again"] = tf("plan", "-detailed-exitcode")
	r.same(said, answers{
		"capitals": {1, `…only lowercase alphanumeric characters and hyphens allowed in "MySnapshotBucket"…`},
		"apply":    {0, "…Apply complete! Resources: 4 added, 0 changed, 0 destroyed.…"},
		"again":    {0, "…No changes. Your infrastructure matches the configuration.…"},
	})
	r.same(r.script(r.as("source"), "terraformed.sh"), answers{"register": {200, `{"acknowledged":true}`}})
}
