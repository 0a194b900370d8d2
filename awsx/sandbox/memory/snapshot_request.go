package memory

import (
	"encoding/json"
	"strconv"

	"snapferry/awsx/sandbox/memory/wire"
)

// snapshotRequest is the body of PUT _snapshot/REPO/NAME. The engine ignores
// members it does not know.
type snapshotRequest struct {
	indices         []string
	expand          expand
	partial, global bool
	metadata        json.RawMessage
}

// readSnapshotRequest reads the body with the engine's defaults: all indices that
// are open, hidden ones too, and the global state. A closed index is taken only
// where it is named.
func readSnapshotRequest(body object) (snapshotRequest, *wire.Error) {
	q := snapshotRequest{global: true, expand: expand{none: true, open: true, hidden: true}}
	flags := map[string]*bool{
		"ignore_unavailable": &q.expand.ignoreUnavailable, "allow_no_indices": &q.expand.none,
		"partial": &q.partial, "include_global_state": &q.global,
	}
	for _, k := range sortedNames(body) {
		v := body[k]
		var err *wire.Error
		switch k {
		case "indices":
			q.indices, err = indexNames(v)
		case "expand_wildcards":
			q.expand, err = q.expand.wildcards(stringList(v))
		case "metadata":
			q.metadata, err = readMetadata(v)
		default:
			err = readFlag(flags, k, v)
		}
		if err != nil {
			return q, err
		}
	}
	return q, nil
}

// indexNames reads the member "indices" of a body.
func indexNames(v any) ([]string, *wire.Error) {
	switch v.(type) {
	case string, []any:
		return stringList(v), nil
	}
	return nil, wire.IllegalArgument("malformed indices section, should be an array of strings")
}

// readFlag reads a member that is a boolean or the word for one; other members
// are left alone.
func readFlag(flags map[string]*bool, key string, v any) *wire.Error {
	into := flags[key]
	if into == nil || v == nil {
		return nil
	}
	word := scalar(v)
	if word != "true" && word != "false" {
		return wire.IllegalArgument("Could not convert [%s] to boolean", key).
			CausedBy(wire.IllegalArgument("Failed to parse value [%s] as only [true] or [false] are allowed.", word))
	}
	*into = word == "true"
	return nil
}

// readMetadata reads what a caller may attach to a snapshot.
func readMetadata(v any) (json.RawMessage, *wire.Error) {
	if v == nil {
		return nil, nil
	}
	if _, isObject := v.(object); !isObject {
		return nil, wire.IllegalArgument("malformed metadata, should be an object")
	}
	raw, err := wire.Encode(v)
	if err != nil || len(raw) > 1024 {
		return nil, wire.Invalid("metadata must be smaller than 1024 bytes, but was [" + strconv.Itoa(len(raw)) + "]")
	}
	return raw, nil
}
