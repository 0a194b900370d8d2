package wizard

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"

	"snapferry/ui/ask"
	"snapferry/ui/theme"
)

// further are keys that lead on from wherever a state is, each depending on what is
// seen of it.
var further = []string{"down", "pgdown", "up", "end", "pgup", "space"}

// turning draws a screen again, and at other sizes in between.
func turning(t *testing.T, what string, at [2]int, sizes map[string][2]int, draw func([2]int) string) {
	t.Helper()
	first := draw(at)
	if d := cmp.Diff(first, draw(at)); d != "" {
		t.Errorf("%s, drawn twice: %s", what, d)
	}
	for _, name := range []string{"60x20", "200x60"} {
		draw(sizes[name])
		if d := cmp.Diff(first, draw(at)); d != "" {
			t.Errorf("%s, after %s: %s", what, name, d)
		}
	}
}

// TestViewReadsOnly: how often, and at which sizes, a screen was drawn is not to be told
// from what is drawn of it later, nor from what a key does then.
func TestViewReadsOnly(t *testing.T) {
	o := looks["colour"]
	deep := scenes[0]
	deep.name, deep.bare = "far down what moves", false
	deep.deeds = func() *desk { return holding(crowd()[:60]...) }
	deep.do = func(p *person) { p.at5().press("end", "up", "up", "up") }
	for _, c := range append(slices.Clone(scenes), deep) {
		for _, size := range []string{"60x20", "120x40"} {
			cells := frameSizes[size]
			begin := func() *person {
				d := &desk{}
				if c.deeds != nil {
					d = c.deeds()
				}
				if c.routed {
					d.route = known
				}
				said := preset
				if c.bare {
					said = map[ask.Key]string{}
				}
				p := sit(t, Options{Look: o, Width: cells[0], Height: cells[1], Deeds: d, Sandbox: true, Answers: answered(t, said)})
				if c.do != nil {
					c.do(p)
				}
				return p
			}
			drawn, fresh := begin(), begin()
			turning(t, c.name+" "+size, cells, frameSizes, func(s [2]int) string {
				drawn.send(tea.WindowSizeMsg{Width: s[0], Height: s[1]})
				return drawn.View().Content
			})
			for _, k := range further {
				if d := cmp.Diff(fresh.press(k).shows(), drawn.press(k).shows()); d != "" {
					t.Errorf("%s %s, then %s: %s", c.name, size, k, d)
					break
				}
			}
		}
	}
}

// readsOnly is the same of a screen on the stage.
func readsOnly(t *testing.T, c scene, o theme.Options) {
	t.Helper()
	drawn, fresh := c.play(t, o), c.play(t, o)
	turning(t, c.name, drawn.room, rooms, func(room [2]int) string {
		drawn.room = room
		return drawn.view()
	})
	for _, k := range further {
		if d := cmp.Diff(fresh.press(k).shows(), drawn.press(k).shows()); d != "" {
			t.Errorf("%s, then %s: %s", c.name, k, d)
			break
		}
	}
	drawn.screen.Close()
	fresh.screen.Close()
}

// TestFilterSurvivesAResize: at every size, with the cursor where it was.
func TestFilterSurvivesAResize(t *testing.T) {
	p := sit(t, Options{Answers: answered(t, preset), Deeds: &desk{}, Width: 120, Height: 40})
	p.turned(p.open("source-account"))
	for i := 0; i < 9 && !strings.Contains(p.shows(), "Keys you type in"); i++ {
		p.press("shift+tab")
	}
	p.press("/", "role").says("/role")
	before := p.shows()
	for _, size := range frameSizes {
		p.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		p.says("/role")
	}
	p.send(tea.WindowSizeMsg{Width: 120, Height: 40})
	if d := cmp.Diff(before, p.shows()); d != "" {
		t.Error(d)
	}
}
