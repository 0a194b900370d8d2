package proxy_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/sandbox/proxy"
)

// machine answers for one address without TLS, as the metadata service does.
func machine(host string, r *http.Request) http.Handler {
	if host != "169.254.169.254" && !strings.HasPrefix(r.URL.Path, "/own/") {
		return nil
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.URL.Scheme+" "+host+r.URL.Path+" "+r.Header.Get("Proxy-Authorization"))
	})
}

// TestWhatComesWithoutTLS: hosts that have none, and the proxy's own address.
func TestWhatComesWithoutTLS(t *testing.T) {
	ca, err := proxy.OpenAuthority(t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	p, err := proxy.Start("127.0.0.1:0", ca, hosts, machine, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close(context.Background()) })
	at, err := url.Parse(strings.Replace(p.URL(), "://", "://me:here@", 1))
	if err != nil {
		t.Fatal(err)
	}
	behind := &http.Transport{Proxy: http.ProxyURL(at)}
	direct := &http.Transport{}
	t.Cleanup(behind.CloseIdleConnections)
	t.Cleanup(direct.CloseIdleConnections)
	for name, tc := range map[string]struct {
		rt     http.RoundTripper
		url    string
		status int
		want   string
	}{
		"a host of its own":       {behind, "http://169.254.169.254/latest", 200, "http 169.254.169.254/latest Basic bWU6aGVyZQ=="},
		"the proxy itself":        {direct, p.URL() + "/own/x", 200, "http 127.0.0.1/own/x "},
		"the proxy by itself":     {behind, p.URL() + "/own/x", 200, "http 127.0.0.1/own/x Basic bWU6aGVyZQ=="},
		"nobody's host":           {behind, "http://example.com/", 403, "is not part of the sandbox"},
		"a host that has TLS":     {behind, "http://known.amazonaws.com/", 403, "is not part of the sandbox"},
		"the proxy, but not that": {direct, p.URL() + "/", 400, "this is an HTTPS proxy"},
	} {
		resp, err := (&http.Client{Transport: tc.rt}).Get(tc.url)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		b, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != tc.status || !strings.Contains(string(b), tc.want) {
			t.Errorf("%s: %d %s", name, resp.StatusCode, b)
		}
	}
	c := http.Client{Transport: proxy.Transport{Route: hosts, Plain: machine}}
	resp, err := c.Get("http://169.254.169.254/latest")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp, err := c.Get("http://example.com/"); err == nil {
		resp.Body.Close()
		t.Error("a host of nobody was answered")
	}
}
