package memory

import (
	"strings"

	"snapferry/awsx/sandbox/memory/wire"
)

// catRoutes are the APIs of this family: the tables for people, and with
// format=json for programs.
func (c *Cluster) catRoutes() []route {
	const (
		stats   = "indices:monitor/stats"
		state   = "cluster:monitor/state"
		aliases = "indices:admin/aliases/get"
	)
	p := pCat + pIndices + " active_only detailed ignore_unavailable pri health full_id include_unloaded_segments"
	return []route{
		{"GET", "/_cat/indices", stats, p, c.catIndices},
		{"GET", "/_cat/indices/{index}", stats, p, c.catIndices},
		{"GET", "/_cat/shards", stats, p, c.catShards},
		{"GET", "/_cat/shards/{index}", stats, p, c.catShards},
		{"GET", "/_cat/aliases", aliases, p, c.catAliases},
		{"GET", "/_cat/aliases/{name}", aliases, p, c.catAliases},
		{"GET", "/_cat/count", "indices:data/read/search", p, c.catCount},
		{"GET", "/_cat/count/{index}", "indices:data/read/search", p, c.catCount},
		{"GET", "/_cat/health", "cluster:monitor/health", p, c.catHealth},
		{"GET", "/_cat/nodes", state, p, c.catNodes},
		{"GET", "/_cat/allocation", state, p, c.catAllocation},
		{"GET", "/_cat/recovery", "indices:monitor/recovery", p, c.catRecovery},
		{"GET", "/_cat/recovery/{index}", "indices:monitor/recovery", p, c.catRecovery},
		{"GET", "/_cat/repositories", "cluster:admin/repository/get", p, c.catRepositories},
		{"GET", "/_cat/snapshots/{repository}", "cluster:admin/snapshot/get", p, c.catSnapshots},
		{"GET", "/_cat/templates", state, p, c.catTemplates},
		{"GET", "/_cat/plugins", "cluster:monitor/nodes/info", p, c.catPlugins},
	}
}

// printed renders a table as lines or JSON, as the request wants it.
func printed(r *call, t wire.Table) (reply, *wire.Error) {
	look := wire.Look{Headers: r.on("v"), Columns: r.query.Get("h"), Sort: r.query.Get("s"), Bytes: r.query.Get("bytes"), Time: r.query.Get("time"), Help: r.on("help")}
	var err error
	out := reply{}
	if wantsJSON(r) {
		out.body, err = t.JSON(look)
	} else {
		out.plain = true
		out.text, err = t.Text(look)
	}
	if e, ok := err.(*wire.Error); ok {
		return reply{}, e
	}
	return out, nil
}

// wantsJSON goes by format, and by Accept where there is none.
func wantsJSON(r *call) bool {
	switch r.query.Get("format") {
	case "json":
		return true
	case "":
		return strings.Contains(r.http.Header.Get("Accept"), "application/json")
	}
	return false
}

// catIndices shows nothing in the columns that need a shard while an index is
// closed or none of its primaries is there.
func (c *Cluster) catIndices(r *call) (reply, *wire.Error) {
	found, err := c.find(r, lenient)
	if err != nil {
		return reply{}, err
	}
	t := wire.Table{Columns: []wire.Column{
		wire.Col("health", "h"), wire.Col("status", "s"), wire.Col("index", "i", "idx"), wire.Col("uuid", "id"),
		wire.Num("pri", "p", "shards.primary", "shardsPrimary"), wire.Num("rep", "r", "shards.replica", "shardsReplica"),
		wire.Num("docs.count", "dc", "docsCount"), wire.Num("docs.deleted", "dd", "docsDeleted"),
		wire.Hidden(wire.Num("creation.date", "cd")), wire.Hidden(wire.Col("creation.date.string", "cds")),
		wire.Num("store.size", "ss", "storeSize"), wire.Num("pri.store.size"),
	}}
	for _, ix := range found {
		health := healthNames[count(c.replicasOf(ix)).health]
		if want := r.query.Get("health"); want != "" && want != health {
			continue
		}
		row := []any{health, "open", ix.meta.Name, ix.meta.UUID, ix.shards(), ix.replicas()}
		s := c.sum(ix)
		created := []any{ix.created().UnixMilli(), wire.Stamp(ix.created())}
		switch {
		case ix.meta.Closed:
			row[1] = "close"
			row = append(append(append(row, nil, nil), created...), nil, nil)
		case s.ready == 0:
			row = append(append(append(row, nil, nil), created...), nil, nil)
		default:
			row = append(append(append(row, s.docs, s.deleted), created...), wire.Bytes(s.total), wire.Bytes(s.primary))
		}
		t.Rows = append(t.Rows, row)
	}
	return printed(r, t)
}

