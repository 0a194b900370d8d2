package facts

import (
	"maps"
	"slices"
	"strings"

	"snapferry/awsx/cluster"
	"snapferry/steps"
)

// unnumbered are the streams whose indices would lose what the engine numbers
// them by: it renames only what follows .ds-, and its next index would have
// another name than those before it.
func unnumbered(moves []steps.Move) []Clash {
	var list []Clash
	for _, s := range Streams(moves) {
		for _, m := range s.Moves {
			number, named := strings.CutPrefix(m.Index, backingPrefix+s.Name+"-")
			if (s.As == s.Name && m.As == m.Index) || (named && m.As == backingPrefix+s.As+"-"+number) {
				continue
			}
			list = append(list, Clash{
				Name: s.As, Indices: s.indices(), Field: fieldReplacement,
				Why: steps.T("index %s of data stream %s would come back as %s, which is not how indices of a data stream %s are named", m.Index, s.Name, m.As, s.As),
				Fix: steps.T("Change what is in front alone, for example ^(.+)$ to old-$1, or leave the stream out with -%s", s.Name),
			})
			break
		}
	}
	return list
}

// streamNames are the clashes of the data streams that come. A stream of that
// name is never replaced, nor added to: there is no telling whose it would be then.
func (s standing) streamNames(streams []Stream) []Clash {
	coming := map[string]bool{}
	for _, m := range s.coming {
		coming[m.As] = true
	}
	var list []Clash
	for _, st := range streams {
		c := Clash{Name: st.As, Indices: st.indices(), Field: fieldIndices}
		if c.Why, c.Fix = s.inTheWay(st, coming); !c.Why.IsZero() {
			list = append(list, c)
		}
	}
	return list
}

// inTheWay says why a stream cannot come back, or go on being there; zero if it can.
func (s standing) inTheWay(st Stream, coming map[string]bool) (why, fix steps.Text) {
	var here, missing []string
	for _, m := range st.Moves {
		if coming[m.As] {
			missing = append(missing, m.As)
		} else {
			here = append(here, m.As)
		}
	}
	held := s.streams[st.As]
	switch {
	case len(here) > 0 && len(missing) > 0:
		return steps.T("it came back from this snapshot, and its index %s is not there any more; one alone cannot be brought back", missing[0]),
			steps.T("Delete what is left of it on the target (DELETE /_data_stream/%s, or its indices), then run again", st.As)
	case len(missing) == 0 && !slices.Contains(held, here[0]):
		return steps.T("its indices came back from this snapshot, and no data stream of the target holds them"),
			steps.T("Delete its indices on the target, the first is %s, then run again", here[0])
	case len(missing) == 0:
		return steps.Text{}, steps.Text{}
	}
	fix = steps.T("Leave the stream out with -%s, or see to it that the name is free", st.Name)
	_, taken := s.indices[st.As]
	holder, later := s.holders()[st.As], s.laterThan(st)
	switch {
	case len(held) > 0:
		return steps.T("the target has a data stream of that name, and data streams are never replaced"), fix
	case taken:
		return steps.T("the target has an index of that name"), fix
	case holder != "":
		return steps.T("the target has an alias of that name, on index %s", holder), fix
	case later != "":
		return steps.T("the target has an index %s, which the stream would want to make one day; the engine refuses it", later), fix
	}
	return steps.Text{}, steps.Text{}
}

// laterThan is an index that stands where the stream would make one, "" for none.
// The engine refuses such a stream [seen on 2.19.4 and 3.4.0 nodes].
func (s standing) laterThan(st Stream) string {
	last := st.Moves[len(st.Moves)-1].As
	for _, name := range slices.Sorted(maps.Keys(s.indices)) {
		if stream, n := cluster.BackedStream(name); stream == st.As && n > generation(last) {
			return name
		}
	}
	return ""
}
