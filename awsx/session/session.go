// Package session holds the identities calls are made with: a base (profile,
// environment, keys, instance or task role) and a chain of roles to assume, kept
// fresh for as long as the migration takes.
//
// It says who an identity is and hands out credentials; it does not know what
// the identity is used for, nor judge whether it is the right one.
package session

import (
	"time"

	"snapferry/awsx/awsid"
)

// BaseKind is where the first credentials come from.
type BaseKind string

// The bases.
const (
	BaseProfile     BaseKind = "profile"     // a profile of the shared config: keys, SSO, process, web identity
	BaseEnvironment BaseKind = "environment" // AWS_ACCESS_KEY_ID and friends
	BaseKeys        BaseKind = "keys"        // typed in, kept in memory only
	BaseInstance    BaseKind = "instance"    // EC2 instance profile, IMDSv2
	BaseTask        BaseKind = "task"        // ECS task role or EKS Pod Identity
	BaseSandbox     BaseKind = "sandbox"     // keys handed out by the embedded AWS
)

// Base is the root of an identity. Profile is used by BaseProfile, Keys by
// BaseKeys and BaseSandbox.
type Base struct {
	Kind    BaseKind
	Profile string
	Keys    Keys
}

// Keys are access keys; Token is empty for long-lived ones.
type Keys struct {
	AccessKeyID string
	Secret      Secret
	Token       Secret
}

// Link is one role assumed on top of the identity before it.
type Link struct {
	RoleARN     awsid.ARN
	ExternalID  string
	SessionName string
	MFASerial   string
	// Duration is how long a session lasts; 0 means one hour, the most a
	// chained role can have.
	Duration time.Duration
}

// Identity is a base and the roles assumed from it, in order.
type Identity struct {
	Base  Base
	Chain []Link
}

// Who is what STS says about an identity.
type Who struct {
	Account awsid.AccountID
	// ARN is the session form for roles: arn:aws:sts::A:assumed-role/NAME/SESSION.
	ARN awsid.ARN
	// UserID is AIDA… or AROA…:SESSION, "" where STS was not asked.
	UserID string
	// ByMachine says that STS could not be reached, and the machine told its role.
	ByMachine bool
	// Principal is the user or role ARN, as policies and role mappings name it.
	// STS drops a role's path: PathKnown is false where it could not be had from
	// the chain and Principal is therefore a guess without path (iam:GetRole tells).
	Principal awsid.ARN
	PathKnown bool
	// Provider names where the credentials came from, in the SDK's words.
	Provider string
	// Expires is the zero time for keys that do not expire.
	Expires time.Time
}

// maxChained is the longest session a role assumed by a role can have.
const maxChained = time.Hour
