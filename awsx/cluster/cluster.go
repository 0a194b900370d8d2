// Package cluster is one domain's REST API: repositories, snapshots, restores,
// indices, documents, health. Requests are signed for service es with the real
// host name, carry basic authentication, or carry none.
//
// It speaks engine terms and gives own values; it does not know accounts, the
// control plane, or what a migration wants.
package cluster

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"snapferry/awsx/awsid"
	"snapferry/awsx/network"
	"snapferry/awsx/session"
)

// Options of New.
type Options struct {
	// Endpoint is the host name, or an https:// (tests: http://) URL without path.
	Endpoint string
	// Region is the one signed for.
	Region  awsid.Region
	Auth    Auth
	Network *network.Network
	// Now is the signing clock; nil is time.Now.
	Now func() time.Time
	// Version is the engine's, where known; it picks old paths for old engines.
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

// Cluster is one domain. It is safe for concurrent use.
type Cluster struct {
	opts Options
}

// New makes a client; it talks to nobody yet.
func New(o Options) *Cluster { return &Cluster{opts: o} }
