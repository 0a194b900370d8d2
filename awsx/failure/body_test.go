package failure_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/failure"
)

// read is what a table compares of a failure.
type read struct {
	Kind      failure.Kind
	Front     failure.Front
	Code      string
	Message   string
	Transient bool
}

func summary(f *failure.Failure) read {
	return read{f.Kind, f.Front, f.Code, f.Message, f.Transient}
}

const assume = "User: arn:aws:sts::671402871606:assumed-role/cp-sts-grant-role/swift-eu-west-1-prod-111111111111 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111111111111:role/r (Service: Sts, Status Code: 403, Request ID: 7f)"

// verify is what a failed registration looks like, around the innermost cause.
const verify = `{"error":{"root_cause":[{"type":"repository_verification_exception","reason":"[rb] path [mig] is not accessible on cluster-manager node"}],"type":"repository_verification_exception","reason":"[rb] path [mig] is not accessible on cluster-manager node","caused_by":{"type":"i_o_exception","reason":"Unable to upload object [mig/tests-x/master.dat] using a single upload","caused_by":{"type":"TYPE","reason":"REASON"}}},"status":500}`

func nested(kind, reason string) string {
	return strings.NewReplacer("TYPE", kind, "REASON", reason).Replace(verify)
}

var bodies = map[string]struct {
	status int
	body   string
	want   read
}{
	"front denies": {
		403, `{"Message":"User: arn:aws:iam::1:user/x is not authorized to perform: es:ESHttpPut because no identity-based policy allows the es:ESHttpPut action"}`,
		read{failure.Denied, failure.FrontService, "", "User: arn:aws:iam::1:user/x is not authorized to perform: es:ESHttpPut because no identity-based policy allows the es:ESHttpPut action", false},
	},
	"front, signature": {
		403, `{"message":"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method."}`,
		read{failure.Signature, failure.FrontService, "", "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.", false},
	},
	"front, clock": {
		403, `{"message":"Signature expired: 20261122T080000Z is now earlier than 20261122T081000Z (20261122T081500Z - 5 min.)"}`,
		read{failure.Signature, failure.FrontService, "", "Signature expired: 20261122T080000Z is now earlier than 20261122T081000Z (20261122T081500Z - 5 min.)", false},
	},
	"front, expired": {
		403, `{"message":"The security token included in the request is expired"}`,
		read{failure.Expired, failure.FrontService, "", "The security token included in the request is expired", false},
	},
	"front, unknown key": {
		403, `{"message":"The security token included in the request is invalid."}`,
		read{failure.Credentials, failure.FrontService, "", "The security token included in the request is invalid.", false},
	},
	"front, throttled with 403": {
		403, `{"Message":"Request throttled due to too many requests"}`,
		read{failure.Throttled, failure.FrontService, "", "Request throttled due to too many requests", true},
	},
	"front, role_arn with 401": {
		401, `{"Message":"settings.role_arn is needed for snapshot registration."}`,
		read{failure.Invalid, failure.FrontService, "", "settings.role_arn is needed for snapshot registration.", false},
	},
	"front, not offered with 401": {
		401, `{"Message":"Your request: '/_nodes/reload' is not allowed by Amazon Elasticsearch Service."}`,
		read{failure.Invalid, failure.FrontService, "", "Your request: '/_nodes/reload' is not allowed by Amazon Elasticsearch Service.", false},
	},
	"balancer, no body": {504, "", read{failure.Timeout, failure.FrontBalancer, "", "", true}},
	"balancer, HTML": {
		502, "<html><head><title>502 Bad Gateway</title></head></html>",
		read{failure.Service, failure.FrontBalancer, "", "502 Bad Gateway", true},
	},
	"verification, S3 by SDK 2": {
		500, nested("s3_exception", "Access Denied (Service: S3, Status Code: 403, Request ID: 8V)"),
		read{failure.Denied, failure.FrontEngine, "repository_verification_exception", "Access Denied (Service: S3, Status Code: 403, Request ID: 8V)", false},
	},
	"verification, S3 by SDK 1": {
		500, nested("amazon_s3_exception", "The bucket is in this region: eu-west-1. Please use this region to retry the request (Service: Amazon S3; Status Code: 301; Error Code: PermanentRedirect; Request ID: 8V)"),
		read{failure.Invalid, failure.FrontEngine, "repository_verification_exception", "The bucket is in this region: eu-west-1. Please use this region to retry the request (Service: Amazon S3; Status Code: 301; Error Code: PermanentRedirect; Request ID: 8V)", false},
	},
	"verification, role": {
		500, nested("sts_exception", assume),
		read{failure.Denied, failure.FrontEngine, "repository_verification_exception", assume, false},
	},
	"verification, no bucket": {
		500, nested("no_such_bucket_exception", "The specified bucket does not exist (Service: S3, Status Code: 404, Request ID: 8V)"),
		read{failure.Missing, failure.FrontEngine, "repository_verification_exception", "The specified bucket does not exist (Service: S3, Status Code: 404, Request ID: 8V)", false},
	},
	"fine-grained access": {
		403, `{"error":{"root_cause":[{"type":"security_exception","reason":"no permissions for [] and User [name=x]"}],"type":"security_exception","reason":"no permissions for [] and User [name=x]"},"status":403}`,
		read{failure.Denied, failure.FrontEngine, "security_exception", "no permissions for [] and User [name=x]", false},
	},
	"security API": {
		403, `{"status":"FORBIDDEN","message":"No permission to access REST API: User u"}`,
		read{failure.Denied, failure.FrontSecurity, "FORBIDDEN", "No permission to access REST API: User u", false},
	},
	"security API, no mapping": {
		404, `{"status":"NOT_FOUND","message":"Resource 'manage_snapshots' not found."}`,
		read{failure.Missing, failure.FrontSecurity, "NOT_FOUND", "Resource 'manage_snapshots' not found.", false},
	},
	"no identity":  {401, "Unauthorized", read{failure.Credentials, failure.FrontSecurity, "", "Unauthorized", false}},
	"no handler":   {405, `{"error":"Incorrect HTTP method for uri [/x]","status":405}`, read{failure.Invalid, failure.FrontEngine, "", "Incorrect HTTP method for uri [/x]", false}},
	"not JSON":     {400, "{oops", read{failure.Invalid, failure.FrontNone, "", "{oops", false}},
	"JSON, silent": {400, `{"a":1}`, read{failure.Invalid, failure.FrontNone, "", `{"a":1}`, false}},
	"S3 XML": {
		404, `<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>gone</Message><RequestId>1</RequestId></Error>`,
		read{failure.Missing, failure.FrontAWS, "NoSuchKey", "gone", false},
	},
	"IAM XML": {
		409, `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>EntityAlreadyExists</Code><Message>Role with name r already exists.</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
		read{failure.Exists, failure.FrontAWS, "EntityAlreadyExists", "Role with name r already exists.", false},
	},
	"AWS JSON": {
		400, `{"__type":"com.amazonaws.es#ResourceNotFoundException","message":"Domain not found: x"}`,
		read{failure.Missing, failure.FrontAWS, "ResourceNotFoundException", "Domain not found: x", false},
	},
}

func TestFromResponse(t *testing.T) {
	for name, tc := range bodies {
		t.Run(name, func(t *testing.T) {
			got := failure.FromResponse("PUT /_snapshot/rb", "h", tc.status, http.Header{}, []byte(tc.body))
			if d := cmp.Diff(tc.want, summary(got)); d != "" {
				t.Error(d)
			}
			if got.Status != tc.status || got.Host != "h" || string(got.Body) != tc.body {
				t.Errorf("evidence lost: %+v", got)
			}
		})
	}
}

func TestEngineKinds(t *testing.T) {
	for name, tc := range map[string]struct {
		status       int
		kind, reason string
		want         failure.Kind
		transient    bool
	}{
		"same snapshot":      {400, "invalid_snapshot_name_exception", "[r:s] Invalid snapshot name [s], snapshot with the same name already exists", failure.Exists, false},
		"same, running":      {400, "invalid_snapshot_name_exception", "[r:s] Invalid snapshot name [s], snapshot with the same name is already in-progress", failure.Exists, false},
		"bad name":           {400, "invalid_snapshot_name_exception", "[r:S] Invalid snapshot name [S], must be lowercase", failure.Invalid, false},
		"another snapshot":   {503, "concurrent_snapshot_execution_exception", "[r:s] a snapshot is already running", failure.Conflict, true},
		"repository in use":  {500, "illegal_state_exception", "trying to modify or unregister repository that is currently used", failure.Conflict, true},
		"repository missing": {404, "repository_missing_exception", "[r] missing", failure.Missing, false},
		"index open":         {500, "snapshot_restore_exception", "[r:s/u] cannot restore index [a] because an open index with same name already exists in the cluster. Either close", failure.Exists, false},
		"too new":            {500, "snapshot_restore_exception", "[r:s/u] the snapshot was created with OpenSearch version [3.4.0] which is higher than the version of this node [2.19.4]", failure.Invalid, false},
		"shard limit":        {400, "validation_exception", "Validation Failed: 1: this action would add [2] total shards", failure.Invalid, false},
		"heap":               {429, "circuit_breaking_exception", "[parent] Data too large", failure.Throttled, true},
		"no manager":         {503, "cluster_manager_not_discovered_exception", "null", failure.Service, true},
		"write block":        {403, "cluster_block_exception", "index [a] blocked by: [FORBIDDEN/12/index read-only];", failure.Conflict, false},
		"no state yet":       {503, "cluster_block_exception", "blocked by: [SERVICE_UNAVAILABLE/1/state not recovered / initialized];", failure.Service, true},
		"a sort by nothing":  {400, "query_shard_exception", "No mapping found for [n] in order to sort on", failure.Invalid, false},
		"the same, inside":   {0, "query_shard_exception", "No mapping found for [n] in order to sort on", failure.Invalid, false},
		"never met":          {500, "odd_exception", "what", failure.Service, false},
		"login refused":      {401, "security_exception", "missing authentication", failure.Credentials, false},
	} {
		t.Run(name, func(t *testing.T) {
			body := `{"error":{"type":"` + tc.kind + `","reason":"` + tc.reason + `"},"status":1}`
			f := failure.FromResponse("", "", tc.status, nil, []byte(body))
			if f.Kind != tc.want || f.Transient != tc.transient {
				t.Errorf("%s transient=%v, want %s %v", f.Kind, f.Transient, tc.want, tc.transient)
			}
		})
	}
}

// TestAPasswordIsNoLogin: AWS's credentials run out and come back with a login; a
// password that the domain or a proxy refuses stays wrong.
func TestAPasswordIsNoLogin(t *testing.T) {
	for name, tc := range map[string]struct {
		status int
		body   string
		want   failure.Kind
		login  bool
	}{
		"security plugin, plain text":  {401, "Unauthorized", failure.Credentials, false},
		"security plugin, in words":    {401, "Authentication finally failed", failure.Credentials, false},
		"security plugin, of a node":   {401, `{"error":{"type":"security_exception","reason":"missing authentication"},"status":401}`, failure.Credentials, false},
		"proxy":                        {407, "Proxy Authentication Required", failure.Credentials, false},
		"proxy, a page":                {407, "<html><title>407</title></html>", failure.Credentials, false},
		"SSO portal":                   {401, `{"__type":"UnauthorizedException","message":"Session token not found or invalid"}`, failure.Expired, true},
		"STS":                          {401, `{"__type":"Odd","message":"who are you"}`, failure.Credentials, true},
		"a key that AWS does not know": {403, `{"__type":"UnrecognizedClientException","message":"The security token included in the request is invalid."}`, failure.Credentials, true},
		"ran out":                      {403, `{"message":"The security token included in the request is expired"}`, failure.Expired, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := failure.Parse(tc.status, []byte(tc.body))
			if f.Kind != tc.want || f.NeedsLogin() != tc.login || f.Unidentified() == tc.login {
				t.Errorf("%s, needs a login: %v", f.Kind, f.NeedsLogin())
			}
		})
	}
}

func TestChainGoesInwards(t *testing.T) {
	body := `{"error":{"root_cause":[{"type":"b","reason":"2"}],"type":"a","reason":"1","suppressed":[{"type":"s","reason":"beside"}],
	 "caused_by":{"type":"b","reason":"2","suppressed":[{"type":"t","reason":"too","caused_by":{"type":"u","reason":"deep"}}],"caused_by":{"type":"c","reason":"3"}}},"status":503}`
	f := failure.Parse(0, []byte(body))
	if d := cmp.Diff([]failure.Cause{{Type: "a", Reason: "1"}, {Type: "b", Reason: "2"}, {Type: "c", Reason: "3"}}, f.Chain); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]failure.Cause{{Type: "s", Reason: "beside"}, {Type: "t", Reason: "too"}, {Type: "u", Reason: "deep"}}, f.Suppressed); d != "" {
		t.Error(d)
	}
	if f.Status != 503 || f.Message != "3" || f.Innermost().Type != "c" || !f.Has("b") || f.Has("z") {
		t.Errorf("%+v", f)
	}
	shards := failure.Parse(0, []byte(`{"error":{"root_cause":[],"type":"search_phase_execution_exception","reason":"all shards failed","failed_shards":[{"shard":0,"reason":{"type":"x","reason":"in"}}]},"status":400}`))
	if d := cmp.Diff([]failure.Cause{{Type: "search_phase_execution_exception", Reason: "all shards failed"}, {Type: "x", Reason: "in"}}, shards.Chain); d != "" {
		t.Error(d)
	}
}

func TestHeadersAndBounds(t *testing.T) {
	h := http.Header{}
	h.Set("X-Amzn-Requestid", "r-1")
	h.Set("X-Amzn-Errortype", "AccessDeniedException:http://internal.amazon.com/")
	f := failure.FromResponse("op", "host", 403, h, []byte(`{"message":"no"}`))
	if f.RequestID != "r-1" || f.Code != "AccessDeniedException" || f.Error() != "op: 403 AccessDeniedException: no" {
		t.Errorf("%+v: %s", f, f)
	}
	if f := failure.FromResponse("", "", 403, h, []byte(`{"message":"The security token included in the request is expired"}`)); f.Kind != failure.Expired {
		t.Errorf("the words say more than the code, but it is %s", f.Kind)
	}
	if long := failure.Parse(500, []byte(strings.Repeat("x", 1<<20))); len(long.Body) != 64<<10 || len(long.Message) != 500 {
		t.Errorf("kept %d bytes and a message of %d", len(long.Body), len(long.Message))
	}
}
