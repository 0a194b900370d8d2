//go:build unix

// Tour goes through the full screen as a newcomer does, and writes what is to be
// seen on the way into docs/tour.md:
//
//	go run ./ui/drive/tour
//
// It plays the real program, in its own sandbox, at the pace one can watch; it
// takes about a minute and a half, and is to be started at the top of the repository.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"snapferry/ui/drive"
)

// page is where the tour is kept.
const page = "docs/tour.md"

func main() {
	work, err := os.MkdirTemp("", "tour")
	if err != nil {
		person{}.Fatalf("%v", err)
	}
	text := capture(person{}, build(person{}, ".", work), work)
	if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
		person{}.Fatalf("%v", err)
	}
	_ = os.RemoveAll(work)
}

// person is told of what goes wrong.
type person struct{}

// Helper is for tests.
func (person) Helper() {}

// Fatalf ends the tour.
func (person) Fatalf(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "tour: "+format+"\n", args...)
	os.Exit(1)
}

// build makes the program of the repository at root.
func build(t drive.T, root, work string) string {
	program := filepath.Join(work, "snapferry")
	c := exec.Command("go", "build", "-o", program, ".")
	c.Dir = root
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return program
}

// capture goes through the program and gives the page.
func capture(t drive.T, program, work string) string {
	b := strings.Builder{}
	b.WriteString(head)
	for i, r := range rounds {
		r.walk(t, program, filepath.Join(work, fmt.Sprint(i)), &b)
	}
	return b.String()
}

// walk starts the program in an empty directory and goes from stop to stop.
func (r round) walk(t drive.T, program, home string, b *strings.Builder) {
	if err := os.Mkdir(home, 0o700); err != nil {
		t.Fatalf("%v", err)
	}
	d := drive.Start(t, drive.Options{
		Args: append([]string{program, "--sandbox"}, r.args...), Dir: home, Width: width, Height: height, Patience: 2 * time.Minute,
		Env: []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", "LC_ALL=C.UTF-8"},
	})
	defer d.End()
	d.Until("the first screen", func(p drive.Screen) bool { return p.Full && p.Says("ctrl+c quit") })
	for _, s := range r.stops {
		for _, k := range s.keys {
			k.press(d)
		}
		shown := d.Screen()
		if s.shows != nil {
			shown = d.Until(s.title, s.shows)
		}
		fmt.Fprintf(b, "\n## %s\n\n%s\n\n```text\n%s\n```\n", s.title, s.words, shown)
	}
}

// press presses a key, or pastes, and waits for what comes of it.
func (k key) press(d *drive.Terminal) {
	if k.paste != "" {
		d.Paste(k.paste)
	} else {
		d.Press(k.name)
	}
	d.Until(k.then, func(p drive.Screen) bool {
		// The board of a run is never still.
		return p.Says(k.then) && (p.Says("· Run") || !strings.ContainsAny(p.String(), spinning))
	})
}

// spinning are the signs of something that is looked up.
const spinning = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
