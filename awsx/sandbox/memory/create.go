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

// creation is an index to be made, before templates are laid under it.
type creation struct {
	settings settings
	mappings object
	aliases  map[string]object
	// generation makes it the index of a data stream, which has that then.
	stream     string
	generation int
}

// createIndex makes an index with what its templates and the request say.
func (c *Cluster) createIndex(name string, want creation) (*index, *wire.Error) {
	// The engine reads the settings before it looks at the name.
	if err := c.checkSettings(want.settings.prefixed()); err != nil {
		return nil, err
	}
	if t := c.composable(name); t != nil && len(t.Stream) > 0 {
		return nil, wire.IllegalArgument("cannot create index with name [%s], because it matches with template [%s] that creates data streams only, use create data stream api instead", name, t.name)
	}
	if err := c.freeName(name); err != nil {
		return nil, err
	}
	below := c.templateFor(name)
	s := below.settings.merge(want.settings.prefixed())
	if err := c.checkSettings(s); err != nil {
		return nil, err
	}
	mappings, err := mergeMappings(below.mappings, want.mappings)
	if err != nil {
		return nil, err
	}
	aliases := maps.Clone(below.aliases)
	if aliases == nil {
		aliases = map[string]object{}
	}
	maps.Copy(aliases, want.aliases)
	for alias := range aliases {
		if err := c.aliasFree(alias); err != nil {
			return nil, err
		}
	}
	meta := indexMeta{Name: name, UUID: c.uuid(), Settings: c.withDefaults(s), Mappings: mappings, Aliases: aliases}
	meta.Settings["index.uuid"] = meta.UUID
	meta.Settings["index.provided_name"] = name
	if err := c.roomFor(meta.Settings); err != nil {
		return nil, err
	}
	coming := newcomers{c, map[string]*index{name: {meta: meta}}, map[string]int{}}
	if want.stream != "" {
		coming.streams[want.stream] = want.generation
	}
	if err := coming.check(); err != nil {
		return nil, err
	}
	ix, ioerr := c.addIndex(meta, nil)
	if ioerr != nil {
		return nil, storageError(ioerr)
	}
	return ix, nil
}

// freeName refuses an index's name that is illegal, or another index's or an alias's.
func (c *Cluster) freeName(name string) *wire.Error {
	if err := names.CheckIndex(name); err != nil {
		return err
	}
	if ix := c.indices[name]; ix != nil {
		return wire.New(400, "resource_already_exists_exception", "index %s already exists", ix).
			With("index_uuid", ix.meta.UUID).With("index", name)
	}
	if len(c.aliasHolders(name)) > 0 {
		return wire.New(400, "invalid_index_name_exception", "Invalid index name [%s], already exists as alias", name).
			With("index_uuid", "_na_").With("index", name)
	}
	return nil
}

// withDefaults adds what the engine writes into every new index.
func (c *Cluster) withDefaults(s settings) settings {
	out := maps.Clone(s)
	for k, v := range map[string]string{"index.number_of_shards": "1", "index.number_of_replicas": "1"} {
		if out.str(k) == "" {
			out[k] = v
		}
	}
	if c.eng.atLeast(2, 4) && out.str("index.replication.type") == "" {
		out["index.replication.type"] = "DOCUMENT"
	}
	out["index.creation_date"] = strconv.FormatInt(c.now().UnixMilli(), 10)
	out["index.version.created"] = strconv.Itoa(versionID(c.eng.v))
	return out
}

// roomFor refuses an index whose shards exceed what the nodes may hold.
func (c *Cluster) roomFor(s settings) *wire.Error {
	if err := c.copiesFit(s); err != nil {
		return err
	}
	return c.roomBeside(0, s.number("index.number_of_shards", 1)*(1+s.number("index.number_of_replicas", 1)))
}

