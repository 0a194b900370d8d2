package policy

import (
	"strings"
	"unicode/utf8"
)

// A glob is a pattern as runes. Three values outside Unicode stand for the
// wildcards and for a colon that the policy itself wrote (one that came from a
// variable's value does not divide an ARN).
type glob []rune

const (
	star  rune = -1
	mark  rune = -2
	colon rune = -3
)

// compile turns a policy value into a glob and puts in the values of its
// variables. no says that a variable has no value in this request, which takes
// the value out of the comparison; unsure that one could not be learned (it is
// then a star: what does not match with it never matches) or stands before the
// fifth colon, where variables are not defined.
func (a *asked) compile(pattern string, wildcards bool) (glob, truth) {
	var out glob
	known, colons := yes, 0
	for rest := pattern; rest != ""; {
		if a.variables && strings.HasPrefix(rest, "${") {
			if name, after, ok := strings.Cut(rest[2:], "}"); ok {
				value, t := a.variable(name)
				known = and(known, t)
				if colons > 0 && colons < 5 && len(name) > 1 {
					known = and(known, unsure)
				}
				out, rest = append(out, value...), after
				continue
			}
		}
		r, size := utf8.DecodeRuneInString(rest)
		rest = rest[size:]
		switch {
		case r == '*' && wildcards:
			r = star
		case r == '?' && wildcards:
			r = mark
		case r == ':':
			r = colon
			colons++
		}
		out = append(out, r)
	}
	return out, known
}

// variable is the value of ${name}, ${name, 'default'}, or of one of the three
// that stand for a character that would otherwise be special.
func (a *asked) variable(name string) (glob, truth) {
	if name == "*" || name == "?" || name == "$" {
		return glob(name), yes
	}
	key, fallback, hasDefault := strings.Cut(name, ",")
	values, present := a.lookup(strings.TrimSpace(key))
	switch {
	case present == unsure || len(values) > 1:
		return glob{star}, unsure
	case present == yes:
		return glob(values[0]), yes
	case hasDefault:
		return glob(strings.Trim(strings.TrimSpace(fallback), "'")), yes
	}
	return nil, no
}

// match compares without regard to parts.
func (g glob) match(s string) bool { return g.matchRunes([]rune(s)) }

func (g glob) matchRunes(s []rune) bool {
	i, j, back, from := 0, 0, -1, 0
	for j < len(s) {
		switch {
		case i < len(g) && g[i] == star:
			back, from = i, j
			i++
		case i < len(g) && (g[i] == mark || g[i] == s[j] || g[i] == colon && s[j] == ':'):
			i, j = i+1, j+1
		case back >= 0:
			from++
			i, j = back+1, from
		default:
			return false
		}
	}
	for i < len(g) && g[i] == star {
		i++
	}
	return i == len(g)
}

// parts divides at the policy's own colons into at most six.
func (g glob) parts() []glob {
	var out []glob
	from := 0
	for i, r := range g {
		if r == colon && len(out) < 5 {
			out = append(out, g[from:i])
			from = i + 1
		}
	}
	return append(out, g[from:])
}

// matchParts compares an ARN part by part, so that a star does not reach over a
// colon; of a pattern with fewer than six parts the missing ones are filled
// with fill.
func (g glob) matchParts(arn string, fill glob) bool {
	want, have := g.parts(), strings.SplitN(arn, ":", 6)
	if len(have) != 6 {
		return false
	}
	for i := range have {
		w := fill
		if i < len(want) {
			w = want[i]
		}
		if !w.match(have[i]) {
			return false
		}
	}
	return true
}
