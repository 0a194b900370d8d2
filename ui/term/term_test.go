package term

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func env(pairs ...string) func(string) string {
	return func(k string) string {
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == k {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func TestSettle(t *testing.T) {
	cases := []struct {
		name                        string
		tty                         bool
		env                         func(string) string
		colour, unicode, accessible bool
	}{
		{"pipe", false, env("LANG", "en_US.UTF-8"), false, true, false},
		{"terminal", true, env("LANG", "en_US.UTF-8", "TERM", "xterm-256color"), true, true, false},
		{"NO_COLOR wins", true, env("NO_COLOR", "1", "LC_ALL", "ko_KR.utf8"), false, true, false},
		{"C locale", true, env("LC_ALL", "C", "LANG", "en_US.UTF-8"), true, false, false},
		{"nothing said", true, env(), true, false, false},
		{"dumb", true, env("TERM", "dumb"), false, false, true},
		{"accessible", true, env("ACCESSIBLE", "1"), true, false, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := Streams{OutTerminal: c.tty, Env: c.env}
			s.settle()
			if s.Colour != c.colour || s.Unicode != c.unicode || s.Accessible != c.accessible {
				t.Errorf("colour %v unicode %v accessible %v", s.Colour, s.Unicode, s.Accessible)
			}
			if s.Width != 80 || s.Height != 24 {
				t.Errorf("size %d × %d, wants the usual 80 × 24", s.Width, s.Height)
			}
		})
	}
}

func TestPipesAskNobody(t *testing.T) {
	s := Pipes(strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{}, nil)
	if s.Interactive() || s.Colour {
		t.Errorf("a pipe is no person: %+v", s)
	}
}

func TestExitCodes(t *testing.T) {
	cause := errors.New("cause")
	cases := []struct {
		err  error
		code int
	}{
		{nil, 0},
		{cause, 1},
		{Exit(ExitBlocked, cause), 3},
		{fmt.Errorf("wrapped: %w", Exit(ExitInterrupted, nil)), 130},
	}
	for _, c := range cases {
		if got := Code(c.err); got != c.code {
			t.Errorf("Code(%v) = %d, wants %d", c.err, got, c.code)
		}
	}
	if !errors.Is(Exit(ExitFailed, cause), cause) {
		t.Error("the cause is lost")
	}
	if Exit(ExitFailed, nil).Error() != "" {
		t.Error("what was said already is said again")
	}
}
