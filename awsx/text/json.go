package text

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

type wire struct {
	Text   string            `json:"text"`
	Format string            `json:"format,omitempty"`
	Args   []json.RawMessage `json:"args,omitempty"`
}

// MarshalJSON writes the rendered words beside format and arguments. An empty
// Text is null.
func (t Text) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	w := wire{Text: t.String(), Format: t.Format}
	for _, a := range t.Args {
		b, err := argument(a)
		if err != nil {
			return nil, err
		}
		w.Args = append(w.Args, b)
	}
	return json.Marshal(w)
}

// argument writes a float so that it can be told from an integer again.
func argument(a any) (json.RawMessage, error) {
	f, ok := a.(float64)
	if !ok {
		return json.Marshal(a)
	}
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return json.RawMessage(s), nil
}

// UnmarshalJSON reads what MarshalJSON wrote; words without a format, as another
// program may write them, are taken as they are.
func (t *Text) UnmarshalJSON(b []byte) error {
	*t = Text{}
	if bytes.Equal(bytes.TrimSpace(b), []byte("null")) {
		return nil
	}
	var w wire
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	if w.Format == "" {
		*t = Plain(w.Text)
		return nil
	}
	args := make([]any, len(w.Args))
	for i, raw := range w.Args {
		a, err := fromWire(raw)
		if err != nil {
			return err
		}
		args[i] = a
	}
	*t = New(w.Format, args...)
	return nil
}

func fromWire(raw json.RawMessage) (any, error) {
	if strings.HasPrefix(string(raw), "{") {
		var inner Text
		err := inner.UnmarshalJSON(raw)
		return inner, err
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var a any
	if err := dec.Decode(&a); err != nil {
		return nil, err
	}
	n, ok := a.(json.Number)
	if !ok {
		return a, nil
	}
	if i, err := n.Int64(); err == nil {
		return i, nil
	}
	f, err := n.Float64()
	return f, err
}
