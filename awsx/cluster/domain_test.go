package cluster_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/awsx/network"
	"snapferry/awsx/session"
)

const host = "search-logs-abc.eu-west-1.es.amazonaws.com"

// versions are those whose bodies were recorded from real nodes.
var versions = []string{"7.10.2", "2.19.4", "3.4.0"}

func engine(version string) awsid.EngineVersion {
	family := "OpenSearch_"
	if strings.HasPrefix(version, "7.") {
		family = "Elasticsearch_"
	}
	v, _ := awsid.ParseEngineVersion(family + version)
	return v
}

// answer is a status and a body.
type answer struct {
	Status int             `json:"status"`
	Body   json.RawMessage `json:"body"`
}

func ok(body string) answer { return answer{200, json.RawMessage(body)} }

// golden is what a real node of the version answered. Masked numbers are seven,
// so that a field that is not read shows as zero.
func golden(t *testing.T, version, name string) answer {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "sandbox", "contract", "testdata", version, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(b), `"<number>"`, "7")), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// domain answers by "METHOD path?query" and keeps what it was asked.
type domain struct {
	t       *testing.T
	answers map[string]answer
	mu      sync.Mutex
	asked   []*http.Request
	bodies  []string
}

func (d *domain) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked, d.bodies = append(d.asked, r), append(d.bodies, string(body))
	a, known := d.answers[r.Method+" "+r.URL.RequestURI()]
	if !known {
		a, known = d.answers[r.Method+" "+r.URL.EscapedPath()]
	}
	if !known {
		d.t.Errorf("unexpected call %s %s", r.Method, r.URL.RequestURI())
		a = answer{500, json.RawMessage(`{}`)}
	}
	h := http.Header{"X-Amzn-Requestid": {"r-1"}, "Date": {"Sun, 22 Nov 2026 08:00:00 GMT"}}
	return &http.Response{StatusCode: a.Status, Header: h, Body: io.NopCloser(strings.NewReader(string(a.Body))), Request: r}, nil
}

func (d *domain) last() (*http.Request, string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.asked[len(d.asked)-1], d.bodies[len(d.bodies)-1]
}

func at() time.Time { return time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC) }

// serve is an unsigned client of a domain with these answers.
func serve(t *testing.T, version string, answers map[string]answer) (*cluster.Cluster, *domain) {
	t.Helper()
	d := &domain{t: t, answers: answers}
	return client(d, version, cluster.Unsigned()), d
}

func client(rt http.RoundTripper, version string, auth cluster.Auth) *cluster.Cluster {
	return cluster.New(cluster.Options{
		Endpoint: host, Region: "eu-west-1", Auth: auth, Now: at, Version: engine(version),
		Network: network.New(network.Options{Isolated: true, RoundTripper: rt}),
	})
}

func signed(t *testing.T, rt http.RoundTripper, token string) *cluster.Cluster {
	t.Helper()
	net := network.New(network.Options{Isolated: true, RoundTripper: rt})
	keys := session.Keys{AccessKeyID: "AKIDEXAMPLE", Secret: session.NewSecret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), Token: session.NewSecret(token)}
	s, err := session.Open(context.Background(), net, session.Identity{Base: session.Base{Kind: session.BaseKeys, Keys: keys}}, "eu-west-1", session.Options{Isolated: true})
	if err != nil {
		t.Fatal(err)
	}
	return client(rt, "3.4.0", cluster.Signed(s))
}

var ctx = context.Background()
