package memory

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/wire"
)

// dataStream is a data stream: a name for a row of hidden indices, the last of
// which is written to.
type dataStream struct {
	Name       string
	Field      string
	Indices    []string
	Generation int
}

// writeIndex is the newest, the only one that is written to.
func (d *dataStream) writeIndex() string { return d.Indices[len(d.Indices)-1] }

// backing is the name of a stream's index of a generation.
func backing(stream string, generation int) string {
	return fmt.Sprintf(".ds-%s-%06d", stream, generation)
}

// streamRoutes are the APIs of this family: data streams are made through a
// matching template or by the first document.
func (c *Cluster) streamRoutes() []route {
	const one = "/_data_stream/{name}"
	const a = "indices:admin/data_stream/"
	if !c.eng.streams() {
		// What is left of the path belongs to documents with a mapping type.
		return []route{{"POST", "/{index}/{type}", "indices:data/write/index", "", c.typedDoc}}
	}
	return []route{
		{"GET", "/_data_stream", a + "get", pIndices, c.getStreams},
		{"GET", one, a + "get", pIndices, c.getStreams},
		{"PUT", one, a + "create", pManager, c.putStream},
		{"DELETE", one, a + "delete", pManager, c.deleteStream},
	}
}

// typedDoc refuses a document under a type of its own: an index has one type.
func (c *Cluster) typedDoc(r *call) (reply, *wire.Error) {
	if strings.HasPrefix(r.vars["index"], "_") {
		return reply{}, names.CheckIndex(r.vars["index"])
	}
	return reply{}, wire.IllegalArgument("Rejecting mapping update to [%s] as the final mapping would have more than 1 type: [_doc, %s]", r.vars["index"], r.vars["type"])
}

// getStreams shows streams with their indices and the health of the worst.
func (c *Cluster) getStreams(r *call) (reply, *wire.Error) {
	wanted := r.vars["name"]
	list := []wire.Object{}
	for _, name := range slices.Sorted(maps.Keys(c.state.DataStreams)) {
		if wanted != "" && !names.MatchAny(splitList(wanted), name) {
			continue
		}
		ds := c.state.DataStreams[name]
		inner := []wire.Object{}
		t := tally{}
		for _, n := range ds.Indices {
			inner = append(inner, wire.Obj("index_name", n, "index_uuid", c.indices[n].meta.UUID))
			t.add(count(c.replicasOf(c.indices[n])))
		}
		o := wire.Obj("name", name, "timestamp_field", wire.Obj("name", ds.Field), "indices", inner,
			"generation", ds.Generation, "status", strings.ToUpper(healthNames[t.health]))
		if tpl := c.composable(name); tpl != nil {
			o = o.Set("template", tpl.name)
		}
		list = append(list, o)
	}
	if wanted != "" && len(list) == 0 && !names.IsPattern(wanted) {
		return reply{}, names.NotFound(wanted)
	}
	return ok(wire.Obj("data_streams", list))
}

// putStream makes an empty stream.
func (c *Cluster) putStream(r *call) (reply, *wire.Error) {
	if err := c.createStream(r.vars["name"]); err != nil {
		return reply{}, err
	}
	return acknowledged()
}

// createStream makes a data stream with its first index. It needs an index
// template that says data_stream.
func (c *Cluster) createStream(name string) *wire.Error {
	if c.state.DataStreams[name] != nil {
		return wire.New(400, "resource_already_exists_exception", "data_stream [%s] already exists", name)
	}
	if err := names.CheckIndex(name); err != nil {
		return err
	}
	first := backing(name, 1)
	err := c.addGeneration(name, 1)
	if err != nil && c.indices[first] != nil {
		return wire.New(400, "status_exception", "data stream could not be created because backing index [%s] already exists", first).CausedBy(err)
	}
	if err != nil {
		return err
	}
	c.state.DataStreams[name] = &dataStream{Name: name, Field: "@timestamp", Indices: []string{first}, Generation: 1}
	if err := c.save(); err != nil {
		return storageError(err)
	}
	return nil
}

// deleteStream deletes a stream together with its indices.
func (c *Cluster) deleteStream(r *call) (reply, *wire.Error) {
	var hits []string
	for name := range c.state.DataStreams {
		if names.MatchAny(splitList(r.vars["name"]), name) {
			hits = append(hits, name)
		}
	}
	slices.Sort(hits) // none is no error, not even for a name
	if err := c.streamsNotInSnapshot(hits); err != nil {
		return reply{}, err
	}
	for _, name := range hits {
		list := c.state.DataStreams[name].Indices
		delete(c.state.DataStreams, name)
		for _, n := range list {
			if err := c.abandon(c.indices[n]); err != nil {
				return reply{}, storageError(err)
			}
		}
	}
	if err := c.save(); err != nil {
		return reply{}, storageError(err)
	}
	return acknowledged()
}

// streamOf is the data stream an index belongs to, "" for none.
func (c *Cluster) streamOf(index string) string {
	for name, ds := range c.state.DataStreams {
		if slices.Contains(ds.Indices, index) {
			return name
		}
	}
	return ""
}

// leaveStream takes a deleted index out of its data stream.
func (c *Cluster) leaveStream(index string) {
	if ds := c.state.DataStreams[c.streamOf(index)]; ds != nil {
		ds.Indices = slices.DeleteFunc(ds.Indices, func(n string) bool { return n == index })
	}
}
