package session_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
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
	sso := filepath.Join(t.TempDir(), "sso")
	if err := os.WriteFile(sso, []byte("[profile s]\nsso_start_url = https://x\nsso_region = eu-west-1\nsso_account_id = 1\nsso_role_name = r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		base session.Base
		o    session.Options
	}{
		"empty environment":      {session.Base{Kind: session.BaseEnvironment}, session.Options{Getenv: environ()}},
		"isolated environment":   {session.Base{Kind: session.BaseEnvironment}, session.Options{Isolated: true, Getenv: environ("AWS_ACCESS_KEY_ID", "x")}},
		"no such profile":        {session.Base{Kind: session.BaseProfile, Profile: "nobody"}, session.Options{ConfigFiles: []string{sso}, CredentialsFiles: []string{sso}}},
		"no such profile, alone": {session.Base{Kind: session.BaseProfile, Profile: "nobody"}, session.Options{Isolated: true}},
		"isolated SSO":           {session.Base{Kind: session.BaseProfile, Profile: "s"}, session.Options{Isolated: true, ConfigFiles: []string{sso}}},
		"no keys":                {session.Base{Kind: session.BaseKeys}, session.Options{}},
		"no task role":           {session.Base{Kind: session.BaseTask}, session.Options{Getenv: environ()}},
		"nothing chosen":         {session.Base{}, session.Options{}},
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
