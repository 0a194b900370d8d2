package awsid

import (
	"strings"
	"unicode"

	"snapferry/awsx/text"
)

// AccountID is a 12-digit AWS account number without separators.
type AccountID string

// ParseAccountID accepts the digits as consoles and people write them: with
// hyphens or blanks between groups, and with blanks (also invisible ones, which
// pasting from a web page brings) around.
func ParseAccountID(s string) (AccountID, error) {
	digits := strings.Map(func(r rune) rune {
		if r == '-' || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
	for _, r := range digits {
		if r < '0' || r > '9' {
			return "", refuse("account id", s,
				text.New("%q is not an account id: it holds %q", s, string(r)),
				text.New("Type the 12 digits, for example 111122223333"))
		}
	}
	if len(digits) != 12 {
		return "", refuse("account id", s,
			text.New("An account id has 12 digits, this one has %d", len(digits)),
			text.New("Type the 12 digits, for example 111122223333"))
	}
	return AccountID(digits), nil
}

func (a AccountID) String() string { return string(a) }

// Grouped writes the id in groups of four, as the console shows it.
func (a AccountID) Grouped() string {
	if len(a) != 12 {
		return string(a)
	}
	return string(a[:4]) + "-" + string(a[4:8]) + "-" + string(a[8:])
}
