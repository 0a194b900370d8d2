package prompt

import (
	"bufio"
	"context"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// Keyboard reads what is typed, a line at a time. One program has one: two
// readers would each keep what the other waits for. It is not for concurrent use.
type Keyboard struct {
	in *bufio.Reader
	// file is the terminal, nil where what is typed comes from elsewhere.
	file *os.File
	// under is the read under way. One whose asker left goes on, as nothing can
	// stop it, and is for the next.
	under chan line
}

type line struct {
	text string
	err  error
}

// NewKeyboard reads from a terminal, or what stands for one in tests.
func NewKeyboard(in io.Reader) *Keyboard {
	k := &Keyboard{in: bufio.NewReader(in)}
	if f, ok := in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		k.file = f
	}
	return k
}

// Line waits for a line, or until ctx ends. A last line without its end counts;
// then comes io.EOF.
func (k *Keyboard) Line(ctx context.Context) (string, error) {
	return k.wait(ctx, func() line {
		s, err := k.in.ReadString('\n')
		if err == io.EOF && s != "" {
			err = nil
		}
		return line{strings.TrimRight(s, "\r\n"), err}
	})
}

// Secret is Line for what must not be seen while it is typed. Whoever leaves by
// a signal finds the terminal as it was.
func (k *Keyboard) Secret(ctx context.Context) (string, error) {
	if k.file == nil {
		return k.Line(ctx)
	}
	state, err := term.GetState(int(k.file.Fd()))
	if err != nil {
		return "", err
	}
	defer func() { _ = term.Restore(int(k.file.Fd()), state) }()
	return k.wait(ctx, func() line {
		b, err := term.ReadPassword(int(k.file.Fd()))
		return line{string(b), err}
	})
}

func (k *Keyboard) wait(ctx context.Context, read func() line) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if k.under == nil {
		got := make(chan line, 1)
		k.under = got
		go func() { got <- read() }()
	}
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case l := <-k.under:
		k.under = nil
		return l.text, l.err
	}
}
