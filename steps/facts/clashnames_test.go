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

// TestNewNamesOfStreams: the indices behind a stream keep their numbers at the end,
// or it comes back as something the engine would not have made.
func TestNewNamesOfStreams(t *testing.T) {
	type stream struct {
		name, as string
		indices  []string // each with its new name after a blank
	}
	for name, c := range map[string]struct {
		streams []stream
		beside  []steps.Move
		clash   string
		why     string
		count   int
	}{
		"as it is":                    {streams: []stream{{"web", "web", []string{".ds-web-000001 .ds-web-000001"}}}},
		"odd, as it is":               {streams: []stream{{"web", "web", []string{".ds-odd .ds-odd"}}}},
		"under a new name":            {streams: []stream{{"web", "old-web", []string{".ds-web-000001 .ds-old-web-000001", ".ds-web-000002 .ds-old-web-000002"}}}},
		"the numbers renamed, too":    {[]stream{{"web", "web-old", []string{".ds-web-000001 .ds-web-000001-old", ".ds-web-000002 .ds-web-000002-old"}}}, nil, "web-old", "index .ds-web-000001 of data stream web would come back as .ds-web-000001-old", 2},
		"its indices renamed alone":   {[]stream{{"web", "web", []string{".ds-web-000001 .ds-web-1"}}}, nil, "web", "is not how indices of a data stream web are named", 1},
		"odd, under a new name":       {[]stream{{"web", "old-web", []string{".ds-odd .ds-old-odd"}}}, nil, "old-web", "not how indices", 1},
		"under an impossible name":    {[]stream{{"web", "_web", []string{".ds-web-000001 .ds-_web-000001"}}}, nil, "_web", "do not start with", 1},
		"an index would be its name":  {[]stream{{"web", "web", []string{".ds-web-000001 .ds-web-000001"}}}, []steps.Move{{Index: "a", As: "web"}}, "web", "a, web would all come back under this one name", 2},
		"two streams become one":      {[]stream{{"a-1", "x", []string{".ds-a-1-000001 .ds-x-000001"}}, {"a-2", "x", []string{".ds-a-2-000002 .ds-x-000002"}}}, nil, "x", "a-1, a-2 would all", 2},
		"an index beside it, renamed": {streams: []stream{{"web", "web", []string{".ds-web-000001 .ds-web-000001"}}}, beside: []steps.Move{{Index: "a", As: "b"}}},
	} {
		t.Run(name, func(t *testing.T) {
			moves := c.beside
			for _, s := range c.streams {
				for _, i := range s.indices {
					from, to, _ := strings.Cut(i, " ")
					moves = append(moves, steps.Move{Index: from, As: to, Stream: s.name, StreamAs: s.as})
				}
			}
			got := namedBadly(moves)
			if c.why == "" && len(got) > 0 || c.why != "" && (len(got) != 1 || got[0].Name != c.clash || !strings.Contains(got[0].Why.String(), c.why) || len(got[0].Indices) != c.count || got[0].Fix.IsZero()) {
				t.Errorf("clashes %+v", got)
			}
		})
	}
}
