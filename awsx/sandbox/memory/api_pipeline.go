package memory

import (
	"encoding/json"
	"maps"
	"slices"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/wire"
)

// pipelineRoutes are the APIs of this family: pipelines are kept, listed and
// carried in a global state.
func (c *Cluster) pipelineRoutes() []route {
	const one = "/_ingest/pipeline/{name}"
	const a = "cluster:admin/ingest/pipeline/"
	return []route{
		{"GET", "/_ingest/pipeline", a + "get", pManager, c.getPipeline},
		{"GET", one, a + "get", pManager, c.getPipeline},
		{"PUT", one, a + "put", pManager, c.putPipeline},
		{"DELETE", one, a + "delete", pManager, c.deletePipeline},
	}
}

// getPipeline answers 404 with an empty object where there is none, even when
// none was asked for by name.
func (c *Cluster) getPipeline(r *call) (reply, *wire.Error) {
	wanted := r.vars["name"]
	out := object{}
	for name, p := range c.state.Pipelines {
		if wanted == "" || names.MatchAny(splitList(wanted), name) {
			out[name] = p
		}
	}
	if len(out) == 0 {
		return reply{status: 404, body: out}, nil
	}
	return ok(out)
}

// putPipeline stores a pipeline. Documents do not run through it: what was
// moved had been through one already.
func (c *Cluster) putPipeline(r *call) (reply, *wire.Error) {
	body, err := r.object()
	if err != nil {
		return reply{}, err
	}
	if _, ok := body["processors"].([]any); !ok {
		return reply{}, wire.New(400, "parse_exception", "[processors] required property is missing").With("property_name", "processors")
	}
	raw, jerr := json.Marshal(body)
	if jerr != nil {
		return reply{}, wire.IllegalArgument("%s", jerr)
	}
	c.state.Pipelines[r.vars["name"]] = raw
	if err := c.save(); err != nil {
		return reply{}, storageError(err)
	}
	return acknowledged()
}

// deletePipeline deletes by name or wildcard.
func (c *Cluster) deletePipeline(r *call) (reply, *wire.Error) {
	wanted := r.vars["name"]
	gone := false
	for _, name := range slices.Collect(maps.Keys(c.state.Pipelines)) {
		if names.Match(wanted, name) {
			delete(c.state.Pipelines, name)
			gone = true
		}
	}
	if !gone {
		return reply{}, wire.New(404, "resource_not_found_exception", "pipeline [%s] is missing", wanted)
	}
	if err := c.save(); err != nil {
		return reply{}, storageError(err)
	}
	return acknowledged()
}
