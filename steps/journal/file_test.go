package journal

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestReplace: what is written piece by piece is there whole or not at all, and nothing
// lies beside it, however the writing ends.
func TestReplace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.md")
	full := errors.New("no more")
	for _, c := range []struct {
		name, writes, want string
		err                error
		panics             bool
	}{
		{"written", "first", "first", nil, false},
		{"refused", "second", "first", full, false},
		{"panicked", "third", "first", nil, true},
		{"written anew", "fourth", "fourth", nil, false},
	} {
		err, panicked := replaced(path, func(to io.Writer) error {
			_, err := io.WriteString(to, c.writes[:2])
			_, more := io.WriteString(to, c.writes[2:])
			if c.panics {
				panic("a form that cannot be made")
			}
			return errors.Join(err, more, c.err)
		})
		got, unread := os.ReadFile(path)
		left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*"))
		if !errors.Is(err, c.err) || panicked != c.panics || unread != nil || string(got) != c.want || len(left) > 0 {
			t.Errorf("%s: %v, %v, %q, %v; beside it %v", c.name, err, panicked, got, unread, left)
		}
	}
}

// replaced says whether Replace let a panic of write through.
func replaced(path string, write func(io.Writer) error) (err error, panicked bool) {
	defer func() { panicked = recover() != nil }()
	return Replace(path, write), false
}
