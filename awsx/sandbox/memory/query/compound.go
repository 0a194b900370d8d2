package query

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/wire"
)

// constant is a filter in a coat.
func constant(raw json.RawMessage) (Predicate, *wire.Error) {
	var q struct{ Filter json.RawMessage }
	if err := decode(raw, &q); err != nil {
		return nil, err
	}
	return Compile(q.Filter)
}

// boolean combines queries. Without must and filter, one should has to hold.
func boolean(raw json.RawMessage) (Predicate, *wire.Error) {
	var q map[string]json.RawMessage
	if err := decode(raw, &q); err != nil {
		return nil, err
	}
	parts := map[string][]Predicate{}
	least := -1
	for kind, clause := range q {
		switch kind {
		case "must", "filter", "should", "must_not":
			list, err := clauses(clause)
			if err != nil {
				return nil, err
			}
			parts[kind] = list
		case "minimum_should_match":
			n, err := strconv.Atoi(strings.Trim(string(clause), `"`))
			if err != nil {
				return nil, parsing("[bool] query does not support [minimum_should_match] of %s", clause)
			}
			least = n
		case "boost", "adjust_pure_negative", "_name":
		default:
			return nil, parsing("[bool] query does not support [%s]", kind)
		}
	}
	if least < 0 && len(parts["must"])+len(parts["filter"]) == 0 && len(parts["should"]) > 0 {
		least = 1
	}
	return func(d *Doc) bool {
		for _, p := range append(parts["must"], parts["filter"]...) {
			if !p(d) {
				return false
			}
		}
		hits := 0
		for _, p := range parts["should"] {
			if p(d) {
				hits++
			}
		}
		for _, p := range parts["must_not"] {
			if p(d) {
				return false
			}
		}
		return hits >= least
	}, nil
}

// clauses reads one query or a list of them.
func clauses(raw json.RawMessage) ([]Predicate, *wire.Error) {
	list := []json.RawMessage{raw}
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("[")) {
		if err := decode(raw, &list); err != nil {
			return nil, err
		}
	}
	out := make([]Predicate, len(list))
	for i, q := range list {
		p, err := Compile(q)
		if err != nil {
			return nil, err
		}
		out[i] = p
	}
	return out, nil
}

// queryString is the query of ?q= and of both query-string clauses.
func queryString(raw json.RawMessage) (Predicate, *wire.Error) {
	var q struct{ Query string }
	if err := decode(raw, &q); err != nil {
		return nil, err
	}
	return String(q.Query), nil
}

// String reads the simplest query strings: *, field:value and bare words, blanks
// or AND between them meaning that all must match.
func String(text string) Predicate {
	var all []Predicate
	for _, w := range strings.Fields(text) {
		field, value, named := strings.Cut(w, ":")
		switch {
		case w == "AND" || w == "*" || w == "*:*":
		case named && field == "_exists_":
			all = append(all, anyValue(value, func(any) bool { return true }))
		case named:
			value = strings.Trim(value, `"`)
			all = append(all, anyValue(field, func(v any) bool { return matches(v, value) }))
		default:
			all = append(all, func(d *Doc) bool { return anywhere(d.object(), w) })
		}
	}
	return func(d *Doc) bool {
		for _, p := range all {
			if !p(d) {
				return false
			}
		}
		return true
	}
}

// matches compares a value with a word, which may be a pattern.
func matches(have any, want string) bool {
	if names.IsPattern(want) {
		return names.Match(strings.ToLower(want), strings.ToLower(Text(have)))
	}
	return match(have, want)
}

// anywhere looks for a word in all fields.
func anywhere(v any, want string) bool {
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			if anywhere(e, want) {
				return true
			}
		}
		return false
	case []any:
		for _, e := range v {
			if anywhere(e, want) {
				return true
			}
		}
		return false
	}
	return v != nil && matches(v, want)
}
