package network

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"golang.org/x/net/http/httpproxy"
)

// Network makes clients. It is safe for concurrent use.
type Network struct {
	opts      Options
	routes    map[string]route
	ambient   func(*url.URL) (*url.URL, error)
	transport *http.Transport
	buildable *awshttp.BuildableClient
	problem   error
}

// New makes a Network. Options that cannot be used (an unreadable CA bundle, a
// malformed Via) come back from Problem and from every call, so that no call can
// ever take another way than the one asked for.
func New(o Options) *Network {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	o.Timeouts = o.Timeouts.withDefaults()
	n := &Network{opts: o}
	if !o.Isolated {
		env := httpproxy.Config{
			HTTPProxy:  either(o.Getenv, "HTTP_PROXY", "http_proxy"),
			HTTPSProxy: either(o.Getenv, "HTTPS_PROXY", "https_proxy"),
			NoProxy:    either(o.Getenv, "NO_PROXY", "no_proxy"),
		}
		n.ambient = env.ProxyFunc()
	}
	n.routes, n.problem = parseVia(o.Via)
	roots, err := rootCAs(o)
	if n.problem == nil {
		n.problem = err
	}
	// The SDK's own buildable client is the base: the config loader adds a
	// profile's ca_bundle to nothing else.
	n.buildable = awshttp.NewBuildableClient().WithTransportOptions(func(tr *http.Transport) {
		tr.Proxy = n.proxy
		tr.DialContext = n.dial
		tr.OnProxyConnectResponse = onProxyAnswer
		tr.TLSHandshakeTimeout = o.Timeouts.Handshake
		tr.ResponseHeaderTimeout = o.Timeouts.Header
		tr.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}
	}).WithTimeout(o.Timeouts.Call)
	n.transport = n.buildable.GetTransport()
	return n
}

// Problem says what is wrong with the options, nil when nothing is.
func (n *Network) Problem() error { return n.problem }

// Isolated says that the ambient environment is ignored.
func (n *Network) Isolated() bool { return n.opts.Isolated }

// Client is the plain client. It follows no redirect: a domain has none to give,
// and a signature is good for one host only.
func (n *Network) Client() *http.Client {
	return &http.Client{
		Transport:     roundTripper(n.roundTrip),
		Timeout:       n.opts.Timeouts.Call,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// SDK is Client for the SDK's service clients.
func (n *Network) SDK() aws.HTTPClient { return n.Client() }

// Close ends idle connections.
func (n *Network) Close() { n.transport.CloseIdleConnections() }

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func (n *Network) roundTrip(r *http.Request) (*http.Response, error) {
	do := n.transport.RoundTrip
	if n.opts.RoundTripper != nil {
		do = n.opts.RoundTripper.RoundTrip
	}
	return n.logged(r, do)
}

// proxy decides the proxy of one request: the host's own way first, then the
// explicit proxy, then the environment's. Metadata services are on the machine
// itself and never behind a proxy, the sandbox's apart.
func (n *Network) proxy(r *http.Request) (*url.URL, error) {
	if n.problem != nil {
		return nil, n.problem
	}
	host := strings.ToLower(r.URL.Hostname())
	if way, ok := n.routes[host]; ok {
		return way.proxy, nil
	}
	if n.opts.ProxyURL != nil {
		if !n.opts.Isolated && linkLocal(host) {
			return nil, nil
		}
		return n.opts.ProxyURL, nil
	}
	if n.ambient == nil || linkLocal(host) {
		return nil, nil
	}
	return n.ambient(r.URL)
}

func linkLocal(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && (a.IsLinkLocalUnicast() || a.IsLoopback() || a == netip.MustParseAddr("fd00:ec2::254") || a == netip.MustParseAddr("fd00:ec2::23"))
}

// dial connects to a tunnel in place of the host it stands for. The transport
// keeps the request's host as the TLS server name.
func (n *Network) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if host, _, err := net.SplitHostPort(addr); err == nil {
		if way, ok := n.routes[strings.ToLower(host)]; ok && way.dial != "" {
			addr = way.dial
		}
	}
	d := net.Dialer{Timeout: n.opts.Timeouts.Dial, KeepAlive: 30 * time.Second}
	return d.DialContext(ctx, network, addr)
}

func onProxyAnswer(_ context.Context, proxy *url.URL, connect *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	return &ProxyError{Proxy: proxy.Host, Host: connect.Host, Status: answer.StatusCode}
}

// ProxyError is a proxy that would not connect to a host.
type ProxyError struct {
	Proxy, Host string
	Status      int
}

func (e *ProxyError) Error() string {
	return fmt.Sprintf("the proxy %s refused to connect to %s: %d %s", e.Proxy, e.Host, e.Status, http.StatusText(e.Status))
}

// Unreachable marks the error for the failure package.
func (e *ProxyError) Unreachable() bool { return true }

func either(getenv func(string) string, names ...string) string {
	for _, n := range names {
		if v := getenv(n); v != "" {
			return v
		}
	}
	return ""
}
