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
		if r == utf8.RuneError && size == 1 && s[0] < 0xa0 { // a control of eight bits, as it was
			r = rune(s[0])
		}
		s = s[size:]
		switch {
		case r == '\x1b' && s != "" && s[0] < 0x80:
			s = s[1+sequence(s[0], s[1:]):]
			continue
		case r >= 0x80 && r < 0xa0 && r != 0x85: // the same in one sign
			s = s[sequence(byte(r-0x40), s):]
			continue
		case r == '\n' || r == '\t' || r == '\r' || r == 0x85 || r == 0x2028 || r == 0x2029:
			r = ' '
		case (r == joiner || r == nonJoiner) && joins(last) && joins(first(s)):
		case steers(r) && r != utf8.RuneError:
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
// reading or takes no room, the ends of lines and paragraphs, and what is no sign.
func steers(r rune) bool {
	return r == utf8.RuneError || unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || r == 0x2028 || r == 0x2029
}

// sequence is how much of rest belongs to the control sequence that c began, as
// ECMA-48 has them. Of one that does not end only the beginning is taken: what follows
// may be what matters.
func sequence(c byte, rest string) int {
	switch {
	case c == '[':
		end := strings.IndexFunc(rest, func(r rune) bool { return r < 0x20 || r > 0x3f })
		if end >= 0 && rest[end] >= 0x40 && rest[end] <= 0x7e {
			return end + 1
		}
	case strings.IndexByte("]PX^_", c) >= 0:
		bell, end := strings.IndexByte(rest, '\a'), strings.Index(rest, "\x1b\\")
		switch {
		case bell >= 0 && (end < 0 || bell < end):
			return bell + 1
		case end >= 0:
			return end + 2
		}
	case c >= 0x20 && c <= 0x2f && rest != "" && rest[0] >= 0x30 && rest[0] <= 0x7e:
		return 1
	}
	return 0
}