// sums are an index's figures over the copies that can be asked.
type sums struct {
	docs, deleted, primary, total int64
	// ready counts the primaries that answered.
	ready int
}

// sum counts what is there now.
func (c *Cluster) sum(ix *index) sums {
	var s sums
	for _, copyOf := range c.replicasOf(ix) {
		if copyOf.state != started {
			continue
		}
		size := ix.size(copyOf.shard)
		s.total += size
		if copyOf.primary {
			f := ix.figuresOf(copyOf.shard)
			s.docs += f.docs
			s.deleted += f.deleted
			s.primary += size
			s.ready++
		}
	}
	return s
}

// catShards has a line for every copy, also for those that are on no node.
func (c *Cluster) catShards(r *call) (reply, *wire.Error) {
	found, err := c.find(r, lenient)
	if err != nil {
		return reply{}, err
	}
	t := wire.Table{Columns: []wire.Column{
		wire.Col("index", "i", "idx"), wire.Num("shard", "s", "sh"), wire.Col("prirep", "p", "pr", "primaryOrReplica"), wire.Col("state", "st"),
		wire.Num("docs", "d", "dc"), wire.Num("store", "sto"), wire.Col("ip"), wire.Hidden(wire.Col("id")), wire.Col("node", "n"),
		wire.Hidden(wire.Col("unassigned.reason", "ur")), wire.Hidden(wire.Col("unassigned.at", "ua")),
		wire.Hidden(wire.Col("unassigned.for", "uf")), wire.Hidden(wire.Col("unassigned.details", "ud")), wire.Hidden(wire.Col("recoverysource.type", "rs")),
	}}
	for _, ix := range found {
		for _, s := range listed(c.replicasOf(ix)) {
			t.Rows = append(t.Rows, c.shardRow(ix, s))
		}
	}
	return printed(r, t)
}

// shardRow is one copy. Why it is not there is in columns one must ask for.
func (c *Cluster) shardRow(ix *index, s replica) []any {
	row := []any{ix.meta.Name, s.shard, "r", s.state, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil}
	if s.primary {
		row[2] = "p"
	}
	if s.node != nil {
		row[6], row[7], row[8] = hiddenIP, s.node.ID, s.node.Name
	}
	if s.state == started && !ix.meta.Closed {
		row[4], row[5] = ix.figuresOf(s.shard).docs, wire.Bytes(ix.size(s.shard))
	}
	if s.state != started {
		row[9], row[10] = s.why, wire.Stamp(s.since)
		row[11] = wire.MillisOf(c.now().Sub(s.since))
		row[13] = "peer"
		if s.primary {
			row[13] = "snapshot"
		}
		switch {
		case s.failure != "":
			row[12] = c.failureText(ix, s)
		case s.state == unassigned && ix.meta.Restored != nil:
			row[12] = c.restoreSource(ix)
		}
	}
	return row
}

// hiddenIP is what a managed domain shows instead of its nodes' addresses.
const hiddenIP = "x.x.x.x"

// catAliases shows options as marks: a star for a filter, a hyphen for nothing.
func (c *Cluster) catAliases(r *call) (reply, *wire.Error) {
	t := wire.Table{Columns: []wire.Column{
		wire.Col("alias", "a"), wire.Col("index", "i", "idx"), wire.Col("filter", "f", "fi"),
		wire.Col("routing.index", "ri", "routingIndex"), wire.Col("routing.search", "rs", "routingSearch"), wire.Col("is_write_index", "w", "isWriteIndex"),
	}}
	wanted := splitList(r.vars["name"])
	for _, ix := range c.byName {
		for _, name := range sortedNames(ix.meta.Aliases) {
			if len(wanted) > 0 && !matchAny(wanted, name) {
				continue
			}
			a := ix.meta.Aliases[name]
			row := []any{name, ix.meta.Name, "-", "-", "-", "-"}
			if a["filter"] != nil {
				row[2] = "*"
			}
			for i, k := range []string{"index_routing", "search_routing", "is_write_index"} {
				if a[k] != nil {
					row[3+i] = scalar(a[k])
				}
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return printed(r, t)
}
