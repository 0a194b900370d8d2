//go:build unix

package cli

import (
	"regexp"
	"strings"
	"testing"

	"snapferry/ui/drive"
)

// looked goes to the plan and leaves, which shows nearly every kind of screen.
func looked(t *testing.T, o at) *sitting {
	t.Helper()
	s := sit(t, o, inOwnSandbox...)
	s.planned()
	s.Press("ctrl+c")
	s.ends(130)
	return s
}

// TestOnlyASCII: under the C locale no byte is beyond ASCII, and the screens say
// the same.
func TestOnlyASCII(t *testing.T) {
	t.Parallel()
	s := looked(t, at{width: 60, height: 20, env: []string{"LC_ALL=C", "NO_COLOR=1"}})
	for i, b := range s.Raw() {
		if b >= 0x80 {
			raw := s.Raw()
			t.Fatalf("byte %#x is beyond ASCII: %q", b, raw[max(0, i-60):i+10])
		}
	}
}

// TestLightAndDark: the terminal tells its background, and gets other colours.
func TestLightAndDark(t *testing.T) {
	t.Parallel()
	var told []string
	for _, light := range []bool{false, true} {
		s := sit(t, at{width: 80, height: 24, light: light, env: []string{"COLORTERM=truecolor"}}, inOwnSandbox...)
		s.Wait("What brings you here")
		s.idle()
		s.Press("down")
		s.Until("the other row", func(p drive.Screen) bool { return strings.Contains(p.Row("Something fails"), "▸") })
		s.Press("ctrl+c")
		s.ends(130)
		told = append(told, strings.Join(regexp.MustCompile(`38;2;\d+;\d+;\d+`).FindAllString(string(s.Raw()), -1), " "))
	}
	const dark, light = "38;2;92;200;220", "38;2;0;107;125" // the accent
	if !strings.Contains(told[0], dark) || strings.Contains(told[0], light) || strings.LastIndex(told[1], dark) >= strings.Index(told[1], light) {
		t.Errorf("dark: %s\nlight: %s", told[0], told[1])
	}
}

// sizes are those that a person drags a window through.
var sizes = [][2]int{{80, 24}, {60, 20}, {10, 5}, {200, 60}, {61, 19}, {120, 40}, {1, 1}, {59, 24}, {80, 24}}

// TestResizedAtAnyTime: whatever the window is dragged to, the program draws what
// fits, says what it needs where nothing does, and goes on as it was.
func TestResizedAtAnyTime(t *testing.T) {
	t.Parallel()
	s := sit(t, at{width: 80, height: 24}, inOwnSandbox...)
	storm := func(words string) {
		t.Helper()
		for _, z := range sizes {
			s.Resize(z[0], z[1])
		}
		whole := func(p drive.Screen) bool { return p.Says(words) && unframed(p) == "" }
		s.Until(words+", whole", whole)
		s.Resize(50, 15)
		s.Wait("too small", "--plain")
		s.Resize(60, 20)
		s.Until(words+", whole again", whole)
	}
	s.Wait("What brings you here")
	storm("What brings you here")
	s.goTo("Domains")
	if !s.Screen().Held {
		t.Error("the program does not mark its pictures, and none was looked at")
	}
	storm("Domains")
	s.planned()
	storm("Plan")
	s.Press("ctrl+c")
	s.ends(130)
}
