package wizard

import (
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/theme"
)

// explains is the screen that reads errors, and what it was asked.
func explains(t *testing.T, o theme.Options) (*stage, *[]string) {
	t.Helper()
	var asked []string
	p := &play{explain: func(body string, confirm bool) (steps.Diagnosis, error) {
		asked = append(asked, body)
		d := someCause()
		if confirm {
			d.Causes[0].Verdict = steps.Confirmed
			if strings.Contains(body, "offline") {
				return d, &steps.Error{Summary: steps.T("AWS cannot be reached"), Fix: steps.T("Look at the network")}
			}
		}
		if body == "fails" {
			return d, errors.New("it cannot be read")
		}
		return d, nil
	}}
	return enter(t, newExplaining(props(t, p, o))), &asked
}

func TestExplainingPictures(t *testing.T) {
	long := tea.PasteMsg{Content: "{\r\"Message\": \"" + longARN + "\",\n\t\"" + wide + evil + "\"" + strings.Repeat("\nline", 60)}
	pictures(t, "explain", []scene{
		{"empty", func(t *testing.T, o theme.Options) *stage { s, _ := explains(t, o); return s }},
		{"no text", func(t *testing.T, o theme.Options) *stage { s, _ := explains(t, o); return s.press("ctrl+d") }},
		{"pasted", func(t *testing.T, o theme.Options) *stage {
			s, _ := explains(t, o)
			s.take(long)
			return s.press("🚢")
		}},
		{"explained", func(t *testing.T, o theme.Options) *stage {
			s, _ := explains(t, o)
			return s.press("403", "ctrl+d").still()
		}},
		{"looked at the world", func(t *testing.T, o theme.Options) *stage {
			s, _ := explains(t, o)
			return s.press("403", "ctrl+o").still()
		}},
		{"the world is not there", func(t *testing.T, o theme.Options) *stage {
			s, _ := explains(t, o)
			return s.press("offline", "ctrl+o").still()
		}},
	})
}

// TestExplaining: a text is typed or pasted, an empty line ends it, and one gets back
// to it and out.
func TestExplaining(t *testing.T) {
	s, asked := explains(t, dark)
	s.press("enter", "ctrl+d").says("There is no text yet", "first brace")
	s.press("ctrl+u", "no pemissions", "backspace", "backspace")
	s.take(tea.PasteMsg{Content: "\rfor [cluster:admin]"})
	s.press("tab", "?").says("no pemissio", "for [cluster:admin] ?_")
	if s.press("enter"); len(*asked) != 0 || !s.screen.(typist).Typing() {
		t.Fatalf("asked %v", *asked)
	}
	s.press("enter").still().says("The signer may not pass the snapshot role", "iam:PassRole")
	if got := (*asked)[0]; got != "no pemissio\nfor [cluster:admin] ?" {
		t.Errorf("asked %q", got)
	}
	s.press("c").says("As a command").press("esc", "o").still().says("confirmed")
	if keys := keysOf(s.screen.Keys()); strings.Contains(keys, " o ") {
		t.Errorf("may look again: %s", keys)
	}
	s.press("esc").says("for [cluster:admin]").press("ctrl+u", "fails", "ctrl+d").still().says("it cannot be read")
	s.press("esc").wanted(func(m tea.Msg) bool { _, is := m.(backMsg); return is })
}
