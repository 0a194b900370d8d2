package text

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type name string

type stubborn struct{ a, b int }

func TestNewKeepsArgumentsPlain(t *testing.T) {
	for _, c := range []struct {
		format string
		arg    any
		plain  any
		words  string
	}{
		{"%s", "a", "a", "a"},
		{"%d shards", 3, int64(3), "3 shards"},
		{"%d", int8(-3), int64(-3), "-3"},
		{"%d", uint16(7), int64(7), "7"},
		{"%s", uint64(math.MaxUint64), "18446744073709551615", "18446744073709551615"},
		{"%.1f", 2.0, 2.0, "2.0"},
		{"%.1f", float32(0.5), 0.5, "0.5"},
		{"%s", math.Inf(1), "+Inf", "+Inf"},
		{"%t", true, true, "true"},
		{"%q", name("x"), "x", `"x"`},
		{"%s", errors.New("boom"), "boom", "boom"},
		{"%s", 2 * time.Second, "2s", "2s"},
		{"%s", New("%d left", 2), New("%d left", 2), "2 left"},
		{"%s", Text{}, "", ""},
		{"%s", nil, "", ""},
		{"%s", []string{"a", "b"}, "[a b]", "[a b]"},
		{"%s", stubborn{1, 2}, "{1 2}", "{1 2}"},
		{"%s", "a\xffb", "a\uFFFDb", "a\uFFFDb"},
	} {
		got := New(c.format, c.arg)
		if diff := cmp.Diff([]any{c.plain}, got.Args); diff != "" {
			t.Errorf("%v: %s", c.arg, diff)
		}
		if got.String() != c.words {
			t.Errorf("%v: got %q, want %q", c.arg, got, c.words)
		}
	}
}

func TestPercentSigns(t *testing.T) {
	for _, c := range []struct {
		text Text
		want string
	}{
		{Plain("100% of %s"), "100% of %s"},
		{New("100%% done"), "100% done"},
		{New("%d%% of %s", 5, "50%"), "5% of 50%"},
		{Plain(""), ""},
	} {
		if c.text.String() != c.want {
			t.Errorf("got %q, want %q", c.text, c.want)
		}
	}
	if !Plain("").IsZero() || Plain("x").IsZero() {
		t.Error("only a Text that says nothing is zero")
	}
}

func TestRenderReachesInnerTexts(t *testing.T) {
	korean := map[string]string{"%s because %s": "%[2]s 때문에 %[1]s", "%d shards are left": "%d개의 샤드가 남음"}
	sprintf := func(format string, args ...any) string {
		if k, ok := korean[format]; ok {
			format = k
		}
		return fmt.Sprintf(format, args...)
	}
	got := New("%s because %s", "stop", New("%d shards are left", 3)).Render(sprintf)
	if want := "3개의 샤드가 남음 때문에 stop"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestJSONCarriesWordsAndParts(t *testing.T) {
	in := New("%s: %d of %d, %.1f s, %t: %s", "snap", 3, 10, 4.0, true, New("because of %q", "x<y>"))
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var words struct{ Text string }
	if err := json.Unmarshal(b, &words); err != nil || words.Text != `snap: 3 of 10, 4.0 s, true: because of "x<y>"` {
		t.Errorf("text is %q, %v", words.Text, err)
	}
	var out Text
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(in, out); diff != "" {
		t.Error(diff)
	}
}

func TestJSONOfOthers(t *testing.T) {
	for in, want := range map[string]Text{
		`null`:                           {},
		`{"text":"50% done"}`:            Plain("50% done"),
		`{"text":"x","format":"y"}`:      New("y"),
		`{"format":"%s","args":[null]}`:  New("%s", ""),
		`{"format":"%v","args":[1e400]}`: {Format: "refused"},
		`{"format":"%v","args":[[1]]}`:   New("%v", "[1]"),
		`[]`:                             {Format: "refused"},
	} {
		var got Text
		err := json.Unmarshal([]byte(in), &got)
		if refused := want.Format == "refused"; refused != (err != nil) {
			t.Errorf("%s: %v", in, err)
		} else if !refused && !cmp.Equal(got, want) {
			t.Errorf("%s: %s", in, cmp.Diff(want, got))
		}
	}
	b, err := json.Marshal(struct{ T Text }{})
	if err != nil || string(b) != `{"T":null}` {
		t.Errorf("%s, %v", b, err)
	}
}

func FuzzJSONRoundTrip(f *testing.F) {
	f.Add("%s %d %g %t", "a", int64(1), 1.0, true)
	f.Add("", "\x00\xff", int64(math.MinInt64), math.Copysign(0, -1), false)
	f.Add("%!%% %v", "<&>\u2028", int64(9007199254740993), 1e21, true)
	f.Fuzz(func(t *testing.T, format, s string, i int64, x float64, b bool) {
		// Widths of a million columns in formats inside formats prove nothing.
		format = strings.Map(func(r rune) rune {
			if r == '*' || '0' <= r && r <= '9' {
				return -1
			}
			return r
		}, format)
		in := New(format, s, i, x, b, New("in %s", New(format, s)))
		raw, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		var out Text
		if err := json.Unmarshal(raw, &out); err != nil {
			t.Fatal(err)
		}
		if in.IsZero() {
			in = Text{}
		}
		if !cmp.Equal(in, out) {
			t.Fatalf("%s\n%s", cmp.Diff(in, out), raw)
		}
		if in.String() != out.String() || strings.ToValidUTF8(in.Format, "") != in.Format {
			t.Fatalf("%q became %q", in, out)
		}
	})
}
