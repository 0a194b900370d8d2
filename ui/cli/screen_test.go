//go:build unix

package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"snapferry/ui/drive"
)

// sitting is a person in front of the whole program, on a terminal of its own and
// in an empty directory that is also the home.
type sitting struct {
	*drive.Terminal
	t    *testing.T
	home string
	// crashed says that the terminal was left to a crash, whose text is no picture.
	crashed bool
	// answered is how much was written when a line was asked for last.
	answered int
}

// at is where a person sits: how large the terminal is, and what the environment
// says besides the usual. args are the program's, in its own sandbox at no pace.
type at struct {
	width, height int
	env           []string
	light         bool
	home          string
	shell         bool // a shell is started, in which snapferry is the program
}

// environ is that of a terminal of today, and nothing else of this machine's.
func (o at) environ() []string {
	return append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + o.home, "TERM=xterm-256color", "LC_ALL=C.UTF-8", envMain + "=1",
	}, o.env...)
}

// inOwnSandbox are the arguments of nearly every test here.
var inOwnSandbox = []string{"--sandbox", "--sandbox-pace", "instant"}

// sit starts the program.
func sit(t *testing.T, o at, args ...string) *sitting {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if o.home == "" {
		o.home = t.TempDir()
	}
	line := append([]string{self}, args...)
	if o.shell {
		rc := filepath.Join(o.home, ".rc")
		fine(t, os.WriteFile(rc, fmt.Appendf(nil, "PS1='ready> '; snapferry() { %s \"$@\"; }\n", self), 0o600))
		line = []string{"bash", "--noprofile", "--rcfile", rc, "-i"}
	}
	d := drive.Start(t, drive.Options{Args: line, Env: o.environ(), Dir: o.home, Width: o.width, Height: o.height, Light: o.light, Patience: 3 * time.Minute})
	s := &sitting{Terminal: d, t: t, home: o.home}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the last picture:\n%s", d.Screen())
		}
		d.End()
		s.sound()
	})
	return s
}

// path is a file below home.
func (s *sitting) path(parts ...string) string {
	return filepath.Join(append([]string{s.home}, parts...)...)
}

// read is what such a file says.
func (s *sitting) read(parts ...string) string {
	s.t.Helper()
	b, err := os.ReadFile(s.path(parts...))
	fine(s.t, err)
	return string(b)
}

// sound looks at every picture there was: each is as large as the terminal, and one
// of the full screen is whole, from its title down to its keys.
func (s *sitting) sound() {
	s.t.Helper()
	if bad := s.Unsound(); bad != "" {
		s.t.Error(bad)
	}
	if s.crashed {
		return
	}
	frames := s.Frames()
	for _, p := range frames {
		// A picture for the size before arrives after the window was resized.
		if p.Width != frames[0].Width || p.Height != frames[0].Height {
			return
		}
		if !p.Full || !p.Held || p.Height < 20 || p.Width < 60 || p.Says("too small") || p.String() == "" {
			continue
		}
		if bad := unframed(p); bad != "" {
			s.t.Fatalf("%s, on %d x %d:\n%s", bad, p.Width, p.Height, p)
		}
	}
}

// unframed says what a picture lacks of the frame every screen has.
func unframed(p drive.Screen) string {
	rule := func(l string) bool { return len([]rune(l)) == p.Width && strings.Trim(l, "─-") == "" }
	last := len(p.Lines) - 1
	switch {
	case last+1 != p.Height || !strings.HasPrefix(p.Lines[0], "snapferry"):
		return "the title is not on top"
	case !rule(p.Lines[1]) || !rule(p.Lines[last-1]):
		return "a rule is missing"
	case p.Lines[last] == "":
		return "no key is named"
	}
	return ""
}

// spinning are the signs of something that is looked up.
const spinning = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"

// begins says that a question is up and cannot be answered yet: what it is given at
// once is still on its way.
func begins(p drive.Screen) bool {
	where := title(p)
	return (strings.Contains(where, "Start") || strings.Contains(where, " of ")) && !strings.Contains(p.Lines[len(p.Lines)-1], "enter")
}

