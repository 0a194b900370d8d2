package names

import (
	"regexp"
	"regexp/syntax"
	"strings"

	"snapferry/awsx/sandbox/memory/wire"
)

// Renamer is Java's String.replaceAll for the rename patterns of a restore.
type Renamer struct {
	pattern     *regexp.Regexp
	replacement string
}

// NewRenamer compiles a Java pattern and replacement. Both empty means that
// nothing is renamed; one alone means the same, as in the engine.
//
// Look-around and possessive quantifiers of Java do not exist in Go; such a
// pattern is refused rather than read as something else.
func NewRenamer(pattern, replacement string) (*Renamer, *wire.Error) {
	if pattern == "" || replacement == "" {
		return &Renamer{}, nil
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		text := "Illegal or unsupported construct"
		if se, ok := err.(*syntax.Error); ok && se.Code == syntax.ErrMissingParen && strings.Count(pattern, "(") > strings.Count(pattern, ")") {
			text = "Unclosed group"
		}
		return nil, wire.NewForeign(400, "pattern_syntax_exception", "%s near index %d\n%s", text, len(pattern), pattern)
	}
	tmpl, werr := template(replacement, re.NumSubexp())
	if werr != nil {
		return nil, werr
	}
	return &Renamer{pattern: re, replacement: tmpl}, nil
}

// Rename gives the new name of an index.
func (r *Renamer) Rename(name string) string {
	if r.pattern == nil {
		return name
	}
	return r.pattern.ReplaceAllString(name, r.replacement)
}

// template turns a Java replacement into Go's: $1 becomes ${1} (Java takes as
// many digits as make an existing group), a backslash makes the next character
// literal.
func template(java string, groups int) (string, *wire.Error) {
	var b strings.Builder
	literal := func(c byte) {
		if c == '$' {
			b.WriteByte('$')
		}
		b.WriteByte(c)
	}
	for i := 0; i < len(java); i++ {
		switch c := java[i]; {
		case c == '\\':
			i++
			if i == len(java) {
				return "", wire.IllegalArgument("character to be escaped is missing")
			}
			literal(java[i])
		case c != '$':
			literal(c)
		case i+1 == len(java):
			return "", wire.IllegalArgument("Illegal group reference: group index is missing")
		case java[i+1] == '{':
			end := strings.IndexByte(java[i:], '}')
			if end < 0 {
				return "", wire.IllegalArgument("named capturing group is missing trailing '}'")
			}
			b.WriteString(java[i : i+end+1])
			i += end
		default:
			end, werr := groupEnd(java, i+1, groups)
			if werr != nil {
				return "", werr
			}
			b.WriteString("${" + java[i+1:end] + "}")
			i = end - 1
		}
	}
	return b.String(), nil
}

// groupEnd finds where the group number that starts at from ends.
func groupEnd(java string, from, groups int) (int, *wire.Error) {
	digit := func(i int) bool { return i < len(java) && java[i] >= '0' && java[i] <= '9' }
	if !digit(from) {
		return 0, wire.IllegalArgument("Illegal group reference")
	}
	n := int(java[from] - '0')
	if n > groups {
		return 0, wire.NewForeign(500, "index_out_of_bounds_exception", "No group %d", n)
	}
	end := from + 1
	for digit(end) {
		if n = n*10 + int(java[end]-'0'); n > groups {
			break
		}
		end++
	}
	return end, nil
}
