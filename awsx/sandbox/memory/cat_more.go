package memory

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/wire"
)

// sortedNames are the keys of a map in order.
func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// matchAny tries several patterns.
func matchAny(patterns []string, s string) bool { return names.MatchAny(patterns, s) }

// clock are the two columns most tables of moments begin with.
func (c *Cluster) clock() (epoch int64, stamp string) {
	now := c.now()
	return now.Unix(), now.Format("15:04:05")
}

// catCount counts over all indices, or those of the path.
func (c *Cluster) catCount(r *call) (reply, *wire.Error) {
	found, err := c.collect(r, nil)
	if err != nil {
		return reply{}, err
	}
	epoch, stamp := c.clock()
	return printed(r, wire.Table{
		Columns: []wire.Column{wire.Col("epoch", "t", "time"), wire.Col("timestamp", "ts", "hms"), wire.Num("count", "dc", "docs.count")},
		Rows:    [][]any{{epoch, stamp, len(found.hits)}},
	})
}

// catHealth is the cluster's health in one line.
func (c *Cluster) catHealth(r *call) (reply, *wire.Error) {
	t := c.tallyOf(c.byName)
	epoch, stamp := c.clock()
	cols := []wire.Column{
		wire.Col("epoch", "t", "time"), wire.Col("timestamp", "ts", "hms"), wire.Col("cluster", "cl"), wire.Col("status", "st"),
		wire.Num("node.total", "nt"), wire.Num("node.data", "nd"),
	}
	row := []any{epoch, stamp, c.opt.Name, healthNames[t.health], len(c.state.Nodes), len(c.state.Nodes)}
	if c.eng.openSearch() {
		cols = append(cols, wire.Col("discovered_cluster_manager", "dcm"))
		row = append(row, "true")
	}
	cols = append(cols, wire.Num("shards", "t", "sh"), wire.Num("pri", "p"), wire.Num("relo", "r"), wire.Num("init", "i"),
		wire.Num("unassign", "u"), wire.Num("pending_tasks", "pt"), wire.Col("max_task_wait_time", "mtwt"), wire.Num("active_shards_percent", "asp"))
	row = append(row, t.active, t.primaries, 0, t.initializing, t.missing, 0, "-", fmt.Sprintf("%.1f%%", t.percent()))
	return printed(r, wire.Table{Columns: cols, Rows: [][]any{row}})
}

// catNodes marks the elected node with a star; the column is named after the
// engine's word for it.
func (c *Cluster) catNodes(r *call) (reply, *wire.Error) {
	elected := c.eng.managerField()
	cols := []wire.Column{
		wire.Col("ip", "i"), wire.Num("heap.percent", "hp"), wire.Num("ram.percent", "rp"), wire.Num("cpu"),
		wire.Num("load_1m", "l"), wire.Num("load_5m"), wire.Num("load_15m"), wire.Col("node.role", "r", "role", "nodeRole"),
	}
	if c.eng.openSearch() {
		cols = append(cols, wire.Col("node.roles", "rs", "all roles"))
	}
	cols = append(cols, wire.Col(elected, "m"), wire.Col("name", "n"),
		wire.Hidden(wire.Col("id", "nodeId")), wire.Hidden(wire.Col("version", "v")),
		wire.Hidden(wire.Num("disk.total", "dt", "diskTotal")), wire.Hidden(wire.Num("disk.avail", "d", "da", "disk", "diskAvail")),
		wire.Hidden(wire.Num("disk.used", "du", "diskUsed")), wire.Hidden(wire.Num("disk.used_percent", "dup", "diskUsedPercent")))
	t := wire.Table{Columns: cols}
	used := c.used()
	for i := range c.state.Nodes {
		n := &c.state.Nodes[i]
		row := []any{hiddenIP, 41, 93, 3, "0.10", "0.12", "0.15", c.eng.roleLetters()}
		if c.eng.openSearch() {
			row = append(row, strings.Join(c.eng.roles(), ","))
		}
		mark := "-"
		if i == 0 {
			mark = "*"
		}
		u := used[n]
		row = append(row, mark, n.Name, n.ID[:4], c.eng.v.Number(), wire.Bytes(c.opt.NodeBytes), wire.Bytes(c.opt.NodeBytes-u), wire.Bytes(u),
			fmt.Sprintf("%.2f", 100*float64(u)/float64(c.opt.NodeBytes)))
		t.Rows = append(t.Rows, row)
	}
	return printed(r, t)
}

