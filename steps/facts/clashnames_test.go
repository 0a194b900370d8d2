package facts

import (
	"strings"
	"testing"

	"snapferry/steps"
)

func TestNewNames(t *testing.T) {
	long := strings.Repeat("x", 256)
	cases := map[string]struct {
		moves []steps.Move
		name  string // of the one clash, "" for none
		why   string
		count int // of indices it names
	}{
		"all different":     {moves: []steps.Move{{Index: "a", As: "x-a"}, {Index: "b", As: "x-b"}}},
		"not renamed":       {moves: []steps.Move{{Index: "a", As: "a"}}},
		"two under one":     {[]steps.Move{{Index: "a", As: "x"}, {Index: "b", As: "x"}, {Index: "c", As: "y"}}, "x", "a, b would all come back under this one name", 2},
		"three under one":   {[]steps.Move{{Index: "a", As: "x"}, {Index: "b", As: "x"}, {Index: "x", As: "x"}}, "x", "a, b, x would all", 3},
		"capital":           {[]steps.Move{{Index: "a", As: "Copy-a"}}, "Copy-a", "no capital letters", 1},
		"blank":             {[]steps.Move{{Index: "a", As: "copy a"}}, "copy a", "no blanks", 1},
		"comma":             {[]steps.Move{{Index: "a", As: "a,b"}}, "a,b", "hold none of", 1},
		"colon":             {[]steps.Move{{Index: "a", As: "a:b"}}, "a:b", "hold none of", 1},
		"hyphen first":      {[]steps.Move{{Index: "a-b", As: "-b"}}, "-b", "do not start with", 1},
		"underscore first":  {[]steps.Move{{Index: "a", As: "_a"}}, "_a", "do not start with", 1},
		"plus first":        {[]steps.Move{{Index: "a", As: "+a"}}, "+a", "do not start with", 1},
		"nothing left":      {[]steps.Move{{Index: "a", As: ""}}, "", "nothing is left", 1},
		"only dots":         {[]steps.Move{{Index: "a", As: ".."}}, "..", "nothing is left", 1},
		"too long":          {[]steps.Move{{Index: "a", As: long}}, long, "at most 255 bytes, this one has 256", 1},
		"kept by a plugin":  {[]steps.Move{{Index: "a", As: ".opendistro-a"}}, ".opendistro-a", "protected index", 1},
		"kept its own name": {moves: []steps.Move{{Index: "Odd", As: "Odd"}}}, // whatever it is, an engine has it already
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := namedBadly(c.moves)
			if c.why == "" {
				if len(got) != 0 {
					t.Errorf("clashes %+v", got)
				}
				return
			}
			if len(got) != 1 || got[0].Name != c.name || !strings.Contains(got[0].Why.String(), c.why) || len(got[0].Indices) != c.count {
				t.Fatalf("clashes %+v", got)
			}
			if got[0].Field != "move.rename_replacement" || got[0].Fix.IsZero() {
				t.Errorf("no way out: %+v", got[0])
			}
		})
	}
}
