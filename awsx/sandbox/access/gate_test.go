package access_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/fixture"
	"snapferry/awsx/sandbox/world"
)

const snapRole = "arn:aws:iam::111111111111:role/team/snap"

func refusal(t *testing.T, err error) access.Refusal {
	t.Helper()
	var r *access.Refusal
	if !errors.As(err, &r) {
		t.Fatalf("got %v, want a refusal", err)
	}
	return *r
}

var (
	unknown = access.Refusal{Status: 403, Code: "InvalidClientTokenId", Message: "The security token included in the request is invalid."}
	expired = access.Refusal{Status: 403, Code: "ExpiredToken", Message: "The security token included in the request is expired"}
)

func TestLongLivedKeys(t *testing.T) {
	f := fixture.New(t)
	key, secret := f.User(fixture.Source, "ann")
	f.Write(func(s *world.State) {
		a := s.Accounts[fixture.Source]
		a.Keys["AKIAROOT"] = &world.AccessKey{ID: "AKIAROOT", Secret: "r"}
		a.Keys["AKIAOFF"] = &world.AccessKey{ID: "AKIAOFF", User: "ann", Inactive: true}
		a.Keys["AKIAGHOST"] = &world.AccessKey{ID: "AKIAGHOST", User: "nobody"}
	})
	for name, tc := range map[string]struct{ key, token, who, id string }{
		"user":                    {key, "", "arn:aws:iam::111111111111:user/ann", "AIDA"},
		"root":                    {"AKIAROOT", "", "arn:aws:iam::111111111111:root", "1111"},
		"unknown key":             {key: "AKIANOBODY"},
		"inactive key":            {key: "AKIAOFF"},
		"key of a deleted user":   {key: "AKIAGHOST"},
		"token with a user's key": {key: key, token: "x"},
	} {
		t.Run(name, func(t *testing.T) {
			caller, got, err := f.Gate.Key(tc.key, tc.token)
			if tc.who == "" {
				if d := cmp.Diff(unknown, refusal(t, err)); d != "" {
					t.Error(d)
				}
				return
			}
			if err != nil || caller.Principal.String() != tc.who || caller.Session.String() != tc.who || caller.UserID[:4] != tc.id {
				t.Errorf("%+v, %v", caller, err)
			}
			if tc.key == key && got != secret {
				t.Error("another secret")
			}
		})
	}
}

// session gives temporary credentials of the role of the fixture.
func session(f *fixture.Fixture, policies ...string) (out world.Session) {
	f.Write(func(s *world.State) {
		a, r := s.RoleByARN(snapRole)
		out = *s.NewSession(a, r, "me", f.Clock.Now(), time.Hour, policies)
	})
	return out
}

func TestSessions(t *testing.T) {
	f := fixture.New(t)
	trust := fixture.Trusting("Service", "es.amazonaws.com", "")
	f.Role(fixture.Source, "/team/", "snap", trust)
	s := session(f)
	caller, secret, err := f.Gate.Key(s.Key, s.Token)
	if err != nil || secret != s.Secret {
		t.Fatal(err)
	}
	if caller.Principal.String() != snapRole || caller.Session.String() != "arn:aws:sts::111111111111:assumed-role/snap/me" || caller.UserID != s.RoleID+":me" {
		t.Errorf("%+v", caller)
	}
	for name, token := range map[string]string{"no token": "", "wrong token": s.Token[:len(s.Token)-1] + "!"} {
		if _, _, err := f.Gate.Key(s.Key, token); refusal(t, err) != unknown {
			t.Errorf("%s: %v", name, err)
		}
	}
	f.Clock.Move(time.Hour)
	if _, _, err := f.Gate.Key(s.Key, s.Token); refusal(t, err) != expired {
		t.Errorf("after an hour: %v", err)
	}
	again := session(f)
	f.Role(fixture.Source, "/team/", "snap", trust)
	if _, _, err := f.Gate.Key(again.Key, again.Token); refusal(t, err) != unknown {
		t.Errorf("a session outlived its role: %v", err)
	}
}

func TestDecideByIdentity(t *testing.T) {
	f := fixture.New(t)
	const bucket = "arn:aws:s3:::b/k"
	get := fixture.Allow("s3:GetObject", "arn:aws:s3:::b/*")
	for name, tc := range map[string]struct {
		policies []string
		want     policy.Verdict
	}{
		"nothing":          {nil, policy.Implicit},
		"inline":           {[]string{get}, policy.Allow},
		"managed":          {[]string{fixture.Admin}, policy.Allow},
		"denied":           {[]string{get, fixture.Deny("s3:*", "*")}, policy.Deny},
		"damaged document": {[]string{"{"}, policy.Implicit},
	} {
		t.Run(name, func(t *testing.T) {
			key, _ := f.User(fixture.Source, "u", tc.policies...)
			d := f.Gate.Decide(access.Question{Caller: f.Caller(key), Action: "s3:GetObject", Resource: bucket, Owner: fixture.Source})
			if d.Verdict != tc.want {
				t.Errorf("got %s", d.Verdict)
			}
		})
	}
}

func TestCapsAndRoot(t *testing.T) {
	f := fixture.New(t)
	f.Role(fixture.Source, "/team/", "snap", fixture.Trusting("AWS", string(fixture.Source), ""), fixture.Admin)
	ask := func(c access.Caller) policy.Decision {
		return f.Gate.Decide(access.Question{Caller: c, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Owner: fixture.Source})
	}
	who := func(s world.Session) access.Caller {
		c, _, err := f.Gate.Key(s.Key, s.Token)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if d := ask(who(session(f))); !d.Allowed() {
		t.Errorf("admin role: %+v", d)
	}
	if d := ask(who(session(f, fixture.Allow("s3:PutObject", "*")))); d.Verdict != policy.Implicit || d.Layer != policy.LayerSession {
		t.Errorf("session policy: %s %s", d.Verdict, d.Layer)
	}
	f.Write(func(s *world.State) {
		s.Accounts[fixture.Source].Role("snap").Boundary = "arn:aws:iam::aws:policy/IAMFullAccess"
	})
	if d := ask(who(session(f))); d.Verdict != policy.Implicit || d.Layer != policy.LayerBoundary {
		t.Errorf("boundary: %s %s", d.Verdict, d.Layer)
	}
	f.Write(func(s *world.State) {
		s.Accounts[fixture.Source].Role("snap").Boundary = "arn:aws:iam::111111111111:policy/gone"
	})
	if d := ask(who(session(f))); d.Allowed() {
		t.Error("a boundary whose policy is gone does not bound")
	}
	f.Write(func(s *world.State) { s.Accounts[fixture.Source].Keys["AKIAROOT"] = &world.AccessKey{ID: "AKIAROOT"} })
	if d := ask(f.Caller("AKIAROOT")); !d.Allowed() {
		t.Errorf("root: %+v", d)
	}
}
