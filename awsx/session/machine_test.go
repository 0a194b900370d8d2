package session_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/failure"
	"snapferry/awsx/session"
)

// subnet is a closed one: a machine's own metadata answers, and nothing else.
type subnet struct {
	// answers are by path; what has none is not found.
	answers map[string]string
}

func (s subnet) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasPrefix(r.URL.Host, "169.254.") {
		return nil, &net.DNSError{Err: "no such host", Name: r.URL.Host, IsNotFound: true} // which nobody tries again
	}
	status, body := 404, ""
	if a, ok := s.answers[r.URL.Path]; ok {
		status, body = 200, a
	}
	h := http.Header{"Content-Type": {"application/json"}, "X-Aws-Ec2-Metadata-Token-Ttl-Seconds": {"60"}}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// TestMachineSaysWhoItIs: where STS is out of reach, an instance and a task are
// told their role without it, and nobody else is.
func TestMachineSaysWhoItIs(t *testing.T) {
	const keys = `"AccessKeyId":"ASIAHOST","SecretAccessKey":"s","Token":"t","Expiration":"`
	until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339) + `"`
	credentials := `{"Code":"Success",` + keys + until + `}`
	instance := map[string]string{
		"/latest/api/token": "imds-token", "/latest/meta-data/iam/security-credentials/": "bastion\n", "/latest/meta-data/iam/security-credentials/bastion": credentials,
		"/latest/dynamic/instance-identity/document": `{"accountId":"111122223333","instanceId":"i-0abc","region":"eu-west-1"}`,
	}
	nameless := map[string]string{}
	for path, body := range instance {
		if !strings.Contains(path, "dynamic") {
			nameless[path] = body
		}
	}
	task := func(role string) map[string]string {
		return map[string]string{"/v2/credentials/1": `{` + role + keys + until + `}`}
	}
	link := session.Link{RoleARN: arn(t, "arn:aws:iam::111122223333:role/other")}
	for name, tc := range map[string]struct {
		kind    session.BaseKind
		chain   []session.Link
		answers map[string]string
		want    string
	}{
		"instance":               {session.BaseInstance, nil, instance, "arn:aws:sts::111122223333:assumed-role/bastion/i-0abc arn:aws:iam::111122223333:role/bastion"},
		"task":                   {session.BaseTask, nil, task(`"RoleArn":"arn:aws:iam::111122223333:role/team/runner",`), "arn:aws:sts::111122223333:assumed-role/runner/task arn:aws:iam::111122223333:role/runner"},
		"task without its role":  {session.BaseTask, nil, task(""), ""},
		"instance of no account": {session.BaseInstance, nil, nameless, ""},
		"a role on top":          {session.BaseInstance, []session.Link{link}, instance, ""},
		"keys":                   {session.BaseKeys, nil, instance, ""},
	} {
		t.Run(name, func(t *testing.T) {
			id := session.Identity{Base: typed("AKIAME"), Chain: tc.chain}
			id.Base.Kind = tc.kind
			s := open(t, subnet{tc.answers}, id, session.Options{Getenv: environ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/1")})
			who, err := s.WhoAmI(context.Background())
			if tc.want == "" {
				if err == nil || !failure.Is(err, failure.Unreachable) {
					t.Errorf("%+v, %v", who, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := who.ARN.String() + " " + who.Principal.String(); got != tc.want || who.Account != "111122223333" || who.PathKnown || !who.ByMachine {
				t.Errorf("%+v", who)
			}
		})
	}
}
