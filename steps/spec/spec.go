// Package spec holds the answers: as they were typed (Draft, may be partial) and
// as they are used (Spec, valid and typed), and the answers file in and out.
//
// It checks the form of answers, never the world. It holds no secret: keys that
// were typed in stay with the session that asked for them.
package spec

import (
	"snapferry/awsx/awsid"
	"snapferry/steps"
)

// Spec is one migration, valid and typed.
type Spec struct {
	Source SideSpec
	Target SideSpec
	Bucket BucketSpec
	Move   MoveSpec
	Shape  Shape
}

// SideSpec is one end of the route.
type SideSpec struct {
	Account awsid.AccountID
	Region  awsid.Region
	// Domain is "" where only the endpoint is known (a closed subnet).
	Domain awsid.DomainName
	// Endpoint is the host (or https://host) if it was typed; else it comes from
	// the domain's description.
	Endpoint string
	// Via is host:port, socks5://… or http://… to reach the endpoint through; the
	// real name is signed all the same.
	Via string
	// Control, Signer and Mapper are equal unless said otherwise.
	Control Identity
	Signer  Identity
	Mapper  Identity
	// Auth is how domain calls are made: signed, or unsigned for domains without IAM.
	Auth AuthKind
	Role RoleSpec
}

// AuthKind is how calls to the domain prove who they are.
type AuthKind string

// The kinds.
const (
	AuthSigned   AuthKind = "signed"
	AuthUnsigned AuthKind = "unsigned"
)

// Identity is a base and a chain of roles, without any secret.
type Identity struct {
	// Base is "profile", "environment", "instance", "task", "keys" (typed in,
	// memory only), "password" (an internal user of the domain, mappers only) or
	// "none" (somebody else does this part). It is "" where nothing was said.
	Base    string
	Profile string
	// User is the internal user's name. Its password is never an answer.
	User  string
	Chain []Link
}

// Origin says in words where the credentials come from, without the roles on the way.
func (id Identity) Origin() steps.Text {
	switch id.Base {
	case "profile":
		return steps.T("profile %s", id.Profile)
	case "instance":
		return steps.T("the instance role")
	case "task":
		return steps.T("the task or pod role")
	case "keys":
		return steps.T("typed keys")
	}
	return steps.T("the environment")
}

// Link is one role to assume on the way.
type Link struct {
	Role        awsid.ARN
	ExternalID  string
	SessionName string
	MFASerial   string
}

// RoleSpec is the snapshot role of a side: made by name, or adopted by ARN.
type RoleSpec struct {
	Name     awsid.RoleName
	Path     string
	ARN      awsid.ARN
	Boundary awsid.ARN
	Tags     map[string]string
}

// BucketSpec is the bucket the snapshot goes through.
type BucketSpec struct {
	Name awsid.BucketName
	// Owner is the side whose account owns it: the source inside one account.
	Owner    steps.Side
	Region   awsid.Region
	BasePath awsid.BasePath
	// KMSKey is the customer key of the bucket's default encryption, in any
	// account; zero for SSE-S3.
	KMSKey awsid.ARN
}

// MoveSpec is what moves and under which names.
type MoveSpec struct {
	// Patterns select indices, in order; a leading hyphen takes out again.
	Patterns []string
	// Rename is the engine's rename_pattern and rename_replacement (Java regular
	// expression, $1), empty for none.
	RenamePattern     string
	RenameReplacement string
	// Replicas for the target; nil keeps what the index had.
	Replicas *int
	// Aliases is AliasesLeave where aliases stay behind, "" where they come along. The
	// fingerprints of runs that did not know it have to stay what they were.
	Aliases    string `json:",omitempty"`
	Snapshot   awsid.SnapshotName
	Repository awsid.RepositoryName
	// Proof is how content is compared: "sample" (default), "all" or "counts".
	Proof string
	// Overwrite lists target indices that may be replaced (typed confirmation).
	Overwrite []awsid.IndexName
}

// Shape is what kind of move this is; it drops the steps it does not need.
type Shape string

// The shapes.
const (
	ShapeTwoAccounts Shape = "two-accounts"
	ShapeSameAccount Shape = "same-account"
	ShapeSameDomain  Shape = "same-domain"
)

// Side gives one end by name.
func (s *Spec) Side(side steps.Side) *SideSpec {
	if side == steps.Target {
		return &s.Target
	}
	return &s.Source
}
