package theme

import (
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// TestWidthsOfWideLetters: whatever script a name is in, nothing is wider than it may
// be, and what is fitted is exactly as wide.
func TestWidthsOfWideLetters(t *testing.T) {
	for _, unicode := range []bool{true, false} {
		th := New(Options{Unicode: unicode, Profile: colorprofile.NoTTY})
		for _, s := range []string{
			"logs", "ログの索引-2026.11-日本語の名前がとても長い索引", "🚢🚢🚢-ferry-👩\u200d👩\u200d👧-logs", "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301", "한글한글한글한글",
			"\u1112\u1161\u11ab\u1112\u1161\u11ab\u1112\u1161\u11ab", "🇩🇪🇫🇷🇯🇵🇩🇪🇫🇷🇯🇵", "❤\ufe0f❤\ufe0f❤\ufe0f❤\ufe0f", th.Bad.Render("赤い名前のとても長い索引"),
		} {
			for cells := range 30 {
				middle, cut, fit := th.Middle(s, cells), th.Cut(s, cells), th.Fit(s, cells)
				if w := ansi.StringWidth(middle); w > cells {
					t.Errorf("Middle(%q, %d) has %d cells: %q", s, cells, w, middle)
				}
				if w := ansi.StringWidth(cut); w > cells {
					t.Errorf("Cut(%q, %d) has %d cells: %q", s, cells, w, cut)
				}
				if w := ansi.StringWidth(fit); w != cells {
					t.Errorf("Fit(%q, %d) has %d cells: %q", s, cells, w, fit)
				}
				if whole := th.Fit(middle, cells); ansi.Strip(whole)[:len(ansi.Strip(middle))] != ansi.Strip(middle) {
					t.Errorf("Fit(%q, %d) cuts it again: %q", middle, cells, whole)
				}
			}
		}
	}
}
