package metadata_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/sandbox/fixture"
	"snapferry/awsx/sandbox/metadata"
	"snapferry/awsx/sandbox/world"
)

// lab asks the service as a machine would.
type lab struct {
	*fixture.Fixture
	s *metadata.Service
}

func newLab(t *testing.T) lab {
	f := fixture.New(t)
	f.Role(fixture.Source, "/", "bastion", fixture.Trusting("Service", "ec2.amazonaws.com", ""))
	f.Role(fixture.Target, "/team/", "runner", fixture.Trusting("Service", "ecs-tasks.amazonaws.com", ""))
	f.Role(fixture.Target, "/", "pod", fixture.Trusting("Service", "pods.eks.amazonaws.com", ""))
	return lab{f, metadata.New(f.World, f.Gate, fixture.Region, "pod token")}
}

// ask sends a request to a URL; headers are pairs.
func (l lab) ask(method, url string, headers ...string) (int, string) {
	l.T.Helper()
	r := httptest.NewRequest(method, url, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	h := l.s.Route(r.URL.Hostname(), r)
	if h == nil {
		return 0, ""
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// on is the login of a machine.
func on(account, role string) []string {
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(account, role)
	return []string{"Proxy-Authorization", r.Header.Get("Authorization")}
}

const (
	imds  = "http://169.254.169.254/latest"
	roles = imds + "/meta-data/iam/security-credentials/"
)

func (l lab) token(seconds string, headers ...string) string {
	l.T.Helper()
	status, token := l.ask("PUT", imds+"/api/token", append(headers, "X-aws-ec2-metadata-token-ttl-seconds", seconds)...)
	if status != 200 || token == "" {
		l.T.Fatalf("%d %s", status, token)
	}
	return token
}

// TestTokens is version 2 of the service: nothing is told without one.
func TestTokens(t *testing.T) {
	l := newLab(t)
	ttl := "X-aws-ec2-metadata-token-ttl-seconds"
	for name, tc := range map[string]struct {
		method  string
		headers []string
		status  int
	}{
		"no life":          {"PUT", nil, 400},
		"no number":        {"PUT", []string{ttl, "long"}, 400},
		"too long a life":  {"PUT", []string{ttl, "21601"}, 400},
		"none at all":      {"PUT", []string{ttl, "0"}, 400},
		"the longest":      {"PUT", []string{ttl, "21600"}, 200},
		"read":             {"GET", []string{ttl, "60"}, 405},
		"from the outside": {"PUT", []string{ttl, "60", "X-Forwarded-For", "10.0.0.1"}, 403},
	} {
		if status, body := l.ask(tc.method, imds+"/api/token", tc.headers...); status != tc.status {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	good := l.token("60")
	for name, tc := range map[string]struct {
		token  string
		status int
	}{"none": {"", 401}, "a wrong one": {"AAAA", 401}, "changed": {strings.ToLower(good), 401}, "a good one": {good, 200}} {
		if status, body := l.ask("GET", roles, "X-aws-ec2-metadata-token", tc.token); status != tc.status || status == 200 && body != "bastion" {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	if status, _ := l.ask("GET", roles, append(on("target", "runner"), "X-aws-ec2-metadata-token", good)...); status != 401 {
		t.Errorf("the token of another machine: %d", status)
	}
	l.Clock.Move(61 * time.Second)
	if status, _ := l.ask("GET", roles, "X-aws-ec2-metadata-token", good); status != 401 {
		t.Errorf("a token that has ended: %d", status)
	}
}

// TestInstanceGetsItsRole: the same credentials until they near their end.
func TestInstanceGetsItsRole(t *testing.T) {
	l := newLab(t)
	get := func(path string, headers ...string) (int, map[string]string) {
		t.Helper()
		status, body := l.ask("GET", path, append(headers, "X-aws-ec2-metadata-token", l.token("600", headers...))...)
		out := map[string]string{}
		_ = json.Unmarshal([]byte(body), &out)
		return status, out
	}
	_, first := get(roles + "bastion")
	caller, secret, err := l.Gate.Key(first["AccessKeyId"], first["Token"])
	if err != nil || secret != first["SecretAccessKey"] || first["Code"] != "Success" || first["Type"] != "AWS-HMAC" || first["Expiration"] != "2026-11-22T16:00:00Z" {
		t.Fatalf("%v, %v", first, err)
	}
	if session := caller.Session.String(); !strings.HasPrefix(session, "arn:aws:sts::111111111111:assumed-role/bastion/i-0") {
		t.Errorf("it is %s", session)
	}
	l.Clock.Move(4 * time.Hour)
	if _, again := get(roles + "bastion"); again["AccessKeyId"] != first["AccessKeyId"] {
		t.Error("credentials change with every look")
	}
	l.Clock.Move(time.Hour + time.Minute)
	if _, next := get(roles + "bastion"); next["AccessKeyId"] == first["AccessKeyId"] || next["Code"] != "Success" {
		t.Errorf("credentials that near their end stay: %v", next)
	}
	if status, _ := get(roles+"none", on("target", "none")...); status != 404 {
		t.Errorf("an instance without a role: %d", status)
	}
	if _, out := get(roles+"runner", on("target", "runner")...); out["Code"] != "AssumeRoleUnauthorizedAccess" || !strings.HasPrefix(out["Message"], "EC2 cannot assume the role runner.") {
		t.Errorf("a role that does not trust instances: %v", out)
	}
	if _, info := get(imds + "/meta-data/iam/info"); info["InstanceProfileArn"] != "arn:aws:iam::111111111111:instance-profile/bastion" {
		t.Errorf("%v", info)
	}
	if _, doc := get(imds + "/dynamic/instance-identity/document"); doc["accountId"] != "111111111111" || doc["region"] != "eu-west-1" {
		t.Errorf("%v", doc)
	}
	if status, _ := get(imds + "/meta-data/none"); status != 404 {
		t.Errorf("a path that leads nowhere: %d", status)
	}
}

func TestContainers(t *testing.T) {
	l := newLab(t)
	task := "http://169.254.170.2" + metadata.TaskPath("target", "runner")
	pod := "http://127.0.0.1:1234" + metadata.PodPath("target", "pod")
	for name, tc := range map[string]struct {
		url     string
		headers []string
		status  int
		want    string
	}{
		"task":                       {task, nil, 200, `"RoleArn":"arn:aws:iam::222222222222:role/team/runner"`},
		"role that is not a task's":  {"http://169.254.170.2" + metadata.TaskPath("source", "bastion"), nil, 400, "InvalidIdInRequest"},
		"role that is not there":     {"http://169.254.170.2" + metadata.TaskPath("target", "none"), nil, 400, "InvalidIdInRequest"},
		"role in other case":         {"http://169.254.170.2" + metadata.TaskPath("target", "RUNNER"), nil, 400, "InvalidIdInRequest"},
		"account that is not there":  {"http://169.254.170.2" + metadata.TaskPath("none", "runner"), nil, 400, "InvalidIdInRequest"},
		"no role":                    {"http://169.254.170.2/", nil, 400, "No Credential ID"},
		"pod":                        {pod, []string{"Authorization", "pod token"}, 200, `"AccountId":"222222222222"`},
		"pod without its token":      {pod, nil, 401, "Unauthorized"},
		"pod with another token":     {pod, []string{"Authorization", "other"}, 401, "Unauthorized"},
		"nothing of a machine's":     {"http://127.0.0.1:1234/_cat/indices", nil, 0, ""},
		"nothing that anybody knows": {"http://10.0.0.1/latest/meta-data/", nil, 0, ""},
	} {
		if status, body := l.ask("GET", tc.url, tc.headers...); status != tc.status || !strings.Contains(body, tc.want) {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	if status, _ := l.ask("POST", task); status != 405 {
		t.Errorf("POST: %d", status)
	}
	// Whoever deletes the role takes its sessions with it.
	_, body := l.ask("GET", task)
	var c struct{ AccessKeyId, Token string }
	if err := json.Unmarshal([]byte(body), &c); err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.Gate.Key(c.AccessKeyId, c.Token); err != nil {
		t.Error(err)
	}
	l.Write(func(s *world.State) { delete(s.Accounts[fixture.Target].Roles, "runner") })
	if _, _, err := l.Gate.Key(c.AccessKeyId, c.Token); err == nil {
		t.Error("the session has outlived its role")
	}
}
