package diagnose

import (
	"slices"
	"strings"
	"testing"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

// verification is a failed registration around its innermost cause, as real nodes
// nest it.
func verification(kind, reason string) string {
	return strings.NewReplacer("TYPE", kind, "REASON", reason).Replace(`{"error":{"root_cause":[{"type":"repository_verification_exception","reason":"[ferry] path [mig] is not accessible on cluster-manager node"}],"type":"repository_verification_exception","reason":"[ferry] path [mig] is not accessible on cluster-manager node","caused_by":{"type":"i_o_exception","reason":"Unable to upload object [mig/tests-x/master.dat] using a single upload","caused_by":{"type":"TYPE","reason":"REASON"}}},"status":500}`)
}

const (
	swift      = "User: arn:aws:sts::671402871606:assumed-role/cp-sts-grant-role/swift-eu-west-1-prod-111111111111 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111111111111:role/"
	reader     = "User: arn:aws:sts::222222222222:assumed-role/ferry-target/swift"
	sourceKey  = "arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	unmappedAs = `no permissions for [cluster:admin/repository/put] and User [name=arn:aws:iam::111111111111:role/Signer, backend_roles=[arn:aws:iam::111111111111:role/Signer], requestedTenant=null]`
)

// cards are the faults the sandbox can have, each by the bodies it leaves.
var cards = []struct {
	id, layer, body string
	// first says that nothing else leaves these words more often.
	first bool
}{
	{"unmapped-signer", layerFGAC, `{"error":{"root_cause":[{"type":"security_exception","reason":"` + unmappedAs + `"}],"type":"security_exception","reason":"` + unmappedAs + `"},"status":403}`, true},
	{"unmapped-signer", layerPassRole, `{"Message":"User: anonymous is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111111111111:role/ferry"}`, false},
	{"unmapped-signer", layerPassRole, `{"Message":"User: arn:aws:iam::111111111111:user/jo or anonymous is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111111111111:role/ferry"}`, false},
	{"pass-role-missing", layerPassRole, `{"Message":"User: arn:aws:iam::111111111111:user/jo is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111111111111:role/ferry"}`, true},
	{"trust-mismatch", layerAssume, verification("sts_exception", swift+"ferry (Service: Sts, Status Code: 403, Request ID: x)"), false},
	{"role-name-case", layerAssume, verification("sts_exception", swift+"FERRY (Service: Sts, Status Code: 403, Request ID: x)"), true},
	{"bucket-policy-missing", layerS3, verification("s3_exception", "Access Denied (Service: S3, Status Code: 403, Request ID: x)"), false},
	{"bucket-policy-missing", layerS3, verification("amazon_s3_exception", "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: x)"), false},
	{"security-index-in-restore", layerProtected, `{"error":{"root_cause":[{"type":"security_exception","reason":"no permissions for [] and User [name=x, backend_roles=[arn:aws:iam::222222222222:user/jo], requestedTenant=]"}],"type":"security_exception","reason":"no permissions for [] and User [name=x, backend_roles=[arn:aws:iam::222222222222:user/jo], requestedTenant=]"},"status":403}`, true},
	{"security-manager-missing", layerFGAC, `{"status":"FORBIDDEN","message":"No permission to access REST API: User jo with Security roles [all_access] does not have any role privileged for admin access. No ssl info found in request."}`, true},
	{"key-not-shared", layerKMS, verification("s3_exception", reader+" is not authorized to perform: kms:Decrypt on resource: "+sourceKey+" because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access (Service: S3, Status Code: 403, Request ID: x)"), true},
	{"key-not-shared", layerKMS, `{"message":"` + reader + ` is not authorized to perform: kms:Decrypt on resource: ` + sourceKey + ` because no identity-based policy allows the kms:Decrypt action"}`, false},
}

// TestFaultCards: the card's cause is among those of its body, and first once
// somebody has looked.
func TestFaultCards(t *testing.T) {
	for _, c := range cards {
		for name, d := range map[string]steps.Diagnosis{"pasted": Text(c.body), "answered": Error(failure.Parse(0, []byte(c.body)))} {
			at := slices.IndexFunc(d.Causes, func(x steps.Cause) bool { return x.ID == c.id })
			if d.Unknown || d.Layer != c.layer || at < 0 || c.first != (at == 0) {
				t.Errorf("%s, %s: layer %s, place %d of %v", c.id, name, d.Layer, at, ids(d))
				continue
			}
			looked := Weigh(d, Of(c.body), func(cause string, _ Subject) Seen {
				if cause == c.id {
					return Seen{Verdict: steps.Confirmed, What: steps.T("seen")}
				}
				return Seen{}
			})
			if looked.Causes[0].ID != c.id || looked.Causes[0].Confirm.String() != "seen" || len(looked.Causes) != len(d.Causes) {
				t.Errorf("%s, %s: looked at, %v", c.id, name, ids(looked))
			}
		}
	}
}

func ids(d steps.Diagnosis) (out []string) {
	for _, c := range d.Causes {
		out = append(out, c.ID)
	}
	return out
}

// TestFieldReports: what hurt the authors of the reports, in the words they met.
func TestFieldReports(t *testing.T) {
	for _, c := range []struct{ report, body, layer, id string }{
		{"0, the console", `{"Message":"User: anonymous is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/TheSnapshotRole"}`, layerPassRole, "unsigned"},
		{"0, pain 1", `{"Message":"User: arn:aws:iam::111122223333:user/jo or anonymous is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/TheSnapshotRole"}`, layerPassRole, "pass-role-missing"},
		{"0, an unmapped signer", "no permissions for [cluster:admin/repository/put]", layerFGAC, "unmapped-signer"},
		{"0, pain 2", "security_exception: no permissions for [] and User [name=x, backend_roles=[arn:aws:iam::444455556666:user/jo], requestedTenant=]", layerProtected, "security-index-in-restore"},
		{"0, a blank after a comma", `{"error":{"root_cause":[{"type":"index_not_found_exception","reason":"no such index [ -.opendistro_security]"}],"type":"index_not_found_exception","reason":"no such index [ -.opendistro_security]"},"status":404}`, layerClient, "blank-in-list"},
		{"0, an unknown name", "index_not_found_exception: no such index [movies]", layerClient, "index-missing"},
		{"0, global state", "no permissions for [cluster:admin/snapshot/restore]", layerProtected, "global-state"},
		{"0, creating with an exclusion", "no such index [-.opendistro_security]", layerClient, "leading-exclusion"},
		{"1, a mistyped repository", `{"error":{"root_cause":[{"type":"repository_missing_exception","reason":"[my-snapshot-repo-name] missing"}],"type":"repository_missing_exception","reason":"[my-snapshot-repo-name] missing"},"status":404}`, layerRepository, "repository-missing"},
		{"2", article2, layerAssume, "role-name-case"},
		{"3", `{"status":"FORBIDDEN","message":"No permission to access REST API: User arn:aws:iam::111122223333:user/jo with Security roles [all_access] does not have any role privileged for admin access. No ssl info found in request."}`, layerFGAC, "security-manager-missing"},
		{"4", "An error occurred (AccessControlListNotSupported) when calling the PutObject operation: The bucket does not allow ACLs", layerS3, "acl-sent"},
	} {
		if d := Text(c.body); d.Unknown || d.Layer != c.layer || d.Causes[0].ID != c.id {
			t.Errorf("report %s: layer %s, %v", c.report, d.Layer, ids(d))
		}
	}
}

// TestInnermostDecides: what stands around the cause may have rules of its own.
func TestInnermostDecides(t *testing.T) {
	for name, c := range map[string]struct{ body, id string }{
		"the store in a restore":      {`{"error":{"type":"snapshot_restore_exception","reason":"[r:s] cannot restore index [a] because an open index with same name already exists in the cluster","caused_by":{"type":"s3_exception","reason":"Access Denied (Service: S3, Status Code: 403)"}},"status":500}`, "role-s3-rights"},
		"the role in a listing":       {`{"error":{"type":"snapshot_missing_exception","reason":"[r:s] is missing","caused_by":{"type":"sts_exception","reason":"` + swift + `ferry (Service: Sts, Status Code: 403)"}},"status":404}`, "role-name-case"},
		"nothing known inside":        {`{"error":{"type":"repository_missing_exception","reason":"[r] missing","caused_by":{"type":"odd_exception","reason":"wibble"}},"status":404}`, "repository-missing"},
		"known only as a whole":       {`{"error":{"type":"repository_verification_exception","reason":"[r] path [p] is not accessible on master node","caused_by":{"type":"i_o_exception","reason":"Access Denied"}},"status":500}`, "role-s3-rights"},
		"a balancer's page":           {"HTTP/1.1 504 Gateway Time-out\n\n<html><head><title>504 Gateway Time-out</title></head></html>", "no-answer"},
		"a balancer's page by itself": {"<html><head><title>503 Service Temporarily Unavailable</title></head></html>", "cluster-unsteady"},
	} {
		if d := Text(c.body); d.Unknown || d.Causes[0].ID != c.id {
			t.Errorf("%s: %v", name, ids(d))
		}
	}
}
