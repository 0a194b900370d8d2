// Package network is the one way to HTTP: every call to AWS and to a domain
// goes through a client made here, with one proxy, one set of trusted roots, one
// set of limits and one call log.
//
// It does not know what is asked or who asks: no signing, no credentials, no
// meaning of an answer.
package network

import (
	"net/http"
	"net/url"
	"time"
)

// Options say how the world is reached. The zero value is the ambient one:
// proxy and CA bundle of the environment, system roots.
type Options struct {
	// ProxyURL is a CONNECT or SOCKS5 proxy for everything. Nil means the
	// environment's (HTTPS_PROXY, NO_PROXY), or none when Isolated.
	ProxyURL *url.URL
	// CAPEM are certificates trusted beside the system's, or alone when Isolated.
	CAPEM []byte
	// Via maps a host name to the way to it: "127.0.0.1:9443" (a tunnel),
	// "socks5://host:port" or "http://host:port". The real name stays the name
	// for TLS, the Host header and the signature.
	Via map[string]string
	// Isolated ignores the ambient environment wholly: a sandbox cannot reach
	// the real AWS by accident.
	Isolated bool
	// RoundTripper takes the place of the transport, for tests.
	RoundTripper http.RoundTripper
	// OnCall is told of every finished call, from the goroutine that made it.
	OnCall func(Call)
	// Now is the clock of the call log; nil is time.Now.
	Now      func() time.Time
	Timeouts Timeouts
	// Getenv replaces os.Getenv, for tests.
	Getenv func(string) string
}

// Timeouts bound the parts of a call; zero values are the defaults.
type Timeouts struct {
	// Dial bounds the TCP connection: 10 s.
	Dial time.Duration
	// Handshake bounds TLS: 10 s.
	Handshake time.Duration
	// Header bounds the wait from the request sent to the answer's first line:
	// 90 s, above the minute after which the service's balancer answers 504.
	Header time.Duration
	// Call bounds the whole call with its body: 15 min.
	Call time.Duration
}

// Call is one finished call. It carries no query and no header, which may hold
// secrets.
type Call struct {
	At     time.Time
	Method string
	Host   string
	Path   string
	// Operation is the AWS operation, e.g. "IAM GetRole"; empty for domain calls.
	Operation string
	// Status is 0 where no answer came; then Err says why.
	Status    int
	Took      time.Duration
	RequestID string
	Err       string
}
