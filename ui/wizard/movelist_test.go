package wizard

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/text/language"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/board"
	"snapferry/ui/theme"
)

// TestRowsOfWhatMoves: a row is one line of its width, whatever its names, what they
// become and why one stays hold.
func TestRowsOfWhatMoves(t *testing.T) {
	const evil = "new\x1b]0;owned\x07\x1b[31mred\nnext"
	th, w := theme.New(theme.Options{Unicode: true}), board.NewWords(language.English, nil)
	for _, c := range []struct {
		hit ask.Hit
		as  string
	}{
		{ask.Hit{Name: "logs", Moves: true}, evil},
		{ask.Hit{Name: evil, Moves: true, Made: evil}, ""},
		{ask.Hit{Name: "logs", Why: steps.T("because of %s", evil)}, ""},
	} {
		var l hits
		l.order([]ask.Hit{c.hit})
		row := l.row(th, w, c.hit, false, c.as, 80)
		if ansi.StringWidth(row) > 80 || strings.Contains(row, "\n") || strings.Contains(row, "\x1b]") || strings.Contains(row, "[31m") {
			t.Errorf("%+v: %q", c.hit, row)
		}
	}
	p := sit(t, Options{Answers: answered(t, preset), Deeds: holding("logs", "metrics-1")})
	p.turned(p.open(movePage))
	m := p.screen.(*moves)
	for i := range m.list.all {
		m.list.all[i] = ask.Hit{Name: "logs", Stream: evil, Why: steps.T("because of %s, which is longer than a row", evil)}
	}
	p.says("part of the data stream newred next", "because of newred next")
	m.said = steps.T("stays: %s", evil)
	if shown := strings.Join(p.lines(), ""); strings.Contains(shown, "\x1b]") || strings.Contains(shown, "[31m") || strings.Contains(shown, "\n") {
		t.Errorf("%q", shown)
	}
}

// TestWhereInTheList: where not every index is seen it is said which are.
func TestWhereInTheList(t *testing.T) {
	for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 40}} {
		p := sit(t, Options{Answers: answered(t, preset), Deeds: holding(crowd()[:60]...), Width: size[0], Height: size[1]}).at5()
		p.says("1-", " of 60")
		seen := strings.Count(p.shows(), "logs-0") // each in one row
		p.says(fmt.Sprintf("1-%d of 60", seen)).press("end").says(fmt.Sprintf("%d-60 of 60", 61-seen))
	}
	p := sit(t, Options{Answers: answered(t, preset), Deeds: holding(stock[:3]...), Width: 80, Height: 24}).at5()
	if strings.Contains(p.shows(), "-3 of 3") {
		t.Errorf("all are seen:\n%s", p.shows())
	}
}
