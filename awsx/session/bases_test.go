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

// ambient puts an AWS environment around the test that must never be used when isolated.
func ambient(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAAMBIENT")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "s")
	t.Setenv("AWS_SESSION_TOKEN", "ambient-token")
	t.Setenv("AWS_PROFILE", "")
	t.Setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
	t.Setenv("AWS_CA_BUNDLE", "")
	t.Setenv("AWS_REGION", "us-west-2")
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(t.TempDir(), "none"))
}

func TestIsolatedIgnoresTheEnvironment(t *testing.T) {
	ambient(t)
	file := filepath.Join(t.TempDir(), "config")
	body := "[profile keys]\naws_access_key_id = AKIAFILE\naws_secret_access_key = s\n" +
		"[profile role]\nsource_profile = keys\nrole_arn = arn:aws:iam::333333333333:role/jump\n"
	if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		base session.Base
		want string
	}{
		"keys":            {typed("AKIATYPED"), "GetCallerIdentity by AKIATYPED"},
		"sandbox":         {session.Base{Kind: session.BaseSandbox, Keys: typed("AKIASAND").Keys}, "GetCallerIdentity by AKIASAND"},
		"profile":         {session.Base{Kind: session.BaseProfile, Profile: "keys"}, "GetCallerIdentity by AKIAFILE"},
		"profile of role": {session.Base{Kind: session.BaseProfile, Profile: "role"}, "GetCallerIdentity by ASIAjump token-jump"},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fakeSTS{arn: userARN, expires: time.Now().Add(time.Hour)}
			s := open(t, f, session.Identity{Base: tc.base}, session.Options{Isolated: true, ConfigFiles: []string{file}})
			if _, err := s.WhoAmI(context.Background()); err != nil {
				t.Fatal(err)
			}
			if got := f.log()[len(f.log())-1]; got != "sts.eu-west-1.amazonaws.com "+tc.want {
				t.Errorf("asked %q", got)
			}
		})
	}
}

func TestEnvironmentIsTakenAndNothingElse(t *testing.T) {
	ambient(t)
	t.Setenv("AWS_ENDPOINT_URL", "")
	f := &fakeSTS{arn: userARN}
	id := session.Identity{Base: session.Base{Kind: session.BaseEnvironment}}
	if _, err := open(t, f, id, session.Options{}).WhoAmI(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := f.log()[0]; got != "sts.eu-west-1.amazonaws.com GetCallerIdentity by AKIAAMBIENT ambient-token" {
		t.Errorf("asked %q", got)
	}
}

func TestWhatCannotBeOpened(t *testing.T) {
	none := func(string) string { return "" }
	env := func(k, v string) func(string) string {
		return func(n string) string { return map[string]string{k: v}[n] }
	}
	sso := filepath.Join(t.TempDir(), "sso")
	if err := os.WriteFile(sso, []byte("[profile s]\nsso_start_url = https://x\nsso_region = eu-west-1\nsso_account_id = 1\nsso_role_name = r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		base session.Base
		o    session.Options
	}{
		"empty environment":       {session.Base{Kind: session.BaseEnvironment}, session.Options{Getenv: none}},
		"isolated environment":    {session.Base{Kind: session.BaseEnvironment}, session.Options{Isolated: true, Getenv: env("AWS_ACCESS_KEY_ID", "x")}},
		"no such profile":         {session.Base{Kind: session.BaseProfile, Profile: "nobody"}, session.Options{ConfigFiles: []string{sso}, CredentialsFiles: []string{sso}}},
		"no such profile, alone":  {session.Base{Kind: session.BaseProfile, Profile: "nobody"}, session.Options{Isolated: true}},
		"isolated SSO":            {session.Base{Kind: session.BaseProfile, Profile: "s"}, session.Options{Isolated: true, ConfigFiles: []string{sso}}},
		"no keys":                 {session.Base{Kind: session.BaseKeys}, session.Options{}},
		"no task role":            {session.Base{Kind: session.BaseTask}, session.Options{Getenv: none}},
		"task role from anywhere": {session.Base{Kind: session.BaseTask}, session.Options{Getenv: env("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://evil.example/")}},
		"nothing chosen":          {session.Base{}, session.Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := session.Open(context.Background(), network.New(network.Options{Isolated: true}), session.Identity{Base: tc.base}, "eu-west-1", tc.o)
			var e *session.Error
			if !errors.As(err, &e) || e.Summary.IsZero() || e.Fix.IsZero() {
				t.Fatalf("got %v", err)
			}
			if !needsLogin(err) || failure.Of(err).Kind != failure.Credentials {
				t.Errorf("it is %s", failure.Of(err).Kind)
			}
		})
	}
}

func TestMFAWithNobodyToAsk(t *testing.T) {
	s := open(t, &fakeSTS{}, session.Identity{Base: typed("AKIA1"), Chain: []session.Link{
		{RoleARN: arn(t, "arn:aws:iam::333333333333:role/jump"), MFASerial: "arn:aws:iam::1:mfa/ann"},
	}}, session.Options{Isolated: true})
	if _, err := s.WhoAmI(context.Background()); !needsLogin(err) {
		t.Errorf("got %v", err)
	}
}

// metadata answers like the EC2 and the container endpoint, and notes the token it was shown.
type metadata struct{ token string }

func (m *metadata) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := func(status int, body string) (*http.Response, error) {
		h := http.Header{"Content-Type": {"application/json"}, "X-Aws-Ec2-Metadata-Token-Ttl-Seconds": {"60"}}
		return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	}
	creds := `{"Code":"Success","AccessKeyId":"ASIAHOST","SecretAccessKey":"s","Token":"t","Expiration":"` + time.Now().Add(time.Hour).UTC().Format(time.RFC3339) + `"}`
	switch {
	case r.URL.Host == "169.254.169.254" && r.URL.Path == "/latest/api/token":
		return answer(200, "imds-token")
	case r.URL.Host == "169.254.169.254" && r.Header.Get("X-Aws-Ec2-Metadata-Token") != "imds-token":
		return answer(401, "")
	case strings.HasSuffix(r.URL.Path, "/security-credentials/"):
		return answer(200, "host-role")
	case strings.HasSuffix(r.URL.Path, "/security-credentials/host-role"):
		return answer(200, creds)
	case r.URL.Host == "169.254.170.2" || r.URL.Host == "127.0.0.1:81":
		m.token = r.Header.Get("Authorization")
		return answer(200, creds)
	}
	return answer(404, "")
}

func TestRolesOfTheHost(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("from-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := func(kv ...string) func(string) string {
		return func(n string) string {
			for i := 0; i < len(kv); i += 2 {
				if kv[i] == n {
					return kv[i+1]
				}
			}
			return ""
		}
	}
	for name, tc := range map[string]struct {
		kind  session.BaseKind
		env   func(string) string
		token string
	}{
		"instance":     {session.BaseInstance, env(), ""},
		"ECS":          {session.BaseTask, env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/1"), ""},
		"pod identity": {session.BaseTask, env("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:81/v1/credentials", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file), "from-file"},
		"plain token":  {session.BaseTask, env("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:81/x", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "word"), "word"},
	} {
		t.Run(name, func(t *testing.T) {
			m := &metadata{}
			s := open(t, m, session.Identity{Base: session.Base{Kind: tc.kind}}, session.Options{Getenv: tc.env})
			c, err := s.Credentials().Retrieve(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if c.AccessKeyID != "ASIAHOST" || c.SessionToken != "t" || !c.CanExpire || m.token != tc.token {
				t.Errorf("key %s, token %q, authorization %q", c.AccessKeyID, c.SessionToken, m.token)
			}
		})
	}
}
