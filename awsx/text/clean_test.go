package text

import (
	"strings"
	"testing"
	"unicode"
)

func TestClean(t *testing.T) {
	for s, want := range map[string]string{
		"as it is, 日本語 · é":                                   "as it is, 日本語 · é",
		"one\nfaked\r\nline\t!":                               "one faked  line !",
		"a\u2028b\u2029c\u0085d":                              "a b c d",
		"\x1b[31mred\x1b[0m \x1b[2Jgone \x1b[?25lhid":         "red gone hid",
		"\x1b]0;owned\a title \x1b]8;;x\x1b\\link":            " title link",
		"\x1bPq#0\x1b\\picture \x1bcreset \x1b(0lines":        "picture reset lines",
		"denied \x1b]0;x and what matters":                    "denied 0;x and what matters",
		"denied \x1bPq what matters":                          "denied q what matters",
		"cut \x1b[3":                                          "cut 3",
		"end \x1b":                                            "end ",
		"ends \x1b[":                                          "ends ",
		"\x1b[3日本":                                            "3日本",
		"bell\a del\x7f c1\u009b31m \x9b2Jraw \xff":           "bell del c1 raw \uFFFD",
		"a\u202egol-kcab\u202c b\u2066x\u200b y\u00adz\ufeff": "agol-kcab bx yz",
		"👩\u200d👩\u200d👧 می\u200cخواهم":                       "👩\u200d👩\u200d👧 می\u200cخواهم",
		"log\u200ds \u200d \u200c":                            "logs  ",
	} {
		if got := Clean(s); got != want {
			t.Errorf("Clean(%q) is %q, wants %q", s, got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("\x1b]0;a\x1b[31mx\a\u202e")
	f.Fuzz(func(t *testing.T, s string) {
		got := Clean(s)
		if i := strings.IndexFunc(got, func(r rune) bool { return unicode.IsControl(r) || r == 0x202e }); i >= 0 {
			t.Errorf("Clean(%q) is %q", s, got)
		}
		if again := Clean(got); again != got {
			t.Errorf("%q becomes %q", got, again)
		}
	})
}
