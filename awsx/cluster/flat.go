package cluster

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// flat turns settings into strings, as the engine means them: lists are joined
// with commas, nested objects become dotted keys.
func flat(m map[string]any) map[string]string {
	out := map[string]string{}
	flatten(out, "", m)
	return out
}

func flatten(out map[string]string, prefix string, m map[string]any) {
	for k, v := range m {
		if inner, ok := v.(map[string]any); ok {
			flatten(out, prefix+k+".", inner)
			continue
		}
		out[prefix+k] = word(v)
	}
}

func word(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case []any:
		words := make([]string, len(v))
		for i := range v {
			words[i] = word(v[i])
		}
		return strings.Join(words, ",")
	}
	b, _ := json.Marshal(v)
	return string(b)
}

// number reads the numbers _cat gives as strings; what is not there is 0.
func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

func millis(ms int64) time.Time {
	if ms <= 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
