package policy

import "snapferry/awsx/text"

func (d Document) Validate(k Kind) error { return nil }

type Line struct {
	Kind LineKind
	Text string
}
type LineKind string

const (
	LineContext LineKind = "context"
	LineAdd     LineKind = "add"
	LineRemove  LineKind = "remove"
)

func Diff(before, after Document) []Line   { return nil }
func DiffJSON(before, after string) []Line { return nil }

type Stack struct {
	Identity []Document
	Boundary *Document
	Session  []Document
	Resource *Document
	Kind     Kind
}

func (d Document) Evaluate(layer Layer, r Request) Decision { return Decision{Verdict: Unknown} }
func Decide(s Stack, r Request) Decision                    { return Decision{Verdict: Unknown} }
func Refusal(r Request, d Decision) string                  { return "" }
func Explain(r Request, d Decision) text.Text               { return text.Text{} }
