package preflight_test

import (
	"slices"
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/diagnose"
	"snapferry/steps/preflight"
	"snapferry/steps/spec"
)

// TestWhatIsNotReadRefutesNothing: a policy that nobody here may read holds no
// denial that could be seen, and may hold any.
func TestWhatIsNotReadRefutesNothing(t *testing.T) {
	w := newWorld(t)
	w.bucket(steps.Source, "")
	w.role(steps.Target, account.RoleSpec{Name: "reader"})
	key := w.key(steps.Source)
	w.must(w.account(steps.Source).PutBucketEncryption(w.ctx, bucketName, account.Encryption{Algorithm: "aws:kms", KeyARN: key.String()}))
	const store = `{"error":{"type":"repository_verification_exception","reason":"[snapferry] path [mig] is not accessible on cluster-manager node","caused_by":{"type":"s3_exception","reason":"Access Denied (Service: S3, Status Code: 403, Request ID: x)"}},"status":500}`
	lock := "User: arn:aws:sts::222222222222:assumed-role/reader/swift is not authorized to perform: kms:Decrypt on resource: " + key.String() + " because no resource-based policy allows the kms:Decrypt action"
	for _, c := range []struct {
		words, cause string
		between      between
		verdict      steps.Verdict
	}{
		{store, "bucket-denies", nil, steps.Refuted},
		{store, "bucket-denies", without(bucketName, "policy"), ""},
		{store, "bucket-policy-missing", without(bucketName, "policy"), ""},
		{lock, "key-conditions", nil, steps.Refuted},
		{lock, "key-conditions", targets("kms.", "GetKeyPolicy"), ""},
	} {
		d := preflight.Confirm(w.ctx, w.facts(row{spec: named(steps.Target, "reader"), between: c.between}), diagnose.Text(c.words), diagnose.Of(c.words))
		i := slices.IndexFunc(d.Causes, func(x steps.Cause) bool { return x.ID == c.cause })
		if i < 0 || d.Causes[i].Verdict != c.verdict {
			t.Errorf("%s should be %q, unread: %t\n%s", c.cause, c.verdict, c.between != nil, told(d))
		}
	}
}

// TestWhoIsMappedIsNotMappedOtherwise: the signer's own name is no slip of it.
func TestWhoIsMappedIsNotMappedOtherwise(t *testing.T) {
	w := openWorld(t, kinds(sandbox.AccessIAMMaster, sandbox.AccessInternalMaster))
	person := w.person(steps.Source, account.RoleSpec{Name: "ops", Path: "/team/"}, may("Allow", `"es:*"`, `"*"`))
	w.mapping(steps.Source, func(*spec.Spec) {}, "manage_snapshots", "backend_roles", person.String())
	words := "no permissions for [cluster:admin/repository/put] and User [name=" + person.String() + ", backend_roles=[" + person.String() + "], requestedTenant=null]"
	w.is(signing(steps.Source, person), words, "mapped-otherwise", steps.Refuted, "is mapped to "+person.String())
}
