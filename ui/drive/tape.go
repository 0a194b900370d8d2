//go:build unix

package drive

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Tape is a demonstration in the syntax of VHS (github.com/charmbracelet/vhs), as
// far as ours needs it. Whatever else a tape says is an error: a command that was
// passed over would not be played.
type Tape struct {
	// Settings are what Set said, by name.
	Settings map[string]string
	Commands []Command
}

// Command is one thing to do: exactly one of Type, Key, Sleep and Wait is set.
type Command struct {
	Line int
	// Type is typed, Pace a character.
	Type string
	Pace time.Duration
	// Key is pressed so many Times, Pace apart.
	Key   string
	Times int
	Sleep time.Duration
	// Wait is what has to be on the screen before it goes on.
	Wait *regexp.Regexp
}

// settings are those that a tape may make.
var settings = []string{"Shell", "FontSize", "FontFamily", "Width", "Height", "Padding", "Theme", "TypingSpeed", "WaitTimeout", "Framerate", "PlaybackSpeed"}

// tapeKeys are the names that VHS has for keys.
var tapeKeys = map[string]string{
	"Enter": "enter", "Escape": "esc", "Tab": "tab", "Space": "space", "Backspace": "backspace",
	"Up": "up", "Down": "down", "Left": "left", "Right": "right", "PageUp": "pgup", "PageDown": "pgdown",
}

var (
	typeLine = regexp.MustCompile("^Type(@\\S+)? (?:\"([^\"]*)\"|'([^']*)'|`([^`]*)`)$")
	keyLine  = regexp.MustCompile(`^([A-Z][a-zA-Z]*)(@\S+)?(?: (\d+))?$`)
	ctrlLine = regexp.MustCompile(`^Ctrl\+([A-Z])$`)
	waitLine = regexp.MustCompile(`^Wait\+Screen(?:@\S+)? /(.+)/$`)
)

// ParseTape reads a tape.
func ParseTape(text string) (Tape, error) {
	p := Tape{Settings: map[string]string{"TypingSpeed": "50ms"}} // what VHS has
	for n, l := range strings.Split(text, "\n") {
		l = strings.TrimSpace(l)
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		if err := p.line(n+1, l); err != nil {
			return p, fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	return p, nil
}

func (p *Tape) line(n int, l string) error {
	word, rest, _ := strings.Cut(l, " ")
	switch word {
	case "Output", "Require", "Hide", "Show": // what is recorded, and with what, is VHS's own
		return nil
	case "Set":
		return p.set(rest)
	}
	c := Command{Line: n}
	speed, err := duration(p.Settings["TypingSpeed"])
	if err != nil {
		return err
	}
	if m := typeLine.FindStringSubmatch(l); m != nil {
		c.Type = m[2] + m[3] + m[4]
		c.Pace, err = pace(m[1], speed)
	} else if m := ctrlLine.FindStringSubmatch(l); m != nil {
		c.Key, c.Times, c.Pace = "ctrl+"+strings.ToLower(m[1]), 1, speed
	} else if m := waitLine.FindStringSubmatch(l); m != nil {
		c.Wait, err = regexp.Compile(m[1])
	} else if word == "Sleep" {
		c.Sleep, err = duration(rest)
	} else if m := keyLine.FindStringSubmatch(l); m != nil && tapeKeys[m[1]] != "" {
		c.Key = tapeKeys[m[1]]
		c.Times, _ = strconv.Atoi(m[3])
		c.Times = max(1, c.Times)
		c.Pace, err = pace(m[2], speed)
	} else {
		return fmt.Errorf("%q is not understood", l)
	}
	p.Commands = append(p.Commands, c)
	return err
}

func (p *Tape) set(rest string) error {
	name, value, ok := strings.Cut(rest, " ")
	if !ok || !slices.Contains(settings, name) {
		return fmt.Errorf("there is no setting %q", rest)
	}
	p.Settings[name] = strings.Trim(value, `"`)
	return nil
}

// pace is what stands behind an at sign, else the tape's.
func pace(at string, usual time.Duration) (time.Duration, error) {
	if at == "" {
		return usual, nil
	}
	return duration(at[1:])
}

// duration reads a time as VHS does: a bare number is seconds.
func duration(s string) (time.Duration, error) {
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		s += "s"
	}
	return time.ParseDuration(s)
}

// Busy is how long the person of a tape types and rests; what the program takes
// between is not in it.
func (p Tape) Busy() time.Duration {
	var all time.Duration
	for _, c := range p.Commands {
		all += c.Sleep + c.Pace*time.Duration(utf8.RuneCountInString(c.Type)+c.Times)
	}
	return all
}

// Play presses the keys of a tape. It rests nowhere, and tells of every picture
// that the tape waits for.
func (d *Terminal) Play(p Tape, met func(Command, Screen)) {
	d.t.Helper()
	for _, c := range p.Commands {
		switch {
		case c.Wait != nil:
			met(c, d.Match(c.Wait))
		case c.Key != "":
			for range c.Times {
				d.Press(c.Key)
			}
		default:
			d.Type(c.Type)
		}
	}
}
