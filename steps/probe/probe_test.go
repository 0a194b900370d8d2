package probe_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"snapferry/awsx/network"
	"snapferry/awsx/sandbox"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/probe"
	"snapferry/steps/spec"
)

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// world is a sandbox whose domains are asked; broken hosts do not answer.
type world struct {
	box    *sandbox.Sandbox
	broken string
	asked  []string
	// answer is what the domains say instead of the sandbox, if anything.
	answer func(*http.Request) *http.Response
}

func newWorld(t *testing.T) *world {
	t.Helper()
	box, err := sandbox.Open(t.Context(), sandbox.Options{Dir: t.TempDir(), Pace: sandbox.PaceInstant})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close(context.Background()) })
	return &world{box: box}
}

func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	w.asked = append(w.asked, r.Method+" "+r.URL.Host+r.URL.Path)
	if w.broken != "" && strings.HasPrefix(r.URL.Host, w.broken) {
		return nil, errors.New("nobody is there")
	}
	if w.answer != nil && strings.HasPrefix(r.URL.Host, "search-") {
		return w.answer(r), nil
	}
	return w.box.Transport().RoundTrip(r)
}

func (w *world) facts(t *testing.T, change func(*spec.Spec)) *facts.Facts {
	t.Helper()
	s := &spec.Spec{
		Source: spec.SideSpec{Account: sandbox.SourceAccount, Region: sandbox.Region, Domain: "logs-next", Auth: spec.AuthSigned},
		Target: spec.SideSpec{Account: sandbox.TargetAccount, Region: sandbox.Region, Auth: spec.AuthSigned},
	}
	if change != nil {
		change(s)
	}
	o := facts.Options{
		Spec: s, Sandbox: map[string]session.Keys{}, Session: session.Options{Isolated: true},
		Network:   network.New(network.Options{Isolated: true, RoundTripper: transport(w.RoundTrip)}),
		Passwords: map[steps.Side]session.Secret{steps.Source: session.NewSecret("Correct-Horse-1")},
	}
	for _, a := range w.box.Info().Accounts {
		o.Sandbox[a.Label] = session.Keys{AccessKeyID: a.AccessKey, Secret: session.NewSecret(a.Secret)}
	}
	f, err := facts.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func get(path string) probe.Request {
	return probe.Request{Side: steps.Source, Role: facts.Signer, Method: "get", Path: path}
}

func TestAnAnswerIsShownAsItCame(t *testing.T) {
	w := newWorld(t)
	r, err := probe.Do(t.Context(), w.facts(t, nil), get("_cat/indices?h=index"))
	if err != nil || !r.OK() || r.Status != 200 || r.RequestID == "" {
		t.Fatalf("%+v, %v", r, err)
	}
	if !strings.Contains(r.Curl, "/_cat/indices?h=index'") || strings.Contains(r.Curl, "AKIA") || r.CurlSince != "7.75" {
		t.Errorf("curl %s since %s", r.Curl, r.CurlSince)
	}
	i := r.Identity
	if i.Account != sandbox.SourceAccount || !strings.HasSuffix(i.ARN, ":user/admin") || i.Principal != i.ARN || i.Provider == "" || i.Unsigned {
		t.Errorf("identity %+v", i)
	}
}

func TestARefusalIsUnderstood(t *testing.T) {
	w := newWorld(t)
	cases := []struct {
		name, path string
		spec       func(*spec.Spec)
		status     int
		layer      string
	}{
		{"not offered", "/_nope/x", nil, 401, "service"},
		{"unsigned", "/", func(s *spec.Spec) { s.Source.Auth = spec.AuthUnsigned }, 403, "access-policy"},
		{"no such index", "/nope/_count", nil, 404, ""},
	}
	for _, c := range cases {
		r, err := probe.Do(t.Context(), w.facts(t, c.spec), get(c.path))
		if err != nil || r.OK() || r.Status != c.status || r.Body == "" || r.Diagnosis.Body != "" {
			t.Errorf("%s: %+v, %v", c.name, r, err)
			continue
		}
		if c.layer != "" && (r.Diagnosis.Layer != c.layer || len(r.Diagnosis.Causes) == 0) {
			t.Errorf("%s: %+v", c.name, r.Diagnosis)
		}
		if r.Identity.Unsigned != (c.name == "unsigned") {
			t.Errorf("%s: %+v", c.name, r.Identity)
		}
	}
}

// TestARefusalRepeatsNoToken: the front ends its refusal of a signature with the
// request it would have signed, session token included.
func TestARefusalRepeatsNoToken(t *testing.T) {
	const token = "IQoJb3JpZ2luX2VjEJr//Hunter2"
	for status, body := range map[int]string{
		403: `{"message":"The request signature we calculated does not match the signature you provided. The Canonical String for this request should have been\n'GET\n/\n\nhost:search\nx-amz-security-token:` + token + `\n'"}`,
		307: "x-amz-security-token: " + token,
	} {
		w := newWorld(t)
		w.answer = func(r *http.Request) *http.Response {
			h := http.Header{"Content-Type": {"application/json"}}
			return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: r}
		}
		r, err := probe.Do(t.Context(), w.facts(t, nil), get("/"))
		shown, _ := json.Marshal(r)
		if err != nil || r.Status != status || r.Body == "" || strings.Contains(string(shown), "Hunter2") {
			t.Errorf("%s, %v", shown, err)
		}
	}
}

