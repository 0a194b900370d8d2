package memory

import (
	"snapferry/awsx/sandbox/memory/wire"
)

// rolloverRoutes are the APIs of this family: a data stream gets its next index.
// Aliases and conditions are not rolled over here.
func (c *Cluster) rolloverRoutes() []route {
	if !c.eng.streams() {
		return nil
	}
	return []route{{"POST", "/{index}/_rollover", "indices:admin/rollover", "dry_run wait_for_active_shards" + pManager, c.rollover}}
}

// rollover makes the next index of a data stream, from the template as it is
// now; the old ones stay as they are.
func (c *Cluster) rollover(r *call) (reply, *wire.Error) {
	ds := c.state.DataStreams[r.vars["index"]]
	if ds == nil {
		return reply{}, wire.IllegalArgument("rollover target [%s] does not exist", r.vars["index"])
	}
	old, next := ds.writeIndex(), backing(ds.Name, ds.Generation+1)
	if err := c.addGeneration(ds.Name, ds.Generation+1); err != nil {
		return reply{}, err
	}
	ds.Generation++
	ds.Indices = append(ds.Indices, next)
	if err := c.save(); err != nil {
		return reply{}, storageError(err)
	}
	return ok(wire.Obj("acknowledged", true, "shards_acknowledged", true, "old_index", old, "new_index", next, "rolled_over", true, "dry_run", false, "conditions", wire.Object{}))
}

// addGeneration makes one index of a data stream from the stream's template.
func (c *Cluster) addGeneration(stream string, generation int) *wire.Error {
	t := c.composable(stream)
	if t == nil || len(t.Stream) == 0 {
		return wire.IllegalArgument("no matching index template found for data stream [%s]", stream)
	}
	below := c.templateFor(stream)
	below.settings["index.hidden"] = "true"
	mappings, err := mergeMappings(below.mappings, object{
		"_data_stream_timestamp": object{"enabled": true},
		"properties":             object{"@timestamp": object{"type": "date"}},
	})
	if err != nil {
		return err
	}
	_, err = c.createIndex(backing(stream, generation), creation{settings: below.settings, mappings: mappings, stream: stream, generation: generation})
	return err
}
