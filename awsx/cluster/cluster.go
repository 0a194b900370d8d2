// Package cluster is one domain's REST API: repositories, snapshots, restores,
// indices, documents, health. Requests are signed for service es with the real
// host name, carry basic authentication, or carry none.
//
// It speaks engine terms and gives own values, and errors are *failure.Failure;
// it does not know accounts, the control plane, or what a migration wants.
package cluster

import (
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"snapferry/awsx/awsid"
	"snapferry/awsx/network"
	"snapferry/awsx/session"
)

// Options of New.
type Options struct {
	// Endpoint is the host name, or an https:// URL without path. Plain http is
	// for loopback only.
	Endpoint string
	// Region is the one signed for.
	Region  awsid.Region
	Auth    Auth
	Network *network.Network
	// Now is the signing clock; nil is time.Now.
	Now func() time.Time
	// Version is the engine's, where known; it keeps new options from old engines.
	Version awsid.EngineVersion
}

// AuthKind is how requests prove who sends them.
type AuthKind string

// The kinds.
const (
	AuthSigned   AuthKind = "sigv4"
	AuthBasic    AuthKind = "basic"
	AuthUnsigned AuthKind = "unsigned"
)

// Auth is how requests prove who sends them. The zero value is unsigned.
type Auth struct {
	kind     AuthKind
	creds    aws.CredentialsProvider
	user     string
	password session.Secret
}

// Signed signs with the session's credentials, read anew for every request.
func Signed(s *session.Session) Auth { return Auth{kind: AuthSigned, creds: s.Credentials()} }

// Basic sends name and password of an internal user.
func Basic(user string, password session.Secret) Auth {
	return Auth{kind: AuthBasic, user: user, password: password}
}

// Unsigned sends nothing.
func Unsigned() Auth { return Auth{kind: AuthUnsigned} }

// Kind is how the requests prove who sends them.
func (a Auth) Kind() AuthKind {
	if a.kind == "" {
		return AuthUnsigned
	}
	return a.kind
}

// Cluster is one domain. It is safe for concurrent use.
type Cluster struct {
	opts   Options
	scheme string
	host   string
	signer *v4.Signer
}

// New makes a client; it talks to nobody yet.
func New(o Options) *Cluster {
	if o.Now == nil {
		o.Now = time.Now
	}
	c := &Cluster{opts: o, signer: v4.NewSigner()}
	c.scheme, c.host = endpoint(o.Endpoint)
	return c
}

// Host is the domain's real host name, with its port where it is not 443.
func (c *Cluster) Host() string { return c.host }

// Auth is how the requests prove who sends them.
func (c *Cluster) Auth() AuthKind { return c.opts.Auth.Kind() }

// endpoint reads a host or URL. Whatever is not loopback is spoken to over TLS,
// because passwords and documents go over the line. A port 443 is dropped: it
// would be signed, and the service signs without it.
func endpoint(s string) (scheme, host string) {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil {
		return "https", s
	}
	scheme, host = "https", strings.ToLower(u.Host)
	if a, err := netip.ParseAddr(u.Hostname()); u.Scheme == "http" && err == nil && a.IsLoopback() {
		return "http", host
	}
	return scheme, strings.TrimSuffix(host, ":443")
}
