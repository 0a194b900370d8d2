package front

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/world"
)

// offered are the endpoints below the root that the managed service offers
// [OpenSearch Service, "Supported operations"], by first path segment; index
// paths are offered as a whole. _recovery, which that page leaves out, is read
// by everybody who follows a restore.
var offered = strings.Fields(`
		_alias _aliases _all _analyze _bulk _cat _cluster _component_template _count _data_stream _dashboards
		_delete_by_query _explain _field_caps _field_stats _flush _forcemerge _index_template _ingest _list _ltr _mapping
		_mappings _mget _msearch _mtermvectors _nodes _opendistro _percolate _plugins _rank_eval _recovery _refresh _reindex
		_render _resolve _rollover _scripts _search _segments _settings _shard_stores _shrink _snapshot _split _sql
		_stats _status _tasks _template _update_by_query _validate`)

// kept are paths below offered ones that the service keeps for itself.
var kept = []string{
	"_cat/nodeattrs", "_cluster/reroute", "_cluster/voting_config_exclusions", "_cluster/nodes", "_cluster/decommission",
	"_cluster/routing", "_nodes/reload_secure_settings", "_nodes/usage",
	"_plugins/_security/api/securityconfig", "_plugins/_security/api/nodesdn", "_plugins/_security/api/ssl", "_plugins/_security/api/allowlist",
	"_opendistro/_security/api/securityconfig", "_opendistro/_security/api/nodesdn",
}

// clusterSettings are the cluster settings the service lets its users change,
// with what begins with them.
var clusterSettings = []string{
	"action.auto_create_index", "action.search.shard_count.limit", "indices.breaker.", "cluster.max_shards_per_node",
	"search.max_buckets", "search.default_", "search.low_level_cancellation", "cluster.blocks.create_index.enabled",
	"cluster.search.request.slowlog.", "cluster.persistent_tasks.", "cluster.routing.allocation.disk.watermark.",
	"indices.recovery.max_bytes_per_sec", "plugins.", "opendistro.", "opendistro_", "knn.", "cluster.default.index.refresh_interval",
	"cluster.minimum.index.refresh_interval", "http.", "script.context.",
}

// closed says that the service does not offer the operation.
func closed(r *http.Request, d world.Domain) bool {
	path := segments(r.URL)
	if len(path) == 0 {
		return false
	}
	joined := strings.Join(path, "/")
	for _, k := range kept {
		if joined == k || strings.HasPrefix(joined, k+"/") {
			return true
		}
	}
	switch {
	case !strings.HasPrefix(path[0], "_"):
		return closesTooEarly(path, d.Version)
	case !slices.Contains(offered, path[0]):
		return true
	case isSecurity(path) && !d.Security.Enabled:
		return true
	case joined == "_cluster/settings" && r.Method == http.MethodPut:
		return changesKeptSetting(r)
	}
	return false
}

// isSecurity recognises the security plugin's API under both of its prefixes.
func isSecurity(path []string) bool {
	return len(path) > 1 && path[1] == "_security" && (path[0] == "_plugins" || path[0] == "_opendistro")
}

// closesTooEarly: closing an index is offered from Elasticsearch 7.4 on.
func closesTooEarly(path []string, v awsid.EngineVersion) bool {
	return path[len(path)-1] == "_close" && v.Compare(awsid.EngineVersion{Family: awsid.Elasticsearch, Major: 7, Minor: 4}) < 0
}

// changesKeptSetting looks into a change of cluster settings. What is no JSON
// the engine may refuse.
func changesKeptSetting(r *http.Request) bool {
	raw, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(raw))
	var body map[string]map[string]any
	if err != nil || json.Unmarshal(raw, &body) != nil {
		return false
	}
	for _, settings := range body {
		for _, name := range flat("", settings) {
			if !slices.ContainsFunc(clusterSettings, func(open string) bool { return strings.HasPrefix(name, open) }) {
				return true
			}
		}
	}
	return false
}

// flat gives the dotted names of nested settings.
func flat(prefix string, settings map[string]any) []string {
	var out []string
	for k, v := range settings {
		if inner, ok := v.(map[string]any); ok {
			out = append(out, flat(prefix+k+".", inner)...)
		} else {
			out = append(out, prefix+k)
		}
	}
	return out
}

// readingPosts are the last path segments of POST requests that change nothing.
var readingPosts = []string{
	"_search", "_count", "_msearch", "_mget", "_verify", "_analyze", "query", "_field_caps", "_explain", "explain",
	"_validate", "_refresh", "_flush", "_simulate", "scroll", "_sql", "_ppl", "_termvectors", "_mtermvectors", "_rank_eval",
}

// mutates says whether a request is of a kind that changes something.
func mutates(r *http.Request) bool {
	path := segments(r.URL)
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return false
	case http.MethodPost:
		return len(path) > 0 && !slices.Contains(readingPosts, path[len(path)-1])
	case http.MethodDelete:
		// Giving a scroll or point in time back is the end of a read.
		return len(path) == 0 || !slices.Contains([]string{"scroll", "point_in_time"}, path[len(path)-1])
	}
	return true
}
