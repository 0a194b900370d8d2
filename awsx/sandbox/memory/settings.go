package memory

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// settings are flat: full dotted names to a string or a list of strings, the
// form the engine keeps whatever form they came in.
type settings map[string]any

// flatten reads a JSON object of settings. A null stands for "bring the default
// back" and becomes nil.
func flatten(in object) settings {
	out := settings{}
	flattenInto(out, "", in)
	return out
}

// flattenInto walks down and joins names with dots.
func flattenInto(out settings, prefix string, v any) {
	switch v := v.(type) {
	case object:
		for k, member := range v {
			flattenInto(out, strings.TrimPrefix(prefix+"."+k, "."), member)
		}
	case []any:
		list := make([]string, len(v))
		for i, e := range v {
			list[i] = scalar(e)
		}
		out[prefix] = list
	case nil:
		out[prefix] = nil
	default:
		out[prefix] = scalar(v)
	}
}

// scalar prints a JSON value as a setting's string.
func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// prefixed gives every name its "index." where it lacks it.
func (s settings) prefixed() settings {
	out := settings{}
	for k, v := range s {
		if !strings.HasPrefix(k, "index.") {
			k = "index." + k
		}
		out[k] = v
	}
	return out
}

// str is a setting's text, "" where it is not set or a list.
func (s settings) str(key string) string {
	if v, ok := s[key].(string); ok {
		return v
	}
	return ""
}

// number is a setting read as a whole number.
func (s settings) number(key string, otherwise int) int {
	text := s.str(key)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return otherwise
	}
	return n
}

// merge lays other over s; nil takes a setting away.
func (s settings) merge(other settings) settings {
	out := maps.Clone(s)
	if out == nil {
		out = settings{}
	}
	for k, v := range other {
		if v == nil {
			delete(out, k)
		} else {
			out[k] = v
		}
	}
	return out
}

// keys gives the names in order.
func (s settings) keys() []string { return slices.Sorted(maps.Keys(s)) }

// shown is the form of an answer: nested, unless flat was asked for.
func (s settings) shown(flat bool) object {
	out := object{}
	if flat {
		maps.Copy(out, s)
		return out
	}
	for _, k := range s.keys() {
		at := out
		parts := strings.Split(k, ".")
		for i, p := range parts {
			if i == len(parts)-1 {
				at[p] = s[k]
				break
			}
			next, ok := at[p].(object)
			if !ok {
				// A name that is also the beginning of another keeps its dots.
				if _, taken := at[p]; taken {
					at[strings.Join(parts[i:], ".")] = s[k]
					break
				}
				next = object{}
				at[p] = next
			}
			at = next
		}
	}
	return out
}

// UnmarshalJSON brings lists back as lists of strings.
func (s *settings) UnmarshalJSON(b []byte) error {
	var raw object
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	*s = flatten(raw)
	return nil
}
