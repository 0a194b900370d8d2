package policy

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// Bytes is the document to send: what was parsed and not changed keeps its very
// own bytes, statements and the text around them; the rest is written without
// layout, in the order AWS documents use. The zero Document gives nil.
func (d Document) Bytes() []byte {
	if d.IsZero() {
		return nil
	}
	statements := d.list()
	if d.around.fits(d) {
		return slices.Concat(d.around.head, statements, d.around.tail)
	}
	var o object
	o.text("Version", d.Version)
	o.text("Id", d.ID)
	o.others(d.extra)
	o.raw("Statement", statements)
	return o.bytes()
}

// Pretty is the document indented, for people.
func (d Document) Pretty() string { return indent(d.Bytes()) }

// Pretty is the statement indented, for people.
func (s Statement) Pretty() string { return indent(s.bytes()) }

// MarshalJSON lets a document stand inside other JSON. The encoder compacts
// what it embeds; store Bytes where layout must survive.
func (d Document) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return d.Bytes(), nil
}

// UnmarshalJSON reads a document; null is the zero Document.
func (d *Document) UnmarshalJSON(b []byte) error {
	*d = Document{}
	if string(b) == "null" {
		return nil
	}
	p, err := Parse(b)
	if err != nil {
		return err
	}
	*d = p
	return nil
}

// bytes is the parsed text, unless somebody changed a field since.
func (s Statement) bytes() []byte {
	if s.raw != nil && s.pristine() {
		return s.raw
	}
	var o object
	o.text("Sid", s.Sid)
	o.text("Effect", string(s.Effect))
	o.principals("Principal", s.Principal)
	o.principals("NotPrincipal", s.NotPrincipal)
	o.list("Action", s.Action)
	o.list("NotAction", s.NotAction)
	o.list("Resource", s.Resource)
	o.list("NotResource", s.NotResource)
	if s.Condition != nil {
		o.raw("Condition", s.Condition.bytes())
	}
	o.others(s.extra)
	return o.bytes()
}

func (s Statement) pristine() bool {
	r, err := newReader(s.raw)
	if err != nil {
		return false
	}
	n, err := r.value()
	if err != nil {
		return false
	}
	was, err := parser{r}.statement(n)
	return err == nil && was.Canonical() == s.Canonical()
}

func (c Conditions) bytes() []byte {
	var o object
	for _, op := range slices.Sorted(maps.Keys(c)) {
		var keys object
		for _, key := range slices.Sorted(maps.Keys(c[op])) {
			keys.list(key, nonNil(c[op][key]))
		}
		o.raw(op, keys.bytes())
	}
	return o.bytes()
}

// object writes a JSON object in the order of the calls.
type object struct{ buf bytes.Buffer }

func (o *object) raw(name string, value []byte) {
	if o.buf.Len() > 0 {
		o.buf.WriteByte(',')
	}
	o.buf.Write(encode(name))
	o.buf.WriteByte(':')
	o.buf.Write(value)
}

func (o *object) text(name, value string) {
	if value != "" {
		o.raw(name, encode(value))
	}
}

// list writes one value as a string, as people and AWS's examples do.
func (o *object) list(name string, values []string) {
	switch {
	case values == nil:
	case len(values) == 1:
		o.raw(name, encode(values[0]))
	default:
		o.raw(name, encode(values))
	}
}

func (o *object) principals(name string, p Principals) {
	switch {
	case p == nil:
		return
	case p.everybody():
		o.raw(name, encode("*"))
		return
	}
	var types object
	for _, t := range slices.Sorted(maps.Keys(p)) {
		types.list(t, nonNil(p[t]))
	}
	o.raw(name, types.bytes())
}

func (o *object) others(extra map[string]json.RawMessage) {
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		o.raw(name, extra[name])
	}
}

func (o *object) bytes() []byte { return slices.Concat([]byte("{"), o.buf.Bytes(), []byte("}")) }

// everybody says that the element is the bare "*".
func (p Principals) everybody() bool { return len(p) == 1 && len(p["*"]) > 0 }

func nonNil(values []string) []string {
	if values == nil {
		return []string{}
	}
	return values
}

// encode writes JSON without escaping <, > and &, which stand in conditions and
// would make our bytes differ from what people read elsewhere.
func encode(v any) []byte {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return []byte("null") // strings and lists of strings cannot fail
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

func indent(b []byte) string {
	var buf bytes.Buffer
	if len(b) == 0 || json.Indent(&buf, b, "", "  ") != nil {
		return string(b)
	}
	return buf.String()
}
