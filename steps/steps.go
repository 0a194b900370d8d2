// Package steps holds the values that everybody speaks of: sides, findings,
// changes, plans, events, records and the state they fold into.
//
// It is pure: no clock, no files, no network, no context. It does not know AWS
// clients, how a step does its work, or how anything is drawn.
package steps

import (
	"fmt"
	"regexp"
	"strings"

	"snapferry/awsx/text"
)

// Text is a sentence for a person, as a value (see package text).
type Text = text.Text

// T makes a Text.
func T(format string, args ...any) Text { return text.New(format, args...) }

// Counted words a count: one holds for one of them, many for any other number.
// Each has the number in it once, as %d.
func Counted(n int, one, many string) Text {
	if n == 1 {
		return T(one, n)
	}
	return T(many, n)
}

// Indices counts indices, which are what nearly every count here is of.
func Indices(n int) Text { return Counted(n, "%d index", "%d indices") }

// Few names the first of what may be thousands, and how many more there are.
func Few(names []string, most int) Text {
	shown := T("%s", strings.Join(names[:min(len(names), most)], ", "))
	if more := len(names) - most; more > 0 {
		return T("%s and %d more", shown, more)
	}
	return shown
}

// Size is a number of bytes in the units the engine uses (1 KiB is 1024 bytes), in
// three figures, as people compare sizes.
func Size(n int64) string {
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	v, unit := float64(n), ""
	for _, unit = range []string{"KiB", "MiB", "GiB", "TiB", "PiB"} {
		if v /= 1024; v < 1023.95 {
			break
		}
	}
	if v >= 99.95 {
		return fmt.Sprintf("%.0f %s", v, unit)
	}
	return fmt.Sprintf("%.1f %s", v, unit)
}

// Side is one end of the route.
type Side string

// The sides. BucketOwner stands for a third account that owns the bucket; where
// source or target owns it, their side is used and BucketOwner never appears.
const (
	Source      Side = "source"
	Target      Side = "target"
	BucketOwner Side = "bucket-owner"
)

// StepID names a step, e.g. "source-role"; CheckID a check, e.g.
// "bucket-region-match". Both are public and never change their meaning.
type (
	StepID  string
	CheckID string
)

// Error is an error a person can act on: what happened and the way out. Cause
// is kept for diagnosis and errors.As, not for showing.
type Error struct {
	// Field names the answer that caused it ("target.account"), "" if none.
	Field string
	// Line and Column are the place in the answers file, from 1; 0 if none.
	Line    int
	Column  int
	Summary Text
	Fix     Text
	Cause   error
}

func (e *Error) Error() string {
	if e.Cause != nil && e.Summary.IsZero() {
		return e.Cause.Error()
	}
	return e.Summary.String()
}

func (e *Error) Unwrap() error { return e.Cause }

// plainWord needs no quotes in any shell.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$`)

// ShellWord is s as one word of a command line that is printed to be copied.
func ShellWord(s string) string {
	if plainWord.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
