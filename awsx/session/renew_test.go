package session_test

import (
	"context"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"snapferry/awsx/failure"
	"snapferry/awsx/network"
	"snapferry/awsx/session"
)

// TestSessionsAreRenewedBeforeTheyEnd: credentials with less than two minutes
// left are taken for expired, in every link.
func TestSessionsAreRenewedBeforeTheyEnd(t *testing.T) {
	for name, tc := range map[string]struct {
		left  time.Duration
		calls int
	}{"fresh": {time.Hour, 1}, "about to end": {time.Minute, 3}} {
		t.Run(name, func(t *testing.T) {
			f := &fakeSTS{arn: userARN, expires: time.Now().Add(tc.left)}
			s := open(t, f, session.Identity{Base: typed("AKIA1"), Chain: []session.Link{{RoleARN: arn(t, "arn:aws:iam::333333333333:role/jump")}}}, session.Options{Isolated: true})
			for range 3 {
				if _, err := s.Credentials().Retrieve(context.Background()); err != nil {
					t.Fatal(err)
				}
			}
			if got := s.Expires().Sub(f.expires).Abs(); got > 3*time.Minute { // the SDK takes them for ended a while before
				t.Errorf("they end %s from when STS said", got)
			}
			if n := len(f.log()); n != tc.calls {
				t.Errorf("%d calls for three requests, want %d", n, tc.calls)
			}
		})
	}
}

// TestAfterAFailureItGoesOn: a run that paused goes on as soon as the base works
// again, without being told.
func TestAfterAFailureItGoesOn(t *testing.T) {
	f := &fakeSTS{arn: userARN, expires: time.Now().Add(time.Hour), refuse: "ExpiredToken"}
	s := open(t, f, session.Identity{Base: typed("AKIA1"), Chain: []session.Link{{RoleARN: arn(t, "arn:aws:iam::333333333333:role/jump")}}}, session.Options{Isolated: true})
	_, err := s.WhoAmI(context.Background())
	var e *session.Error
	if !needsLogin(err) || !errors.As(err, &e) || e.Fix.IsZero() || failure.Of(err).Operation != "STS AssumeRole" {
		t.Fatalf("got %v", err)
	}
	f.mu.Lock()
	f.refuse = ""
	f.mu.Unlock()
	if w, err := s.WhoAmI(context.Background()); err != nil || w.Account == "" {
		t.Errorf("%+v %v", w, err)
	}
}

func TestManyAtOnce(t *testing.T) {
	f := &fakeSTS{arn: userARN, expires: time.Now().Add(time.Hour)}
	s := open(t, f, session.Identity{Base: typed("AKIA1"), Chain: []session.Link{{RoleARN: arn(t, "arn:aws:iam::333333333333:role/jump")}}}, session.Options{Isolated: true})
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			if i%5 == 0 {
				s.Renew()
				s.Replace(typed("AKIA2").Keys)
			}
			if _, err := s.WhoAmI(context.Background()); err != nil {
				t.Error(err)
			}
			_ = s.Identity()
		})
	}
	wg.Wait()
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := open(t, &fakeSTS{arn: userARN}, session.Identity{Base: typed("AKIA1")}, session.Options{Isolated: true})
	if _, err := s.WhoAmI(ctx); !failure.Is(err, failure.Interrupted) || needsLogin(err) {
		t.Errorf("got %v", err)
	}
}

func TestUnusableNetwork(t *testing.T) {
	n := network.New(network.Options{Isolated: true, CAPEM: []byte("no certificate")})
	_, err := session.Open(context.Background(), n, session.Identity{Base: typed("AKIA1")}, "eu-west-1", session.Options{})
	var bad *network.OptionError
	if !errors.As(err, &bad) {
		t.Errorf("got %v", err)
	}
}

// TestProfileWithItsOwnBundle has a profile whose ca_bundle is the only thing
// that makes its STS trusted.
func TestProfileWithItsOwnBundle(t *testing.T) {
	ambient(t)
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		_, _ = w.Write([]byte(`<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>` + userARN + `</Arn><UserId>AIDA1</UserId><Account>111111111111</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`))
	}))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0) // one of the handshakes is to fail
	srv.StartTLS()
	defer srv.Close()
	dir := t.TempDir()
	bundle := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_ENDPOINT_URL", srv.URL)
	for name, tc := range map[string]struct {
		line string
		ok   bool
	}{"with": {"ca_bundle = " + bundle, true}, "without": {"", false}} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(dir, name)
			body := "[profile p]\naws_access_key_id = AKIAP\naws_secret_access_key = s\n" + tc.line + "\n"
			if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
			var calls []network.Call
			n := network.New(network.Options{Getenv: func(string) string { return "" }, OnCall: func(c network.Call) { calls = append(calls, c) }})
			defer n.Close()
			s, err := session.Open(context.Background(), n, session.Identity{Base: session.Base{Kind: session.BaseProfile, Profile: "p"}}, "eu-west-1",
				session.Options{ConfigFiles: []string{file}, CredentialsFiles: []string{filepath.Join(dir, "none")}})
			if err != nil {
				t.Fatal(err)
			}
			w, err := s.WhoAmI(context.Background())
			if tc.ok && (err != nil || w.Account != "111111111111") || !tc.ok && !failure.Is(err, failure.TLS) {
				t.Errorf("%+v %v", w, err)
			}
			// What is not trusted is not asked a second time.
			if len(calls) != 1 || calls[0].Operation != "STS GetCallerIdentity" || !strings.HasPrefix(srv.URL, "https://"+calls[0].Host) {
				t.Errorf("the call log has %+v", calls)
			}
		})
	}
}
