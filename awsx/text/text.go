// Package text holds sentences for a person as values: an English format and
// its arguments, rendered only at the edge (ui), so that another language is a
// catalogue and JSON can carry both the words and their parts.
//
// It knows nothing of AWS, of the migration, or of any language but the
// English source formats.
package text

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Text is one sentence or a few. Args are strings, int64, float64 or bool, so
// that a Text survives a round trip through JSON unchanged.
type Text struct {
	Format string
	Args   []any
}

// New makes a Text. Argument types outside the permitted set are turned into
// strings at once, because a journal replay could not restore them.
func New(format string, args ...any) Text {
	plain := make([]any, len(args))
	for i, a := range args {
		plain[i] = scalar(a)
	}
	if len(plain) == 0 {
		plain = nil
	}
	return Text{Format: format, Args: plain}
}

// Plain makes a Text of words that came from outside (an error body, a name):
// percent signs in it mean themselves.
func Plain(s string) Text {
	if s == "" {
		return Text{}
	}
	return New("%s", s)
}

func scalar(a any) any {
	switch v := a.(type) {
	case string, int64, float64, bool:
		return v
	case int:
		return int64(v)
	case Text:
		return v.String()
	case error:
		return v.Error()
	case fmt.Stringer:
		return v.String()
	default:
		return fmt.Sprint(v)
	}
}

// IsZero says that nothing was said.
func (t Text) IsZero() bool { return t.Format == "" }

// String renders the English source words.
func (t Text) String() string {
	if len(t.Args) == 0 {
		return strings.ReplaceAll(t.Format, "%%", "%")
	}
	return fmt.Sprintf(t.Format, t.Args...)
}

type wire struct {
	Text   string `json:"text"`
	Format string `json:"format,omitempty"`
	Args   []any  `json:"args,omitempty"`
}

// MarshalJSON writes the rendered words beside format and arguments. An empty
// Text is null.
func (t Text) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(wire{Text: t.String(), Format: t.Format, Args: t.Args})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (t *Text) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*t = Text{}
		return nil
	}
	dec := json.NewDecoder(strings.NewReader(string(b)))
	dec.UseNumber()
	var w wire
	if err := dec.Decode(&w); err != nil {
		return err
	}
	args := make([]any, len(w.Args))
	for i, a := range w.Args {
		args[i] = fromWire(a)
	}
	*t = New(w.Format, args...)
	return nil
}

func fromWire(a any) any {
	n, ok := a.(json.Number)
	if !ok {
		return a
	}
	if i, err := n.Int64(); err == nil {
		return i
	}
	f, _ := n.Float64()
	return f
}
