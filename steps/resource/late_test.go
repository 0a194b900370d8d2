package resource_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/resource"
)

// TestWhoComesBeforeTheDeletion stays: what was ours alone at the last look may not
// be at the deed.
func TestWhoComesBeforeTheDeletion(t *testing.T) {
	b, p := fgac(t, nil)
	ref := mappingRef(observer)
	ours := resource.RoleMapping{Users: []string{signerARN}}.Doc()
	b.must(b.kind(ref.Kind).Write(b.ctx, ref, steps.Absent, ours))
	p.lies["rolesmapping/"+observer]["users"] = []any{signerARN, "late"}
	b.must(b.kind(ref.Kind).Delete(b.ctx, ref, ours))
	if d := cmp.Diff([]any{"late"}, p.lies["rolesmapping/"+observer]["users"]); d != "" {
		t.Error(d)
	}
	b.must(b.kind(ref.Kind).Delete(b.ctx, ref, resource.RoleMapping{Users: []string{"late"}}.Doc()))
	b.must(b.kind(ref.Kind).Delete(b.ctx, ref, ours)) // gone already
	if len(p.lies) > 0 {
		t.Errorf("left: %v", p.lies)
	}
}

// TestStatementsBeforeTheDeletion is the same for a policy.
func TestStatementsBeforeTheDeletion(t *testing.T) {
	b := newBench(t)
	b.must(b.kind(steps.KindBucket).Write(b.ctx, bucketRef(), steps.Absent, wantedBucket().Doc()))
	ref := steps.Ref{Kind: steps.KindBucketPolicy, Side: steps.Source, Name: bucketName}
	ours, late := allow("SnapferryTLSOnly", "s3:GetObject", "arn:aws:s3:::"+bucketName+"/*"), allow("Late", "s3:PutObject", "arn:aws:s3:::"+bucketName+"/*")
	ours.Principal, late.Principal = policy.AWS(userARN), policy.AWS(userARN)
	b.must(b.kind(ref.Kind).Write(b.ctx, ref, steps.Absent, doc(ours, late)))
	b.must(b.kind(ref.Kind).Delete(b.ctx, ref, doc(ours)))
	b.reads(ref, doc(late))
	b.must(b.kind(ref.Kind).Delete(b.ctx, ref, doc(late)))
	b.reads(ref, steps.Absent)
}
