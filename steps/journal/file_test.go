package journal

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestReplace: what is written piece by piece is there whole or not at all.
func TestReplace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.md")
	for _, c := range []struct {
		err  error
		want string
	}{{nil, "first"}, {errors.New("no more"), "first"}} {
		err := Replace(path, func(to io.Writer) error {
			_, err := io.WriteString(to, "fi")
			_, more := io.WriteString(to, "rst")
			return errors.Join(err, more, c.err)
		})
		got, unread := os.ReadFile(path)
		left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*"))
		if !errors.Is(err, c.err) || unread != nil || string(got) != c.want || len(left) > 0 {
			t.Errorf("%v: %v, %q, %v; beside it %v", c.err, err, got, unread, left)
		}
	}
}
