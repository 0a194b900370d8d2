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
	// under is the read under way, unseen what it was begun for. One whose asker
	// left goes on, as nothing can stop it, and is for the next.
	under  chan line
	unseen bool
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
	if k.file != nil && k.unseen {
		k.drop()
	}
	return k.wait(ctx)
}

// Secret is Line for what must not be seen while it is typed. Whoever leaves by
// a signal finds the terminal as it was.
func (k *Keyboard) Secret(ctx context.Context) (got string, err error) {
	if k.file == nil {
		return k.wait(ctx)
	}
	// Before any wait: the read that will bring the secret may be under way since
	// another question, which showed what is typed.
	left := k.under != nil && !k.unseen
	show, err := silence(k.file, left)
	if err != nil {
		return "", err
	}
	// The half of a secret is no part of what is typed next, in the open.
	defer func() { show(err != nil) }()
	if left {
		k.drop()
	}
	k.unseen = true
	return k.wait(ctx)
}

// drop forgets a line that came after its asker had left: what was typed for a
// question in the open is no secret, and a secret is no answer to be shown.
func (k *Keyboard) drop() {
	k.unseen = false
	select {
	case <-k.under:
		k.under = nil
	default:
	}
}

func (k *Keyboard) wait(ctx context.Context) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if k.under == nil {
		got := make(chan line, 1)
		k.under = got
		go func() { got <- k.read() }()
	}
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case l := <-k.under:
		k.under, k.unseen = nil, false
		return l.text, l.err
	}
}

func (k *Keyboard) read() line {
	s, err := k.in.ReadString('\n')
	if err == io.EOF && s != "" {
		err = nil
	}
	return line{strings.TrimRight(s, "\r\n"), err}
}
