package memory

import (
	"maps"
	"slices"
	"strings"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/security"
)

// chains are the APIs that ask the engine several things, in the order in which
// a lack of rights shows: recorded from OpenSearch 2.19 and 3.4 by giving a role
// one right after the other.
var chains = map[string][]string{
	"/_cat/indices":    {"indices:monitor/settings/get", "cluster:monitor/state", "indices:monitor/stats", "cluster:monitor/health"},
	"/_cat/shards":     {"cluster:monitor/shards", "cluster:monitor/state", "indices:monitor/stats"},
	"/_cat/nodes":      {"cluster:monitor/state", "cluster:monitor/nodes/info", "cluster:monitor/nodes/stats"},
	"/_cat/allocation": {"cluster:monitor/state", "cluster:monitor/nodes/stats"},
	"/_cat/plugins":    {"cluster:monitor/state", "cluster:monitor/nodes/info"},
}

// asks are the requests to the engine's transport layer that a call stands for.
// Restores, bulks and multi-gets are judged on their way, when it is known what
// they are about.
func (c *Cluster) asks(rt *route, r *call) []security.Request {
	api, _, _ := strings.Cut(rt.path, "/{")
	write, isWrite := itemActions[rt.action]
	switch {
	case rt.action == "", rt.action == bulkAction, rt.action == multiGetAction, rt.action == restoreAction:
		return nil
	case isWrite:
		return c.writeAsks(r.vars["index"], rt.action, write)
	case rt.method == "POST" && rt.path == "/_aliases":
		return c.aliasAsks(r)
	case rt.method == "PUT" && rt.path == "/{index}":
		return c.createAsks(r)
	}
	chain := chains[api]
	if chain == nil {
		chain = []string{rt.action}
	}
	expression := splitList(r.vars["index"])
	if api == "/_data_stream" {
		expression = splitList(r.vars["name"])
	}
	var out []security.Request
	for _, action := range chain {
		if action == "cluster:monitor/shards" && !c.eng.atLeast(2, 17) {
			continue
		}
		targets, all := c.targets(expression, c.widened(r, action))
		out = append(out, security.Request{Actions: []string{action}, Targets: targets, All: all})
	}
	return out
}

// widened is how an expression is read for a decision: as the API reads it, but
// a missing name is no error, for it is judged by its name.
func (c *Cluster) widened(r *call, action string) expand {
	e := expand{none: true, open: true, closed: !strings.HasPrefix(action, "indices:data/")}
	if read, err := e.from(r); err == nil {
		e = read
	}
	e.ignoreUnavailable, e.none = true, true
	return e
}

// targets are the indices an expression is about: those it matches, and the
// names nothing has. Everything, said in one of its three ways, includes hidden
// and closed indices whatever the API would do with them.
func (c *Cluster) targets(list []string, e expand) (out []security.Target, all bool) {
	if names.IsAll(list) || len(list) == 1 && list[0] == "*" {
		for _, ix := range c.byName {
			out = append(out, c.target(ix))
		}
		return out, true
	}
	// An expression that cannot be read is the API's to refuse.
	found, _ := c.resolveList(list, e)
	for _, ix := range found {
		out = append(out, c.target(ix))
	}
	wild := false
	for _, name := range list {
		excluded := wild && strings.HasPrefix(name, "-")
		wild = wild || names.IsPattern(name)
		// A name with an underscore before it is refused as a name, by the API.
		if !excluded && !names.IsPattern(name) && !strings.HasPrefix(name, "_") && !c.exists(name) {
			out = append(out, security.Target{Name: name})
		}
	}
	return out, false
}

// target is an index by all its names.
func (c *Cluster) target(ix *index) security.Target {
	t := security.Target{Name: ix.meta.Name, Also: slices.Sorted(maps.Keys(ix.meta.Aliases))}
	if ds := c.streamOf(ix.meta.Name); ds != "" {
		t.Also = append(t.Also, ds)
	}
	return t
}

// exists says that a name is an index, an alias or a data stream.
func (c *Cluster) exists(name string) bool {
	return c.indices[name] != nil || c.state.DataStreams[name] != nil || len(c.aliasHolders(name)) > 0
}

// named gives the targets of one name.
func (c *Cluster) namedTargets(name string) []security.Target {
	targets, _ := c.targets([]string{name}, expand{ignoreUnavailable: true, none: true, open: true, closed: true, hidden: true})
	return targets
}

// createAsks: an index that is made with aliases needs the right to both.
func (c *Cluster) createAsks(r *call) []security.Request {
	q := security.Request{Actions: []string{createAction}, Targets: []security.Target{{Name: r.vars["index"]}}}
	if ix := c.indices[r.vars["index"]]; ix != nil {
		q.Targets = []security.Target{c.target(ix)}
	}
	// A body that cannot be read is the API's to refuse.
	body, _ := r.object()
	if aliases, _ := body["aliases"].(object); len(aliases) > 0 {
		q.Actions = append(q.Actions, "indices:admin/aliases")
	}
	return []security.Request{q}
}

// aliasAsks: one request about all indices of all actions, which needs the right
// to delete where one of them does.
func (c *Cluster) aliasAsks(r *call) []security.Request {
	body, _ := r.object()
	actions, _ := body["actions"].([]any)
	q := security.Request{Actions: []string{"indices:admin/aliases"}}
	for _, a := range actions {
		one, _ := a.(object)
		for verb, v := range one {
			options, _ := v.(object)
			list := append(stringList(options["index"]), stringList(options["indices"])...)
			targets, all := c.targets(list, expand{ignoreUnavailable: true, none: true, open: true, closed: true})
			q.Targets, q.All = append(q.Targets, targets...), q.All || all
			if verb == "remove_index" && len(q.Actions) == 1 {
				q.Actions = append(q.Actions, "indices:admin/delete")
			}
		}
	}
	if q.Targets == nil {
		return nil
	}
	return []security.Request{q}
}