// idle waits until nothing is looked up on the screen.
func (s *sitting) idle() drive.Screen {
	s.t.Helper()
	return s.Until("nothing looked up", func(p drive.Screen) bool {
		return p.Full && !strings.ContainsAny(p.String(), spinning) && !begins(p)
	})
}

// rest is how long a screen that came to rest has drawn nothing.
const rest = 60 * time.Millisecond

// on presses keys, and waits until the screen is another and idle. A picture that was
// still to come before a key is not taken for its answer.
func (s *sitting) on(keys ...string) drive.Screen {
	s.t.Helper()
	for _, k := range keys {
		s.idle()
		before := s.Still(rest).String()
		s.Press(k)
		s.Until("another picture after "+k, func(p drive.Screen) bool { return p.String() != before })
		s.idle()
	}
	return s.Screen()
}

// title is where one is, as the first line says it.
func title(p drive.Screen) string {
	if len(p.Lines) == 0 {
		return ""
	}
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(p.Lines[0], "snapferry"), "SANDBOX"))
}

// goTo presses enter until the title says where it is to get to.
func (s *sitting) goTo(where string) drive.Screen {
	s.t.Helper()
	p := s.idle()
	for range 80 {
		if strings.Contains(title(p), where) {
			return p
		}
		p = s.on("enter")
	}
	s.t.Fatalf("%s was not come to:\n%s", where, p)
	return p
}

// ends waits until the program ends with a code, and has left nothing behind.
func (s *sitting) ends(code int) {
	s.t.Helper()
	if got := s.Code(); got != code {
		s.t.Fatalf("exit code %d, wants %d:\n%s", got, code, s.Screen())
	}
	if left := s.Left(); left != "" {
		s.t.Error(left)
	}
}

// anyOf finds in which files below a directory a word stands, by their paths.
func anyOf(t *testing.T, dir, word string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(b), word) {
			rel, _ := filepath.Rel(dir, path)
			found = append(found, rel)
		}
		return err
	})
	fine(t, err)
	slices.Sort(found)
	return found
}

// prompted waits until a line is asked for that was not answered yet, and gives
// all that was written. What is typed is echoed, so that the end is another then.
func (s *sitting) prompted() (all string) {
	s.t.Helper()
	for {
		s.Until("a prompt", func(drive.Screen) bool {
			all = s.Transcript()
			return (strings.HasSuffix(all, ": ") || strings.HasSuffix(all, "> ")) && len(all) > s.answered
		})
		s.Still(2 * rest)
		if s.Transcript() == all { // else it was the middle of something longer
			s.answered = len(all)
			return all
		}
	}
}

// TestGuidedByLines goes from the bare program to the report without a full screen:
// nothing but lines, enter, and what the plan asks for.
func TestGuidedByLines(t *testing.T) {
	for name, o := range map[string]at{
		"accessible": {env: []string{"ACCESSIBLE=1"}, width: 80, height: 24},
		"too small":  {width: 50, height: 15},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sit(t, o, inOwnSandbox...)
			for range 80 {
				if strings.HasSuffix(s.prompted(), "approve: ") {
					break
				}
				s.Press("enter")
			}
			s.Type("222222222222\r")
			s.ends(0)
			says(t, strings.Join(strings.Fields(s.Transcript()), " "), "What moves", "verify", "49 indices equal", "report.md")
			if strings.Contains(string(s.Raw()), "\x1b[?1049h") {
				t.Error("a full screen was shown")
			}
			for l := range strings.SplitSeq(s.Transcript(), "\n") {
				// Documents and ARNs stay whole, to be copied.
				if o.width >= 60 && len([]rune(l)) > o.width && !strings.ContainsAny(l, `"{`) && !strings.Contains(l, "arn:") {
					t.Errorf("wider than %d: %s", o.width, l)
				}
			}
		})
	}
}
