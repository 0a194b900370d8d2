// Package text holds sentences for a person as values: an English format and
// its arguments, rendered only at the edge (ui), so that another language is a
// catalogue and JSON can carry both the words and their parts.
//
// It knows nothing of AWS, of the migration, or of any language but the
// English source formats.
package text

import (
	"fmt"
	"math"
	"reflect"
	"strings"
)

// Text is one sentence or a few. Args are strings, int64, float64, bool or other
// Texts, so that a Text survives a round trip through JSON unchanged and a
// sentence inside a sentence can be translated too.
type Text struct {
	Format string
	Args   []any
}

// New makes a Text. Argument types outside the permitted set are turned into
// strings at once, because a journal replay could not restore them.
func New(format string, args ...any) Text {
	t := Text{Format: strings.ToValidUTF8(format, "\uFFFD")}
	for _, a := range args {
		t.Args = append(t.Args, plain(a))
	}
	return t
}

// Plain makes a Text of words that came from outside (an error body, a name):
// percent signs in it mean themselves.
func Plain(s string) Text {
	if s == "" {
		return Text{}
	}
	return New("%s", s)
}

// plain brings an argument into the permitted set. What can speak for itself is
// asked first: a name type may well be a string or a number underneath.
func plain(a any) any {
	switch v := a.(type) {
	case nil:
		return ""
	case Text:
		if v.IsZero() {
			return ""
		}
		return v
	case error:
		return valid(v.Error())
	case fmt.Stringer:
		return valid(v.String())
	}
	switch v := reflect.ValueOf(a); v.Kind() {
	case reflect.String:
		return valid(v.String())
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if v.Uint() <= math.MaxInt64 {
			return int64(v.Uint())
		}
	case reflect.Float32, reflect.Float64:
		if f := v.Float(); !math.IsNaN(f) && !math.IsInf(f, 0) {
			return f
		}
	}
	return valid(fmt.Sprint(a))
}

// valid replaces what JSON could not carry.
func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// IsZero says that nothing was said.
func (t Text) IsZero() bool { return t.Format == "" }

// String renders the English source words.
func (t Text) String() string { return t.Render(fmt.Sprintf) }

// Render renders with a printer of the caller's, e.g. Sprintf of a
// message.Printer for another language; Texts among the arguments are rendered
// with it first.
func (t Text) Render(sprintf func(format string, args ...any) string) string {
	args := make([]any, len(t.Args))
	for i, a := range t.Args {
		args[i] = a
		if inner, ok := a.(Text); ok {
			args[i] = inner.Render(sprintf)
		}
	}
	return sprintf(t.Format, args...)
}
