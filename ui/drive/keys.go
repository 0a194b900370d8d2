//go:build unix

package drive

import "strings"

// keys are what a terminal sends for the keys that have a name.
var keys = map[string]string{
	"enter": "\r", "esc": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ", "backspace": "\x7f", "delete": "\x1b[3~",
	"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
	"home": "\x1b[H", "end": "\x1b[F", "pgup": "\x1b[5~", "pgdown": "\x1b[6~",
}

// sent is what a terminal sends for a key: a named one, ctrl with a letter, or any
// character.
func sent(key string) (string, bool) {
	if s, ok := keys[key]; ok {
		return s, true
	}
	if letter, ok := strings.CutPrefix(key, "ctrl+"); ok {
		if len(letter) == 1 && letter[0] >= 'a' && letter[0] <= 'z' {
			return string(letter[0] - 'a' + 1), true
		}
		return "", false
	}
	return key, len([]rune(key)) == 1
}

// Press presses keys, one after the other. A program cannot tell esc from the
// beginning of another key, so wait for what it does before the next one.
func (d *Terminal) Press(names ...string) {
	d.t.Helper()
	for _, n := range names {
		s, ok := sent(n)
		if !ok {
			d.t.Fatalf("there is no key %q", n)
		}
		d.Type(s)
	}
}

// Type types text as it is.
func (d *Terminal) Type(text string) {
	d.t.Helper()
	if _, err := d.person.WriteString(text); err != nil {
		d.t.Fatalf("typing %q: %v", text, err)
	}
}

// Paste pastes text, as a terminal does that marks where it begins and ends.
func (d *Terminal) Paste(text string) {
	d.t.Helper()
	d.Type("\x1b[200~" + text + "\x1b[201~")
}
