package session

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"snapferry/awsx/awsid"
	"snapferry/awsx/network"
)

// Secret is a value that shows itself to nobody but Reveal.
type Secret struct{ value string }

// NewSecret wraps a secret.
func NewSecret(s string) Secret { return Secret{s} }

// Reveal gives the value, for the one place that sends it.
func (s Secret) Reveal() string { return s.value }

// IsZero says that there is none.
func (s Secret) IsZero() bool { return s.value == "" }

// Options of Open.
type Options struct {
	// Isolated ignores the ambient AWS environment, shared files included, but
	// for ConfigFiles and CredentialsFiles given here.
	Isolated bool
	// ConfigFiles and CredentialsFiles take the place of ~/.aws/config and
	// ~/.aws/credentials.
	ConfigFiles, CredentialsFiles []string
	// MFA asks for the six digits of a device; nil makes a link with an MFA
	// serial fail.
	MFA func(ctx context.Context, serial string) (string, error)
	// Now is nil for time.Now.
	Now func() time.Time
}

// Session is an opened identity. It is safe for concurrent use.
type Session struct{}

// Open loads the identity. It talks to nobody yet: a wrong profile name fails
// here, a wrong key at the first call.
func Open(ctx context.Context, net *network.Network, id Identity, region awsid.Region, o Options) (*Session, error) {
	return nil, errors.New("not filled yet")
}

// Identity is what was opened.
func (s *Session) Identity() Identity { return Identity{} }

// Region is the region calls go to unless a thing lives elsewhere.
func (s *Session) Region() awsid.Region { return "" }

// Network is the way the session's calls take.
func (s *Session) Network() *network.Network { return nil }

// AWS is the configuration for SDK clients.
func (s *Session) AWS() aws.Config { return aws.Config{} }

// Credentials is the refreshing provider; ask it for every request.
func (s *Session) Credentials() aws.CredentialsProvider { return nil }

// Renew forgets cached credentials, so that the next request sees a new login.
func (s *Session) Renew() {}

// WhoAmI asks the regional STS endpoint, at every call.
func (s *Session) WhoAmI(ctx context.Context) (Who, error) {
	return Who{}, errors.New("not filled yet")
}

// NeedsLogin says that err will go away by logging in again (SSO, new keys) and Renew.
func NeedsLogin(err error) bool { return false }
