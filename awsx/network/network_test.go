package network_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/network"
)

const realHost = "search-logs-abc.eu-west-1.es.amazonaws.com"

// none is an environment without anything in it.
func none(string) string { return "" }

// server is a TLS server whose certificate names example.com and 127.0.0.1
// (httptest's), and its roots as PEM.
func server(t *testing.T, h http.HandlerFunc) (*httptest.Server, []byte) {
	t.Helper()
	s := httptest.NewTLSServer(h)
	t.Cleanup(s.Close)
	s.Config.ErrorLog = nil
	return s, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
}

func get(t *testing.T, n *network.Network, target string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := n.Client().Do(req)
	if err == nil {
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
	}
	return res, err
}

func TestRootsAreNeverSkipped(t *testing.T) {
	s, roots := server(t, func(http.ResponseWriter, *http.Request) {})
	bundle := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(bundle, roots, 0o600); err != nil {
		t.Fatal(err)
	}
	ambient := func(k string) string { return map[string]string{"AWS_CA_BUNDLE": bundle}[k] }
	for name, tc := range map[string]struct {
		options network.Options
		trusted bool
	}{
		"unknown authority":          {network.Options{Getenv: none}, false},
		"given":                      {network.Options{Getenv: none, CAPEM: roots}, true},
		"given, isolated":            {network.Options{Isolated: true, CAPEM: roots}, true},
		"environment's":              {network.Options{Getenv: ambient}, true},
		"environment's but isolated": {network.Options{Getenv: ambient, Isolated: true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			n := network.New(tc.options)
			defer n.Close()
			_, err := get(t, n, s.URL)
			var untrusted *tls.CertificateVerificationError
			if tc.trusted && err != nil || !tc.trusted && !errors.As(err, &untrusted) {
				t.Errorf("trusted %v, got error %v", tc.trusted, err)
			}
		})
	}
}

func TestTunnelKeepsTheRealName(t *testing.T) {
	var serverName, hostHeader string
	s, roots := server(t, func(_ http.ResponseWriter, r *http.Request) { serverName, hostHeader = r.TLS.ServerName, r.Host })
	n := network.New(network.Options{Getenv: none, CAPEM: roots, Via: map[string]string{"Example.com": s.Listener.Addr().String()}})
	defer n.Close()
	if _, err := get(t, n, "https://example.com/_snapshot"); err != nil {
		t.Fatal(err)
	}
	if serverName != "example.com" || hostHeader != "example.com" {
		t.Errorf("the server saw SNI %q and Host %q", serverName, hostHeader)
	}
	// The same tunnel for a host the certificate does not name is refused.
	m := network.New(network.Options{Getenv: none, CAPEM: roots, Via: map[string]string{realHost: s.Listener.Addr().String()}})
	defer m.Close()
	_, err := get(t, m, "https://"+realHost+"/")
	var untrusted *tls.CertificateVerificationError
	if !errors.As(err, &untrusted) {
		t.Errorf("a certificate for another name gave %v", err)
	}
}

// connectProxy is a CONNECT proxy that sends every host to target, and notes whom it was asked for.
func connectProxy(t *testing.T, target string) (*url.URL, func() []string) {
	t.Helper()
	var mu sync.Mutex
	var asked []string
	p := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, r.Host)
		mu.Unlock()
		if target == "" || r.Method != http.MethodConnect {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		up, err := net.Dial("tcp", target)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		conn, _, _ := w.(http.Hijacker).Hijack()
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { _, _ = io.Copy(up, bufio.NewReader(conn)); _ = up.Close() }()
		_, _ = io.Copy(conn, up)
		_ = conn.Close()
	}))
	t.Cleanup(p.Close)
	u, _ := url.Parse(p.URL)
	return u, func() []string { mu.Lock(); defer mu.Unlock(); return asked }
}

func TestWhichWayACallTakes(t *testing.T) {
	s, roots := server(t, func(http.ResponseWriter, *http.Request) {})
	addr := s.Listener.Addr().String()
	proxy, asked := connectProxy(t, addr)
	env := func(k string) string {
		return map[string]string{"HTTPS_PROXY": proxy.String(), "NO_PROXY": "no.example.com"}[k]
	}
	for name, tc := range map[string]struct {
		options network.Options
		url     string
		proxied bool
	}{
		"explicit proxy":               {network.Options{ProxyURL: proxy, Isolated: true}, "https://example.com/", true},
		"environment's proxy":          {network.Options{Getenv: env}, "https://example.com/", true},
		"isolated from environment":    {network.Options{Getenv: env, Isolated: true}, s.URL, false},
		"host's own proxy":             {network.Options{Getenv: none, Via: map[string]string{"example.com": proxy.String()}}, "https://example.com/", true},
		"host's tunnel beats proxy":    {network.Options{ProxyURL: proxy, Via: map[string]string{"example.com": addr}}, "https://example.com/", false},
		"loopback is never proxied":    {network.Options{Getenv: env}, s.URL, false},
		"isolated proxies everything":  {network.Options{ProxyURL: proxy, Isolated: true}, s.URL, true},
		"explicit proxy, not loopback": {network.Options{ProxyURL: proxy, Getenv: none}, s.URL, false},
	} {
		t.Run(name, func(t *testing.T) {
			tc.options.CAPEM = roots
			n := network.New(tc.options)
			defer n.Close()
			before := len(asked())
			if _, err := get(t, n, tc.url); err != nil {
				t.Fatal(err)
			}
			if got := len(asked()) > before; got != tc.proxied {
				t.Errorf("proxied %v, want %v", got, tc.proxied)
			}
		})
	}
}

