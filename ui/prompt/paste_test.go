package prompt

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

const pretty = "{\n  \"error\": {\n    \"reason\": \"no permissions for [] and }\"\n  }\n}"

// TestPaste: an empty line ends a paste, unless it stands inside of one.
func TestPaste(t *testing.T) {
	for name, c := range map[string]struct{ typed, want string }{
		"one line":             {"no permissions for []\n\nnext\n", "no permissions for []"},
		"empty lines before":   {"\n\nno permissions\n\n", "no permissions"},
		"blanks are empty":     {"no permissions\n  \nnext\n", "no permissions"},
		"inside of JSON":       {strings.Replace(pretty, "\n", "\n\n", 2) + "\n\nnext\n", pretty},
		"a brace in quotes":    {"{\"a\": \"\\\"{\"}\n\nnext\n", "{\"a\": \"\\\"{\"}"},
		"a brace left open":    {"{\"a\": 1\n\n\nnext\n", "{\"a\": 1"},
		"one that is too much": {"a }\n\nnext\n", "a }"},
		"the end of the input": {"{\"a\": 1", "{\"a\": 1"},
		"nothing":              {"\n\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			// A byte at a time: nothing more has come when a line is read.
			k := NewKeyboard(iotest.OneByteReader(strings.NewReader(c.typed)))
			if got, err := k.Paste(t.Context()); got != c.want || err != nil {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	t.Run("more has come", func(t *testing.T) {
		k := NewKeyboard(strings.NewReader("first\n\nsecond\n\n"))
		if got, err := k.Paste(t.Context()); got != "first\nsecond" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	})
	t.Run("somebody leaves", func(t *testing.T) {
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if got, err := NewKeyboard(strings.NewReader("first\n")).Paste(gone); got != "" || !errors.Is(err, context.Canceled) {
			t.Errorf("%q, %v", got, err)
		}
		if got, err := NewKeyboard(iotest.ErrReader(io.ErrClosedPipe)).Paste(t.Context()); got != "" || !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%q, %v", got, err)
		}
	})
}
