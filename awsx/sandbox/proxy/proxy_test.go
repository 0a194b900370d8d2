package proxy_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/sandbox/proxy"
)

// hosts is a route of two names and the address itself.
func hosts(host string) http.Handler {
	switch host {
	case "sts.amazonaws.com", "my.bucket.s3.eu-west-1.amazonaws.com", "127.0.0.1":
	default:
		return nil
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Seen", r.URL.Scheme+" "+r.Host)
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write(append([]byte(r.Method+" "+r.URL.RequestURI()+" "), body...))
	})
}

// start runs a proxy with its authority in dir.
func start(t *testing.T, dir string) (*proxy.Proxy, *proxy.Authority) {
	t.Helper()
	ca, err := proxy.OpenAuthority(dir, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	p, err := proxy.Start("127.0.0.1:0", ca, hosts, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return p, ca
}

func pool(ca *proxy.Authority) *x509.CertPool {
	p := x509.NewCertPool()
	p.AppendCertsFromPEM(ca.PEM())
	return p
}

func through(t *testing.T, p *proxy.Proxy, ca *proxy.Authority) *http.Client {
	t.Helper()
	u, err := url.Parse(p.URL())
	if err != nil {
		t.Fatal(err)
	}
	tr := &http.Transport{Proxy: http.ProxyURL(u), TLSClientConfig: &tls.Config{RootCAs: pool(ca)}}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

func post(t *testing.T, c *http.Client, url string) (*http.Response, string, error) {
	t.Helper()
	resp, err := c.Post(url, "text/plain", strings.NewReader("body"))
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp, string(b), err
}

func TestRealNamesThroughTheProxy(t *testing.T) {
	p, ca := start(t, t.TempDir())
	c := through(t, p, ca)
	for _, host := range []string{"sts.amazonaws.com", "my.bucket.s3.eu-west-1.amazonaws.com", "STS.amazonaws.com"} {
		resp, body, err := post(t, c, "https://"+host+"/a%2Fb?x=1")
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != http.StatusTeapot || body != "POST /a%2Fb?x=1 body" || !strings.EqualFold(resp.Header.Get("X-Seen"), "https "+host) {
			t.Errorf("%s: %d %q %q", host, resp.StatusCode, body, resp.Header.Get("X-Seen"))
		}
	}
}

func TestEverythingElseIsRefused(t *testing.T) {
	p, ca := start(t, t.TempDir())
	c := through(t, p, ca)
	if _, _, err := post(t, c, "https://sts.eu-west-1.amazonaws.com.evil.example/"); err == nil || !strings.Contains(err.Error(), "Forbidden") {
		t.Errorf("a foreign host: %v", err)
	}
	resp, body, err := post(t, c, "http://example.com/")
	if err != nil || resp.StatusCode != http.StatusForbidden || !strings.Contains(body, "nothing was sent") {
		t.Errorf("plain http: %v %s", err, body)
	}
	resp, body, err = post(t, http.DefaultClient, p.URL())
	if err != nil || resp.StatusCode != http.StatusBadRequest || !strings.Contains(body, "HTTPS_PROXY") {
		t.Errorf("a request to the proxy itself: %v %s", err, body)
	}
	// A tunnel to one name does not reach another by its Host header.
	req, err := http.NewRequest(http.MethodGet, "https://sts.amazonaws.com/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "example.com"
	if resp, err = c.Do(req); err != nil || resp.StatusCode != http.StatusForbidden {
		t.Errorf("another Host inside the tunnel: %v, %v", resp, err)
	}
	if err == nil {
		resp.Body.Close()
	}
	conn, err := tls.Dial("tcp", p.Addr(), &tls.Config{RootCAs: pool(ca), ServerName: "example.com"})
	if err == nil {
		conn.Close()
		t.Error("a certificate was minted for a foreign name")
	}
}

func TestTLSWithoutProxy(t *testing.T) {
	p, ca := start(t, t.TempDir())
	dial := &tls.Config{RootCAs: pool(ca)}
	direct := &http.Client{Transport: &http.Transport{TLSClientConfig: dial, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", p.Addr())
	}}}
	t.Cleanup(direct.CloseIdleConnections)
	for _, host := range []string{p.Addr(), "sts.amazonaws.com"} {
		resp, _, err := post(t, direct, "https://"+host+"/")
		if err != nil || resp.Header.Get("X-Seen") != "https "+host {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestAuthorityStays(t *testing.T) {
	dir := t.TempDir()
	_, first := start(t, dir)
	p, second := start(t, dir)
	if string(first.PEM()) != string(second.PEM()) {
		t.Error("another authority after the restart")
	}
	if _, _, err := post(t, through(t, p, first), "https://sts.amazonaws.com/"); err != nil {
		t.Error(err)
	}
	for name, mode := range map[string]os.FileMode{"ca-key.pem": 0o600} {
		if st, err := os.Stat(filepath.Join(dir, name)); err != nil || st.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", name, st.Mode(), err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "ca-key.pem"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := proxy.OpenAuthority(dir, time.Now); err == nil {
		t.Error("a damaged key was taken")
	}
}

func TestCertificatesAreWhatStrictClientsWant(t *testing.T) {
	_, ca := start(t, t.TempDir())
	long := strings.Repeat("a", 63) + ".s3.amazonaws.com"
	for _, host := range []string{"sts.amazonaws.com", long, "127.0.0.1"} {
		c, err := ca.Certificate(host)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := ca.Certificate(host); again != c {
			t.Error("minted twice")
		}
		if _, err := c.Leaf.Verify(x509.VerifyOptions{Roots: pool(ca), DNSName: host}); err != nil {
			t.Errorf("%s: %v", host, err)
		}
		if len(c.Leaf.AuthorityKeyId) == 0 || len(c.Leaf.Subject.CommonName) > 64 || c.Leaf.NotAfter.Sub(c.Leaf.NotBefore) > 398*24*time.Hour {
			t.Errorf("%s: %+v", host, c.Leaf)
		}
	}
}

func TestLoopbackOnly(t *testing.T) {
	ca, err := proxy.OpenAuthority(t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{"0.0.0.0:0", "192.0.2.1:0", ":0", "example.com:0", "127.0.0.1"} {
		if p, err := proxy.Start(addr, ca, hosts, nil, nil); err == nil {
			_ = p.Close(context.Background())
			t.Errorf("%s was taken", addr)
		}
	}
}
