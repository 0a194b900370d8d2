package memory

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/memory/wire"
)

// newcomers are the indices and data streams that are about to be there, by
// name. Indices, aliases and data streams share their names; the engine looks at
// that last, when it has put the new state together.
type newcomers struct {
	c *Cluster
	// indices take the place of what has their name.
	indices map[string]*index
	// streams have their generation.
	streams map[string]int
}

// all are the indices as they will be, in no order.
func (n newcomers) all() iter.Seq[*index] {
	replaced := map[*index]bool{} // empty, as a rule: nothing is looked up then
	for name := range n.indices {
		if ix := n.c.indices[name]; ix != nil {
			replaced[ix] = true
		}
	}
	return func(yield func(*index) bool) {
		for _, ix := range n.c.byName {
			if (len(replaced) == 0 || !replaced[ix]) && !yield(ix) {
				return
			}
		}
		for _, ix := range n.indices {
			if !yield(ix) {
				return
			}
		}
	}
}

func (n newcomers) hasIndex(name string) bool {
	return n.c.indices[name] != nil || n.indices[name] != nil
}

// generations are those of all streams as they will be.
func (n newcomers) generations() map[string]int {
	out := map[string]int{}
	for name, ds := range n.c.state.DataStreams {
		out[name] = ds.Generation
	}
	for name, generation := range n.streams {
		out[name] = generation
	}
	return out
}

// check refuses the new state for its names.
func (n newcomers) check() *wire.Error {
	streams := n.generations()
	if list := n.duplicates(streams); len(list) > 0 {
		return wire.NewForeign(500, "illegal_state_exception", "index, alias, and data stream names need to be unique, but the following duplicates were found [%s]", strings.Join(list, ","))
	}
	if err := n.writers(); err != nil {
		return err
	}
	return n.crowded(streams)
}

func (n newcomers) duplicates(streams map[string]int) []string {
	var withIndices, withStreams, out []string
	for ix := range n.all() {
		for alias := range ix.meta.Aliases {
			if n.hasIndex(alias) {
				withIndices = append(withIndices, fmt.Sprintf("%s (alias of %s) conflicts with index", alias, ix))
			}
			if _, taken := streams[alias]; taken {
				withStreams = append(withStreams, fmt.Sprintf("%s (alias of %s) conflicts with data stream", alias, ix))
			}
		}
	}
	for stream := range streams {
		if n.hasIndex(stream) {
			out = append(out, fmt.Sprintf("data stream [%s] conflicts with index", stream))
		}
	}
	for _, list := range [][]string{withIndices, withStreams, out} {
		slices.Sort(list)
	}
	return slices.Concat(withIndices, withStreams, out)
}

// writers refuses an alias that would have two write indices.
func (n newcomers) writers() *wire.Error {
	writers := map[string][]string{}
	for ix := range n.all() {
		for alias, o := range ix.meta.Aliases {
			if o["is_write_index"] == true {
				writers[alias] = append(writers[alias], ix.meta.Name)
			}
		}
	}
	for _, alias := range sortedNames(writers) {
		if list := writers[alias]; len(list) > 1 {
			slices.Sort(list)
			return wire.NewForeign(500, "illegal_state_exception", "alias [%s] has more than one write index [%s]", alias, strings.Join(list, ","))
		}
	}
	return nil
}

// crowded refuses a stream of which a later index could not be made, for its
// name is taken.
func (n newcomers) crowded(streams map[string]int) *wire.Error {
	for _, stream := range sortedNames(streams) {
		prefix, taken := ".ds-"+stream+"-", map[string]bool{}
		for ix := range n.all() {
			if later(ix.meta.Name, prefix, streams[stream]) {
				taken[ix.meta.Name] = true
			}
			for alias := range ix.meta.Aliases {
				if later(alias, prefix, streams[stream]) {
					taken[alias] = true
				}
			}
		}
		if list := sortedNames(taken); len(list) > 0 {
			return wire.NewForeign(500, "illegal_state_exception", "data stream [%s] could create backing indices that conflict with %d existing index(s) or alias(s) including '%s'",
				stream, len(list), list[0])
		}
	}
	return nil
}

// later says that a name is that of a stream's index, which all begin alike, after a
// generation.
func later(name, prefix string, generation int) bool {
	digits, is := strings.CutPrefix(name, prefix)
	if !is {
		return false
	}
	counter, err := strconv.ParseUint(digits, 10, 31)
	return err == nil && int(counter) > generation
}
