package query

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/wire"
)

// Compile reads a query, e.g. {"term":{"a":1}}. Empty input matches everything.
func Compile(raw json.RawMessage) (Predicate, *wire.Error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return All, nil
	}
	var q map[string]json.RawMessage
	if json.Unmarshal(raw, &q) != nil || len(q) == 0 {
		return nil, wire.IllegalArgument("query malformed, empty clause found")
	}
	if len(q) > 1 {
		return nil, parsing("[%s] malformed query, expected [END_OBJECT] but found [FIELD_NAME]", sortedKeys(q)[0])
	}
	kind := sortedKeys(q)[0]
	build := builders()[kind]
	if build == nil {
		return nil, parsing("unknown query [%s]", kind).CausedBy(wire.NewForeign(400, "named_object_not_found_exception", "[1:1] unknown field [%s]", kind))
	}
	return build(q[kind])
}

// Place makes a refusal tell where in the request's body the refused word stands,
// as the engine's do: the column of its value. A query alone does not know that.
func Place(e *wire.Error, body []byte) *wire.Error {
	if e == nil || e.Type != "parsing_exception" || len(e.Meta) != 2 {
		return e
	}
	word := e.Reason[strings.LastIndexByte(e.Reason, '[')+1:]
	word, _, _ = strings.Cut(word, "]")
	key := strconv.Quote(word) + ":"
	if i := bytes.Index(body, []byte(key)); i >= 0 {
		col := i + len(key) + 1
		e.Meta[1].Value = col
		if e.Cause != nil {
			e.Cause.Reason = fmt.Sprintf("[1:%d] unknown field [%s]", col, word)
		}
	}
	return e
}

// parsing is the engine's refusal of a query it can read but not understand.
func parsing(format string, args ...any) *wire.Error {
	return wire.New(400, "parsing_exception", format, args...).With("line", 1).With("col", 1)
}

// sortedKeys makes refusals the same each time.
func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// builders are the kinds of queries. It is a function because bool compiles
// queries in turn, which no variable's initial value may do.
func builders() map[string]func(json.RawMessage) (Predicate, *wire.Error) {
	return map[string]func(json.RawMessage) (Predicate, *wire.Error){
		"match_all":           func(json.RawMessage) (Predicate, *wire.Error) { return All, nil },
		"match_none":          func(json.RawMessage) (Predicate, *wire.Error) { return none, nil },
		"ids":                 ids,
		"term":                onField("term", term),
		"terms":               terms,
		"prefix":              onField("prefix", prefix),
		"wildcard":            onField("wildcard", wildcard),
		"match":               onField("match", match),
		"match_phrase":        onField("match_phrase", match),
		"range":               ranges,
		"exists":              exists,
		"bool":                boolean,
		"constant_score":      constant,
		"query_string":        queryString,
		"simple_query_string": queryString,
	}
}

// none matches nothing.
func none(*Doc) bool { return false }

// decode reads a clause's body, numbers as written.
func decode(raw json.RawMessage, v any) *wire.Error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return parsing("%s", err)
	}
	return nil
}

// ids goes by identifiers.
func ids(raw json.RawMessage) (Predicate, *wire.Error) {
	var q struct{ Values []any }
	if err := decode(raw, &q); err != nil {
		return nil, err
	}
	want := map[string]bool{}
	for _, v := range q.Values {
		want[Text(v)] = true
	}
	return func(d *Doc) bool { return want[d.ID] }, nil
}

// onField reads {"field": value} and {"field": {"value": value}}.
func onField(kind string, test func(have, want any) bool) func(json.RawMessage) (Predicate, *wire.Error) {
	return func(raw json.RawMessage) (Predicate, *wire.Error) {
		var q map[string]any
		if err := decode(raw, &q); err != nil {
			return nil, err
		}
		if len(q) != 1 {
			return nil, parsing("[%s] query doesn't support multiple fields", kind)
		}
		field := sortedKeys(q)[0]
		want := q[field]
		if o, ok := want.(map[string]any); ok {
			if want = o["value"]; want == nil {
				want = o["query"]
			}
		}
		return anyValue(field, func(v any) bool { return test(v, want) }), nil
	}
}

// anyValue is true of a field of which one value passes: fields are lists.
func anyValue(field string, test func(any) bool) Predicate {
	return func(d *Doc) bool { return slices.ContainsFunc(d.Values(field), test) }
}

func term(have, want any) bool     { return Compare(have, want) == 0 }
func prefix(have, want any) bool   { return strings.HasPrefix(Text(have), Text(want)) }
func wildcard(have, want any) bool { return names.Match(Text(want), Text(have)) }

// match compares words in lower case; one in common is enough.
func match(have, want any) bool {
	if term(have, want) {
		return true
	}
	words := strings.Fields(strings.ToLower(Text(have)))
	return slices.ContainsFunc(strings.Fields(strings.ToLower(Text(want))), func(w string) bool { return slices.Contains(words, w) })
}

// terms is true of any of several values.
func terms(raw json.RawMessage) (Predicate, *wire.Error) {
	var q map[string]any
	if err := decode(raw, &q); err != nil {
		return nil, err
	}
	for _, field := range sortedKeys(q) {
		list, ok := q[field].([]any)
		if !ok {
			continue
		}
		return anyValue(field, func(v any) bool {
			return slices.ContainsFunc(list, func(w any) bool { return term(v, w) })
		}), nil
	}
	return nil, parsing("[terms] query requires a field name, followed by array of terms or a document lookup specification")
}

// ranges reads one field's limits; what only shapes dates is taken and ignored.
func ranges(raw json.RawMessage) (Predicate, *wire.Error) {
	var q map[string]map[string]any
	if err := decode(raw, &q); err != nil {
		return nil, err
	}
	if len(q) != 1 {
		return nil, parsing("[range] query doesn't support multiple fields")
	}
	field := sortedKeys(q)[0]
	for k := range q[field] {
		if !slices.Contains([]string{"gt", "gte", "lt", "lte", "format", "time_zone", "boost", "relation"}, k) {
			return nil, parsing("[range] query does not support [%s]", k)
		}
	}
	return anyValue(field, func(v any) bool {
		for k, limit := range q[field] {
			c := Compare(v, limit)
			if k == "gt" && c <= 0 || k == "gte" && c < 0 || k == "lt" && c >= 0 || k == "lte" && c > 0 {
				return false
			}
		}
		return true
	}), nil
}

// exists is true of a field with a value; null is none.
func exists(raw json.RawMessage) (Predicate, *wire.Error) {
	var q struct{ Field string }
	if err := decode(raw, &q); err != nil {
		return nil, err
	}
	return anyValue(q.Field, func(any) bool { return true }), nil
}
