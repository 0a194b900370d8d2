package session

import (
	"context"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"snapferry/awsx/awsid"
	"snapferry/awsx/network"
	"snapferry/awsx/text"
)

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
	// Host is where the machine's own credentials are asked for.
	Host Host
	// Getenv is nil for os.Getenv.
	Getenv func(string) string
}

// Session is an opened identity. It is safe for concurrent use.
type Session struct {
	id     Identity
	region awsid.Region
	net    *network.Network
	opts   Options
	config aws.Config
	source *source
}

// Open loads the identity. It talks to nobody yet: a wrong profile name fails
// here, a wrong key at the first call.
func Open(ctx context.Context, net *network.Network, id Identity, region awsid.Region, o Options) (*Session, error) {
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	s := &Session{id: id, region: region, net: net, opts: o}
	if err := net.Problem(); err != nil {
		return nil, err
	}
	cfg, err := s.load(ctx)
	if err != nil {
		return nil, err
	}
	s.source = newSource(s.load, s.sharedFiles(), cfg.Credentials, s.remedy())
	s.config = cfg.Copy()
	s.config.Credentials = s.source
	return s, nil
}

// Identity is what was opened.
func (s *Session) Identity() Identity {
	s.source.mu.Lock()
	defer s.source.mu.Unlock()
	return s.id
}

// Region is the region calls go to unless a thing lives elsewhere.
func (s *Session) Region() awsid.Region { return s.region }

// Network is the way the session's calls take.
func (s *Session) Network() *network.Network { return s.net }

// AWS is the configuration for SDK clients.
func (s *Session) AWS() aws.Config { return s.config.Copy() }

// Credentials is the refreshing provider; ask it for every request.
func (s *Session) Credentials() aws.CredentialsProvider { return s.source }

// Expires is when the credentials end that were used last, the zero time where they do
// not, or none were used yet. It asks nobody; what is renewed before it ends has a later
// end from then on.
func (s *Session) Expires() time.Time {
	s.source.mu.Lock()
	defer s.source.mu.Unlock()
	return s.source.until
}

// Renew forgets cached credentials, so that the next request sees a new login.
func (s *Session) Renew() { s.source.drop() }

// Replace gives new keys to a base of typed ones, after the old ran out.
func (s *Session) Replace(k Keys) {
	s.source.mu.Lock()
	defer s.source.mu.Unlock()
	s.id.Base.Keys = k
	s.source.current = nil
}

// Error is an identity that cannot be opened, or gives no credentials.
type Error struct {
	Summary, Fix text.Text
	Cause        error
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return e.Summary.String() + ": " + e.Cause.Error()
	}
	return e.Summary.String()
}

func (e *Error) Unwrap() error { return e.Cause }

// CredentialsFailure marks the error for the failure package.
func (e *Error) CredentialsFailure() bool { return true }

func (s *Session) sharedFiles() []string {
	if s.id.Base.Kind != BaseProfile {
		return nil
	}
	return append(s.configFiles(), s.credentialsFiles()...)
}

// expiryWindow is how long before their end credentials are taken for expired,
// so that none runs out between signing and arriving.
const expiryWindow = 2 * time.Minute

func cached(p aws.CredentialsProvider) *aws.CredentialsCache {
	return aws.NewCredentialsCache(p, func(o *aws.CredentialsCacheOptions) { o.ExpiryWindow = expiryWindow })
}
