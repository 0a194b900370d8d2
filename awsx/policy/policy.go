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

// Document is one policy. One that was parsed keeps its own bytes, statement by
// statement and around them, so that a merge leaves what others wrote exactly as
// they wrote it, and taking ours out again leaves no trace. The zero Document
// stands for "there is none".
type Document struct {
	Version    string
	ID         string
	Statements []Statement
	// extra holds top-level elements we do not know, by name.
	extra map[string]json.RawMessage
	// around is the text around the statements; nil for a document built here.
	around *frame
}

// Statement is one statement. List elements that may be a single string in the
// document are always lists here; nil means that the element is absent.
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
	// raw is the statement as parsed, at its place in the source; nil for one
	// that was built here.
	raw json.RawMessage
	at  place
	// gap is the white space beside it in the list it was parsed from.
	gap gap
}

// Effect is Allow or Deny.
type Effect string

// The two effects.
const (
	EffectAllow Effect = "Allow"
	EffectDeny  Effect = "Deny"
)

// The versions of the policy language. Only the newer one knows variables; a
// document that says nothing is of the older.
const (
	Version2012 = "2012-10-17"
	Version2008 = "2008-10-17"
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

// IsZero says that there is no document at all, as opposed to an empty one.
func (d Document) IsZero() bool {
	return d.Version == "" && d.ID == "" && len(d.Statements) == 0 && len(d.extra) == 0
}

// Everybody is the principal "*": all callers, signed or not.
func Everybody() Principals { return Principals{"*": {"*"}} }

// AWS is a principal element that names accounts, users, roles or sessions.
func AWS(values ...string) Principals { return Principals{"AWS": values} }

// Service is a principal element that names AWS services, e.g. es.amazonaws.com.
func Service(values ...string) Principals { return Principals{"Service": values} }
