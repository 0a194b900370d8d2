package steps

import "testing"

func TestShellWord(t *testing.T) {
	for in, want := range map[string]string{
		"run": "run", "/a/b-c_1.2": "/a/b-c_1.2", "": "''", "my run": "'my run'", "it's": `'it'\''s'`,
		"$HOME": "'$HOME'", "a;b": "'a;b'", "x=y": "x=y", "=x": "'=x'", "~": "'~'", "ä": "'ä'",
	} {
		if got := ShellWord(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}
