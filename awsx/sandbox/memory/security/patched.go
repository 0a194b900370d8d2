package security

import (
	"maps"
	"reflect"
	"slices"
)

// same compares JSON values.
func same(a, b any) bool { return reflect.DeepEqual(a, b) }

// patchOne changes one entry. A patch sees what is kept, so a list that is empty
// is not there to be added to.
func (p *Plugin) patchOne(k kind, name string, raw []byte) (Answer, *Answer) {
	steps, no := readPatch(raw)
	if no != nil {
		return Answer{}, no
	}
	e := p.entry(k.path, name)
	if e == nil || e.Hidden {
		return Answer{}, p.missing(k, name, "PATCH")
	}
	if no := p.locked(k, name); no != nil {
		return Answer{}, no
	}
	next, err := apply(e.Body, steps)
	if err != nil {
		return Answer{}, refusal(400, "%s", err)
	}
	if same(any(next), any(e.Body)) {
		return Answer{}, refusal(200, "No updates required")
	}
	if no := p.store(k, name, next); no != nil {
		return Answer{}, no
	}
	return said(200, "'%s' updated.", name), nil
}

// patchAll changes several entries at once: all, or with one that cannot be
// changed none.
func (p *Plugin) patchAll(k kind, raw []byte) (Answer, *Answer) {
	steps, no := readPatch(raw)
	if no != nil {
		return Answer{}, no
	}
	before := object{}
	for _, name := range p.names(k.path) {
		before[name] = p.entry(k.path, name).Body
	}
	after, err := apply(before, steps)
	if err != nil {
		return Answer{}, refusal(400, "%s", err)
	}
	var touched []string
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if !same(before[name], after[name]) {
			touched = append(touched, name)
		}
	}
	for name := range before {
		if _, left := after[name]; !left {
			touched = append(touched, name)
		}
	}
	if touched == nil {
		return Answer{}, refusal(200, "No updates required")
	}
	undo := maps.Clone(p.state.Entries[k.path])
	for _, name := range touched {
		if no := p.replace(k, name, after); no != nil {
			p.state.Entries[k.path] = undo
			return Answer{}, no
		}
	}
	return said(200, "Resource updated."), nil
}

// replace puts one entry of a patched whole in place, or takes it away.
func (p *Plugin) replace(k kind, name string, all object) *Answer {
	if no := p.locked(k, name); no != nil {
		return no
	}
	v, left := all[name]
	if !left {
		delete(p.state.Entries[k.path], name)
		return nil
	}
	body, _ := v.(object)
	return p.store(k, name, body)
}

// store checks a patched body as a PUT's and keeps it.
func (p *Plugin) store(k kind, name string, body object) *Answer {
	body = kept(body)
	if no := p.check(k, body); no != nil {
		return no
	}
	if no := p.ready(k, name, body); no != nil {
		return no
	}
	p.state.Entries[k.path][name] = &Entry{Body: body}
	return nil
}
