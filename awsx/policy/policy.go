// Package policy reads, writes, merges, compares and judges IAM policy
// documents: trust policies, identity policies, bucket, key and domain access
// policies.
//
// It is pure: bytes in, values out. It knows the grammar of documents and the
// rules by which AWS decides, but not where a document came from, who asked, or
// what a migration wants. What it does not understand it keeps byte for byte and
// judges Unknown, never Allow.
package policy

import "encoding/json"

// Document is one policy. Statements that were parsed keep their own bytes, so
// that a merge leaves what others wrote exactly as they wrote it.
type Document struct {
	Version    string
	ID         string
	Statements []Statement
	// extra holds top-level elements we do not know, by name.
	extra map[string]json.RawMessage
}

// Statement is one statement. List elements that may be a single string in the
// document are always lists here.
type Statement struct {
	Sid          string
	Effect       Effect
	Principal    Principals
	NotPrincipal Principals
	Action       []string
	NotAction    []string
	Resource     []string
	NotResource  []string
	Condition    Conditions

	// extra holds elements we do not know, by name; a statement that has some
	// is judged Unknown where it would have mattered.
	extra map[string]json.RawMessage
	// raw is the statement as parsed; nil for one that was built here.
	raw json.RawMessage
}

// Effect is Allow or Deny.
type Effect string

// The two effects.
const (
	EffectAllow Effect = "Allow"
	EffectDeny  Effect = "Deny"
)

// Principals maps a principal type (AWS, Service, Federated, CanonicalUser) to
// its values. Everybody ("*") is {"*": ["*"]}. Nil means the element is absent.
type Principals map[string][]string

// Conditions maps operator → context key → values.
type Conditions map[string]map[string][]string

// Kind is what a document is attached to; each has a grammar and rules of its own.
type Kind string

// The kinds.
const (
	KindIdentity     Kind = "identity policy"
	KindTrust        Kind = "trust policy"
	KindBucket       Kind = "bucket policy"
	KindKey          Kind = "key policy"
	KindDomainAccess Kind = "domain access policy"
)

// Verdict is what a decision comes to.
type Verdict string

// The verdicts. Implicit means that nothing allowed and nothing denied.
const (
	Allow    Verdict = "allow"
	Deny     Verdict = "deny"
	Implicit Verdict = "implicit-deny"
	Unknown  Verdict = "unknown"
)

// Layer names the kind of document that decided.
type Layer string

// The layers, named as AWS names them in its refusals.
const (
	LayerIdentity Layer = "identity-based policy"
	LayerResource Layer = "resource-based policy"
	LayerBoundary Layer = "permissions boundary"
	LayerSession  Layer = "session policy"
	LayerTrust    Layer = "trust policy"
)

// Who is the principal of a request as policies name it.
type Who struct {
	// Account is the principal's account, "" for anonymous and services.
	Account string
	// ARN is the user or role ARN (with path); Session the sts assumed-role ARN
	// of a role session, "" for users.
	ARN     string
	Session string
	// UniqueID is AROA… or AIDA…, which a stored policy shows in place of a
	// principal that was deleted and made again.
	UniqueID string
	// Service is the principal of an AWS service, e.g. es.amazonaws.com.
	Service string
	// Anonymous is an unsigned caller.
	Anonymous bool
}

// Request is one thing somebody wants to do.
type Request struct {
	Who      Who
	Action   string
	Resource string
	// ResourceAccount owns the resource, "" when unknown.
	ResourceAccount string
	// Context holds condition keys in any letter case; a key that is absent is
	// known to be absent, one listed in ContextUnknown could not be learned.
	Context        map[string][]string
	ContextUnknown []string
}

// Decision is a verdict with its reasons.
type Decision struct {
	Verdict Verdict
	// Layer is where the decision fell: the denying layer, or for Implicit the
	// layer that would have had to allow.
	Layer Layer
	// Sid and Index name the deciding statement; Index is -1 where none did.
	Sid   string
	Index int
	// Why lists, per statement looked at, what kept it from matching, in order.
	Why []Reason
}

// Reason is why one statement did not apply (or did).
type Reason struct {
	Layer   Layer
	Sid     string
	Index   int
	Matched bool
	// Element is the element that decided: Principal, Action, Resource,
	// Condition; Detail the values compared, in plain words.
	Element string
	Detail  string
}

// Allowed is true for Allow alone.
func (d Decision) Allowed() bool { return d.Verdict == Allow }
