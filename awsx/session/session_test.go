package session_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
	"snapferry/awsx/network"
	"snapferry/awsx/session"
)

// fakeSTS answers GetCallerIdentity with what was asked of it and by whom, and
// hands out keys named after the role for AssumeRole.
type fakeSTS struct {
	mu      sync.Mutex
	asked   []string // "HOST Action by KEY[ token]"
	forms   []url.Values
	arn     string
	refuse  string // error code for every call
	expires time.Time
}

func (f *fakeSTS) RoundTrip(r *http.Request) (*http.Response, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	_, key, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	key, _, _ = strings.Cut(key, "/")
	line := r.URL.Host + " " + form.Get("Action") + " by " + key
	if tok := r.Header.Get("X-Amz-Security-Token"); tok != "" {
		line += " " + tok
	}
	f.asked, f.forms = append(f.asked, line), append(f.forms, form)
	status, out := 200, ""
	switch {
	case f.refuse != "":
		status, out = 403, `<ErrorResponse><Error><Code>`+f.refuse+`</Code><Message>no</Message></Error></ErrorResponse>`
	case form.Get("Action") == "AssumeRole":
		name := form.Get("RoleArn")[strings.LastIndex(form.Get("RoleArn"), "/")+1:]
		out = fmt.Sprintf(`<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA%s</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>token-%s</SessionToken><Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
			name, name, f.expires.UTC().Format(time.RFC3339))
	default:
		out = `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>` + f.arn + `</Arn><UserId>AIDA1</UserId><Account>111111111111</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"text/xml"}}, Body: io.NopCloser(strings.NewReader(out)), Request: r}, nil
}

func (f *fakeSTS) log() []string { f.mu.Lock(); defer f.mu.Unlock(); return f.asked }

const userARN = "arn:aws:iam::111111111111:user/ops/ann"

func typed(key string) session.Base {
	return session.Base{Kind: session.BaseKeys, Keys: session.Keys{AccessKeyID: key, Secret: session.NewSecret("s")}}
}

