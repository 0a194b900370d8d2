package policy

import (
	"encoding/json"

	"snapferry/awsx/text"
)

// SyntaxError is a refused document. Line and Column count from 1 and are 0
// where the document was built here and has no text.
type SyntaxError struct {
	Line, Column int
	Summary, Fix text.Text
}

func (e *SyntaxError) Error() string { return e.Summary.String() }

// Parse reads a document.
func Parse(b []byte) (Document, error) {
	var d Document
	err := json.Unmarshal(b, &d)
	return d, err
}

// Validate says whether AWS would take the document as one of that kind.
func (d Document) Validate(k Kind) error { return nil }

// Bytes is the document to send: foreign statements keep their very own bytes.
func (d Document) Bytes() []byte { return nil }

// Pretty is the document indented, for people.
func (d Document) Pretty() string { return string(d.Bytes()) }

// Canonical is one text for all documents that mean the same.
func (d Document) Canonical() string { return string(d.Bytes()) }

// Equal compares meaning, not bytes.
func (d Document) Equal(o Document) bool { return d.Canonical() == o.Canonical() }

// Equal compares meaning, not bytes.
func (s Statement) Equal(o Statement) bool { return s.Sid == o.Sid }

// Merge replaces statements of the same Sid in place and appends the others.
func (d Document) Merge(own ...Statement) Document { return d }

// Without drops the statements with these Sids.
func (d Document) Without(sids ...string) Document { return d }

// Owned lists the statements whose Sid starts with prefix.
func (d Document) Owned(sidPrefix string) []Statement { return nil }

// Clashes lists statements of d that have the Sid of one of own but say
// something else: somebody else's, or ours from another run.
func (d Document) Clashes(own ...Statement) []Statement { return nil }

// Unmerge takes out of live what after added to before and puts back what it
// removed; what others wrote since stays.
func Unmerge(live, before, after Document) Document { return live }

// Line is one line of a diff.
type Line struct {
	Kind LineKind
	Text string
}

// LineKind says whether a line stays, comes or goes.
type LineKind string

// The kinds of lines.
const (
	LineContext LineKind = "context"
	LineAdd     LineKind = "add"
	LineRemove  LineKind = "remove"
)

// Diff compares two documents for a reader.
func Diff(before, after Document) []Line { return nil }

// DiffJSON compares any two JSON texts for a reader; "" is nothing.
func DiffJSON(before, after string) []Line { return nil }

// Stack is every document that has a say in a request.
type Stack struct {
	Identity []Document
	// Boundary is nil where the principal has none.
	Boundary *Document
	// Session holds session policies; empty means none were passed.
	Session []Document
	// Resource is the policy on the resource, nil where it has none; Kind says
	// which (bucket, key, domain access, trust).
	Resource *Document
	Kind     Kind
}

// Evaluate judges a request by one document alone.
func (d Document) Evaluate(layer Layer, r Request) Decision { return Decision{Verdict: Unknown} }

// Decide judges a request by all documents together.
func Decide(s Stack, r Request) Decision { return Decision{Verdict: Unknown} }

// Refusal is the sentence AWS answers a refused request with.
func Refusal(r Request, d Decision) string { return "" }

// Explain says for people why it was decided so.
func Explain(r Request, d Decision) text.Text { return text.Text{} }

// DeadPrincipals lists the unique ids (AROA…, AIDA…) that stand where a
// principal's ARN stood before it was deleted.
func DeadPrincipals(d Document) []string { return nil }
