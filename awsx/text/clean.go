package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean is a text from outside (an error body, a name) as it can stand on a line of a
// terminal: nothing in it steers the terminal, makes another line, or has it read in
// another order than it is written. Line ends and tabs become blanks.
func Clean(s string) string {
	if !strings.ContainsFunc(s, steers) {
		return s
	}
	var b strings.Builder
	last := rune(0)
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if r == '\x1b' {
			s = s[sequence(s):]
			continue
		}
		s = s[size:]
		switch {
		case r == '\n' || r == '\t' || r == '\r' || r == 0x85 || r == 0x2028 || r == 0x2029:
			r = ' '
		case (r == joiner || r == nonJoiner) && joins(last) && joins(first(s)):
		case steers(r):
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// What joins letters of some scripts, and pictures, and what keeps them apart.
const (
	nonJoiner = 0x200c
	joiner    = 0x200d
)

// joins says that a letter may be one of those that a joiner stands between.
func joins(r rune) bool { return r >= 0x80 && !steers(r) }

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// steers says that a sign is none that is seen: controls, what turns the direction of
// reading or takes no room, and the ends of lines and paragraphs.
func steers(r rune) bool {
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || r == 0x2028 || r == 0x2029
}

// sequence is how long the control sequence is that s begins with, as ECMA-48 has
// them. Of one that does not end only the beginning is taken: what follows may be what
// matters.
func sequence(s string) int {
	if len(s) < 2 {
		return len(s)
	}
	switch c := s[1]; {
	case c == '[':
		end := strings.IndexFunc(s[2:], func(r rune) bool { return r < 0x20 || r > 0x3f })
		if end >= 0 && s[2+end] >= 0x40 && s[2+end] <= 0x7e {
			return 2 + end + 1
		}
		return 2
	case strings.IndexByte("]PX^_", c) >= 0:
		rest := s[2:]
		bell, end := strings.IndexByte(rest, '\a'), strings.Index(rest, "\x1b\\")
		switch {
		case bell >= 0 && (end < 0 || bell < end):
			return 2 + bell + 1
		case end >= 0:
			return 2 + end + 2
		}
		return 2
	case c >= 0x20 && c <= 0x2f && len(s) > 2 && s[2] >= 0x30 && s[2] <= 0x7e:
		return 3
	case c >= 0x30 && c <= 0x7e:
		return 2
	}
	return 1
}
