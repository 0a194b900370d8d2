package form

import (
	"strings"
	"testing"
)

// TestFilter: what is typed into it is seen, also where nothing passes, and esc shows
// all rows again with the cursor where it was.
func TestFilter(t *testing.T) {
	for _, room := range [][2]int{{80, 18}, {60, 11}} {
		p := open(t, begun(t, nil), "source-account", Options{Fetch: world}).at("source.control.base")
		p.Resize(room[0], room[1])
		all := p.shows()
		p.press("/").says("▸ A profile of your AWS config", "\n  / ")
		p.press("keys").says("\n  /keys", "▸ Keys you type in")
		if strings.Contains(p.shows(), "The environment") {
			t.Errorf("does not filter:\n%s", p.shows())
		}
		p.press("zz").says("\n  /keyszz", "Nothing matches; esc shows all again")
		if p.press("enter").at("source.control.base"); !p.field.filtering() {
			t.Error("enter ends a filter that nothing passes")
		}
		p.press("backspace", "backspace").says("▸ Keys you type in").press("esc").says("▸ Keys you type in", "The environment")
		if strings.Contains(p.shows(), "/keys") || p.State() != Open {
			t.Errorf("the filter is there still:\n%s", p.shows())
		}
		p.press("/", "zz", "esc").says("Keys you type in")
		if got := p.press("home").shows(); got != all {
			t.Errorf("not as before the filter:\n%s\n%s", all, got)
		}
		p.press("/", "environ", "enter")
		if got := p.a.Get("source.control.base"); got != "environment" {
			t.Errorf("took %s", got)
		}
		if p.press("shift+tab").at("source.control.base"); p.field.filtering() {
			t.Error("it filters at the next visit")
		}
	}
}
