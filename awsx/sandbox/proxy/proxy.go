// Package proxy is the way into the embedded AWS: an HTTPS CONNECT proxy on
// loopback that shows a certificate for whatever real host name it answers for,
// and the same without sockets for tests.
//
// It knows names, certificates and connections. It does not know services: who
// answers for a host it is told by a Route. What no route knows is refused, so
// that nothing sent here can reach the real AWS.
package proxy

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"
)

// Route gives the handler of a host name (lower case, no port), nil for a host
// that is not part of the sandbox.
type Route func(host string) http.Handler

// Plain gives the handler of a request without TLS: what is asked of the proxy in
// the name of a host that has none, or of the proxy's own address. Nil refuses.
type Plain func(host string, r *http.Request) http.Handler

// Proxy is a running proxy.
type Proxy struct {
	listener net.Listener
	inner    *queue
	connects *http.Server
	services *http.Server
	route    Route
	plain    Plain
	greeting greetings
	quiet    *log.Logger
}

// headerTimeout ends connections that never say what they want.
const headerTimeout = 30 * time.Second

// Start listens on a loopback address and serves until Close. The same port
// takes CONNECT requests, those of plain where it is not nil and, for clients that
// cannot use a proxy, TLS at once.
func Start(addr string, ca *Authority, route Route, plain Plain, logger *slog.Logger) (*Proxy, error) {
	if err := loopbackOnly(addr); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen for the sandbox: %w", err)
	}
	p := &Proxy{listener: l, inner: newQueue(l.Addr()), route: route, plain: plain}
	config := &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) { return p.certificate(ca, hello) },
	}
	p.quiet = log.New(logWriter{logger}, "", 0)
	p.services = &http.Server{Handler: http.HandlerFunc(p.serve), ReadHeaderTimeout: headerTimeout, ErrorLog: p.quiet, ConnState: p.greeting.watch}
	p.connects = &http.Server{Handler: p.connectHandler(config), ReadHeaderTimeout: headerTimeout, ErrorLog: p.quiet}
	open := newQueue(l.Addr())
	go func() { _ = p.services.Serve(p.inner) }()
	go func() { _ = p.connects.Serve(open) }()
	go p.accept(open, config)
	return p, nil
}

// loopbackOnly keeps the sandbox, whose keys anybody can read, off the network.
func loopbackOnly(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("the sandbox's address %q: %w", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("the sandbox listens on loopback only, not on %q", addr)
	}
	return nil
}

// Addr is host:port of the proxy.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// URL is the proxy as clients name it in HTTPS_PROXY.
func (p *Proxy) URL() string { return "http://" + p.Addr() }

// Close ends all connections and waits for requests being served, as long as
// ctx permits.
func (p *Proxy) Close(ctx context.Context) error {
	err := p.listener.Close()
	p.greeting.end()
	err = errors.Join(err, p.services.Shutdown(ctx), p.connects.Close())
	if ctx.Err() != nil {
		err = errors.Join(err, p.services.Close())
	}
	return err
}

// serve answers a request that arrived inside TLS.
func (p *Proxy) serve(w http.ResponseWriter, r *http.Request) {
	r.URL.Scheme = "https"
	if h := p.route(HostName(r.Host)); h != nil {
		h.ServeHTTP(w, r)
		return
	}
	refuse(w, r.Host)
}

// HostName is a host without its port, in lower case.
func HostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.Trim(host, "[]"))
}

func refuse(w http.ResponseWriter, host string) {
	http.Error(w, refusal(host), http.StatusForbidden)
}

// refusal says to a person what happened and that it was on purpose.
func refusal(host string) string {
	return fmt.Sprintf("snapferry sandbox: %s is not part of the sandbox. It answers for the AWS services and domains it holds and lets nothing through to anybody else; nothing was sent.", host)
}

// certificate mints for the name a client asks for. One that asks for none
// speaks to the address itself.
func (p *Proxy) certificate(ca *Authority, hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	name := strings.ToLower(hello.ServerName)
	if name == "" {
		name = HostName(hello.Conn.LocalAddr().String())
	}
	if c, ok := hello.Conn.(*tunnel); ok && hello.ServerName == "" {
		name = c.host
	}
	if p.route(name) == nil {
		return nil, errors.New(refusal(name))
	}
	return ca.Certificate(name)
}

// logWriter takes the server's own complaints, mostly about clients that do not
// trust the authority.
type logWriter struct{ logger *slog.Logger }

func (w logWriter) Write(b []byte) (int, error) {
	if w.logger != nil {
		w.logger.Debug("proxy", "message", strings.TrimSpace(string(b)))
	}
	return len(b), nil
}
