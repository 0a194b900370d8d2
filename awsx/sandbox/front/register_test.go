package front_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/fixture"
	"snapferry/awsx/sandbox/front"
	"snapferry/awsx/sandbox/world"
)

func reader(body string) io.ReadCloser { return io.NopCloser(bytes.NewReader([]byte(body))) }

const plain = `{"type":"s3","settings":{"bucket":"b","region":"eu-west-1","role_arn":"` + role + `"}}`

// passing allows PassRole on a role for one service.
func passing(arn, service string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:PassRole","Resource":"` + arn + `","Condition":{"StringEquals":{"iam:PassedToService":"` + service + `"}}}]}`
}

func TestRegistering(t *testing.T) {
	l := newLab(t)
	put := fixture.Allow("es:ESHttpPut es:ESHttpPost", every)
	const ann = `{"Message":"User: arn:aws:iam::111111111111:user/ann is not authorized to perform: iam:PassRole on resource: `
	const noRole = `{"Message":"settings.role_arn is needed for snapshot registration."}`
	foreign := strings.Replace(plain, "111111111111", "222222222222", 1)
	for name, tc := range map[string]struct {
		policies   []string
		body, path string
		method     string
		status     int
		want       string
	}{
		"passed":                    {policies: []string{put, fixture.Allow("iam:PassRole", role)}},
		"passed by POST":            {policies: []string{put, fixture.Allow("iam:PassRole", role)}, method: "POST"},
		"passed to the service":     {policies: []string{put, passing(role, "es.amazonaws.com")}},
		"passed to another service": {policies: []string{put, passing(role, "ec2.amazonaws.com")}, status: 403, want: ann + role + `"}`},
		"not passed":                {policies: []string{put}, status: 403, want: ann + role + `"}`},
		"another role passed":       {policies: []string{put, fixture.Allow("iam:PassRole", role+"x")}, status: 403, want: ann + role + `"}`},
		"another case passed":       {policies: []string{put, fixture.Allow("iam:PassRole", strings.ToUpper(role))}, status: 403, want: ann + role + `"}`},
		"role of another account":   {policies: []string{fixture.Admin}, body: foreign, status: 403, want: ann + `arn:aws:iam::222222222222:role/snap"}`},
		"no ARN at all":             {policies: []string{fixture.Admin}, body: `{"type":"s3","settings":{"role_arn":"snap"}}`, status: 403, want: ann + `snap"}`},
		"no role":                   {policies: []string{fixture.Admin}, body: `{"type":"s3","settings":{"bucket":"b"}}`, status: 401, want: noRole},
		"misspelt":                  {policies: []string{fixture.Admin}, body: `{"type":"s3","settings":{"roleArn":"` + role + `"}}`, status: 401, want: noRole},
		"role beside the settings":  {policies: []string{fixture.Admin}, body: `{"type":"s3","role_arn":"` + role + `"}`, status: 401, want: noRole},
		"no body":                   {policies: []string{fixture.Admin}, body: " ", status: 401, want: noRole},
		"no JSON":                   {policies: []string{fixture.Admin}, body: "{", status: 401, want: noRole},
		"no right to put":           {policies: []string{fixture.Allow("iam:PassRole", role)}, status: 403, want: `{"Message":"User: arn:aws:iam::111111111111:user/ann is not authorized to perform: es:ESHttpPut because no identity-based policy allows the es:ESHttpPut action"}`},
		"the service's own name":    {policies: []string{fixture.Admin}, path: "/_snapshot/cs-mine", status: 401, want: `{"Message":"Your request: '/_snapshot/cs-mine' is not allowed by Amazon Elasticsearch Service."}`},
		"not S3":                    {policies: []string{fixture.Admin}, body: strings.Replace(plain, `"s3"`, `"fs"`, 1), status: 401, want: `{"Message":"Your request: '/_snapshot/r' is not allowed by Amazon Elasticsearch Service."}`},
	} {
		t.Run(name, func(t *testing.T) {
			q := l.signed(tc.policies...)
			q.method, q.path, q.body = orElse(tc.method, "PUT"), orElse(tc.path, "/_snapshot/r"), orElse(tc.body, plain)
			if tc.status == 0 {
				l.check(t, q, 200, "engine")
				if l.engine.body != q.body {
					t.Errorf("the engine got %s", l.engine.body)
				}
				return
			}
			l.check(t, q, tc.status, tc.want)
		})
	}
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func TestRegisteringWithoutSignature(t *testing.T) {
	l := newLab(t)
	l.domain(func(d *world.Domain) { d.AccessPolicy, d.Security.Enabled = openPolicy, true })
	const want = `{"Message":"User: anonymous is not authorized to perform: iam:PassRole on resource: ` + role + `"}`
	for _, path := range []string{"/_snapshot/r", "//_snapshot//r", "/_snapshot/r/", "/%5Fsnapshot/r"} {
		l.check(t, request{method: "PUT", path: path, body: plain}, 403, want)
	}
	l.check(t, request{method: "PUT", path: "/_snapshot/r", body: plain, header: map[string]string{"Authorization": "Basic YWRtaW46cHc="}}, 403, want)
}

func TestSignerOfAnotherAccountCannotPass(t *testing.T) {
	l := newLab(t)
	l.domain(func(d *world.Domain) { d.AccessPolicy = openPolicy })
	key, secret := l.User(fixture.Target, "bob", fixture.Admin)
	for _, ours := range []string{role, strings.Replace(role, "111111111111", "222222222222", 1)} {
		body := strings.Replace(plain, role, ours, 1)
		l.check(t, request{method: "PUT", path: "/_snapshot/r", body: body, key: key, secret: secret}, 403,
			`{"Message":"User: arn:aws:iam::222222222222:user/bob is not authorized to perform: iam:PassRole on resource: `+ours+`"}`)
	}
}

func TestEndpointIsDropped(t *testing.T) {
	l := newLab(t)
	q := l.signed(fixture.Admin)
	q.method, q.path = "PUT", "/_snapshot/r"
	q.body = `{"type":"s3","verify":true,"settings":{"bucket":"b","endpoint":"http://127.0.0.1:1","role_arn":"` + role + `","readonly":true}}`
	l.check(t, q, 200, "engine")
	if want := `{"settings":{"bucket":"b","readonly":true,"role_arn":"` + role + `"},"type":"s3","verify":true}`; l.engine.body != want {
		t.Errorf("the engine got %s", l.engine.body)
	}
	if int(l.engine.request.ContentLength) != len(l.engine.body) {
		t.Errorf("length %d", l.engine.request.ContentLength)
	}
}

func TestServiceAssumesTheRole(t *testing.T) {
	l := newLab(t)
	trust := func(condition string) string { return fixture.Trusting("Service", "es.amazonaws.com", condition) }
	const refused = "User: arn:aws:sts::671402871606:assumed-role/cp-sts-grant-role/swift-eu-west-1-prod-111111111111 is not authorized to perform: sts:AssumeRole on resource: "
	for name, tc := range map[string]struct {
		trust, ask, software string
		allowed              bool
	}{
		"trusted":                       {trust: trust(""), allowed: true},
		"source conditions":             {trust: trust(`{"StringEquals":{"aws:SourceAccount":"111111111111"},"ArnLike":{"aws:SourceArn":"` + domain + `"}}`), allowed: true},
		"other domain":                  {trust: trust(`{"ArnLike":{"aws:SourceArn":"` + domain + `-2"}}`)},
		"copied from the other account": {trust: trust(`{"StringEquals":{"aws:SourceAccount":"222222222222"}}`)},
		"software without the keys":     {trust: trust(`{"StringEquals":{"aws:SourceAccount":"111111111111"}}`), software: "OpenSearch_1_0_R20210816"},
		"old software, no conditions":   {trust: trust(""), software: "R20210816", allowed: true},
		"other service":                 {trust: fixture.Trusting("Service", "opensearch.amazonaws.com", "")},
		"the service's other name":      {trust: fixture.Trusting("Service", "opensearchservice.amazonaws.com", ""), allowed: true},
		"account only":                  {trust: fixture.Trusting("AWS", "111111111111", "")},
		"other case":                    {trust: trust(""), ask: strings.Replace(role, "snap", "SNAP", 1)},
		"path left out":                 {trust: trust(""), ask: strings.Replace(role, "role/", "role/team/", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			l.Role(fixture.Source, "/", "snap", tc.trust)
			l.domain(func(d *world.Domain) { d.Software = orElse(tc.software, "OpenSearch_2_19_R20250625") })
			ask := orElse(tc.ask, role)
			caller, err := front.Assume(l.Gate, l.front.Domain, ask)
			if tc.allowed {
				if err != nil || caller.Principal.String() != role || caller.Session.Type() != "assumed-role" {
					t.Errorf("%+v, %v", caller, err)
				}
				return
			}
			var got *backend.StoreError
			if !errors.As(err, &got) {
				t.Fatalf("assumed: %v", err)
			}
			got.RequestID = ""
			if d := cmp.Diff(&backend.StoreError{Service: "Sts", Code: "AccessDenied", Status: 403, Message: refused + ask}, got); d != "" {
				t.Error(d)
			}
		})
	}
	if _, err := front.Assume(l.Gate, l.front.Domain, "arn:aws:iam::111111111111:role/ghost"); err == nil {
		t.Error("a role that does not exist was assumed")
	}
}
