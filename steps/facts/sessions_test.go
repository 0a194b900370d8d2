package facts_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// TestViewsShareSessions: a second view asks with the session of the first, and
// with a secret that was typed anew for the same key id.
func TestViewsShareSessions(t *testing.T) {
	r := newRoad(t)
	own := r.box.Info().Accounts[0]
	shared := &facts.Sessions{}
	s := answers(func(s *spec.Spec) { s.Source.Control = spec.Identity{Base: "keys"} })
	view := func(secret string) *facts.Facts {
		return r.open(s, func(o *facts.Options) {
			o.Sessions = shared
			o.Keys = map[facts.Slot]session.Keys{{Side: steps.Source, Role: facts.Control}: {AccessKeyID: own.AccessKey, Secret: session.NewSecret(secret)}}
		})
	}
	opened := func(f *facts.Facts) *session.Session {
		got, err := f.Session(r.ctx, steps.Source, facts.Control)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	mistyped := view("wrong")
	if _, err := mistyped.Identity(r.ctx, steps.Source, facts.Control); err == nil {
		t.Fatal("a wrong secret was taken")
	}
	right := view(own.Secret)
	if opened(mistyped) != opened(right) {
		t.Error("each view opened a session of its own")
	}
	if who, err := right.Identity(r.ctx, steps.Source, facts.Control); err != nil || who.Account != own.ID {
		t.Errorf("with the secret typed again: %+v, %v", who, err)
	}
	if alone := r.open(s, func(o *facts.Options) {
		o.Keys = map[facts.Slot]session.Keys{{Side: steps.Source, Role: facts.Control}: {AccessKeyID: own.AccessKey, Secret: session.NewSecret(own.Secret)}}
	}); opened(alone) == opened(right) {
		t.Error("a view that shares nothing got a session of others")
	}
}

// TestTheFirstEnd: of the identities of a side that were used, the one that ends first is
// told, and when it was renewed its new end; nobody is asked for it.
func TestTheFirstEnd(t *testing.T) {
	r := newRoad(t)
	end := time.Now().Add(40 * time.Minute).UTC().Truncate(time.Second)
	r.refuse = func(req *http.Request) *http.Response { // an STS that gives what a chain asks for
		if !strings.HasPrefix(req.URL.Host, "sts.") {
			return nil
		}
		body := fmt.Sprintf(`<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser><Arn>arn:aws:sts::111111111111:assumed-role/ops/s</Arn><AssumedRoleId>AROA:s</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>y</SessionToken><Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`, end.Format(time.RFC3339))
		return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"text/xml"}}, Body: io.NopCloser(strings.NewReader(body)), Request: req}
	}
	f := r.open(answers(func(s *spec.Spec) {
		s.Source.Control = spec.Identity{Chain: []spec.Link{{Role: awsid.RoleARN("aws", sandbox.SourceAccount, "/", "ops")}}}
	}))
	use := func() {
		t.Helper()
		s, err := f.Session(r.ctx, steps.Source, facts.Control)
		if err == nil {
			s.Renew()
			_, err = s.Credentials().Retrieve(r.ctx)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if until, of := f.Ends(steps.Source); !until.IsZero() || of != "" {
		t.Errorf("nobody was used, and %s ends at %s", of, until)
	}
	for range 2 {
		use()
		r.made()
		if until, of := f.Ends(steps.Source); until.Sub(end).Abs() > 3*time.Minute || of != facts.Control {
			t.Errorf("%s ends at %s, not at %s", of, until, end)
		}
		end = end.Add(time.Hour)
	}
	if until, _ := f.Ends(steps.Target); !until.IsZero() || len(r.made()) > 0 {
		t.Errorf("the other side ends at %s", until)
	}
}
