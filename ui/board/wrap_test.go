package board

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/language"

	"snapferry/steps"
)

func TestWrap(t *testing.T) {
	arn := "arn:aws:iam::111111111111:role/a-name-that-is-longer-than-the-line"
	cases := []struct {
		name  string
		line  Line
		cells int
		want  []string
	}{
		{"short", Line{"fits", 2}, 10, []string{"fits"}},
		{"a pipe is not wrapped", Line{strings.Repeat("word ", 50), 2}, 0, []string{strings.Repeat("word ", 50)}},
		{"documents stay whole", Line{strings.Repeat("word ", 50), Verbatim}, 40, []string{strings.Repeat("word ", 50)}},
		{"under its column", Line{"fix     one two three four five six seven eight", 8}, 40, []string{"fix     one two three four five six", "        seven eight"}},
		{"the same column again", Line{"a b c d e f g h i j k l m n o p q r s t u v w x y z", 2}, 32, []string{"a b c d e f g h i j k l m n o p", "  q r s t u v w x y z"}},
		{"no room under the column", Line{strings.Repeat("-", 20) + " words that need more room", 21}, 40, []string{strings.Repeat("-", 20) + " words that need", "        more room"}},
		{"a long word stays whole", Line{"role " + arn + " exists", 2}, 40, []string{"role", "  " + arn, "  exists"}},
		{"a word that fits further left", Line{"+ create  " + arn, 20}, 70, []string{"+ create", "    " + arn}},
		{"nothing but a long word", Line{arn, 2}, 40, []string{arn}},
		{"an indented long word", Line{"      " + arn, 6}, 40, []string{"      " + arn}},
		{"wide letters", Line{"한국어 한국어 한국어", 0}, 14, []string{"한국어 한국어", "한국어"}},
	}
	for _, c := range cases {
		if d := cmp.Diff(c.want, c.line.Wrap(c.cells)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

// TestCells: a text is as wide as the terminal has it, and columns of names stand
// below each other whatever script they are in.
func TestCells(t *testing.T) {
	for s, want := range map[string]int{"❤\ufe0f": 2, "👩\u200d👩\u200d👧": 2, "🇩🇪": 2, "a\u200bb": 2, "\u1112\u1161\u11ab": 2, "한글": 4, "e\u0301": 1} {
		if got := Cells(s); got != want {
			t.Errorf("%q has %d cells, wants %d", s, got, want)
		}
	}
	var at []int
	for _, l := range NewWords(language.English, nil).movesLines(steps.Plan{Moves: []steps.Move{{Index: "logs-1", Primaries: 1}, {Index: "ログの索引", Primaries: 1}}}) {
		if head, _, row := strings.Cut(l.Text, " × "); row {
			at = append(at, Cells(head))
		}
	}
	if len(at) != 2 || at[0] != at[1] {
		t.Errorf("shards begin at %v", at)
	}
}

// TestNothingInALineSteersTheTerminal, nor makes a line that looks like ours; of a
// document the tabs stay.
func TestNothingInALineSteersTheTerminal(t *testing.T) {
	const said = "it said \x1b]0;owned\a\x1b[2Jhello\n  ✓ done\tx"
	for hang, want := range map[int]string{0: "it said hello   ✓ done x", Verbatim: "it said hello   ✓ done\tx"} {
		for _, cells := range []int{0, 80} {
			if d := cmp.Diff([]string{want}, Line{said, hang}.Wrap(cells)); d != "" {
				t.Errorf("hang %d in %d cells: %s", hang, cells, d)
			}
		}
	}
}

// TestWrapLosesNothing: what was broken is the same words in the same order.
func TestWrapLosesNothing(t *testing.T) {
	text := "evidence  STS says account 111111111111, credentials from a profile, and a good deal more than anybody would want to read in one line"
	for cells := 12; cells < 140; cells++ {
		got := Line{text, 10}.Wrap(cells)
		if strings.Join(strings.Fields(strings.Join(got, " ")), " ") != strings.Join(strings.Fields(text), " ") {
			t.Fatalf("at %d cells: %q", cells, got)
		}
		for _, l := range got {
			if cells >= 40 && Cells(l) > cells {
				t.Errorf("%d cells, but %q", cells, l)
			}
		}
	}
}