func TestProxyThatRefuses(t *testing.T) {
	proxy, _ := connectProxy(t, "")
	n := network.New(network.Options{ProxyURL: proxy, Isolated: true})
	defer n.Close()
	_, err := get(t, n, "https://"+realHost+"/")
	var refused *network.ProxyError
	if !errors.As(err, &refused) || refused.Status != 403 || !strings.HasPrefix(refused.Host, realHost) || !refused.Unreachable() {
		t.Errorf("got %v", err)
	}
}

func TestBadOptionsStopEveryCall(t *testing.T) {
	for name, o := range map[string]network.Options{
		"no certificate":   {CAPEM: []byte("hello"), Isolated: true},
		"unreadable file":  {Getenv: func(k string) string { return map[string]string{"AWS_CA_BUNDLE": "/nowhere/ca.pem"}[k] }},
		"tunnel, no port":  {Via: map[string]string{"a": "127.0.0.1"}, Isolated: true},
		"unknown scheme":   {Via: map[string]string{"a": "ftp://x:1"}, Isolated: true},
		"proxy, no host":   {Via: map[string]string{"a": "socks5://"}, Isolated: true},
		"proxy, not a URL": {Via: map[string]string{"a": "http://%zz"}, Isolated: true},
	} {
		t.Run(name, func(t *testing.T) {
			called := false
			o.RoundTripper = roundTripper(func(*http.Request) (*http.Response, error) { called = true; return nil, io.EOF })
			n := network.New(o)
			var bad *network.OptionError
			if !errors.As(n.Problem(), &bad) || bad.Fix.IsZero() {
				t.Fatalf("problem %v", n.Problem())
			}
			if _, err := get(t, n, "https://example.com/"); !errors.As(err, &bad) || called {
				t.Errorf("called %v, error %v", called, err)
			}
			o.RoundTripper = nil
			loader, _ := network.New(o).Loader()
			req, _ := http.NewRequest(http.MethodGet, "https://127.0.0.1:1/", nil)
			if res, err := loader.Do(req); !errors.As(err, &bad) {
				t.Errorf("the loader's client answered %v, error %v", res, err)
			}
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestCallLogHoldsNoSecret(t *testing.T) {
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	tick := func() time.Time { now = now.Add(time.Second); return now }
	for name, tc := range map[string]struct {
		answer *http.Response
		err    error
		want   network.Call
	}{
		"answered": {
			&http.Response{StatusCode: 403, Header: http.Header{"X-Amzn-Requestid": {"r-1"}}, Body: http.NoBody}, nil,
			network.Call{Method: "GET", Host: "h.example", Path: "/a%2Fb", Status: 403, Took: time.Second, RequestID: "r-1"},
		},
		"failed": {
			nil, &url.Error{Op: "Get", URL: "https://h.example/?token=hush", Err: io.ErrUnexpectedEOF},
			network.Call{Method: "GET", Host: "h.example", Path: "/a%2Fb", Took: time.Second, Err: "unexpected EOF"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got []network.Call
			n := network.New(network.Options{
				Isolated: true, Now: tick, OnCall: func(c network.Call) { got = append(got, c) },
				RoundTripper: roundTripper(func(*http.Request) (*http.Response, error) { return tc.answer, tc.err }),
			})
			_, _ = get(t, n, "https://h.example/a%2Fb?token=hush")
			if len(got) != 1 || got[0].At.IsZero() {
				t.Fatalf("calls %+v", got)
			}
			got[0].At = time.Time{}
			if d := cmp.Diff(tc.want, got[0]); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestNoRedirectIsFollowed(t *testing.T) {
	hits := 0
	n := network.New(network.Options{Isolated: true, RoundTripper: roundTripper(func(*http.Request) (*http.Response, error) {
		hits++
		return &http.Response{StatusCode: 307, Header: http.Header{"Location": {"https://elsewhere.example/"}}, Body: http.NoBody}, nil
	})})
	res, err := get(t, n, "https://h.example/")
	if err != nil || res.StatusCode != 307 || hits != 1 {
		t.Errorf("status %v, hits %d, error %v", res, hits, err)
	}
}
