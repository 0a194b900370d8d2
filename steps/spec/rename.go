package spec

import (
	"regexp"
	"strconv"
	"strings"

	"snapferry/awsx/text"
)

// RenameError is a rename that cannot be used; Replacement tells which of its
// two halves is to blame.
type RenameError struct {
	Replacement  bool
	Summary, Fix text.Text
}

func (e *RenameError) Error() string { return e.Summary.String() }

// Renamer says what the engine will call an index. The engine applies Java's
// String.replaceAll [RestoreService.java]; plan and checks must foresee its
// result exactly, so patterns on which the two languages differ are refused:
//
//   - syntax only Java knows (look-around, possessive quantifiers, && in classes);
//   - patterns that can match nothing behind something: Java replaces "(.*)"
//     twice in every name, once for the name and once for the nothing after it.
func Renamer(pattern, replacement string) (func(string) string, error) {
	re, err := regexp.Compile(pattern)
	if err != nil || strings.Contains(pattern, "&&") {
		return nil, &RenameError{
			Summary: text.New("%q is not a regular expression that can be foreseen here", pattern),
			Fix:     text.New("Use letters, groups and simple quantifiers, for example ^(.+)$; look-around and possessive quantifiers are not possible"),
		}
	}
	// "a" stands for any text before; ^ in the pattern still means the true start.
	doubles, err := regexp.Compile(`^a(?:` + pattern + `)$`)
	if err != nil || doubles.MatchString("a") {
		return nil, &RenameError{
			Summary: text.New("%q also matches the nothing at a name's end, where the engine would replace a second time", pattern),
			Fix:     text.New("Use ^(.+)$ for the whole name"),
		}
	}
	template, err := goTemplate(replacement, re)
	if err != nil {
		return nil, err
	}
	return func(name string) string { return re.ReplaceAllString(name, template) }, nil
}

// goTemplate turns Java's replacement syntax into Go's: "$1x" is group 1 and an
// x in Java and a group called 1x in Go; a backslash makes the next character
// mean itself.
func goTemplate(replacement string, re *regexp.Regexp) (string, error) {
	bad := func(summary, fix text.Text) (string, error) {
		return "", &RenameError{Replacement: true, Summary: summary, Fix: fix}
	}
	var out strings.Builder
	literal := func(c byte) {
		if c == '$' {
			out.WriteByte('$')
		}
		out.WriteByte(c)
	}
	for i := 0; i < len(replacement); i++ {
		c := replacement[i]
		switch {
		case c == '\\' && i+1 < len(replacement):
			i++
			literal(replacement[i])
		case c == '\\':
			return bad(text.New("The replacement ends in a lone backslash"), text.New(`Leave it out; index names hold none`))
		case c != '$':
			literal(c)
		default:
			group, used := javaGroup(replacement[i+1:], re)
			if used == 0 {
				return bad(text.New("%q does not name a group of the pattern, which has %d", replacement[i:], re.NumSubexp()),
					text.New("Put the part to keep in parentheses and name it $1, for example ^(.+)$ and restored-$1"))
			}
			out.WriteString("${" + group + "}")
			i += used
		}
	}
	return out.String(), nil
}

// javaGroup reads what follows a dollar sign: {name}, or as many digits as still
// number a group, one at least. used is 0 where that is no group.
func javaGroup(s string, re *regexp.Regexp) (group string, used int) {
	if strings.HasPrefix(s, "{") {
		name, _, ok := strings.Cut(s[1:], "}")
		if !ok || name == "" || re.SubexpIndex(name) < 0 {
			return "", 0
		}
		return name, len(name) + 2
	}
	for used < len(s) && s[used] >= '0' && s[used] <= '9' {
		n, err := strconv.Atoi(s[:used+1])
		if err != nil || n > re.NumSubexp() {
			break
		}
		group, used = strconv.Itoa(n), used+1
	}
	return group, used
}
