package board

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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
