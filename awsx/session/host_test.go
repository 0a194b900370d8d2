package session_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/failure"
	"snapferry/awsx/network"
	"snapferry/awsx/session"
)

// metadata answers like the EC2 and the container endpoint, and notes who was
// asked and the token that was shown.
type metadata struct {
	token string
	asked map[string]bool
	// old is a service of the first version only, silent is one that answers nothing.
	old, silent bool
}

func (m *metadata) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := func(status int, body string) (*http.Response, error) {
		h := http.Header{"Content-Type": {"application/json"}, "X-Aws-Ec2-Metadata-Token-Ttl-Seconds": {"60"}}
		return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	}
	creds := `{"Code":"Success","AccessKeyId":"ASIAHOST","SecretAccessKey":"s","Token":"t","Expiration":"` + time.Now().Add(time.Hour).UTC().Format(time.RFC3339) + `"}`
	if m.asked == nil {
		m.asked = map[string]bool{}
	}
	m.asked[r.URL.Host] = true
	container := r.URL.Host == "169.254.170.2" || strings.HasSuffix(r.URL.Host, ":81")
	switch {
	case m.silent && container:
		return answer(400, `{"code":"InvalidIdInRequest","message":"CredentialsV2Request: Credentials not found","HTTPErrorCode":400}`)
	case m.silent, m.old && r.URL.Path == "/latest/api/token":
		return answer(404, "")
	case r.URL.Path == "/latest/api/token":
		return answer(200, "imds-token")
	case !container && !m.old && r.Header.Get("X-Aws-Ec2-Metadata-Token") != "imds-token":
		return answer(401, "")
	case strings.HasSuffix(r.URL.Path, "/security-credentials/"):
		return answer(200, "host-role")
	case strings.HasSuffix(r.URL.Path, "/security-credentials/host-role"):
		return answer(200, creds)
	case container:
		m.token = r.Header.Get("Authorization")
		return answer(200, creds)
	}
	return answer(404, "")
}

// environ is an environment of these pairs.
func environ(kv ...string) func(string) string {
	return func(n string) string {
		for i := 0; i < len(kv); i += 2 {
			if kv[i] == n {
				return kv[i+1]
			}
		}
		return ""
	}
}

// noise is an environment that leads elsewhere; in isolation nobody looks at it.
var noise = environ(
	"AWS_EC2_METADATA_DISABLED", "true", "AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9",
	"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:9/x", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "other",
)

func TestRolesOfTheHost(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("from-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		kind  session.BaseKind
		o     session.Options
		host  string
		token string
	}{
		"instance":            {session.BaseInstance, session.Options{Getenv: environ()}, "169.254.169.254", ""},
		"instance, IPv6":      {session.BaseInstance, session.Options{Getenv: environ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ipv6")}, "[fd00:ec2::254]", ""},
		"instance, elsewhere": {session.BaseInstance, session.Options{Getenv: environ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:80")}, "127.0.0.1:80", ""},
		"instance of a world": {session.BaseInstance, session.Options{Isolated: true, Getenv: noise, Host: session.Host{Metadata: "http://169.254.169.254"}}, "169.254.169.254", ""},
		"ECS":                 {session.BaseTask, session.Options{Getenv: environ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/1")}, "169.254.170.2", ""},
		"pod identity":        {session.BaseTask, session.Options{Getenv: environ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:81/v1/credentials", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file)}, "127.0.0.1:81", "from-file"},
		"plain token":         {session.BaseTask, session.Options{Getenv: environ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost:81/x", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "word")}, "localhost:81", "word"},
		"task of a world":     {session.BaseTask, session.Options{Isolated: true, Getenv: noise, Host: session.Host{Task: "http://169.254.170.2/v2/credentials/source/worker"}}, "169.254.170.2", ""},
		"pod of a world":      {session.BaseTask, session.Options{Isolated: true, Getenv: noise, Host: session.Host{Task: "http://127.0.0.1:81/v1/credentials/source/pod", TaskToken: session.NewSecret("shown")}}, "127.0.0.1:81", "shown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("AWS_EC2_METADATA_DISABLED", "true") // the process's own is not what was given
			m := &metadata{}
			s := open(t, m, session.Identity{Base: session.Base{Kind: tc.kind}}, tc.o)
			c, err := s.Credentials().Retrieve(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if c.AccessKeyID != "ASIAHOST" || c.SessionToken != "t" || !c.CanExpire || m.token != tc.token || !m.asked[tc.host] || len(m.asked) != 1 {
				t.Errorf("key %s, authorization %q, asked %v", c.AccessKeyID, m.token, m.asked)
			}
		})
	}
}

// TestHostsThatGiveNoRole: what is switched off or absent is said at once, and
// the first version of the service is never fallen back to.
func TestHostsThatGiveNoRole(t *testing.T) {
	for name, tc := range map[string]struct {
		kind session.BaseKind
		o    session.Options
		says string
	}{
		"switched off":             {session.BaseInstance, session.Options{Getenv: environ("AWS_EC2_METADATA_DISABLED", "True")}, "AWS_EC2_METADATA_DISABLED"},
		"no such mode":             {session.BaseInstance, session.Options{Getenv: environ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv5")}, "IPv5"},
		"isolated instance":        {session.BaseInstance, session.Options{Isolated: true, Getenv: noise}, "no instance role"},
		"isolated task":            {session.BaseTask, session.Options{Isolated: true, Getenv: noise}, "no task role"},
		"a task's role by a name":  {session.BaseTask, session.Options{Getenv: environ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://evil.example/")}, "no task role"},
		"a task's role by no path": {session.BaseTask, session.Options{Getenv: environ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "https://")}, "no task role"},
		"a task's role by a file":  {session.BaseTask, session.Options{Getenv: environ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "file://localhost/x")}, "no task role"},
	} {
		_, err := session.Open(context.Background(), network.New(network.Options{Isolated: true}), session.Identity{Base: session.Base{Kind: tc.kind}}, "eu-west-1", tc.o)
		var e *session.Error
		if !errors.As(err, &e) || !strings.Contains(e.Summary.String(), tc.says) || e.Fix.IsZero() {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, tc := range map[string]struct {
		m    *metadata
		kind session.BaseKind
		fix  string
	}{
		"only the first version": {&metadata{old: true}, session.BaseInstance, "hop limit of 2"},
		"nothing there":          {&metadata{silent: true}, session.BaseInstance, "hop limit of 2"},
		"no task":                {&metadata{silent: true}, session.BaseTask, "AWS_CONTAINER_"},
	} {
		s := open(t, tc.m, session.Identity{Base: session.Base{Kind: tc.kind}}, session.Options{Getenv: environ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")})
		_, err := s.Credentials().Retrieve(context.Background())
		var e *session.Error
		if !errors.As(err, &e) || !strings.Contains(e.Fix.String(), tc.fix) || failure.Of(err).Kind != failure.Credentials {
			t.Errorf("%s: %v", name, err)
		}
	}
}
