package s3

import (
	"errors"
	"strings"
	"testing"

	"snapferry/awsx/policy"
)

func statement(parts string) string {
	return `{"Version":"2012-10-17","Statement":[{` + parts + `}]}`
}

const readAll = `"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:user/foreign"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::bkt/*"`

// fewPrincipals knows the people of the fixture alone.
type fewPrincipals struct{}

func (fewPrincipals) Bind(p string) (string, error) {
	if strings.Contains(p, "role/gone") {
		return "", errors.New("no such role")
	}
	return strings.ReplaceAll(p, "user/foreign", "user/FOREIGN"), nil
}

func (fewPrincipals) Show(p string) string {
	return strings.ReplaceAll(p, "user/FOREIGN", "user/foreign")
}

func TestPolicyRoundTrip(t *testing.T) {
	f := newFixture(t)
	f.service.Principals = fewPrincipals{}
	odd := "{ \"Statement\" : [ {" + readAll + "} ] ,\n\"Version\":\"2012-10-17\" }"
	if r := f.do(ask{who: admin, method: "PUT", target: "/bkt?policy", body: odd}); r.status != 204 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if cfg, _ := f.register.Bucket("bkt"); !strings.Contains(cfg.Policy, "user/FOREIGN") {
		t.Errorf("kept unbound: %s", cfg.Policy)
	}
	if r := f.do(ask{who: admin, method: "GET", target: "/bkt?policy"}); r.body != odd {
		t.Errorf("came back as %q", r.body)
	}
	if r := f.do(ask{who: admin, method: "GET", target: "/bkt?policyStatus"}); !strings.Contains(r.body, "<IsPublic>false</IsPublic>") {
		t.Errorf("status: %s", r.body)
	}
	if r := f.do(ask{who: admin, method: "DELETE", target: "/bkt?policy"}); r.status != 204 {
		t.Errorf("delete: %d", r.status)
	}
	if r := f.do(ask{who: admin, method: "GET", target: "/bkt?policy"}); r.status != 404 || r.code != "NoSuchBucketPolicy" || r.message != "The bucket policy does not exist" {
		t.Errorf("after: %+v", r)
	}
}

func TestMalformedPolicies(t *testing.T) {
	f := newFixture(t)
	f.service.Principals = fewPrincipals{}
	with := func(from, to string) string { return statement(strings.Replace(readAll, from, to, 1)) }
	tests := map[string]struct{ doc, message string }{
		"empty":                {"", "Policies must be valid JSON and the first byte must be '{'"},
		"not JSON":             {"hello", "Policies must be valid JSON and the first byte must be '{'"},
		"half":                 {"{", ""},
		"no principal":         {with(`"Principal":{"AWS":"arn:aws:iam::222222222222:user/foreign"},`, ""), "Missing required field Principal"},
		"no action":            {with(`"Action":"s3:GetObject",`, ""), ""},
		"no resource":          {with(`,"Resource":"arn:aws:s3:::bkt/*"`, ""), "Missing required field Resource"},
		"other bucket":         {with("arn:aws:s3:::bkt/*", "arn:aws:s3:::other/*"), "Policy has invalid resource"},
		"longer name":          {with("arn:aws:s3:::bkt/*", "arn:aws:s3:::bkt-2/*"), "Policy has invalid resource"},
		"no ARN":               {with("arn:aws:s3:::bkt/*", "bkt/*"), "Policy has invalid resource"},
		"other service":        {with("s3:GetObject", "es:ESHttpGet"), "Policy has invalid action"},
		"object action alone":  {with("arn:aws:s3:::bkt/*", "arn:aws:s3:::bkt"), "Action does not apply to any resource(s) in statement"},
		"bucket action alone":  {with("s3:GetObject", "s3:ListBucket"), "Action does not apply to any resource(s) in statement"},
		"missing role":         {with("user/foreign", "role/gone"), "Invalid principal in policy"},
		"wildcard inside":      {with("user/foreign", "user/*"), "Invalid principal in policy"},
		"id of a deleted role": {with("arn:aws:iam::222222222222:user/foreign", "AROAEXAMPLEEXAMPLE000"), "Invalid principal in policy"},
		"effect":               {with("Allow", "Perhaps"), ""},
		"version":              {strings.Replace(statement(readAll), "2012-10-17", "2020-01-01", 1), ""},
	}
	for name, tt := range tests {
		r := f.do(ask{who: admin, method: "PUT", target: "/bkt?policy", body: tt.doc})
		if r.status != 400 || r.code != "MalformedPolicy" || tt.message != "" && r.message != tt.message || r.message == "" {
			t.Errorf("%s: %d %s %q", name, r.status, r.code, r.message)
		}
	}
	if cfg, _ := f.register.Bucket("bkt"); cfg.Policy != "" {
		t.Errorf("a policy was kept: %s", cfg.Policy)
	}
	for name, doc := range map[string]string{
		"wildcard bucket": with("arn:aws:s3:::bkt/*", "arn:aws:s3:::bkt*"), "star": with("arn:aws:s3:::bkt/*", "arn:aws:s3:::*"),
		"list and read": with(`"s3:GetObject","Resource":"arn:aws:s3:::bkt/*"`, `["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::bkt","arn:aws:s3:::bkt/*"]`),
		"all actions":   with("s3:GetObject", "s3:*"),
	} {
		if r := f.do(ask{who: admin, method: "PUT", target: "/bkt?policy", body: doc}); r.status != 204 {
			t.Errorf("%s: %d %s", name, r.status, r.message)
		}
	}
}

