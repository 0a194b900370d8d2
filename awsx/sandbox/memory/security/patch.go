package security

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/memory/wire"
)

// operation is one step of a JSON patch.
type operation struct {
	op   string
	path []string
	// value is of add and replace.
	value any
}

// readPatch reads a patch. The plugin takes three operations; "test", which would
// make a patch safe against others' writes, is not among them.
func readPatch(raw []byte) ([]operation, *Answer) {
	var v any
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &v); err != nil {
			return nil, refusal(400, "Error in JSON patch: %s", unread(raw, err))
		}
	}
	list, _ := v.([]any)
	if len(list) == 0 {
		return nil, refusal(400, "Wrong request body")
	}
	known := []string{"replace", "remove", "add"}
	for _, one := range list {
		o, _ := one.(object)
		op, has := o["op"].(string)
		if !has {
			return nil, refusal(400, "Wrong request body")
		}
		if !slices.Contains(known, op) {
			return nil, refusal(400, "Unsupported patch operation: %s. Supported are: %s", op, strings.Join(known, ","))
		}
	}
	return operations(list)
}

// unread is what the plugin's parser says to a patch that is cut off; other
// mistakes are told in our own parser's words.
func unread(raw []byte, err error) string {
	if !strings.HasPrefix(err.Error(), "unexpected end") {
		return err.Error()
	}
	return fmt.Sprintf("Unexpected end-of-input within/between Object entries\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: %d]", len(raw)+1)
}

// operations reads the steps, whose kinds are known to be good.
func operations(list []any) ([]operation, *Answer) {
	var out []operation
	for _, one := range list {
		o := one.(object)
		next := operation{op: o["op"].(string), value: o["value"]}
		path, has := o["path"].(string)
		if !has {
			return nil, refusal(400, "Invalid JSON Patch payload (missing 'path' field)")
		}
		if _, has := o["value"]; !has && next.op != "remove" {
			return nil, refusal(400, "Invalid JSON Patch payload (missing 'value' field)")
		}
		rest, rooted := strings.CutPrefix(path, "/")
		if !rooted {
			return nil, failure(wire.IllegalArgument("Missing leading slash"))
		}
		for _, s := range strings.Split(rest, "/") {
			next.path = append(next.path, strings.NewReplacer("~1", "/", "~0", "~").Replace(s))
		}
		out = append(out, next)
	}
	return out, nil
}

// apply does the steps on a copy of a document, or tells why one cannot be done.
func apply(doc object, steps []operation) (object, error) {
	next := clone(doc).(object)
	for _, s := range steps {
		v, err := s.on(next, s.path)
		if err != nil {
			return nil, err
		}
		next = v.(object)
	}
	return next, nil
}

// on walks down to where the step takes effect and gives the changed value.
func (s operation) on(v any, path []string) (any, error) {
	key := path[0]
	switch v := v.(type) {
	case object:
		return s.onObject(v, key, path[1:])
	case []any:
		return s.onList(v, key, path[1:])
	}
	return nil, missingField(key)
}

func (s operation) onObject(o object, key string, rest []string) (any, error) {
	inner, has := o[key]
	switch {
	case !has && (len(rest) > 0 || s.op == "replace"):
		return nil, missingField(key)
	case len(rest) > 0:
		v, err := s.on(inner, rest)
		if err != nil {
			return nil, err
		}
		o[key] = v
	case s.op == "remove":
		delete(o, key) // one that is not there is no error
	default:
		o[key] = clone(s.value)
	}
	return o, nil
}

func (s operation) onList(list []any, key string, rest []string) (any, error) {
	at, err := strconv.Atoi(key)
	if key == "-" {
		at, err = len(list), nil
	}
	most := len(list) - 1
	if s.op == "add" && len(rest) == 0 {
		most++
	}
	if err != nil || at < 0 || at > most {
		return nil, outOfBounds(key)
	}
	switch {
	case len(rest) > 0:
		v, err := s.on(list[at], rest)
		if err != nil {
			return nil, err
		}
		list[at] = v
	case s.op == "add":
		return slices.Insert(list, at, clone(s.value)), nil
	case s.op == "remove":
		return slices.Delete(list, at, at+1), nil
	default:
		list[at] = clone(s.value)
	}
	return list, nil
}

// patchError is why a step cannot be done, in the words of the plugin's library.
type patchError string

func (e patchError) Error() string { return string(e) }

func missingField(name string) error { return patchError(fmt.Sprintf("Missing field %q", name)) }
func outOfBounds(index string) error { return patchError("Array index " + index + " out of bounds") }

// clone copies a JSON value, so that a patch that fails half-way leaves nothing.
func clone(v any) any {
	switch v := v.(type) {
	case object:
		out := make(object, len(v))
		for k, e := range v {
			out[k] = clone(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = clone(e)
		}
		return out
	}
	return v
}
