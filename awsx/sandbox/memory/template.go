package memory

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"snapferry/awsx/sandbox/memory/names"
)

// template is what of a stored template matters when an index is made.
type template struct {
	Patterns []string        `json:"index_patterns"`
	Order    int             `json:"order"`
	Priority int             `json:"priority"`
	Composed []string        `json:"composed_of"`
	Inner    json.RawMessage `json:"template"`
	Stream   json.RawMessage `json:"data_stream"`
	name     string
	raw      json.RawMessage
}

// templateFor lays together what templates say for a new index: the one
// composable template with the highest priority over its components, or else
// all legacy ones in their order.
func (c *Cluster) templateFor(index string) creation {
	if t := c.composable(index); t != nil {
		out := creation{settings: settings{}, mappings: object{}, aliases: map[string]object{}}
		for _, part := range t.Composed {
			out.lay(componentInner(c.state.Templates[componentTemplates][part]))
		}
		out.lay(t.Inner)
		return out
	}
	var list []template
	for name, raw := range c.state.Templates[legacyTemplates] {
		var t template
		if json.Unmarshal(raw, &t) == nil && names.MatchAny(t.Patterns, index) {
			t.name, t.raw = name, raw
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b template) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.name, b.name))
	})
	out := creation{settings: settings{}, mappings: object{}, aliases: map[string]object{}}
	for _, t := range list {
		out.lay(t.raw)
	}
	return out
}

// composable is the index template that applies to a name, nil for none.
func (c *Cluster) composable(index string) *template {
	var best *template
	for name, raw := range c.state.Templates[indexTemplates] {
		var t template
		if json.Unmarshal(raw, &t) != nil || !names.MatchAny(t.Patterns, index) {
			continue
		}
		t.name = name
		if best == nil || t.Priority > best.Priority || t.Priority == best.Priority && t.name < best.name {
			best = &t
		}
	}
	return best
}

// componentInner is the part of a component template that counts.
func componentInner(raw json.RawMessage) json.RawMessage {
	var t template
	_ = json.Unmarshal(raw, &t) // what was stored was parsed when it came in
	return t.Inner
}

// lay puts a template's settings, mappings and aliases over what is there.
func (to *creation) lay(raw json.RawMessage) {
	var t struct {
		Settings settings
		Mappings object
		Aliases  map[string]object
	}
	if len(raw) == 0 || json.Unmarshal(raw, &t) != nil {
		return
	}
	to.settings = to.settings.merge(t.Settings.prefixed())
	if m, err := mergeMappings(to.mappings, t.Mappings); err == nil {
		to.mappings = m
	}
	maps.Copy(to.aliases, t.Aliases)
}