// copiesFit refuses a number of replicas that does not spread evenly over the
// zones of a domain with standby.
func (c *Cluster) copiesFit(s settings) *wire.Error {
	if n := 1 + s.number("index.number_of_replicas", 1); c.opt.Zones > 0 && n%c.opt.Zones != 0 {
		return wire.Validation(fmt.Sprintf("expected total copies needs to be a multiple of total awareness attributes [%d]", c.opt.Zones))
	}
	return nil
}

// roomBeside is roomFor with shards that are about to be made already.
func (c *Cluster) roomBeside(others, add int) *wire.Error {
	most := c.clusterNumber("cluster.max_shards_per_node", 1000) * len(c.state.Nodes)
	// OpenSearch 3 tells local shards from those of searchable snapshots.
	kind := ""
	if c.eng.atLeast(3, 0) {
		kind = "LOCAL_ONLY "
	}
	if now := c.shardCount() + others; now+add > most {
		return wire.Validation(fmt.Sprintf("this action would add [%d] total %sshards, but this cluster currently has [%d]/[%d] maximum %sshards open", add, kind, now, most, kind))
	}
	return nil
}

// clusterNumber reads a cluster setting, transient before persistent.
func (c *Cluster) clusterNumber(key string, otherwise int) int {
	return c.state.Transient.number(key, c.state.Persistent.number(key, otherwise))
}

// indexSettings are the settings an index may carry, "!" marking those that
// cannot change while it is open. A trailing dot means a family.
var indexSettings = strings.Fields(`
	!number_of_shards !creation_date !uuid !provided_name !version. !codec !shard. !sort. !soft_deletes.enabled !number_of_routing_shards
	!routing_partition_size !analysis. !history.uuid !replication.type !store. !resize. !knn !load_fixed_bitset_filters_eagerly !routing_path
	number_of_replicas auto_expand_replicas refresh_interval hidden mapping. max_ blocks. routing. search. translog. merge.
	gc_deletes query. highlight. lifecycle. indexing. requests. unassigned. write. priority plugins. opendistro. final_pipeline default_pipeline
	soft_deletes. verified_before_close warmer. format knn. similarity. allocation. append_only. context. optimize_ use_compound_file compound_format
`)

// settingKind tells whether an index setting exists, and whether it is dynamic.
func settingKind(key string) (known, dynamic bool) {
	key = strings.TrimPrefix(key, "index.")
	i := slices.IndexFunc(indexSettings, func(s string) bool {
		s = strings.TrimPrefix(s, "!")
		family := strings.HasSuffix(s, ".") || strings.HasSuffix(s, "_")
		return key == s || family && strings.HasPrefix(key, s)
	})
	return i >= 0, i >= 0 && indexSettings[i][0] != '!'
}

// checkSettings refuses settings that do not exist or make no sense.
func (c *Cluster) checkSettings(s settings) *wire.Error {
	for _, k := range s.keys() {
		if known, _ := settingKind(k); !known {
			return c.eng.settingsError("unknown setting [%s] please check that any required plugins are installed, or check the breaking changes documentation for removed settings", k)
		}
	}
	if codec := s.str("index.codec"); codec != "" && !slices.Contains(c.eng.codecs(), codec) {
		shown := c.eng.codecs()[:min(4, len(c.eng.codecs()))]
		return wire.IllegalArgument("unknown value for [index.codec] must be one of [%s] but was: %s", strings.Join(shown, ", "), codec)
	}
	return checkCounts(s)
}

// checkCounts refuses numbers of shards and replicas that are none.
func checkCounts(s settings) *wire.Error {
	for key, least := range map[string]int{"index.number_of_shards": 1, "index.number_of_replicas": 0} {
		v := s.str(key)
		if v == "" {
			continue
		}
		n, err := strconv.Atoi(v)
		if err != nil {
			return wire.IllegalArgument("Failed to parse value [%s] for setting [%s]", v, key).
				CausedBy(wire.NewForeign(400, "number_format_exception", "For input string: %q", v))
		}
		if n < least {
			return wire.IllegalArgument("Failed to parse value [%s] for setting [%s] must be >= %d", v, key, least)
		}
	}
	return nil
}
