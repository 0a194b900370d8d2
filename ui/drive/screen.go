//go:build unix

package drive

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Screen is a picture of the terminal, without colours and blanks at line ends.
type Screen struct {
	Lines         []string
	Width, Height int
	// Full says that it is the alternate screen, which programs draw as a whole.
	Full bool
	// Held says that the program marks where a picture begins and ends, and that this
	// is a whole one. What it draws before it knows that the terminal understands the
	// marks is read in pieces.
	Held bool
}

func (s Screen) String() string { return strings.TrimRight(strings.Join(s.Lines, "\n"), "\n") }

// Says says whether words stand on it.
func (s Screen) Says(words string) bool { return strings.Contains(s.String(), words) }

// Row is the first line with the words, "" for none.
func (s Screen) Row(words string) string {
	if i := slices.IndexFunc(s.Lines, func(l string) bool { return strings.Contains(l, words) }); i >= 0 {
		return s.Lines[i]
	}
	return ""
}

// Last is the last line that is not empty.
func (s Screen) Last() string {
	text := s.String()
	return text[strings.LastIndexByte(text, '\n')+1:]
}

// picture is the screen as it is; mu is held.
func (d *Terminal) picture() Screen {
	s := Screen{Width: d.screen.Width(), Height: d.screen.Height(), Full: d.full, Held: d.held}
	for l := range strings.SplitSeq(ansi.Strip(d.screen.Render()), "\n") {
		s.Lines = append(s.Lines, strings.TrimRight(l, " \r"))
	}
	return s
}

// now is the newest picture, and what is closed with the next.
func (d *Terminal) now() (Screen, <-chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.frames) == 0 {
		return Screen{}, d.changed
	}
	return d.frames[len(d.frames)-1], d.changed
}

// Screen is the newest picture.
func (d *Terminal) Screen() Screen {
	s, _ := d.now()
	return s
}

// Frames are all pictures so far, oldest first.
func (d *Terminal) Frames() []Screen {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.frames)
}

// Raw is every byte that was written to the terminal.
func (d *Terminal) Raw() []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.raw)
}

// Transcript is what was written line by line, without control sequences: of a
// program that does not draw a screen, everything that was ever shown.
func (d *Terminal) Transcript() string {
	return strings.ReplaceAll(ansi.Strip(string(d.Raw())), "\r", "")
}

// Unsound says what is wrong with the pictures, "" for nothing: each fits its
// terminal, and one that fills it has a first line and a last.
func (d *Terminal) Unsound() string {
	for _, s := range d.Frames() {
		if len(s.Lines) > s.Height {
			return fmt.Sprintf("%d lines on %d:\n%s", len(s.Lines), s.Height, s)
		}
		for _, l := range s.Lines {
			if w := ansi.StringWidth(l); w > s.Width {
				return fmt.Sprintf("%d cells on %d:\n%s", w, s.Width, l)
			}
		}
	}
	return ""
}
