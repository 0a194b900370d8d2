package sandbox_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox"
	"snapferry/awsx/sandbox/world"
)

// open starts a sandbox that is closed with the test.
func open(t *testing.T, dir string) *sandbox.Sandbox {
	t.Helper()
	s, err := sandbox.Open(context.Background(), sandbox.Options{Dir: dir, Pace: sandbox.PaceInstant})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, s) })
	return s
}

func shut(t *testing.T, s *sandbox.Sandbox) {
	t.Helper()
	if err := s.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func dump(t *testing.T, s *sandbox.Sandbox) string {
	t.Helper()
	b, err := s.Dump()
	must(t, err)
	return string(b)
}

// labelled finds an account and a domain of the default world.
func labelled(t *testing.T, i sandbox.Info, account, domain string) (a sandbox.Account, d sandbox.DomainInfo) {
	t.Helper()
	for _, x := range i.Accounts {
		if x.Label == account {
			a = x
		}
	}
	for _, x := range i.Domains {
		if x.Label == domain {
			d = x
		}
	}
	if a.ID == "" || d.Name == "" {
		t.Fatalf("no %s or %s in %+v", account, domain, i)
	}
	return a, d
}

// tokens are those of temporary keys, by the key.
var tokens sync.Map

// call asks a domain, signed as an account's administrator.
func call(t *testing.T, rt http.RoundTripper, a sandbox.Account, host, method, path, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(method, "https://"+host+path, strings.NewReader(body))
	must(t, err)
	req.Header.Set("Content-Type", "application/json")
	sum := sha256.Sum256([]byte(body))
	keys := aws.Credentials{AccessKeyID: a.AccessKey, SecretAccessKey: a.Secret}
	if token, ok := tokens.Load(a.AccessKey); ok {
		keys.SessionToken, _ = token.(string)
	}
	must(t, v4.NewSigner().SignHTTP(context.Background(), keys, req,
		hex.EncodeToString(sum[:]), "es", "eu-west-1", time.Now()))
	return answerOf(t, rt, req)
}

func answerOf(t *testing.T, rt http.RoundTripper, req *http.Request) (int, string) {
	t.Helper()
	resp, err := rt.RoundTrip(req)
	must(t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	must(t, err)
	if resp.Header.Get("X-Amzn-Requestid") == "" {
		t.Errorf("%s %s: no request id", req.Method, req.URL.Path)
	}
	return resp.StatusCode, string(b)
}

func TestWorldOutlivesItsProcess(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	before, info := dump(t, s), s.Info()
	if _, err := sandbox.Open(context.Background(), sandbox.Options{Dir: dir}); !errors.Is(err, world.ErrInUse) {
		t.Errorf("opened twice: %v", err)
	}
	shut(t, s)
	again := open(t, dir)
	if d := cmp.Diff(before, dump(t, again)); d != "" {
		t.Error(d)
	}
	next := again.Info()
	next.Started = info.Started
	if d := cmp.Diff(info, next); d != "" {
		t.Errorf("it is reached in another way: %s", d)
	}
}

func TestTwoNewWorldsAreTheSame(t *testing.T) {
	clock := func() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }
	dumps := make([]string, 2)
	for i := range dumps {
		s, err := sandbox.Open(context.Background(), sandbox.Options{Dir: t.TempDir(), Clock: clock, Pace: sandbox.PaceInstant})
		must(t, err)
		dumps[i] = dump(t, s)
		shut(t, s)
	}
	if d := cmp.Diff(dumps[0], dumps[1]); d != "" {
		t.Error(d)
	}
}

func TestJoin(t *testing.T) {
	dir := t.TempDir()
	if _, err := sandbox.Join(dir); !errors.Is(err, sandbox.ErrNotRunning) {
		t.Errorf("an empty directory: %v", err)
	}
	s := open(t, dir)
	joined, err := sandbox.Join(dir)
	must(t, err)
	if d := cmp.Diff(s.Info(), joined); d != "" {
		t.Error(d)
	}
	shut(t, s)
	if _, err := sandbox.Join(dir); !errors.Is(err, sandbox.ErrNotRunning) {
		t.Errorf("after the end: %v", err)
	}
}

func TestBadOptions(t *testing.T) {
	for name, o := range map[string]sandbox.Options{
		"fault that does not exist":  {Faults: []string{"no-such-card"}},
		"pace that does not exist":   {Pace: "fast"},
		"address for everybody":      {Addr: "0.0.0.0:0"},
		"domain that does not exist": {Upstream: map[string]string{"elsewhere": "http://127.0.0.1:1"}},
		"node that is not there":     {Upstream: map[string]string{"target": "http://127.0.0.1:1"}},
		"kind of access":             {Access: map[string]sandbox.AccessKind{"source": "fgac"}},
		"access of no domain":        {Access: map[string]sandbox.AccessKind{"elsewhere": sandbox.AccessOpen}},
		"version of no domain":       {Versions: map[string]awsid.EngineVersion{"elsewhere": {}}},
		"version of no cluster":      {Versions: map[string]awsid.EngineVersion{"source": {Family: awsid.OpenSearch, Major: 1, Minor: 3}}},
	} {
		o.Dir = t.TempDir()
		if s, err := sandbox.Open(context.Background(), o); err == nil {
			shut(t, s)
			t.Errorf("%s was taken", name)
		}
		o = sandbox.Options{Dir: o.Dir, Pace: sandbox.PaceInstant}
		s, err := sandbox.Open(context.Background(), o)
		if err != nil {
			t.Errorf("after %s the directory is locked: %v", name, err)
			continue
		}
		shut(t, s)
	}
}

func TestDomainBehindItsFront(t *testing.T) {
	s := open(t, t.TempDir())
	source, logs := labelled(t, s.Info(), "source", "source")
	target, _ := labelled(t, s.Info(), "target", "target")
	for _, host := range []string{logs.Endpoint, strings.ToUpper(logs.Endpoint)} {
		if status, body := call(t, s.Transport(), source, host, "GET", "/", ""); status != 200 || !strings.Contains(body, `"2.19.4"`) {
			t.Errorf("%s: %d %s", host, status, body)
		}
	}
	status, body := call(t, s.Transport(), target, logs.Endpoint, "GET", "/", "")
	if want := `{"Message":"User: arn:aws:iam::222222222222:user/admin is not authorized to perform: es:ESHttpGet because no resource-based policy allows the es:ESHttpGet action"}`; status != 403 || body != want {
		t.Errorf("%d %s", status, body)
	}
	_, next := labelled(t, s.Info(), "source", "next")
	if status, body = call(t, s.Transport(), source, "logs-next.eu-west-1.es.amazonaws.com", "GET", "/", ""); status != 200 || !strings.Contains(body, next.Version.Number()) {
		t.Errorf("by its plain name: %d %s", status, body)
	}
	req, err := http.NewRequest(http.MethodGet, "https://logs-prod.eu-west-1.es.amazonaws.com/", nil)
	must(t, err)
	if _, err := s.Transport().RoundTrip(req); err == nil {
		t.Error("a plain name that two domains have leads to one of them")
	}
}
