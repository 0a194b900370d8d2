package memory

import (
	"bytes"
	"encoding/json"
	"maps"
	"strings"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/wire"
)

// sourceFilter is which part of a document's source an answer carries.
type sourceFilter struct {
	off              bool
	include, exclude []string
}

// fromBody reads _source: a boolean, a name, a list, or includes and excludes.
func (f *sourceFilter) fromBody(raw json.RawMessage) *wire.Error {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return nil
	}
	var v any
	if err := (&call{body: raw}).decode(&v); err != nil {
		return err
	}
	switch v := v.(type) {
	case bool:
		f.off = !v
	case object:
		f.include = stringList(firstOf(v, "includes", "include"))
		f.exclude = stringList(firstOf(v, "excludes", "exclude"))
	default:
		f.include = stringList(v)
	}
	return nil
}

// firstOf is the first member that is there.
func firstOf(o object, keys ...string) any {
	for _, k := range keys {
		if o[k] != nil {
			return o[k]
		}
	}
	return nil
}

// fromQuery reads the parameters _source, _source_includes, _source_excludes.
func (f *sourceFilter) fromQuery(r *call) *wire.Error {
	switch v := r.query.Get("_source"); v {
	case "":
	case "true", "false":
		f.off = v == "false"
	default:
		f.include = splitList(v)
	}
	if v := r.query.Get("_source_includes"); v != "" {
		f.include = splitList(v)
	}
	if v := r.query.Get("_source_excludes"); v != "" {
		f.exclude = splitList(v)
	}
	return nil
}

// apply gives the part of a source that is wanted, nil for none. Without a
// filter the bytes are the ones that were written.
func (f sourceFilter) apply(src json.RawMessage) any {
	switch {
	case f.off:
		return nil
	case f.include == nil && f.exclude == nil:
		return src
	}
	o, err := decodeObject(src)
	if err != nil {
		return src
	}
	return f.prune("", o)
}

// prune goes through an object level by level.
func (f sourceFilter) prune(path string, o object) object {
	out := object{}
	for k, v := range maps.All(o) {
		full := strings.TrimPrefix(path+"."+k, ".")
		if f.covers(f.exclude, full) {
			continue
		}
		if inner, ok := v.(object); ok && !f.covers(f.include, full) {
			if rest := f.prune(full, inner); len(rest) > 0 {
				out[k] = rest
			}
			continue
		}
		if f.include == nil || f.covers(f.include, full) {
			out[k] = v
		}
	}
	return out
}

// covers says whether a pattern names a field or an object around it.
func (f sourceFilter) covers(patterns []string, full string) bool {
	for _, p := range patterns {
		if names.Match(p, full) || strings.HasPrefix(full, p+".") {
			return true
		}
	}
	return false
}
