package network

import (
	"crypto/x509"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"snapferry/awsx/text"
)

// OptionError is an option that cannot be used.
type OptionError struct {
	Summary, Fix text.Text
	Cause        error
}

func (e *OptionError) Error() string {
	if e.Cause != nil {
		return e.Summary.String() + ": " + e.Cause.Error()
	}
	return e.Summary.String()
}

func (e *OptionError) Unwrap() error { return e.Cause }

// route is the way to one host: an address to connect to, or a proxy.
type route struct {
	dial  string
	proxy *url.URL
}

// ParseVia checks one way, for the front ends that ask for it.
func ParseVia(way string) error {
	_, err := parseRoute(way)
	return err
}

func parseVia(via map[string]string) (map[string]route, error) {
	out := make(map[string]route, len(via))
	for host, way := range via {
		r, err := parseRoute(way)
		if err != nil {
			return nil, err
		}
		out[strings.ToLower(host)] = r
	}
	return out, nil
}

func parseRoute(way string) (route, error) {
	bad := func(cause error) (route, error) {
		return route{}, &OptionError{
			Summary: text.New("%q is not a way to a host", way),
			Fix:     text.New("Type a tunnel such as 127.0.0.1:9443, or a proxy such as socks5://127.0.0.1:1080 or http://proxy:3128"),
			Cause:   cause,
		}
	}
	t := strings.TrimSpace(way)
	if !strings.Contains(t, "://") {
		host, port, err := net.SplitHostPort(t)
		if err != nil || port == "" {
			return bad(err)
		}
		if host == "" {
			host = "127.0.0.1"
		}
		return route{dial: net.JoinHostPort(host, port)}, nil
	}
	u, err := url.Parse(t)
	if err != nil || u.Host == "" {
		return bad(err)
	}
	switch u.Scheme {
	case "http", "https", "socks5", "socks5h":
		return route{proxy: u}, nil
	}
	return bad(fmt.Errorf("scheme %s", u.Scheme))
}

// rootCAs are the trusted roots: the given ones alone for an isolated network,
// else the system's, the environment's bundle and the given ones.
func rootCAs(o Options) (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	extra := [][]byte{o.CAPEM}
	if !o.Isolated {
		bundle := o.Getenv("AWS_CA_BUNDLE")
		if bundle == "" && len(o.CAPEM) == 0 {
			return nil, nil // the platform's own verifier
		}
		if system, err := x509.SystemCertPool(); err == nil {
			pool = system
		}
		if bundle != "" {
			pem, err := os.ReadFile(bundle)
			if err != nil {
				return pool, &OptionError{
					Summary: text.New("The CA bundle %s named by AWS_CA_BUNDLE cannot be read", bundle),
					Fix:     text.New("Correct AWS_CA_BUNDLE or take it out of the environment"), Cause: err,
				}
			}
			extra = append(extra, pem)
		}
	}
	for _, pem := range extra {
		if len(pem) > 0 && !pool.AppendCertsFromPEM(pem) {
			return pool, &OptionError{
				Summary: text.New("The CA bundle holds no certificate"),
				Fix:     text.New("Give certificates in PEM form, beginning with -----BEGIN CERTIFICATE-----"),
			}
		}
	}
	return pool, nil
}

func (t Timeouts) withDefaults() Timeouts {
	set := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	set(&t.Dial, 10*time.Second)
	set(&t.Handshake, 10*time.Second)
	set(&t.Header, 90*time.Second)
	set(&t.Call, 15*time.Minute)
	return t
}
