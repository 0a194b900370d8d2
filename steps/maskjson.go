package steps

import (
	"bytes"
	"encoding/json"
	"slices"
)

// fixed are the fields whose words belong to the schema, not to anybody.
var fixed = []string{
	"type", "schema", "step", "kind", "side", "verb", "outcome", "family", "layer",
	"level", "format", "because_of", "purpose", "stage", "at", "since",
}

// MaskJSON hides in the strings of a JSON document, and leaves its structure,
// its numbers, the names of its fields and the fixed words of the schema. What
// is no JSON is masked as text.
func (m *Masker) MaskJSON(b []byte) []byte {
	if m == nil {
		return b
	}
	// By hand rather than by decoding: order, blanks and numbers of any size come
	// through as they are, which a run's other readers may rely on.
	var out bytes.Buffer
	out.Grow(len(b))
	field, at := "", 0
	for at < len(b) {
		if b[at] != '"' {
			out.WriteByte(b[at])
			at++
			continue
		}
		end := stringEnd(b, at)
		var s string
		if end < 0 || json.Unmarshal(b[at:end], &s) != nil {
			return []byte(m.Mask(string(b)))
		}
		isField := bytes.HasPrefix(bytes.TrimLeft(b[end:], " \t\r\n"), []byte(":"))
		switch {
		case isField:
			field = s
			if !plainField(s) {
				s = m.Mask(s)
			}
		case !slices.Contains(fixed, field):
			s = m.Mask(s)
		}
		out.Write(quoted(s))
		at = end
	}
	return out.Bytes()
}

// plainField says that a field's name is one of a schema rather than a name used
// as a key (an ARN, a bucket).
func plainField(s string) bool {
	for _, c := range []byte(s) {
		if c != '_' && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// stringEnd gives the index behind the closing quote of the string at i, -1 if it has none.
func stringEnd(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

func quoted(s string) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return []byte(`""`) // strings always encode; nothing is shown if one does not
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}