func TestWhatDoesNotAnswer(t *testing.T) {
	w := newWorld(t)
	f := w.facts(t, nil)
	if _, err := f.Domain(t.Context(), steps.Source); err != nil {
		t.Fatal(err)
	}
	w.broken = "search-"
	r, err := probe.Do(t.Context(), f, get("/"))
	if err != nil || r.OK() || r.Status != 0 || r.Curl == "" {
		t.Errorf("%+v, %v", r, err)
	}
	// Without STS the domain can be asked all the same.
	w.broken = "sts."
	r, err = probe.Do(t.Context(), w.facts(t, nil), get("/"))
	if err != nil || !r.OK() || r.Identity.ARN != "" || r.Identity.Why.IsZero() {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestAProbeOnlyLooks: nothing that could change something leaves this host.
func TestAProbeOnlyLooks(t *testing.T) {
	w := newWorld(t)
	f := w.facts(t, nil)
	for _, c := range [][2]string{
		{"PUT", "/_snapshot/r"},
		{"POST", "/_search"},
		{"DELETE", "/x"},
		{"PATCH", "/x"},
		{"OPTIONS", "/"},
		{"", "/"},
		{"GET", "/_flush"},
		{"GET", "/x/_refresh?a=b"},
		{"HEAD", "/_forcemerge"},
		{"GET", "/_cache/clear"},
		{"GET", "/_flush/synced"},
		{"GET", "/x/_upgrade/"},
		{"GET", "/%5frefresh"},
	} {
		before := len(w.asked)
		r, err := probe.Do(t.Context(), f, probe.Request{Side: steps.Source, Role: facts.Signer, Method: c[0], Path: c[1]})
		if !errors.Is(err, probe.ErrNotSent) || r.Curl == "" {
			t.Errorf("%s %s: %v, curl %q", c[0], c[1], err, r.Curl)
		}
		for _, a := range w.asked[before:] {
			if strings.Contains(a, "search-") {
				t.Errorf("%s %s was sent: %s", c[0], c[1], a)
			}
		}
	}
	if _, err := probe.Do(t.Context(), f, get("https://elsewhere/")); !errors.Is(err, probe.ErrNotSent) {
		t.Errorf("a host of its own: %v", err)
	}
}

func TestWhoAsks(t *testing.T) {
	w := newWorld(t)
	f := w.facts(t, func(s *spec.Spec) { s.Source.Mapper = spec.Identity{Base: "password", User: "master"} })
	r, err := probe.Do(t.Context(), f, probe.Request{Side: steps.Source, Role: facts.Mapper, Method: "GET", Path: "/"})
	if err != nil || r.Identity.User != "master" || r.Identity.ARN != "" || strings.Contains(r.Curl, "Correct-Horse-1") {
		t.Errorf("%+v, %v", r, err)
	}
	// A side of which nothing was said cannot be asked.
	var own *steps.Error
	if _, err := probe.Do(t.Context(), f, probe.Request{Side: steps.Target, Role: facts.Signer, Method: "GET", Path: "/"}); !errors.As(err, &own) || own.Fix.IsZero() {
		t.Errorf("%v", err)
	}
}
