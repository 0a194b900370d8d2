package network_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync/atomic"
	"testing"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"snapferry/awsx/failure"
	"snapferry/awsx/network"
)

// socks is a SOCKS5 proxy without login that sends everybody to target, and the
// name it was last asked for.
func socks(t *testing.T, target string) (addr string, asked func() string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	var name atomic.Value
	name.Store("")
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				head := make([]byte, 2)
				_, _ = io.ReadFull(c, head)
				_, _ = io.CopyN(io.Discard, c, int64(head[1]))
				_, _ = c.Write([]byte{5, 0})
				ask := make([]byte, 5)
				_, _ = io.ReadFull(c, ask) // version, connect, 0, type 3 (name), length
				host := make([]byte, int(ask[4])+2)
				_, _ = io.ReadFull(c, host)
				name.Store(string(host[:len(host)-2]))
				up, err := net.Dial("tcp", target)
				if ask[3] != 3 || err != nil {
					_, _ = c.Write([]byte{5, 1, 0, 1, 0, 0, 0, 0, 0, 0})
					return
				}
				_, _ = c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
				go func() { _, _ = io.Copy(up, c); _ = up.Close() }()
				_, _ = io.Copy(c, up)
			}()
		}
	}()
	return l.Addr().String(), func() string { return name.Load().(string) }
}

func TestSOCKS(t *testing.T) {
	var serverName string
	s, roots := server(t, func(_ http.ResponseWriter, r *http.Request) { serverName = r.TLS.ServerName })
	addr, asked := socks(t, s.Listener.Addr().String())
	n := network.New(network.Options{Getenv: none, CAPEM: roots, Via: map[string]string{"example.com": "socks5://" + addr}})
	defer n.Close()
	if _, err := get(t, n, "https://example.com/"); err != nil {
		t.Fatal(err)
	}
	// The name goes to the far end: only there can it be resolved.
	if asked() != "example.com" || serverName != "example.com" {
		t.Errorf("the proxy was asked for %q, the server for %q", asked(), serverName)
	}
}

func TestLimits(t *testing.T) {
	hang := make(chan struct{})
	s, roots := server(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow-body" {
			w.WriteHeader(http.StatusOK)
			_ = http.NewResponseController(w).Flush()
		}
		<-hang
	})
	defer close(hang)
	const short = 50 * time.Millisecond
	silent, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	for name, tc := range map[string]struct {
		limits network.Timeouts
		url    string
		kind   failure.Kind
	}{
		"no header":    {network.Timeouts{Header: short}, s.URL, failure.Timeout},
		"no end":       {network.Timeouts{Call: short}, s.URL + "/slow-body", failure.Timeout},
		"no handshake": {network.Timeouts{Handshake: short}, "https://" + silent.Addr().String(), failure.Timeout},
		"nobody there": {network.Timeouts{}, "https://127.0.0.1:1", failure.Unreachable},
	} {
		t.Run(name, func(t *testing.T) {
			n := network.New(network.Options{Isolated: true, CAPEM: roots, Timeouts: tc.limits})
			defer n.Close()
			res, err := n.Client().Get(tc.url)
			if err == nil {
				_, err = io.ReadAll(res.Body)
				_ = res.Body.Close()
			}
			if f := failure.Of(err); err == nil || f.Kind != tc.kind || !f.Transient {
				t.Errorf("got %v", err)
			}
		})
	}
	n := network.New(network.Options{Isolated: true, CAPEM: roots})
	defer n.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
	if _, err := n.Client().Do(req); !errors.Is(err, context.Canceled) || !failure.Is(err, failure.Interrupted) {
		t.Errorf("a cancelled call gave %v", err)
	}
}

func TestParseVia(t *testing.T) {
	for way, ok := range map[string]bool{
		"127.0.0.1:9443": true, ":9443": true, " [::1]:9443 ": true, "bastion.local:443": true, "socks5://127.0.0.1:1080": true, "socks5h://h:1": true, "http://proxy:3128": true, "https://proxy": true,
		"": false, "127.0.0.1": false, "9443": false, "127.0.0.1:": false, "ftp://x": false, "http://": false, "://": false,
	} {
		if err := network.ParseVia(way); (err == nil) != ok {
			t.Errorf("%q: %v", way, err)
		}
	}
}

// TestMetadataIsNeverBehindAProxy: the host's own credentials are asked for on
// the host, whatever the proxy; in the sandbox they are the sandbox's. Only the
// transport's decision is looked at: nothing is sent there.
func TestMetadataIsNeverBehindAProxy(t *testing.T) {
	proxy := &url.URL{Scheme: "http", Host: "127.0.0.1:3128"}
	env := func(k string) string {
		return map[string]string{"HTTPS_PROXY": proxy.String(), "HTTP_PROXY": proxy.String()}[k]
	}
	for name, tc := range map[string]struct {
		options network.Options
		proxied bool
	}{
		"environment": {network.Options{Getenv: env}, false},
		"explicit":    {network.Options{Getenv: none, ProxyURL: proxy}, false},
		"isolated":    {network.Options{Isolated: true, ProxyURL: proxy}, true},
	} {
		client, _ := network.New(tc.options).Loader()
		decide := client.(*awshttp.BuildableClient).GetTransport().Proxy
		for host, proxied := range map[string]bool{
			"169.254.169.254": tc.proxied, "169.254.170.2": tc.proxied, "[fd00:ec2::254]": tc.proxied, "[fd00:ec2::23]": tc.proxied, "example.com": true,
		} {
			req, _ := http.NewRequest(http.MethodGet, "http://"+host+"/latest", nil)
			if u, err := decide(req); err != nil || (u != nil) != proxied {
				t.Errorf("%s, %s: %v %v", name, host, u, err)
			}
		}
	}
}

func TestBundleOfTheEnvironmentStandsBesideTheGivenOne(t *testing.T) {
	s, roots := server(t, func(http.ResponseWriter, *http.Request) {})
	file := t.TempDir() + "/ca.pem"
	if err := os.WriteFile(file, roots, 0o600); err != nil {
		t.Fatal(err)
	}
	n := network.New(network.Options{CAPEM: roots, Getenv: func(k string) string { return map[string]string{"AWS_CA_BUNDLE": file}[k] }})
	defer n.Close()
	if _, err := get(t, n, s.URL); err != nil || n.Problem() != nil {
		t.Errorf("%v %v", err, n.Problem())
	}
}
