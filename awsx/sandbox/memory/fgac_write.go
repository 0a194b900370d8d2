package memory

import (
	"slices"

	"snapferry/awsx/sandbox/memory/security"
	"snapferry/awsx/sandbox/memory/wire"
)

const (
	bulkAction     = "indices:data/write/bulk"
	shardAction    = "indices:data/write/bulk[s]"
	createAction   = "indices:admin/create"
	multiGetAction = "indices:data/read/mget"
)

// itemActions are the actions of single writes, with what they are inside a
// bulk: every write is done as a bulk of one.
var itemActions = map[string]string{
	"indices:data/write/index":  "indices:data/write/index",
	"indices:data/write/delete": "indices:data/write/delete",
	"indices:data/write/update": "indices:data/write/index",
}

// writeAsks are the requests of one write: itself, the bulk it is done as, the
// index it may have to make, and the work on the shard.
func (c *Cluster) writeAsks(name, action, inside string) []security.Request {
	targets := c.namedTargets(name)
	out := []security.Request{{Actions: []string{action}, Targets: targets}, {Actions: []string{bulkAction}}}
	if !c.exists(name) {
		out = append(out, security.Request{Actions: []string{createAction}, Targets: targets})
	}
	return append(out, security.Request{Actions: []string{shardAction, inside}, Targets: targets})
}

// writeAllowed does the items of a bulk that the caller may write, and refuses
// the others one by one.
func (c *Cluster) writeAllowed(r *call, items []item) []outcome {
	if r.user == nil {
		return c.writeAll(items)
	}
	refused := map[string]*wire.Error{}
	for _, it := range items {
		if _, asked := refused[it.index]; !asked {
			refused[it.index] = c.mayWrite(r, it.index, items)
		}
	}
	var allowed []item
	for _, it := range items {
		if refused[it.index] == nil {
			allowed = append(allowed, it)
		}
	}
	done := c.writeAll(allowed)
	out := make([]outcome, len(items))
	for i, it := range items {
		if err := refused[it.index]; err != nil {
			out[i] = outcome{item: it, err: err}
			continue
		}
		out[i], done = done[0], done[1:]
	}
	return out
}

// mayWrite judges the items of one index together, as they reach a shard in one
// request: who lacks the right to one of them does none.
func (c *Cluster) mayWrite(r *call, index string, items []item) *wire.Error {
	targets := c.namedTargets(index)
	if !c.exists(index) {
		if err := c.judge(r, targets, createAction); err != nil {
			return err
		}
	}
	actions := []string{shardAction}
	for _, it := range items {
		action := "indices:data/write/" + it.op
		if it.op == "create" {
			action = "indices:data/write/index"
		}
		if it.index == index && !slices.Contains(actions, action) {
			actions = append(actions, action)
		}
	}
	return c.judge(r, targets, actions...)
}
