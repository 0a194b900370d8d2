package memory

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/wire"
)

// The kinds of templates: what they are called in the paths.
const (
	legacyTemplates    = "_template"
	indexTemplates     = "_index_template"
	componentTemplates = "_component_template"
)

// templateRoutes are the APIs of this family: the three kinds share their
// paths' form and differ in what they answer.
func (c *Cluster) templateRoutes() []route {
	actions := map[string]string{
		legacyTemplates: "indices:admin/template", indexTemplates: "indices:admin/index_template", componentTemplates: "cluster:admin/component_template",
	}
	var out []route
	for _, kind := range slices.Sorted(maps.Keys(actions)) {
		a := actions[kind]
		p := "create order cause include_type_name flat_settings" + pManager
		get := func(r *call) (reply, *wire.Error) { return c.getTemplate(kind, r) }
		put := func(r *call) (reply, *wire.Error) { return c.putTemplate(kind, r) }
		out = append(out,
			route{"GET", "/" + kind, a + "/get", p, get},
			route{"GET", "/" + kind + "/{name}", a + "/get", p, get},
			route{"HEAD", "/" + kind + "/{name}", a + "/get", p, get},
			route{"PUT", "/" + kind + "/{name}", a + "/put", p, put},
			route{"POST", "/" + kind + "/{name}", a + "/put", p, put},
			route{"DELETE", "/" + kind + "/{name}", a + "/delete", p, func(r *call) (reply, *wire.Error) { return c.deleteTemplate(kind, r) }},
		)
	}
	return out
}

// getTemplate answers an object for legacy templates and a list for the others,
// and differs as much in what is missing.
func (c *Cluster) getTemplate(kind string, r *call) (reply, *wire.Error) {
	wanted := r.vars["name"]
	have := c.state.Templates[kind]
	var hits []string
	for _, name := range slices.Sorted(maps.Keys(have)) {
		if wanted == "" || names.MatchAny(splitList(wanted), name) {
			hits = append(hits, name)
		}
	}
	missing := wanted != "" && len(hits) == 0 && !names.IsPattern(wanted)
	if kind == legacyTemplates {
		out := object{}
		for _, name := range hits {
			out[name] = have[name]
		}
		if missing {
			return reply{status: 404, body: out}, nil
		}
		return ok(out)
	}
	if missing {
		what := "index template matching [" + wanted + "] not found"
		if kind == componentTemplates {
			what = "component template matching [" + wanted + "] not found"
		}
		return reply{}, wire.New(404, "resource_not_found_exception", "%s", what)
	}
	list := []wire.Object{}
	for _, name := range hits {
		list = append(list, wire.Obj("name", name, kind[1:], have[name]))
	}
	return ok(wire.Obj(kind[1:]+"s", list))
}

// putTemplate stores a template after reading it as if an index were made by
// it, so that a bad one fails here.
func (c *Cluster) putTemplate(kind string, r *call) (reply, *wire.Error) {
	body, err := r.object()
	if err != nil {
		return reply{}, err
	}
	inner, _ := body["template"].(object)
	if kind == legacyTemplates {
		inner = object{}
		for _, k := range []string{"settings", "mappings", "aliases"} {
			if v, ok := body[k]; ok {
				inner[k] = v
			}
		}
	}
	if _, err := readCreation(inner); err != nil {
		return reply{}, err
	}
	if len(stringList(body["index_patterns"])) == 0 {
		switch kind {
		case indexTemplates:
			return reply{}, wire.IllegalArgument("Required [index_patterns]")
		case legacyTemplates:
			return reply{}, wire.Invalid("index patterns are missing")
		}
	}
	if _, isStream := body["data_stream"]; isStream && !c.eng.streams() {
		return reply{}, wire.IllegalArgument("composable template [%s] template after composition is invalid", r.vars["name"]).
			CausedBy(wire.New(400, "x_content_parse_exception", "[index_template] unknown field [data_stream]"))
	}
	if kind == indexTemplates {
		for _, part := range stringList(body["composed_of"]) {
			if c.state.Templates[componentTemplates][part] == nil {
				return reply{}, wire.New(400, "invalid_index_template_exception", "index_template [%s] invalid, cause [index template [%s] specifies component templates [%s] that do not exist]", r.vars["name"], r.vars["name"], part)
			}
		}
	}
	raw, jerr := json.Marshal(storedTemplate(kind, body))
	if jerr != nil {
		return reply{}, wire.IllegalArgument("%s", jerr)
	}
	c.state.Templates[kind][r.vars["name"]] = raw
	if err := c.save(); err != nil {
		return reply{}, storageError(err)
	}
	return acknowledged()
}

// storedTemplate is a template as the engine gives it back: settings as strings
// under "index".
func storedTemplate(kind string, body object) object {
	out := maps.Clone(body)
	if kind != componentTemplates {
		out["index_patterns"] = stringList(out["index_patterns"])
	}
	if kind == legacyTemplates {
		for k, v := range map[string]any{"order": json.Number("0"), "settings": object{}, "mappings": object{}, "aliases": object{}} {
			if out[k] == nil {
				out[k] = v
			}
		}
		out["settings"] = flatten(out["settings"].(object)).prefixed().shown(false)
		return out
	}
	inner, hasInner := out["template"].(object)
	if kind == indexTemplates && out["composed_of"] == nil && hasInner {
		out["composed_of"] = []any{}
	}
	if stream, isStream := out["data_stream"].(object); isStream && len(stream) == 0 {
		out["data_stream"] = object{"timestamp_field": object{"name": "@timestamp"}}
	}
	if s, ok := inner["settings"].(object); ok {
		inner = maps.Clone(inner)
		inner["settings"] = flatten(s).prefixed().shown(false)
		out["template"] = inner
	}
	return out
}

// livedBy refuses to delete a template that a data stream lives by.
func (c *Cluster) livedBy(kind, pattern string) *wire.Error {
	var templates, streams []string
	for _, stream := range slices.Sorted(maps.Keys(c.state.DataStreams)) {
		t := c.composable(stream)
		if kind != indexTemplates || t == nil || !names.Match(pattern, t.name) {
			continue
		}
		streams = append(streams, stream)
		if !slices.Contains(templates, t.name) {
			templates = append(templates, t.name)
		}
	}
	if streams == nil {
		return nil
	}
	return wire.IllegalArgument("unable to remove composable templates [%s] as they are in use by a data streams [%s]", strings.Join(templates, ","), strings.Join(streams, ","))
}

// deleteTemplate deletes by name or wildcard.
func (c *Cluster) deleteTemplate(kind string, r *call) (reply, *wire.Error) {
	if err := c.livedBy(kind, r.vars["name"]); err != nil {
		return reply{}, err
	}
	gone := false
	for name := range c.state.Templates[kind] {
		if names.Match(r.vars["name"], name) {
			delete(c.state.Templates[kind], name)
			gone = true
		}
	}
	if !gone && r.vars["name"] != "*" {
		return reply{}, wire.New(404, "index_template_missing_exception", "index_template [%s] missing", r.vars["name"])
	}
	if err := c.save(); err != nil {
		return reply{}, storageError(err)
	}
	return acknowledged()
}
