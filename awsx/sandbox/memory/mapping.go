package memory

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/memory/wire"
)

// mergeMappings lays one mapping over another. A field keeps its type.
func mergeMappings(old, add object) (object, *wire.Error) {
	out := maps.Clone(old)
	if out == nil {
		out = object{}
	}
	for k, v := range untyped(add) {
		if k != "properties" {
			out[k] = v
			continue
		}
		have, _ := out[k].(object)
		props, _ := v.(object)
		merged, err := mergeFields("", have, props)
		if err != nil {
			return nil, err
		}
		out[k] = merged
	}
	return out, nil
}

// untyped drops the mapping type _doc around a mapping, which Elasticsearch 7
// still takes.
func untyped(m object) object {
	if inner, ok := m["_doc"].(object); ok && len(m) == 1 {
		return inner
	}
	return m
}

// mergeFields merges level by level; the first field whose type would change
// stops it.
func mergeFields(path string, old, add object) (object, *wire.Error) {
	out := maps.Clone(old)
	if out == nil {
		out = object{}
	}
	for _, name := range slices.Sorted(maps.Keys(add)) {
		field, _ := add[name].(object)
		have, exists := out[name].(object)
		full := strings.TrimPrefix(path+"."+name, ".")
		if !exists {
			out[name] = field
			continue
		}
		a, b := fieldType(have), fieldType(field)
		if a != b {
			return nil, wire.IllegalArgument("mapper [%s] cannot be changed from type [%s] to [%s]", full, a, b)
		}
		next := maps.Clone(have)
		for k, v := range field {
			if k != "properties" && k != "fields" {
				next[k] = v
				continue
			}
			inner, _ := have[k].(object)
			more, _ := v.(object)
			merged, err := mergeFields(full, inner, more)
			if err != nil {
				return nil, err
			}
			next[k] = merged
		}
		out[name] = next
	}
	return out, nil
}

// fieldType is a field's type; one that only has properties is an object.
func fieldType(f object) string {
	if t, ok := f["type"].(string); ok {
		return t
	}
	return "object"
}

// dateShaped is what date detection takes for a date: numbers alone are not.
var dateShaped = regexp.MustCompile(`^\d{4}-\d{2}(-\d{2}(T\d{2}(:\d{2}(:\d{2}([.,]\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?)?)?$|^\d{4}/\d{2}/\d{2}( \d{2}:\d{2}:\d{2}( (Z|[+-]\d{4}))?)?$`)

// learn derives the fields that a document brings and the mapping lacks, or says
// which field does not take the document's value.
func learn(props object, path, id string, doc object) (object, *wire.Error) {
	fresh := object{}
	for _, name := range slices.Sorted(maps.Keys(doc)) {
		full := strings.TrimPrefix(path+"."+name, ".")
		values, isList := doc[name].([]any)
		if !isList {
			values = []any{doc[name]}
		}
		known, _ := props[name].(object)
		for _, v := range values {
			got, err := learnOne(known, full, id, v)
			if err != nil {
				return nil, err
			}
			if got == nil {
				continue
			}
			fresh[name] = got
			if known == nil {
				known = got
			}
		}
	}
	return fresh, nil
}

// learnOne judges one value: nil for nothing new, a field for something the
// mapping lacks.
func learnOne(known object, full, id string, v any) (object, *wire.Error) {
	if inner, ok := v.(object); ok {
		if known != nil && fieldType(known) != "object" && fieldType(known) != "nested" {
			if slices.Contains([]string{"flattened", "flat_object", "geo_point", "completion", "geo_shape"}, fieldType(known)) {
				return nil, nil
			}
			return nil, parseFailure(known, full, id, v)
		}
		have, _ := known["properties"].(object)
		more, err := learn(have, full, id, inner)
		if err != nil || (known != nil && len(more) == 0) {
			return nil, err
		}
		fresh := object{"properties": more}
		if known != nil && known["type"] != nil {
			fresh["type"] = known["type"]
		}
		return fresh, nil
	}
	if v == nil {
		return nil, nil
	}
	if known != nil {
		if accepts(fieldType(known), v) {
			return nil, nil
		}
		return nil, parseFailure(known, full, id, v)
	}
	return guess(v), nil
}

// guess is dynamic mapping.
func guess(v any) object {
	switch v := v.(type) {
	case bool:
		return object{"type": "boolean"}
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return object{"type": "float"}
		}
		return object{"type": "long"}
	case string:
		if dateShaped.MatchString(v) {
			return object{"type": "date"}
		}
	}
	return object{"type": "text", "fields": object{"keyword": object{"type": "keyword", "ignore_above": 256}}}
}

// accepts says whether a field takes a value.
func accepts(kind string, v any) bool {
	text := scalar(v)
	switch kind {
	case "long", "integer", "short", "byte", "float", "double", "half_float", "scaled_float", "unsigned_long":
		_, err := strconv.ParseFloat(text, 64)
		_, isBool := v.(bool)
		return err == nil && !isBool
	case "boolean":
		return text == "true" || text == "false" || text == ""
	case "date", "date_nanos":
		_, err := strconv.ParseInt(text, 10, 64)
		return err == nil || dateShaped.MatchString(text)
	case "object", "nested":
		return false
	}
	return true
}

// javaText prints a value as Java prints maps: {x=1}.
func javaText(v any) string {
	o, isObject := v.(object)
	if !isObject {
		return scalar(v)
	}
	parts := make([]string, 0, len(o))
	for _, k := range sortedNames(o) {
		parts = append(parts, k+"="+javaText(o[k]))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// parseFailure is the refusal of a document.
func parseFailure(known object, full, id string, v any) *wire.Error {
	kind := fieldType(known)
	if kind == "object" || kind == "nested" {
		return wire.New(400, "mapper_parsing_exception", "object mapping for [%s] tried to parse field [%s] as object, but found a concrete value", full, full)
	}
	e := wire.New(400, "mapper_parsing_exception", "failed to parse field [%s] of type [%s] in document with id '%s'. Preview of field's value: '%s'", full, kind, id, javaText(v))
	if _, isObject := v.(object); isObject {
		// The engine adds the place in the document.
		return e.CausedBy(wire.NewForeign(400, "illegal_state_exception", "Can't get text on a START_OBJECT at 1:%d", len(full)+5))
	}
	switch kind {
	case "boolean":
		return e.CausedBy(wire.IllegalArgument("Failed to parse value [%s] as only [true] or [false] are allowed.", scalar(v)))
	case "date", "date_nanos":
		return e.CausedBy(wire.IllegalArgument("failed to parse date field [%s] with format [strict_date_optional_time||epoch_millis]", scalar(v)).
			CausedBy(wire.NewForeign(400, "date_time_parse_exception", "Failed to parse with all enclosed parsers")))
	}
	return e.CausedBy(wire.NewForeign(400, "number_format_exception", "For input string: \"%s\"", scalar(v)))
}
