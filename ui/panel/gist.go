package panel

import (
	"regexp"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// named is an ARN within words; what is behind the fifth colon names the thing.
var named = regexp.MustCompile(`arn:[a-z-]+:[a-z0-9-]*:[a-z0-9-]*:[^:\s]*:[^\s,;)]+`)

// gist says a sentence on a row: where it has no room, things go by their names
// instead of their ARNs, then long names lose their middle. What is done to them has
// to be read; the rest is there when the row is opened.
func (l Look) gist(s string, cells int) string {
	if ansi.StringWidth(s) <= cells {
		return s
	}
	s = named.ReplaceAllStringFunc(s, nameOf)
	if ansi.StringWidth(s) > cells {
		words := strings.Fields(s)
		for i, w := range words {
			words[i] = l.Middle(w, max(14, cells*7/10))
		}
		s = strings.Join(words, " ")
	}
	return l.Cut(s, cells)
}

// nameOf is the name in an ARN: of a role or a user without its path, of an object
// with its bucket.
func nameOf(arn string) string {
	name := strings.SplitN(arn, ":", 6)[5]
	kind, rest, ok := strings.Cut(name, "/")
	switch {
	case ok && (kind == "role" || kind == "user"):
		return rest[strings.LastIndexByte(rest, '/')+1:]
	case ok && (kind == "key" || kind == "domain"):
		return rest
	}
	return name
}
