package security

import (
	_ "embed" // the roles and action groups the plugin ships
	"encoding/json"
	"slices"
)

//go:embed static.json
var shipped []byte

// static are the roles and action groups that come with the plugin, by kind.
// Nobody can change them, and they are kept nowhere.
var static = readShipped()

func readShipped() map[string]map[string]*Entry {
	var bodies map[string]map[string]object
	if err := json.Unmarshal(shipped, &bodies); err != nil {
		panic(err) // the file is part of this program
	}
	out := map[string]map[string]*Entry{}
	for kind, list := range bodies {
		out[kind] = map[string]*Entry{}
		for name, body := range list {
			out[kind][name] = &Entry{Body: body, Reserved: true, static: true}
		}
	}
	return out
}

// entry finds what the state or the plugin has under a name, nil for nothing.
func (p *Plugin) entry(kind, name string) *Entry {
	if e := static[kind][name]; e != nil {
		return e
	}
	return p.state.Entries[kind][name]
}

// names are all names of a kind, sorted, hidden ones left out.
func (p *Plugin) names(kind string) []string {
	var out []string
	for name := range static[kind] {
		out = append(out, name)
	}
	for name, e := range p.state.Entries[kind] {
		if !e.Hidden && static[kind][name] == nil {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// expand turns names of action groups into the patterns they stand for, groups
// in groups too. What is no group is a pattern already.
func (p *Plugin) expand(actions []string) []string {
	var out []string
	seen := map[string]bool{}
	for len(actions) > 0 {
		a := actions[0]
		actions = actions[1:]
		if seen[a] {
			continue
		}
		seen[a] = true
		if e := p.entry(groupsKind, a); e != nil {
			actions = append(actions, texts(e.Body["allowed_actions"])...)
			continue
		}
		out = append(out, a)
	}
	return out
}

// texts reads a JSON list of strings.
func texts(v any) []string {
	var out []string
	list, _ := v.([]any)
	for _, e := range list {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
