package names

import (
	"cmp"
	"slices"
	"strings"

	"snapferry/awsx/sandbox/memory/wire"
)

// Selection is a list of index names and patterns with the options that steer
// what a missing name means.
type Selection struct {
	Names             []string
	IgnoreUnavailable bool
	AllowNoIndices    bool
	// Ordered is the older reading (before OpenSearch 2.5), in which an
	// exclusion takes away only from what stands left of it. Newer engines sort
	// exclusions to the end.
	Ordered bool
}

// NotFound is the error for an index that is not in the cluster.
func NotFound(index string) *wire.Error {
	e := wire.New(404, "index_not_found_exception", "no such index [%s]", index)
	return e.With("resource.type", "index_or_alias").With("resource.id", index).
		With("index_uuid", "_na_").With("index", index)
}

// Absent is the same where no expression was resolved, such as for an index that
// is not in a snapshot: the engine then tells no resource.
func Absent(index string) *wire.Error {
	return wire.New(404, "index_not_found_exception", "no such index [%s]", index).With("index_uuid", "_na_").With("index", index)
}

// IsAll says that a selection means everything: no names, or _all alone.
func IsAll(names []string) bool {
	return len(names) == 0 || len(names) == 1 && names[0] == "_all"
}

// Pick chooses among the indices of a snapshot the way a restore does. It is
// not the resolution used by other APIs: here "-x" as the first name means "all
// but x", and an exclusion of an absent name is an error.
func Pick(available []string, sel Selection) ([]string, *wire.Error) {
	if IsAll(sel.Names) {
		return slices.Clone(available), nil
	}
	p := picker{available: available, sel: sel}
	wanted := p.wanted()
	for i, name := range wanted {
		if err := p.take(name, i == 0); err != nil {
			return nil, err
		}
	}
	var out []string
	for _, a := range available {
		if p.in[a] {
			out = append(out, a)
		}
	}
	return out, nil
}

type picker struct {
	available []string
	sel       Selection
	in        map[string]bool
}

// wanted moves the exclusions to the end, for newer engines.
func (p *picker) wanted() []string {
	p.in = map[string]bool{}
	if p.sel.Ordered {
		return p.sel.Names
	}
	out := slices.Clone(p.sel.Names)
	slices.SortStableFunc(out, func(a, b string) int {
		return cmp.Compare(strings.Count(a[:min(1, len(a))], "-"), strings.Count(b[:min(1, len(b))], "-"))
	})
	return out
}

// take applies one name. An exclusion that comes first starts from all.
func (p *picker) take(name string, first bool) *wire.Error {
	if slices.Contains(p.available, name) {
		p.in[name] = true
		return nil
	}
	add := true
	switch {
	case strings.HasPrefix(name, "+"):
		name = name[1:]
	case strings.HasPrefix(name, "-"):
		name, add = name[1:], false
		if first {
			for _, a := range p.available {
				p.in[a] = true
			}
		}
	}
	found := false
	for _, a := range p.available {
		if Match(name, a) {
			found = true
			p.in[a] = add
		}
	}
	if found || IsPattern(name) && p.sel.AllowNoIndices || !IsPattern(name) && p.sel.IgnoreUnavailable {
		return nil
	}
	return Absent(name)
}
