package form

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"snapferry/ui/ask"
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

// TestPlaceInAList: where not all rows are seen it is said how many there are.
func TestPlaceInAList(t *testing.T) {
	p := open(t, begun(t, nil), "source-account", Options{Fetch: world}).at("source.control.base")
	if strings.Contains(p.shows(), " of 6") {
		t.Errorf("all are seen:\n%s", p.shows())
	}
	p.Resize(60, 6)
	p.says("1 of 6 ↑ ↓").press("down", "down").says("3 of 6 ↑ ↓").press("end").says("6 of 6 ↑ ↓", "▸ Nobody here")
}

// TestPasteOnAList: what is pasted is typed, where the list has a line behind it, and
// filters nothing.
func TestPasteOnAList(t *testing.T) {
	said := map[ask.Key]string{"source.account": "111122223333", "source.region": "eu-west-1"}
	p := open(t, begun(t, said), "domains", Options{Fetch: world}).at("source.domain")
	p.Update(tea.PasteMsg{Content: "my-own/name\n"})
	if got := p.Typed(); got != "my-own/name" || p.field.isList() {
		t.Errorf("the line is %q", got)
	}
	p = open(t, begun(t, nil), "source-account", Options{Fetch: world}).at("source.control.base")
	p.Update(tea.PasteMsg{Content: "https://x"})
	if p.says("A profile of your AWS config"); p.field.filtering() || !p.field.isList() {
		t.Errorf("a paste filters:\n%s", p.shows())
	}
}

// TestPasteByKeysOnAList: a terminal that marks no paste gives it letter by letter. A
// text has no key for the filter in it; by itself, and behind the keys that move, it is.
func TestPasteByKeysOnAList(t *testing.T) {
	for typed, filters := range map[string]bool{
		"https://x.example/y": false, "logs/prod": false, "/": true, "jjj/": true, "x/": true, "gG/": true, "https://\x00/": true,
	} {
		p := open(t, begun(t, nil), "source-account", Options{Fetch: world}).at("source.control.base")
		for i, part := range strings.Split(typed, "\x00") {
			if i > 0 {
				p.press("down")
			}
			for _, r := range part {
				p.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
			}
		}
		if p.field.filtering() != filters {
			t.Errorf("%q filters: %v\n%s", typed, !filters, p.shows())
		}
		if !filters {
			p.says("Nothing is typed in a list", "/ filters")
		}
	}
}

// TestToTheEndFromAList: the row that leads to a line leads there by this key, too, and
// what a filter hides is no answer.
func TestToTheEndFromAList(t *testing.T) {
	said := map[ask.Key]string{"source.account": "111122223333", "source.region": "eu-west-1"}
	p := open(t, begun(t, said), "domains", Options{Fetch: world}).at("source.domain")
	if p.press("end", "pgdown").at("source.domain"); p.field.isList() || p.ending {
		t.Errorf("no line to type on:\n%s", p.shows())
	}
	p = open(t, begun(t, said), "domains", Options{Fetch: world}).at("source.domain")
	p.press("/", "zzz", "pgdown").at("source.domain").says("Nothing matches")
	if p.ending || p.State() != Open {
		t.Error("it goes on without the answer")
	}
}