func TestWhoReachesThePolicy(t *testing.T) {
	f := newFixture(t)
	everything := `"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:user/foreign"},"Action":"s3:*","Resource":["arn:aws:s3:::bkt","arn:aws:s3:::bkt/*"]`
	locked := `"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::bkt","arn:aws:s3:::bkt/*"]`
	steps := []struct {
		who, method, body string
		status            int
	}{
		{foreign, "GET", "", 403},
		{admin, "PUT", statement(everything), 204},
		{foreign, "GET", "", 405}, // allowed, but the bucket is not his
		{foreign, "PUT", statement(everything), 405},
		{nobody, "PUT", statement(everything), 403},
		{admin, "PUT", statement(locked), 204},
		{admin, "GET", "", 403},
		{admin, "DELETE", "", 403},
		{root, "GET", "", 200}, // or the bucket would be lost for good
		{root, "DELETE", "", 204},
		{admin, "GET", "", 404},
	}
	for i, s := range steps {
		if r := f.do(ask{who: s.who, method: s.method, target: "/bkt?policy", body: s.body}); r.status != s.status {
			t.Fatalf("step %d: %d %s, want %d", i, r.status, r.body, s.status)
		}
	}
}

func TestPublicPolicies(t *testing.T) {
	tests := []struct {
		principal, condition string
		public               bool
	}{
		{`"*"`, "", true},
		{`{"AWS":"*"}`, "", true},
		{`{"AWS":["arn:aws:iam::222222222222:root","*"]}`, "", true},
		{`{"AWS":"arn:aws:iam::222222222222:root"}`, "", false},
		{`{"Service":"cloudtrail.amazonaws.com"}`, "", false},
		{`"*"`, `{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}`, false},
		{`"*"`, `{"StringLike":{"aws:PrincipalOrgID":"o-*"}}`, true},
		{`"*"`, `{"StringNotEquals":{"aws:PrincipalOrgID":"o-1"}}`, true},
		{`"*"`, `{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`, false},
		{`"*"`, `{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}`, true},
		{`"*"`, `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::222222222222:role/*"}}`, false},
		{`"*"`, `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/x"}}`, true},
		{`"*"`, `{"Bool":{"aws:SecureTransport":"true"}}`, true},
		{`"*"`, `{"StringEquals":{"aws:SourceVpce":["vpce-1","vpce-2"]}}`, false},
	}
	for _, tt := range tests {
		body := `"Effect":"Allow","Principal":` + tt.principal + `,"Action":"s3:GetObject","Resource":"arn:aws:s3:::bkt/*"`
		if tt.condition != "" {
			body += `,"Condition":` + tt.condition
		}
		doc, err := policy.Parse([]byte(statement(body)))
		if err != nil {
			t.Fatal(err)
		}
		if got := public(doc); got != tt.public {
			t.Errorf("%s %s: public %v, want %v", tt.principal, tt.condition, got, tt.public)
		}
	}
	doc, _ := policy.Parse([]byte(statement(`"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"`)))
	if public(doc) {
		t.Error("a Deny is taken for public")
	}
}

func TestPublicAccessBlock(t *testing.T) {
	f := newFixture(t)
	open := statement(`"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::bkt/*"`)
	f.put("bkt", "k", "x")
	set := func(block PublicAccess) {
		f.bucket("bkt", BucketConfig{Owner: source, Region: "eu-west-1", Ownership: ownerEnforced, Policy: open, PublicAccess: &block})
	}
	get := func(who string) int { return f.do(ask{who: who, method: "GET", target: "/bkt/k"}).status }

	set(PublicAccess{BlockPublicPolicy: true})
	r := f.do(ask{who: admin, method: "PUT", target: "/bkt?policy", body: open})
	if r.status != 403 || r.message != `User: arn:aws:iam::111111111111:user/admin is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::bkt" because public policies are blocked by the BlockPublicPolicy block public access setting.` {
		t.Errorf("blocked: %d %s", r.status, r.message)
	}
	if r := f.do(ask{who: admin, method: "PUT", target: "/bkt?policy", body: statement(readAll)}); r.status != 204 {
		t.Errorf("a policy for one account: %d %s", r.status, r.message)
	}
	set(PublicAccess{})
	if get(unsigned) != 200 || get(foreign) != 200 {
		t.Error("a public bucket is closed")
	}
	set(PublicAccess{RestrictPublicBuckets: true})
	if get(unsigned) != 403 || get(foreign) != 403 || get(nobody) != 200 {
		t.Errorf("restricted: anonymous %d, foreign %d, own %d", get(unsigned), get(foreign), get(nobody))
	}
}
