// Package term decides once what the terminal is and can do: the streams, whether
// somebody sits at them, how wide it is, whether colour and Unicode are wanted,
// and which exit code an end has.
//
// It knows the environment's conventions (NO_COLOR, ACCESSIBLE, TERM, LC_ALL);
// it does not know what is printed.
package term

import (
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// Streams are the three streams of the program and what they are. Results go to
// Out, everything else to Err.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
	// InTerminal, OutTerminal and ErrTerminal say where a person sits.
	InTerminal  bool
	OutTerminal bool
	ErrTerminal bool
	// Width and Height of the terminal in cells, 80 × 24 where none is known.
	Width  int
	Height int
	// Colour and Unicode say what may be printed.
	Colour  bool
	Unicode bool
	// Accessible asks for plain lines and line prompts (ACCESSIBLE, dumb terminals).
	Accessible bool
	// Env reads the environment.
	Env func(string) string
}

// System looks at the process's own streams.
func System() Streams {
	s := Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		InTerminal:  isTerminal(os.Stdin),
		OutTerminal: isTerminal(os.Stdout),
		ErrTerminal: isTerminal(os.Stderr),
		Env:         os.Getenv,
	}
	for _, f := range []*os.File{os.Stdout, os.Stderr} {
		if w, h, err := term.GetSize(int(f.Fd())); err == nil && w > 0 && h > 0 {
			s.Width, s.Height = w, h
			break
		}
	}
	s.settle()
	return s
}

// Pipes makes streams without a terminal, for tests and programs.
func Pipes(in io.Reader, out, errOut io.Writer, env func(string) string) Streams {
	if env == nil {
		env = func(string) string { return "" }
	}
	s := Streams{In: in, Out: out, Err: errOut, Env: env}
	s.settle()
	return s
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

func (s *Streams) settle() {
	if s.Width <= 0 || s.Height <= 0 {
		s.Width, s.Height = 80, 24
	}
	dumb := s.Env("TERM") == "dumb"
	s.Colour = s.OutTerminal && s.Env("NO_COLOR") == "" && !dumb
	s.Accessible = s.Env("ACCESSIBLE") != "" || dumb
	s.Unicode = speaksUnicode(s.Env)
}

// speaksUnicode follows the order in which the C library looks: LC_ALL, then
// LC_CTYPE, then LANG. Where nothing is said, nothing is risked.
func speaksUnicode(env func(string) string) bool {
	for _, k := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(env(k)); v != "" {
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return false
}

// Cells is how wide a line of results may be: the terminal's width, and 0, for as
// wide as it is, where they go to a pipe or a file.
func (s Streams) Cells() int {
	if !s.OutTerminal {
		return 0
	}
	return s.Width
}

// Interactive says that a person can be asked.
func (s Streams) Interactive() bool { return s.InTerminal && s.OutTerminal }
