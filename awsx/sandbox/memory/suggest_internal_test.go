package memory

import "testing"

func TestDidYouMean(t *testing.T) {
	known := []string{"bytes", "size", "time", "format", "s", "sort", "sorts"}
	for word, want := range map[string]string{
		"bytez": "?did you mean [bytes]?", "sizes": "?did you mean [size]?", "sor": "?did you mean any of [sort, sorts]?", "nothing": "", "formatt": "?did you mean [format]?", "": "",
	} {
		if got := didYouMean(word, known, "?"); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
	for _, tc := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"move", "remove", 2}, {"same", "same", 0}} {
		if got := distance(tc.a, tc.b); got != tc.want {
			t.Errorf("from %q to %q: %d, want %d", tc.a, tc.b, got, tc.want)
		}
	}
}
