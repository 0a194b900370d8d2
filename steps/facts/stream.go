package facts

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"snapferry/awsx/cluster"
	"snapferry/steps"
)

// backingPrefix begins the names of the indices behind data streams.
const backingPrefix = ".ds-"

// Stream is a data stream that moves, with the moves of its indices, oldest first.
type Stream struct {
	Name, As string
	Moves    []steps.Move
}

// Streams gathers the data streams among moves, by name.
func Streams(moves []steps.Move) []Stream {
	by := map[string]*Stream{}
	for _, m := range moves {
		if m.Stream == "" {
			continue
		}
		if by[m.Stream] == nil {
			by[m.Stream] = &Stream{Name: m.Stream, As: m.StreamAs}
		}
		by[m.Stream].Moves = append(by[m.Stream].Moves, m)
	}
	var list []Stream
	for _, name := range slices.Sorted(maps.Keys(by)) {
		slices.SortFunc(by[name].Moves, func(a, b steps.Move) int {
			return cmp.Or(cmp.Compare(generation(a.Index), generation(b.Index)), strings.Compare(a.Index, b.Index))
		})
		list = append(list, *by[name])
	}
	return list
}

// generation is an index's place in its stream, by its name.
func generation(index string) int {
	_, n := cluster.BackedStream(index)
	return n
}

// indices are the names its indices have on the source.
func (s Stream) indices() []string {
	list := make([]string, len(s.Moves))
	for i, m := range s.Moves {
		list[i] = m.Index
	}
	return list
}

// torn are the streams of which some indices were taken and others not: left by
// a pattern, or closed, and a closed index comes back closed.
func torn(choices []Choice) []Clash {
	taken, left := map[string]int{}, map[string][]Choice{}
	for _, c := range choices {
		switch s := c.Index.DataStream; {
		case s == "":
		case c.Moves():
			taken[s]++
		default:
			left[s] = append(left[s], c)
		}
	}
	var list []Clash
	for _, s := range slices.Sorted(maps.Keys(left)) {
		first := left[s][0]
		if taken[s] == 0 && !slices.ContainsFunc(left[s], func(c Choice) bool { return c.Reason == ReasonClosed }) {
			continue
		}
		c := Clash{
			Name: s, Field: fieldIndices,
			Why: steps.T("a data stream moves whole or not at all, and %d of its %d indices would stay; %s: %s", len(left[s]), len(left[s])+taken[s], first.Index.Name, first.Why),
			Fix: steps.T("Name the stream, %s, or leave it out with -%s", s, s),
		}
		if first.Reason == ReasonClosed {
			c.Fix = steps.T("Open the index, or leave the stream out with -%s", s)
		}
		for _, x := range left[s] {
			c.Indices = append(c.Indices, x.Index.Name)
		}
		list = append(list, c)
	}
	return list
}
