// Package query reads the part of the query language that migrations and their
// proofs need, and judges documents by it: match_all, ids, term, terms, range,
// exists, prefix, wildcard, match, bool, constant_score and simple query
// strings.
//
// It is pure: JSON in, a predicate out. Scores, analysis and aggregations are
// not its business; text is compared in lower case, word by word.
package query

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/memory/wire"
)

// Doc is what a predicate looks at.
type Doc struct {
	ID, Routing string
	Seq         int64
	Source      json.RawMessage

	fields map[string]any
}

// Predicate says whether a document matches.
type Predicate func(*Doc) bool

// All matches everything.
func All(*Doc) bool { return true }

// object parses the source once, when a field is first asked for.
func (d *Doc) object() map[string]any {
	if d.fields == nil {
		dec := json.NewDecoder(bytes.NewReader(d.Source))
		dec.UseNumber()
		if dec.Decode(&d.fields) != nil || d.fields == nil {
			d.fields = map[string]any{}
		}
	}
	return d.fields
}

// Values gives the values of a field by its dotted name. A .keyword at the end
// is the same field.
func (d *Doc) Values(field string) []any {
	switch field {
	case "_id":
		return []any{d.ID}
	case "_routing":
		if d.Routing == "" {
			return nil
		}
		return []any{d.Routing}
	case "_seq_no":
		return []any{json.Number(strconv.FormatInt(d.Seq, 10))}
	}
	v := dig(d.object(), strings.Split(field, "."))
	if v == nil {
		v = dig(d.object(), strings.Split(strings.TrimSuffix(field, ".keyword"), "."))
	}
	return v
}

// dig walks a dotted path through objects and lists; a name may hold the dots
// itself.
func dig(v any, path []string) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		var out []any
		for _, e := range v {
			out = append(out, dig(e, path)...)
		}
		return out
	case map[string]any:
		if len(path) == 0 {
			return nil
		}
		if whole, ok := v[strings.Join(path, ".")]; ok {
			return dig(whole, nil)
		}
		return dig(v[path[0]], path[1:])
	}
	if len(path) > 0 {
		return nil
	}
	return []any{v}
}

// Text prints a JSON value as a term.
func Text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	b, _ := wire.Encode(v)
	return string(b)
}

// Compare orders two values: two strings as text, which is right for dates in ISO
// form and for ids that look like numbers; numbers by size, also where one of
// them is written as a string.
func Compare(a, b any) int {
	if x, ok := a.(string); ok {
		if y, ok := b.(string); ok {
			return strings.Compare(x, y)
		}
	}
	x, errX := strconv.ParseFloat(Text(a), 64)
	y, errY := strconv.ParseFloat(Text(b), 64)
	if errX == nil && errY == nil {
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	}
	return strings.Compare(Text(a), Text(b))
}