func open(t *testing.T, f http.RoundTripper, id session.Identity, o session.Options) *session.Session {
	t.Helper()
	s, err := session.Open(context.Background(), network.New(network.Options{Isolated: true, RoundTripper: f}), id, "eu-west-1", o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func arn(t *testing.T, s string) awsid.ARN {
	t.Helper()
	a, err := awsid.ParseARN(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestWhoAmI(t *testing.T) {
	end := time.Now().Add(time.Hour).Truncate(time.Second).UTC()
	const role = "arn:aws:iam::111111111111:role/team/deploy"
	for name, tc := range map[string]struct {
		says      string
		chain     []session.Link
		principal string
		known     bool
		expires   bool
	}{
		"user":            {userARN, nil, userARN, true, false},
		"root":            {"arn:aws:iam::111111111111:root", nil, "arn:aws:iam::111111111111:root", true, false},
		"role, unchained": {"arn:aws:sts::111111111111:assumed-role/deploy/x", nil, "arn:aws:iam::111111111111:role/deploy", false, false},
		"role, chained":   {"arn:aws:sts::111111111111:assumed-role/deploy/x", []session.Link{{RoleARN: arn(t, role)}}, role, true, true},
		"other account's": {"arn:aws:sts::111111111111:assumed-role/deploy/x", []session.Link{{RoleARN: arn(t, "arn:aws:iam::222222222222:role/team/deploy")}}, "arn:aws:iam::111111111111:role/deploy", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fakeSTS{arn: tc.says, expires: end}
			w, err := open(t, f, session.Identity{Base: typed("AKIA1"), Chain: tc.chain}, session.Options{Isolated: true}).WhoAmI(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if w.Account != "111111111111" || w.ARN.String() != tc.says || w.UserID != "AIDA1" || w.Provider == "" {
				t.Errorf("%+v", w)
			}
			if w.Principal.String() != tc.principal || w.PathKnown != tc.known || w.Expires.IsZero() == tc.expires {
				t.Errorf("principal %s (path known %v), expires %v", w.Principal, w.PathKnown, w.Expires)
			}
			for _, line := range f.log() {
				if !strings.HasPrefix(line, "sts.eu-west-1.amazonaws.com ") {
					t.Errorf("not the regional endpoint: %s", line)
				}
			}
		})
	}
}

func TestChainIsWalkedInOrder(t *testing.T) {
	f := &fakeSTS{arn: userARN, expires: time.Now().Add(time.Hour)}
	asked := ""
	s := open(t, f, session.Identity{Base: typed("AKIA1"), Chain: []session.Link{
		{RoleARN: arn(t, "arn:aws:iam::333333333333:role/jump"), ExternalID: "x-1", SessionName: "me", MFASerial: "arn:aws:iam::1:mfa/ann"},
		{RoleARN: arn(t, "arn:aws:iam::111111111111:role/work"), Duration: 30 * time.Minute},
	}}, session.Options{Isolated: true, MFA: func(_ context.Context, serial string) (string, error) { asked = serial; return "123456", nil }})
	for range 2 { // the second call finds the sessions in the cache
		if _, err := s.WhoAmI(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	const host = "sts.eu-west-1.amazonaws.com "
	want := []string{
		host + "AssumeRole by AKIA1", host + "AssumeRole by ASIAjump token-jump",
		host + "GetCallerIdentity by ASIAwork token-work", host + "GetCallerIdentity by ASIAwork token-work",
	}
	if d := cmp.Diff(want, f.log()); d != "" {
		t.Error(d)
	}
	first, second := f.forms[0], f.forms[1]
	if first.Get("ExternalId") != "x-1" || first.Get("RoleSessionName") != "me" || first.Get("TokenCode") != "123456" || asked != "arn:aws:iam::1:mfa/ann" || first.Get("DurationSeconds") != "3600" {
		t.Errorf("first link: %v", first)
	}
	if second.Has("ExternalId") || second.Get("RoleSessionName") != "snapferry" || second.Get("DurationSeconds") != "1800" {
		t.Errorf("second link: %v", second)
	}
}

func TestRenewAndReplace(t *testing.T) {
	f := &fakeSTS{arn: userARN, expires: time.Now().Add(time.Hour)}
	s := open(t, f, session.Identity{Base: typed("AKIA1"), Chain: []session.Link{{RoleARN: arn(t, "arn:aws:iam::333333333333:role/jump")}}}, session.Options{Isolated: true})
	use := func() {
		if _, err := s.Credentials().Retrieve(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	use()
	s.Renew()
	use()
	s.Replace(typed("AKIA2").Keys)
	use()
	const host = "sts.eu-west-1.amazonaws.com AssumeRole by "
	if d := cmp.Diff([]string{host + "AKIA1", host + "AKIA1", host + "AKIA2"}, f.log()); d != "" {
		t.Error(d)
	}
	if s.Identity().Base.Keys.AccessKeyID != "AKIA2" {
		t.Error("the identity does not show the new key")
	}
}

func TestLoginInAnotherWindow(t *testing.T) {
	file := filepath.Join(t.TempDir(), "credentials")
	write := func(key string) {
		body := "[p]\naws_access_key_id = " + key + "\naws_secret_access_key = s\n"
		if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, isolated := range map[string]bool{"ambient": false, "isolated": true} {
		t.Run(name, func(t *testing.T) {
			ambient(t)
			t.Setenv("AWS_ENDPOINT_URL", "")
			write("AKIAOLD")
			f := &fakeSTS{arn: userARN, refuse: "ExpiredToken"}
			s := open(t, f, session.Identity{Base: session.Base{Kind: session.BaseProfile, Profile: "p"}},
				session.Options{Isolated: isolated, ConfigFiles: []string{filepath.Join(t.TempDir(), "none")}, CredentialsFiles: []string{file}})
			_, err := s.WhoAmI(context.Background())
			if !needsLogin(err) || failure.Of(err).Kind != failure.Expired {
				t.Fatalf("an expired token gave %v", err)
			}
			write("AKIANEWER") // what a login writes
			f.refuse = ""
			if _, err := s.WhoAmI(context.Background()); err != nil {
				t.Fatal(err)
			}
			if last := f.log()[len(f.log())-1]; !strings.HasSuffix(last, "by AKIANEWER") {
				t.Errorf("the new login is not used: %s", last)
			}
		})
	}
}

// needsLogin says that a new login makes err go away.
func needsLogin(err error) bool { return err != nil && failure.Of(err).NeedsLogin() }
