package steps

import (
	"encoding/json"
	"reflect"
)

// Between says that a document may be a way station from before to after: every
// part of it is as it was or as it was to be, nothing is foreign, and nothing is
// missing that both have. It is how the half-done work of a process that died
// within a deed of several calls is told from somebody else's edit.
func (d Doc) Between(before, after Doc) bool {
	if d == before || d == after {
		return true
	}
	var live, was, want any
	for _, p := range []struct {
		doc  Doc
		into *any
	}{{d, &live}, {before, &was}, {after, &want}} {
		if p.doc.Exists() && json.Unmarshal([]byte(p.doc), p.into) != nil {
			return false
		}
	}
	return d.Exists() && between(live, was, want)
}

// Underway says that live may be a way station of the change.
func (c Change) Underway(live Doc) bool {
	return live.Between(c.Before, c.After) || c.Newborn.Exists() && live.Between(c.Newborn, c.After)
}

// between compares decoded JSON; nil is what is not there.
func between(live, was, want any) bool {
	if reflect.DeepEqual(live, was) || reflect.DeepEqual(live, want) {
		return true
	}
	switch live := live.(type) {
	case map[string]any: // a thing that is being made begins as no object at all
		was, ok1 := object(was)
		want, ok2 := object(want)
		if !ok1 || !ok2 {
			return false
		}
		for k, v := range live {
			if !between(v, was[k], want[k]) {
				return false
			}
		}
		for k := range was {
			if _, there := live[k]; !there && want[k] != nil {
				return false
			}
		}
		return true
	case []any:
		was, ok1 := list(was)
		want, ok2 := list(want)
		return ok1 && ok2 && listBetween(live, was, want)
	}
	return false
}

// listBetween takes lists as sets of whole elements, as statements of a policy are.
func listBetween(live, was, want []any) bool {
	for _, e := range live {
		if !holds(was, e) && !holds(want, e) {
			return false
		}
	}
	for _, e := range was {
		if holds(want, e) && !holds(live, e) {
			return false
		}
	}
	return true
}

func holds(list []any, e any) bool {
	for _, x := range list {
		if reflect.DeepEqual(x, e) {
			return true
		}
	}
	return false
}

func object(v any) (map[string]any, bool) {
	if v == nil {
		return nil, true
	}
	m, ok := v.(map[string]any)
	return m, ok
}

func list(v any) ([]any, bool) {
	if v == nil {
		return nil, true
	}
	l, ok := v.([]any)
	return l, ok
}
