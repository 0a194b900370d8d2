package memory

import (
	"slices"
	"strings"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/wire"
)

// expand is how an API reads index expressions; each field is a query parameter
// and every API has its own defaults.
type expand struct {
	ignoreUnavailable bool
	// none allows wildcards that match nothing.
	none bool
	// Wildcards match open, closed and hidden indices.
	open, closed, hidden bool
	// forbidClosed refuses a closed index that is named.
	forbidClosed bool
	// noAliases refuses aliases, as deletion does.
	noAliases bool
}

var (
	// lenient is what reading metadata uses, strict what reading documents uses.
	lenient = expand{none: true, open: true, closed: true}
	strict  = expand{none: true, open: true, forbidClosed: true}
)

// from reads the parameters of a request over the API's defaults.
func (e expand) from(r *call) (expand, *wire.Error) {
	var err *wire.Error
	if e.ignoreUnavailable, err = r.flag("ignore_unavailable", e.ignoreUnavailable); err != nil {
		return e, wire.IllegalArgument("Could not convert [ignore_unavailable] to boolean").CausedBy(err)
	}
	if e.none, err = r.flag("allow_no_indices", e.none); err != nil {
		return e, wire.IllegalArgument("Could not convert [allow_no_indices] to boolean").CausedBy(err)
	}
	if !r.query.Has("expand_wildcards") {
		return e, nil
	}
	return e.wildcards(strings.Split(r.query.Get("expand_wildcards"), ","))
}

// wildcards reads which indices a wildcard may match.
func (e expand) wildcards(words []string) (expand, *wire.Error) {
	e.open, e.closed, e.hidden = false, false, false
	for _, w := range words {
		switch w {
		case "open":
			e.open = true
		case "closed":
			e.closed = true
		case "hidden":
			e.hidden = true
		case "all":
			e.open, e.closed, e.hidden = true, true, true
		case "none":
		default:
			return e, wire.IllegalArgument("No valid expand wildcard value [%s]", w)
		}
	}
	return e, nil
}

// resolve turns an expression into indices, sorted by name. The error for a
// missing one is the engine's.
func (c *Cluster) resolve(expr string, e expand) ([]*index, *wire.Error) {
	return c.resolveList(splitList(expr), e)
}

// splitList cuts at commas and trims nothing: a blank belongs to the name after
// it. Commas at the end are dropped, as Java's split does.
func splitList(expr string) []string {
	expr = strings.TrimRight(expr, ",")
	if expr == "" {
		return nil
	}
	return strings.Split(expr, ",")
}

// resolveList goes through the names from left to right.
func (c *Cluster) resolveList(list []string, e expand) ([]*index, *wire.Error) {
	if names.IsAll(list) {
		list = []string{"*"}
	}
	found := map[*index]bool{}
	wild := false
	for _, name := range list {
		add := true
		// An exclusion counts only after a wildcard; before one it is a name.
		if wild && strings.HasPrefix(name, "-") {
			name, add = name[1:], false
		}
		if names.IsPattern(name) || name == "_all" {
			wild = true
			hits := c.matching(name, e)
			if add && len(hits) == 0 && !e.none {
				return nil, names.NotFound(name)
			}
			for _, ix := range hits {
				found[ix] = add
			}
			continue
		}
		if !add && c.state.DataStreams[name] != nil {
			continue // takes away the stream's name, not the indices that came by other names
		}
		hits, err := c.named(name, e)
		if err != nil {
			return nil, err
		}
		for _, ix := range hits {
			found[ix] = add
		}
	}
	var out []*index
	for _, ix := range c.byName {
		if found[ix] {
			out = append(out, ix)
		}
	}
	if len(out) == 0 && !e.none && !e.ignoreUnavailable {
		return nil, names.NotFound(strings.Join(list, ","))
	}
	return out, nil
}

// matching are the indices, and those behind aliases and data streams, that a
// wildcard matches. The hidden indices of a data stream come with its name, also
// to a star alone.
func (c *Cluster) matching(pattern string, e expand) []*index {
	if pattern == "_all" {
		pattern = "*"
	}
	var out []*index
	for _, ix := range c.byName {
		if ix.meta.Closed && !e.closed || !ix.meta.Closed && !e.open {
			continue
		}
		// A hidden index shows itself to a pattern that begins with its dot.
		dotted := strings.HasPrefix(pattern, ".") && strings.HasPrefix(ix.meta.Name, ".")
		stream := c.streamOf(ix.meta.Name)
		hit := stream != "" && !e.noAliases && names.Match(pattern, stream)
		if ix.hidden() && !e.hidden && !dotted {
			if hit {
				out = append(out, ix)
			}
			continue
		}
		hit = hit || names.Match(pattern, ix.meta.Name)
		for alias := range ix.meta.Aliases {
			hit = hit || !e.noAliases && names.Match(pattern, alias)
		}
		if hit {
			out = append(out, ix)
		}
	}
	return out
}

// named are the indices one name stands for.
func (c *Cluster) named(name string, e expand) ([]*index, *wire.Error) {
	var out []*index
	if ix := c.indices[name]; ix != nil {
		out = append(out, ix)
	} else if ds := c.state.DataStreams[name]; ds != nil && !e.noAliases {
		for _, n := range ds.Indices {
			out = append(out, c.indices[n])
		}
	} else if held := c.aliasHolders(name); len(held) > 0 {
		if e.noAliases {
			return nil, wire.IllegalArgument("The provided expression [%s] matches an alias, specify the corresponding concrete indices instead.", name)
		}
		out = held
	}
	if len(out) == 0 {
		if e.ignoreUnavailable {
			return nil, nil
		}
		if strings.HasPrefix(name, "_") {
			return nil, wire.New(400, "invalid_index_name_exception", "Invalid index name [%s], must not start with '_'.", name).
				With("index_uuid", "_na_").With("index", name)
		}
		return nil, names.NotFound(name)
	}
	if e.forbidClosed {
		for _, ix := range out {
			if ix.meta.Closed && !e.ignoreUnavailable {
				return nil, ix.about(wire.New(400, "index_closed_exception", "closed"))
			}
		}
		out = slices.DeleteFunc(out, func(ix *index) bool { return ix.meta.Closed })
	}
	return out, nil
}
