package failure_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"snapferry/awsx/failure"
)

// texts are sentences AWS and the engine are known to write, as far as they are
// documented or were met in public reports, with the shape they come in.
var texts = []struct {
	status int
	shape  string // "Message", "message", "engine TYPE", "xml CODE", or the security API's word
	text   string
	want   failure.Kind
}{
	{403, "Message", "User: arn:aws:iam::1:user/u is not authorized to perform: es:ESHttpPut because no identity-based policy allows the es:ESHttpPut action", failure.Denied},
	{403, "Message", "User: arn:aws:iam::1:user/u is not authorized to perform: es:ESHttpPut because no resource-based policy allows the es:ESHttpPut action", failure.Denied},
	{403, "Message", "User: anonymous is not authorized to perform: es:ESHttpGet", failure.Denied},
	{403, "Message", "User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: es:ESHttpGet with an explicit deny in a service control policy", failure.Denied},
	{403, "Message", "User: arn:aws:iam::1:user/u is not authorized to perform: iam:PassRole on resource: arn:aws:iam::1:role/r", failure.Denied},
	{401, "Message", "settings.role_arn is needed for snapshot registration.", failure.Invalid},
	{401, "Message", "Your request: '/_close' is not allowed by Amazon Elasticsearch Service.", failure.Invalid},
	{403, "Message", "Request throttled due to too many requests", failure.Throttled},
	{429, "message", "Too Many Requests", failure.Throttled},
	{403, "message", "The request signature we calculated does not match the signature you provided.", failure.Signature},
	{403, "message", "Signature expired: 20250131T120000Z is now earlier than 20250131T121000Z (20250131T121500Z - 5 min.)", failure.Signature},
	{403, "message", "Signature not yet current: 20250131T123000Z is still later than 20250131T121500Z", failure.Signature},
	{403, "message", "Credential should be scoped to a valid region, not 'us-east-1'.", failure.Signature},
	{403, "message", "The security token included in the request is expired", failure.Expired},
	{403, "message", "The security token included in the request is invalid.", failure.Credentials},
	{403, "xml ExpiredToken", "The provided token has expired.", failure.Expired},
	{403, "xml InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", failure.Credentials},
	{403, "xml RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", failure.Signature},
	{400, "xml AuthorizationHeaderMalformed", "The authorization header is malformed; the region 'a' is wrong; expecting 'b'", failure.Signature},
	{400, "xml AccessControlListNotSupported", "The bucket does not allow ACLs", failure.Invalid},
	{400, "xml MalformedPolicy", "Invalid principal in policy", failure.Invalid},
	{503, "xml SlowDown", "Please reduce your request rate.", failure.Throttled},
	{409, "xml BucketNotEmpty", "The bucket you tried to delete is not empty", failure.Conflict},
	{409, "xml OperationAborted", "A conflicting conditional operation is currently in progress against this resource.", failure.Conflict},
	{409, "CONFLICT", "[rolesmapping]: version conflict, required seqNo [13], primary term [1]. current document has seqNo [14] and primary term [1]", failure.Conflict},
	{404, "NOT_FOUND", "rolesmapping 'manage_snapshots' not found.", failure.Missing},
	{403, "FORBIDDEN", "Resource 'manage_snapshots' is static.", failure.Denied},
	{403, "engine security_exception", "no permissions for [cluster:admin/repository/put] and User [name=u, backend_roles=[r], requestedTenant=null]", failure.Denied},
	{403, "engine security_exception", "no permissions for [] and User [name=u, backend_roles=[r], requestedTenant=null]", failure.Denied},
	{500, "engine repository_verification_exception", "[r] path [p] is not accessible on master node", failure.Service},
	{503, "engine process_cluster_event_timeout_exception", "failed to process cluster event (put_repository) within 30s", failure.Service},
	{503, "engine master_not_discovered_exception", "null", failure.Service},
	{404, "engine index_not_found_exception", "no such index [-.opendistro_security]", failure.Missing},
	{400, "engine validation_exception", "Validation Failed: 1: expected total copies needs to be a multiple of total awareness attributes [3];", failure.Invalid},
	{500, "engine a_w_s_security_token_service_exception", "User: u is not authorized to perform: sts:AssumeRole on resource: r (Service: AWSSecurityTokenService; Status Code: 403; Error Code: AccessDenied; Request ID: 1)", failure.Denied},
	{500, "engine amazon_s3_exception", "The specified key does not exist. (Service: Amazon S3; Status Code: 404; Error Code: NoSuchKey; Request ID: 1)", failure.Missing},
	{500, "engine s3_exception", "User: u is not authorized to perform: kms:Decrypt on resource: k (Service: S3, Status Code: 403, Request ID: 1)", failure.Denied},
	{500, "engine s3_exception", "Please reduce your request rate. (Service: S3, Status Code: 503, Request ID: 1)", failure.Service},
}

func TestKnownTexts(t *testing.T) {
	for _, tc := range texts {
		f := failure.FromResponse("", "", tc.status, nil, []byte(shaped(tc.shape, tc.text)))
		if busy := tc.status == 503 || tc.status == 429 || tc.want == failure.Throttled || strings.Contains(tc.text, "Status Code: 503"); f.Transient != (busy || tc.shape == "xml OperationAborted" || tc.shape == "CONFLICT") {
			t.Errorf("%d %s %q is transient: %v", tc.status, tc.shape, f.Message, f.Transient)
		}
		if f.Kind != tc.want || f.Message != tc.text {
			t.Errorf("%d %s %q is %s, want %s", tc.status, tc.shape, f.Message, f.Kind, tc.want)
		}
	}
}

func shaped(shape, text string) string {
	var kind string
	if n, _ := fmt.Sscanf(shape, "engine %s", &kind); n == 1 {
		b, _ := json.Marshal(map[string]any{"error": map[string]any{"type": kind, "reason": text, "root_cause": []any{map[string]any{"type": kind, "reason": text}}}})
		return string(b)
	}
	if n, _ := fmt.Sscanf(shape, "xml %s", &kind); n == 1 {
		return "<Error><Code>" + kind + "</Code><Message>" + text + "</Message></Error>"
	}
	if strings.ToUpper(shape) == shape {
		return `{"status":"` + shape + `","message":"` + text + `"}`
	}
	b, _ := json.Marshal(map[string]string{shape: text})
	return string(b)
}

// FuzzParse: whatever comes, it is something, and nothing of it is made up.
func FuzzParse(f *testing.F) {
	for _, tc := range texts {
		f.Add(tc.status, []byte(shaped(tc.shape, tc.text)))
	}
	for _, s := range []string{"", "{", "[]", "null", `{"error":null}`, `{"error":{"caused_by":{"caused_by":{}}}}`, `{"error":{"root_cause":[{}],"failed_shards":[{}]}}`, "<a", "<Error/>", "nested: A[", "\xff"} {
		f.Add(0, []byte(s))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		got := failure.Parse(status, body)
		if got.Kind == "" || got.Error() == "" || len(got.Body) > 64<<10 {
			t.Errorf("%d %q is %+v", status, body, got)
		}
		if status != 0 && got.Status != status {
			t.Errorf("status %d became %d", status, got.Status)
		}
		if len(got.Chain) > 0 && got.Innermost().Reason != "" && got.Message != got.Innermost().Reason {
			t.Errorf("%q: message %q, innermost %q", body, got.Message, got.Innermost().Reason)
		}
	})
}
