package cluster_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"snapferry/awsx/cluster"
	"snapferry/awsx/session"
)

func TestTargetsAsTyped(t *testing.T) {
	c, _ := serve(t, "3.4.0", nil)
	for in, want := range map[string]string{
		"_cat/indices?v":              "/_cat/indices?v=true",
		"//_cat/health":               "/_cat/health",
		"/a b/_search?q=x+y&h":        "/a%20b/_search?h=true&q=x%20y",
		"/%3Clogs-%7Bnow%7D%3E":       "/%3Clogs-%7Bnow%7D%3E",
		"/logs%2F1/_doc/ü":            "/logs%2F1/_doc/%C3%BC",
		"/z?b=2&a=1":                  "/z?a=1&b=2",
		"":                            "/",
		"/x?filter_path=**.a,b&h=i,j": "/x?filter_path=%2A%2A.a%2Cb&h=i%2Cj",
	} {
		r, err := c.Request(" get ", in, nil)
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if got := strings.TrimPrefix(r.URL(), "https://"+host); got != want || r.Method != "GET" {
			t.Errorf("%q is sent as %s %s, want %s", in, r.Method, got, want)
		}
	}
	for _, in := range []string{"/a%zz", "/a?x=%zz", "https://elsewhere.example/_cat"} {
		var bad *cluster.TargetError
		if _, err := c.Request("GET", in, nil); !errors.As(err, &bad) || bad.Fix.IsZero() {
			t.Errorf("%q gave %v", in, err)
		}
		if _, err := c.Do(ctx, "GET", in, nil); !errors.As(err, &bad) {
			t.Errorf("%q was sent: %v", in, err)
		}
	}
}

func TestCurl(t *testing.T) {
	d := &domain{t: t}
	const sig = `--aws-sigv4 aws:amz:eu-west-1:es --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" ${AWS_SESSION_TOKEN:+-H"X-Amz-Security-Token: $AWS_SESSION_TOKEN"}`
	const at = " 'https://" + host
	iam := signed(t, d, "hush-token")
	basic := client(d, "3.4.0", cluster.Basic("admin", session.NewSecret("hush")))
	open := client(d, "3.4.0", cluster.Unsigned())
	for name, tc := range map[string]struct {
		c                    *cluster.Cluster
		method, target, body string
		want                 string
	}{
		"signed":      {iam, "GET", "/_cat/indices?v&s=index", "", "curl -sS " + sig + at + "/_cat/indices?s=index&v=true'"},
		"with a body": {iam, "PUT", "/_snapshot/r", `{"a":"it's"}`, "curl -sS -X PUT " + sig + ` -H 'Content-Type: application/json' --data-binary '{"a":"it'\''s"}'` + at + "/_snapshot/r'"},
		"GET, body":   {open, "GET", "/_search", `{}`, "curl -sS -X GET -H 'Content-Type: application/json' --data-binary '{}'" + at + "/_search'"},
		"bulk":        {open, "POST", "/_bulk", "{}\n", "curl -sS -X POST -H 'Content-Type: application/x-ndjson' --data-binary '{}\n'" + at + "/_bulk'"},
		"basic":       {basic, "DELETE", "/x", "", `curl -sS -X DELETE --user "$OPENSEARCH_USER:$OPENSEARCH_PASSWORD"` + at + "/x'"},
		"head":        {open, "HEAD", "/x", "", "curl -sS -I" + at + "/x'"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := tc.c.Request(tc.method, tc.target, []byte(tc.body))
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Curl(); got != tc.want {
				t.Errorf("\n got %s\nwant %s", got, tc.want)
			}
			if all := r.Curl() + fmt.Sprintf("%+v", r); strings.Contains(all, "hush") {
				t.Errorf("a secret is shown: %s", all)
			}
		})
	}
}

func TestCurlSince(t *testing.T) {
	d := &domain{t: t}
	for target, want := range map[string]string{
		"/_cat/indices?h=a,b": "7.75", "/logs-2026.01_x/_search": "7.75", "/a,b/_settings": "8.9", "/logs-*/_count": "8.9", "/a%2Bb": "8.14", "/é": "8.14",
	} {
		r, err := signed(t, d, "").Request("GET", target, nil)
		if err != nil || r.CurlSince() != want {
			t.Errorf("%s needs curl %s (%v), want %s", target, r.CurlSince(), err, want)
		}
		if r, err = client(d, "3.4.0", cluster.Unsigned()).Request("GET", target, nil); err != nil || r.CurlSince() != "7.75" {
			t.Errorf("unsigned, %s needs curl %s (%v)", target, r.CurlSince(), err)
		}
	}
}

// TestLongListsAreSplit gives more names than one URL takes, some of them with
// characters that grow when encoded.
func TestLongListsAreSplit(t *testing.T) {
	var names []string
	for i := range 300 {
		names = append(names, fmt.Sprintf("logs+ü-%d-%s", i, strings.Repeat("x", i%40)))
	}
	seen := map[string]int{}
	d := &domain{t: t}
	rt := roundTripper(func(r *http.Request) (*http.Response, error) {
		if len(r.URL.RequestURI()) > 4000 {
			t.Errorf("a URL of %d bytes", len(r.URL.RequestURI()))
		}
		list, _, _ := strings.Cut(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/")
		body := "{"
		for i, e := range strings.Split(list, ",") {
			name, err := url.PathUnescape(e)
			if err != nil {
				t.Error(err)
			}
			seen[name]++
			if i > 0 {
				body += ","
			}
			body += fmt.Sprintf(`%q:{"mappings":{"n":%d}}`, name, len(name))
		}
		d.answers = map[string]answer{r.Method + " " + r.URL.EscapedPath(): ok(body + "}")}
		return d.RoundTrip(r)
	})
	got, err := mappings(ctx, client(rt, "3.4.0", cluster.Unsigned()), names...)
	if err != nil || len(got) != len(names) {
		t.Fatalf("%d of %d mappings, error %v", len(got), len(names), err)
	}
	for _, n := range names {
		if seen[n] != 1 || string(got[n]) != fmt.Sprintf(`{"n":%d}`, len(n)) {
			t.Errorf("%s was asked for %d times and is %s", n, seen[n], got[n])
		}
	}
	if none, err := mappings(ctx, client(rt, "3.4.0", cluster.Unsigned())); err != nil || len(none) != 0 {
		t.Errorf("no names gave %v, %v", none, err)
	}
}
