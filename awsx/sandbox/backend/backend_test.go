package backend_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox/backend"
)

func TestIdentityTravelsByContext(t *testing.T) {
	const arn = "arn:aws:iam::111111111111:role/team/signer"
	for name, want := range map[string]backend.Identity{
		"signed":    backend.IAM(arn),
		"internal":  backend.Internal("admin"),
		"anonymous": backend.Anonymous(),
	} {
		t.Run(name, func(t *testing.T) {
			got := backend.IdentityFrom(backend.WithIdentity(context.Background(), want))
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestForgottenIdentityIsAnonymous(t *testing.T) {
	if id := backend.IdentityFrom(context.Background()); !id.None || id.Name != "" || len(id.BackendRoles) != 0 {
		t.Errorf("a context without identity gave %+v", id)
	}
}

func TestStoreErrorWords(t *testing.T) {
	const id = "79104EXAMPLEB723"
	for name, tc := range map[string]struct {
		err                            backend.StoreError
		kind, reason, oldKind, oldText string
	}{
		"denied by S3": {
			backend.StoreError{Service: "S3", Code: "AccessDenied", Message: "Access Denied", Status: 403, RequestID: id},
			"s3_exception", "Access Denied (Service: S3, Status Code: 403, Request ID: " + id + ")",
			"amazon_s3_exception", "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: " + id + ")",
		},
		"no bucket": {
			backend.StoreError{Service: "S3", Code: "NoSuchBucket", Message: "The specified bucket does not exist", Status: 404, RequestID: id},
			"no_such_bucket_exception", "The specified bucket does not exist (Service: S3, Status Code: 404, Request ID: " + id + ")",
			"amazon_s3_exception", "The specified bucket does not exist (Service: Amazon S3; Status Code: 404; Error Code: NoSuchBucket; Request ID: " + id + ")",
		},
		"no key": {
			backend.StoreError{Service: "S3", Code: "NoSuchKey", Message: "gone", Status: 404, RequestID: id},
			"no_such_key_exception", "gone (Service: S3, Status Code: 404, Request ID: " + id + ")",
			"amazon_s3_exception", "gone (Service: Amazon S3; Status Code: 404; Error Code: NoSuchKey; Request ID: " + id + ")",
		},
		"trust": {
			backend.StoreError{Service: "Sts", Code: "AccessDenied", Message: "no", Status: 403, RequestID: id},
			"sts_exception", "no (Service: Sts, Status Code: 403, Request ID: " + id + ")",
			"a_w_s_security_token_service_exception", "no (Service: AWSSecurityTokenService; Status Code: 403; Error Code: AccessDenied; Request ID: " + id + ")",
		},
		"key": {
			backend.StoreError{Service: "Kms", Code: "AccessDeniedException", Message: "no", Status: 400, RequestID: id},
			"kms_exception", "no (Service: Kms, Status Code: 400, Request ID: " + id + ")",
			"a_w_s_k_m_s_exception", "no (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; Request ID: " + id + ")",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := []string{tc.err.Type(), tc.err.Reason(), tc.err.LegacyType(), tc.err.LegacyReason()}
			want := []string{tc.kind, tc.reason, tc.oldKind, tc.oldText}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
			if counted := tc.err.CountedReason(); counted != tc.reason+" (SDK Attempt Count: 1)" {
				t.Errorf("OpenSearch 3 prints %q", counted)
			}
		})
	}
}
