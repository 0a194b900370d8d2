package session_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/session"
)

const sharedConfig = `[default]
region = eu-west-1

[profile acme-prod]
role_arn = arn:aws:iam::111122223333:role/Admin
source_profile = default
region = eu-west-2

[profile with-sso]
sso_session = acme
sso_account_id = 444455556666
sso_role_name = Deploy
; [profile commented]

[profile lost]
role_arn = arn:aws:iam::999988887777:role/Admin
source_profile = nowhere

[sso-session acme]
sso_start_url = https://acme.example
sso_region = eu-west-1
[profile
`

func TestProfiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, body string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	env := map[string]string{
		"AWS_CONFIG_FILE":             write("config", sharedConfig),
		"AWS_SHARED_CREDENTIALS_FILE": write("credentials", "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n[keys-alone]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"),
	}
	got, err := session.Profiles(context.Background(), session.Options{Getenv: func(k string) string { return env[k] }})
	want := []session.Profile{
		{Name: "default", Region: "eu-west-1"},
		{Name: "acme-prod", Region: "eu-west-2", Account: "111122223333"},
		{Name: "keys-alone"},
		{Name: "lost"},
		{Name: "with-sso", Account: "444455556666"},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	for name, o := range map[string]session.Options{
		"isolated": {Isolated: true, Getenv: func(k string) string { return env[k] }},
		"no files": {Getenv: func(string) string { return filepath.Join(dir, "nothing") }},
	} {
		if got, err := session.Profiles(context.Background(), o); len(got) > 0 || err != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if _, err := session.Profiles(context.Background(), session.Options{Getenv: func(string) string { return dir }}); err == nil {
		t.Error("a folder was read as a file")
	}
}
