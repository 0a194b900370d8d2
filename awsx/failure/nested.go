package failure

import (
	"regexp"
	"strings"
	"unicode"
)

var nestedHead = regexp.MustCompile(`nested: ([A-Za-z0-9_$.]+)\[`)

// Nested reads the causes out of a Java exception's own text, outermost first:
// "A[x]; nested: B[y]; nested: C[z];" gives B and C. The engine prints this form
// where it has no room for an object: what other nodes reported on verifying a
// repository, the failures of a partial snapshot, the details of an unassigned
// shard. Types come in the engine's spelling (s3_exception).
func Nested(text string) []Cause {
	var out []Cause
	for {
		at := nestedHead.FindStringSubmatchIndex(text)
		if at == nil {
			return out
		}
		class, rest := text[at[2]:at[3]], text[at[1]:]
		end := closing(rest)
		out = append(out, Cause{Type: engineType(class), Reason: rest[:end]})
		text = rest[end:]
	}
}

// closing finds the bracket that ends a reason, which may hold brackets itself.
// A text that was cut off ends the reason too.
func closing(s string) int {
	depth := 1
	for i := range len(s) {
		switch s[i] {
		case '[':
			depth++
		case ']':
			depth--
			if depth == 0 {
				return i
			}
		}
	}
	return len(s)
}

// engineType spells a class as the engine does in its bodies: an underscore
// before every capital letter but the first.
func engineType(class string) string {
	class = class[strings.LastIndexByte(class, '.')+1:]
	var b strings.Builder
	for i, r := range class {
		if unicode.IsUpper(r) {
			if i > 0 {
				b.WriteByte('_')
			}
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}
