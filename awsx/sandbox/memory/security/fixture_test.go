package security_test

import (
	"crypto/rand"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/memory/security"
	"snapferry/awsx/sandbox/memory/wire"
)

const (
	master = "arn:aws:iam::111111111111:role/master"
	signer = "arn:aws:iam::111111111111:role/team/signer"
	person = "arn:aws:iam::111111111111:user/person"
)

func version(t testing.TB, s string) awsid.EngineVersion {
	t.Helper()
	family := "OpenSearch_"
	if s >= "5" {
		family = "Elasticsearch_"
	}
	v, err := awsid.ParseEngineVersion(family + s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// open gives a plugin with an IAM master.
func open(t testing.TB, v string) *security.Plugin {
	t.Helper()
	return reopen(t, nil, security.Options{Version: version(t, v), MasterARN: master})
}

func reopen(t testing.TB, s *security.State, o security.Options) *security.Plugin {
	t.Helper()
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Version.IsZero() {
		o.Version = version(t, "3.4.0")
	}
	p, err := security.Open(s, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// know is an IAM caller.
func know(t testing.TB, p *security.Plugin, arn string) *security.User {
	t.Helper()
	u := p.Know(backend.IAM(arn), security.Login{Host: "10.0.0.9"})
	if u == nil {
		t.Fatalf("%s is nobody", arn)
	}
	return u
}

// do calls "METHOD kind[/name]" of the REST API as the master and gives status
// and body.
func do(t testing.TB, p *security.Plugin, call, body string) (int, string) {
	t.Helper()
	return doAs(t, p, master, call, body)
}

func doAs(t testing.TB, p *security.Plugin, arn, call, body string) (int, string) {
	t.Helper()
	method, path, _ := strings.Cut(call, " ")
	kind, name, _ := strings.Cut(path, "/")
	a, _ := p.Resource(know(t, p, arn), kind, name, method, []byte(body))
	return a.Status, encode(t, a.Body)
}

// must is do for a step that has to succeed.
func must(t testing.TB, p *security.Plugin, call, body string) {
	t.Helper()
	if status, text := do(t, p, call, body); status >= 300 {
		t.Fatalf("%s %s: %d %s", call, body, status, text)
	}
}

func encode(t testing.TB, v any) string {
	t.Helper()
	b, err := wire.Encode(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// step is a call of the REST API with its answer.
type step struct {
	call, body string
	status     int
	want       string
}

// play runs steps one after the other; an empty want is not looked at.
func play(t *testing.T, p *security.Plugin, steps []step) {
	t.Helper()
	for _, s := range steps {
		status, got := do(t, p, s.call, s.body)
		if status != s.status {
			t.Errorf("%s %s: %d, want %d: %s", s.call, s.body, status, s.status, got)
		}
		if s.want != "" && !equalJSON(t, got, s.want) {
			t.Errorf("%s %s (-want +got):\n%s", s.call, s.body, cmp.Diff(s.want, got))
		}
	}
}

func equalJSON(t testing.TB, a, b string) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal([]byte(a), &x); err != nil {
		t.Fatalf("%s: %v", a, err)
	}
	if err := json.Unmarshal([]byte(b), &y); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	return cmp.Equal(x, y)
}
