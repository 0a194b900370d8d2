// Package awsid holds the value types that AWS and the engine name things by:
// account ids, regions, partitions, ARNs, role, domain, bucket, repository and
// snapshot names, and engine versions; and the secret, a value with no name at all.
//
// It says what a valid one looks like and nothing else. It imports the standard
// library and text only, talks to nobody, and does not know what a migration is.
// Parse functions take what a person typed or pasted and may fail with an
// *Error; the types' zero value means "not said".
package awsid

import "snapferry/awsx/text"

// Error is a refused value: what is wrong with it and what to type instead.
type Error struct {
	// Kind is the thing that was expected, e.g. "account id".
	Kind string
	// Value is what was given, as typed.
	Value string
	// Summary says what is wrong, Fix what to do about it.
	Summary text.Text
	Fix     text.Text
}

func (e *Error) Error() string { return e.Summary.String() }

func refuse(kind, value string, summary, fix text.Text) *Error {
	return &Error{Kind: kind, Value: value, Summary: summary, Fix: fix}
}
