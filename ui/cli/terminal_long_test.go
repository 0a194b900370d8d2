//go:build long

package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// terminal is a real pseudo-terminal with a shell in it, and a person's keys.
type terminal struct {
	t      *testing.T
	socket string
}

// newTerminal opens one of a size, kept by a tmux server of its own.
func newTerminal(t *testing.T, width, height int) *terminal {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Fatal("the long tests want tmux: ", err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	m := &terminal{t, filepath.Join(t.TempDir(), "s")}
	// A function in place of the program, which this test binary is, too.
	shell := fmt.Sprintf("PS1='ready> '; snapferry() { env %s=1 %s \"$@\"; }; clear", envMain, self)
	m.tmux("-f", os.DevNull, "new-session", "-d", "-x", fmt.Sprint(width), "-y", fmt.Sprint(height),
		"env", "-i", "PATH="+os.Getenv("PATH"), "HOME="+t.TempDir(), "TERM=xterm", "LC_ALL=C", "bash", "--norc")
	t.Cleanup(func() { m.tmux("kill-server") })
	m.tmux("set", "-g", "history-limit", "10000")
	m.types(shell)
	m.until("ready> ")
	return m
}

func (m *terminal) tmux(args ...string) string {
	m.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-S", m.socket}, args...)...).CombinedOutput()
	if err != nil {
		m.t.Fatalf("tmux %v: %v: %s", args, err, out)
	}
	return string(out)
}

// types sends a line as it is, then enter.
func (m *terminal) types(line string) {
	m.t.Helper()
	if line != "" {
		m.tmux("send-keys", "-l", line)
	}
	m.tmux("send-keys", "Enter")
}

// keys sends keys by their tmux names.
func (m *terminal) keys(names ...string) {
	m.t.Helper()
	m.tmux(append([]string{"send-keys"}, names...)...)
}

// all is everything that was shown so far, each line as wide as the terminal had it.
func (m *terminal) all() string {
	m.t.Helper()
	return m.tmux("capture-pane", "-p", "-S", "-")
}

// until waits until the last lines say something, and tells what was there.
func (m *terminal) until(words string) string {
	m.t.Helper()
	words = strings.TrimRight(words, " ") // tmux leaves blanks at the end out
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		// What was typed last may still have to be answered: the cursor's line counts.
		lines := strings.Split(strings.TrimRight(m.all(), "\n "), "\n")
		if strings.Contains(strings.Join(lines[max(0, len(lines)-4):], "\n"), words) {
			return m.all()
		}
	}
	m.t.Fatalf("%q did not come:\n%s", words, m.all())
	return ""
}

// TestLinesOnATerminal: the questions on a real one, small, without colours and
// letters beyond ASCII; what is typed unseen is not seen, and the terminal is as
// it was before.
func TestLinesOnATerminal(t *testing.T) {
	const hushed = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	m := newTerminal(t, 60, 20)
	dir := filepath.Join(t.TempDir(), "run")
	m.types("stty -a > " + dir + ".before; snapferry --plain --sandbox --sandbox-pace instant --dir " + dir)
	m.until("Number [1]: ")
	m.types("") // migrate
	m.until("Beside the originals\n      the same domain, under other names\nNumber [1]: ")
	m.types("?")
	m.until("other names.\nNumber [1]: ")
	m.types("")
	m.until("Nobody here\n      somebody else does this part\nNumber [1]: ")
	m.types("5")
	m.until("Access key id")
	m.types("AKIAIOSFODNN7EXAMPLE")
	m.until("Secret access key (not shown, not stored):")
	m.types(hushed)
	m.until("Session token")
	m.keys("C-c")
	shown := m.until("ready> ")
	says(t, shown, "Stopped; nothing was changed.", "snapferry --sandbox --dir")
	if strings.Contains(shown, hushed[:12]) {
		t.Errorf("the secret was seen:\n%s", shown)
	}
	m.types("echo code $?; stty -a | diff - " + dir + ".before && echo as\" \"before")
	says(t, m.until("as before"), "code 130")
	for _, r := range shown {
		if r > 126 {
			t.Fatalf("%q is beyond ASCII:\n%s", r, shown)
		}
	}
}

// TestGuidedOnATerminal goes from the bare program to the report by pressing enter
// and typing what the plan asks for, accessible.
func TestGuidedOnATerminal(t *testing.T) {
	m := newTerminal(t, 80, 24)
	dir := filepath.Join(t.TempDir(), "run")
	m.types("ACCESSIBLE=1 snapferry --sandbox --sandbox-pace instant --dir " + dir)
	for range 60 {
		if strings.HasSuffix(m.settled(":", ">"), "to approve:") {
			break
		}
		m.types("")
	}
	m.types("222222222222")
	shown := m.until("report.md\nready> ")
	says(t, shown, "5 of 5: What moves", "verify             done: 49 indices equal")
	for _, l := range strings.Split(shown, "\n") {
		if len([]rune(l)) > 80 {
			t.Errorf("wider than the terminal: %s", l)
		}
	}
	m.types("snapferry run --dir " + dir + " --sandbox; echo code $?")
	m.until("code 0")
}

// settled waits until the screen stays as it is and its last line ends as a prompt
// does, and gives that line.
func (m *terminal) settled(ends ...string) string {
	m.t.Helper()
	last := ""
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(150 * time.Millisecond) {
		now := strings.TrimRight(m.all(), "\n ")
		line := now[strings.LastIndexByte(now, '\n')+1:]
		if now == last && slices.ContainsFunc(ends, func(e string) bool { return strings.HasSuffix(line, e) }) {
			return line
		}
		last = now
	}
	m.t.Fatalf("no prompt came:\n%s", last)
	return ""
}
