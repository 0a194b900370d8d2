package theme

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		words string
		cells int
		want  []string
	}{
		{"", 10, []string{""}},
		{"fits", 10, []string{"fits"}},
		{"one two three", 8, []string{"one two", "three"}},
		{"tcp 127.0.0.1:36485: connect: connection refused", 24, []string{"tcp 127.0.0.1:36485:", "connect: connection", "refused"}},
		{"the a-name-with-hyphens", 20, []string{"the", "a-name-with-hyphens"}},
		{"is arn:aws:iam::111111111111:role/service/x", 20, []string{"is arn:aws:iam::", "111111111111:role/", "service/x"}},
		{"xxxxxxxxxxxxxxxxxxxxxxxxx", 10, []string{"xxxxxxxxxx", "xxxxxxxxxx", "xxxxx"}},
		{"almost-full aaaaaaaaaaaaaaaaaaaaaaaa", 13, []string{"almost-full", "aaaaaaaaaaaaa", "aaaaaaaaaaa"}},
		{"索引の名前 索引", 6, []string{"索引の", "名前", "索引"}},
		{"索引", 1, []string{"索", "引"}},
		{"日本 x", 1, []string{"日", "本", "x"}},
		{"a\nb c", 4, []string{"a b", "c"}},
		{"one\r\ntwo\tthree\n", 5, []string{"one", "two", "three"}},
		{"name  its detail", 20, []string{"name  its detail"}},
		{"name  its detail", 12, []string{"name  its", "detail"}},
		{"  name, indented ", 20, []string{"name, indented"}},
		{"words", 0, nil},
	} {
		if d := cmp.Diff(c.want, New(Options{}).Wrap(c.words, c.cells)); d != "" {
			t.Errorf("%q in %d: %s", c.words, c.cells, d)
		}
	}
}

// TestWrappedLosesNothing: whatever is broken, it is the same letters in order, and
// no line is wider than it may be.
func TestWrapLosesNothing(t *testing.T) {
	th := New(Options{Unicode: true})
	const arn = "arn:aws:iam::111111111111:role/service/snapferry-logs-prod-snapshot-role-with-a-long-name"
	for _, words := range []string{arn, "trust of " + arn + " names it", "ログの索引-2026.11-日本語の名前がとても長い 🚢🚢🚢-ferry-👩‍👩‍👧", "a " + strings.Repeat("é", 90), "x: y: z: connect: connection refused", `{"error":{"type":"security_exception","reason":"no permissions for [indices:data/read]"}}`} {
		for cells := 2; cells < 130; cells++ {
			lines := th.Wrap(words, cells)
			for _, l := range lines {
				if ansi.StringWidth(l) > cells {
					t.Fatalf("%d cells: %q", cells, l)
				}
			}
			bare := func(s string) string { return strings.ReplaceAll(s, " ", "") }
			if got := bare(strings.Join(lines, "")); got != bare(words) {
				t.Fatalf("%d cells: %q", cells, got)
			}
		}
	}
}
