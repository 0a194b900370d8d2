package prompt

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"
)

// restOfPaste is how long the next line of a paste may be on its way: terminals hand
// over a long one in pieces.
const restOfPaste = 80 * time.Millisecond

// Paste reads a text of several lines up to the empty one behind it. One within it
// does not end it: while more has come already, or a brace is open. Where the brace
// stays open a second one does. What came behind the end is dropped, so that nobody
// else takes it for a command.
func (k *Keyboard) Paste(ctx context.Context) (string, error) {
	defer k.dropRest()
	var text []string
	ending := false // the line before was empty
	for {
		line, err := k.Line(ctx)
		switch {
		case errors.Is(err, io.EOF):
			return strings.TrimSpace(strings.Join(text, "\n")), nil
		case err != nil:
			return "", err
		case strings.TrimSpace(line) != "":
			text, ending = append(text, line), false
			continue
		case len(text) > 0 && !k.more() && (ending || !open(text)):
			return strings.TrimSpace(strings.Join(text, "\n")), nil
		}
		ending = len(text) > 0
	}
}

// open says that a brace has no end yet; those in quotes are none.
func open(text []string) bool {
	depth := 0
	for _, line := range text {
		quoted := false // JSON has no string over several lines
		for i := 0; i < len(line); i++ {
			switch c := line[i]; {
			case quoted && c == '\\':
				i++
			case c == '"':
				quoted = !quoted
			case quoted:
			case c == '{':
				depth++
			case c == '}':
				depth--
			}
		}
	}
	return depth > 0
}

// more says that another line has come, or is about to.
func (k *Keyboard) more() bool {
	return k.in.Buffered() > 0 || k.file != nil && waits(k.file, restOfPaste)
}

// dropRest forgets what was typed and not read. A read that goes on has it.
func (k *Keyboard) dropRest() {
	if k.file == nil || k.under != nil {
		return
	}
	_, _ = k.in.Discard(k.in.Buffered()) // it has as many
	flush(k.file)
}