// used is how much of each node's disk the shards on it take.
func (c *Cluster) used() map[*node]int64 {
	out := map[*node]int64{}
	for _, ix := range c.byName {
		for _, s := range c.replicasOf(ix) {
			if s.node != nil {
				out[s.node] += ix.size(s.shard)
			}
		}
	}
	return out
}

// catAllocation has a line for every node and one for the copies that are on
// none.
func (c *Cluster) catAllocation(r *call) (reply, *wire.Error) {
	t := wire.Table{Columns: []wire.Column{
		wire.Num("shards", "s"), wire.Num("disk.indices", "di", "diskIndices"), wire.Num("disk.used", "du", "diskUsed"), wire.Num("disk.avail", "da", "diskAvail"),
		wire.Num("disk.total", "dt", "diskTotal"), wire.Num("disk.percent", "dp", "diskPercent"), wire.Col("host", "h"), wire.Col("ip"), wire.Col("node", "n"),
	}}
	used := c.used()
	shards, missing := map[*node]int{}, 0
	for _, ix := range c.byName {
		for _, s := range c.replicasOf(ix) {
			if s.node == nil {
				missing++
			} else {
				shards[s.node]++
			}
		}
	}
	for i := range c.state.Nodes {
		n := &c.state.Nodes[i]
		u, all := used[n], c.opt.NodeBytes
		t.Rows = append(t.Rows, []any{shards[n], wire.Bytes(u), wire.Bytes(u), wire.Bytes(all - u), wire.Bytes(all), 100 * u / all, hiddenIP, hiddenIP, n.Name})
	}
	if missing > 0 {
		t.Rows = append(t.Rows, []any{missing, nil, nil, nil, nil, nil, nil, nil, "UNASSIGNED"})
	}
	return printed(r, t)
}

// catTemplates lists both kinds of index templates.
func (c *Cluster) catTemplates(r *call) (reply, *wire.Error) {
	t := wire.Table{Columns: []wire.Column{
		wire.Col("name", "n"), wire.Col("index_patterns", "t"), wire.Num("order", "o", "p"), wire.Col("version", "v"), wire.Col("composed_of", "c"),
	}}
	for _, kind := range []string{legacyTemplates, indexTemplates} {
		for _, name := range sortedNames(c.state.Templates[kind]) {
			tpl, err := decodeObject(c.state.Templates[kind][name])
			if err != nil {
				continue
			}
			order := firstOf(tpl, "priority", "order")
			if order == nil {
				order = 0
			}
			composed := ""
			if kind == indexTemplates {
				composed = "[" + strings.Join(stringList(tpl["composed_of"]), ", ") + "]"
			}
			n, _ := strconv.Atoi(scalar(order))
			t.Rows = append(t.Rows, []any{name, "[" + strings.Join(stringList(tpl["index_patterns"]), ", ") + "]", n, tpl["version"], composed})
		}
	}
	return printed(r, t)
}

// catPlugins shows none: what a managed domain has built in is not the engine's.
// With access control the plugins are those of the nodes that were recorded.
func (c *Cluster) catPlugins(r *call) (reply, *wire.Error) {
	t := wire.Table{Columns: []wire.Column{
		wire.Hidden(wire.Column{Name: "id", Help: "unique node id"}),
		{Name: "name", Aliases: []string{"n"}, Help: "node name"},
		{Name: "component", Aliases: []string{"c"}, Help: "component"},
		{Name: "version", Aliases: []string{"v"}, Help: "component version"},
		wire.Hidden(wire.Column{Name: "description", Aliases: []string{"d"}, Help: "plugin details"}),
	}}
	var plugins []string
	if c.plugin != nil {
		plugins = []string{"opensearch-security"}
		if c.eng.atLeast(3, 0) {
			plugins = append(plugins, "repository-s3")
		}
	}
	for _, n := range c.state.Nodes {
		for _, name := range plugins {
			t.Rows = append(t.Rows, []any{n.ID, n.Name, name, c.eng.v.Number() + ".0", ""})
		}
	}
	return printed(r, t)
}

// catRepositories lists names and types.
func (c *Cluster) catRepositories(r *call) (reply, *wire.Error) {
	t := wire.Table{Columns: []wire.Column{wire.Col("id", "repoId"), wire.Col("type", "t")}}
	for _, name := range sortedNames(c.state.Repositories) {
		t.Rows = append(t.Rows, []any{name, c.state.Repositories[name].Type})
	}
	return printed(r, t)
}
