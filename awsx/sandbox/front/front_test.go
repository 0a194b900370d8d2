package front_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/fixture"
	"snapferry/awsx/sandbox/front"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

const (
	host   = "search-logs-x.eu-west-1.es.amazonaws.com"
	domain = "arn:aws:es:eu-west-1:111111111111:domain/logs"
	every  = domain + "/*"
	role   = "arn:aws:iam::111111111111:role/snap"
)

// accountPolicy lets the account's own policies decide, as a new domain's does.
const accountPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"es:*","Resource":"` + every + `"}]}`

// openPolicy lets everybody in, as VPC domains often have it.
const openPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"es:*","Resource":"` + every + `"}]}`

// engine is a backend that remembers what reached it.
type engine struct {
	request *http.Request
	body    string
}

func (e *engine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	e.request, e.body = r, string(b)
	_, _ = io.WriteString(w, "engine")
}

// lab is a domain with its front.
type lab struct {
	*fixture.Fixture
	front  *front.Front
	engine *engine
}

func newLab(t *testing.T) *lab {
	t.Helper()
	f := fixture.New(t)
	d := &world.Domain{
		Name: "logs", Account: fixture.Source, Region: fixture.Region, Endpoint: host, AccessPolicy: accountPolicy,
		Version:  awsid.EngineVersion{Family: awsid.OpenSearch, Major: 2, Minor: 19, Patch: 4},
		Software: "OpenSearch_2_19_R20250625",
	}
	f.Write(func(s *world.State) { s.Domains = append(s.Domains, d) })
	e := &engine{}
	return &lab{f, &front.Front{World: f.World, Gate: f.Gate, Domain: front.KeyOf(d), Backend: e}, e}
}

func (l *lab) domain(change func(*world.Domain)) {
	l.Write(func(s *world.State) { change(s.Domains[0]) })
}

// request is one call to the domain. A key of "" is unsigned.
type request struct {
	method, path, body string
	key, secret, token string
	// skew is how wrong the client's clock is.
	skew   time.Duration
	header map[string]string
	change func(*http.Request)
}

func (l *lab) do(q request) (int, string) {
	l.T.Helper()
	if q.method == "" {
		q.method = http.MethodGet
	}
	r := httptest.NewRequest(q.method, "https://"+host+q.path, bytes.NewReader([]byte(q.body)))
	for k, v := range q.header {
		r.Header.Set(k, v)
	}
	if q.key != "" {
		sum := sha256.Sum256([]byte(q.body))
		c := aws.Credentials{AccessKeyID: q.key, SecretAccessKey: q.secret, SessionToken: q.token}
		if err := v4.NewSigner().SignHTTP(context.Background(), c, r, hex.EncodeToString(sum[:]), "es", string(fixture.Region), l.Clock.Now().Add(q.skew)); err != nil {
			l.T.Fatal(err)
		}
	}
	if q.change != nil {
		q.change(r)
	}
	l.engine.request = nil
	rec := httptest.NewRecorder()
	l.front.ServeHTTP(rec, r)
	return rec.Code, rec.Body.String()
}

// signed gives a user with these policies as the one who asks.
func (l *lab) signed(policies ...string) request {
	key, secret := l.User(fixture.Source, "ann", policies...)
	return request{path: "/", key: key, secret: secret}
}

func TestIdentityIsHandedOn(t *testing.T) {
	l := newLab(t)
	user := l.signed(fixture.Allow("es:*", every))
	arn := l.Role(fixture.Source, "/team/", "ops", fixture.Trusting("AWS", "111111111111", ""), fixture.Allow("es:*", every))
	var session request
	l.Write(func(s *world.State) {
		a, r := s.RoleByARN(arn)
		given := s.NewSession(a, r, "me", l.Clock.Now(), time.Hour, nil)
		session = request{path: "/", key: given.Key, secret: given.Secret, token: given.Token}
	})
	basic := request{path: "/", header: map[string]string{"Authorization": "Basic YWRtaW46cHc="}}
	for name, tc := range map[string]struct {
		ask   request
		fgac  bool
		want  backend.Identity
		login bool
	}{
		"user":                       {user, false, backend.IAM("arn:aws:iam::111111111111:user/ann"), false},
		"role with its path":         {session, true, backend.IAM(arn), false},
		"password":                   {basic, true, backend.Internal("admin"), true},
		"password nobody asks for":   {basic, false, backend.Anonymous(), false},
		"nobody on an open domain":   {request{path: "/"}, true, backend.Anonymous(), false},
		"claims of a client are off": {request{path: "/", header: map[string]string{"X-Proxy-User": "admin", "X-Proxy-Roles": "all_access", "X-Forwarded-For": "127.0.0.1", "Forwarded": "for=x"}}, true, backend.Anonymous(), false},
	} {
		t.Run(name, func(t *testing.T) {
			l.domain(func(d *world.Domain) { d.AccessPolicy, d.Security.Enabled = openPolicy, tc.fgac })
			if status, body := l.do(tc.ask); status != 200 || body != "engine" {
				t.Fatalf("%d %s", status, body)
			}
			r := l.engine.request
			if got := backend.IdentityFrom(r.Context()); got.Name != tc.want.Name || got.None != tc.want.None || got.InternalUser != tc.want.InternalUser {
				t.Errorf("got %+v", got)
			}
			if got := r.Header.Get("Authorization") != ""; got != tc.login {
				t.Errorf("login handed on: %v", got)
			}
			for name := range r.Header {
				if name != "Authorization" && name != "Content-Length" {
					t.Errorf("the engine sees %s", name)
				}
			}
		})
	}
}

func TestCallIsWrittenDown(t *testing.T) {
	l := newLab(t)
	log, err := wire.OpenLog(l.World.Dir(), l.Clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	l.domain(func(d *world.Domain) { d.AccessPolicy = openPolicy })
	h := log.Serve("domain", l.front)
	for _, tc := range []struct {
		method, path string
		mutates      bool
	}{
		{"GET", "/_search", false},
		{"HEAD", "/x", false},
		{"POST", "/x/_search?scroll=1m", false},
		{"POST", "/_snapshot/r/_verify", false},
		{"PUT", "/x", true},
		{"POST", "/_snapshot/r/s/_restore", true},
		{"DELETE", "/x", true},
		{"POST", "/_bulk", true},
		{"DELETE", "/_search/scroll", false},
		{"DELETE", "/", true},
		{"POST", "/", false},
	} {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(tc.method, "https://"+host+tc.path, nil))
		all, err := wire.ReadLog(l.World.Dir())
		if err != nil {
			t.Fatal(err)
		}
		if e := all[len(all)-1]; e.Mutates != tc.mutates || e.Operation[:6] != "ESHttp" {
			t.Errorf("%s %s: %+v", tc.method, tc.path, e)
		}
	}
}

func TestDomainThatIsGone(t *testing.T) {
	l := newLab(t)
	l.Write(func(s *world.State) { s.Domains = nil })
	if status, _ := l.do(request{path: "/"}); status != http.StatusServiceUnavailable {
		t.Errorf("got %d", status)
	}
}
