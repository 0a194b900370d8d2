package memory

import (
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/wire"
)

// settingRoutes are the APIs of this family: settings are read whole or by
// name, wildcards allowed.
func (c *Cluster) settingRoutes() []route {
	const get, put = "indices:monitor/settings/get", "indices:admin/settings/update"
	p := "preserve_existing" + pSettings
	return []route{
		{"GET", "/_settings", get, p, c.getSettings},
		{"GET", "/_settings/{name}", get, p, c.getSettings},
		{"GET", "/{index}/_settings", get, p, c.getSettings},
		{"GET", "/{index}/_settings/{name}", get, p, c.getSettings},
		{"PUT", "/_settings", put, p, c.putSettings},
		{"PUT", "/{index}/_settings", put, p, c.putSettings},
	}
}

// getSettings leaves out indices that have none of the settings asked for.
func (c *Cluster) getSettings(r *call) (reply, *wire.Error) {
	found, err := c.find(r, lenient)
	if err != nil {
		return reply{}, err
	}
	only := splitList(r.vars["name"])
	if names.IsAll(only) {
		only = nil
	}
	out := object{}
	for _, ix := range found {
		shown := c.shownSettings(r, ix, only)
		if len(shown) == 0 && only != nil {
			continue
		}
		o := wire.Obj("settings", shown)
		if r.on("include_defaults") {
			o = o.Set("defaults", c.defaultSettings(ix).shown(r.on("flat_settings")))
		}
		out[ix.meta.Name] = o
	}
	return ok(out)
}

// shownSettings is what a person sees: with human=true also dates and versions
// in words.
func (c *Cluster) shownSettings(r *call, ix *index, only []string) object {
	out := settings{}
	for k, v := range ix.meta.Settings {
		if only == nil || names.MatchAny(only, k) {
			out[k] = v
		}
	}
	if r.on("human") {
		if v := out.str("index.creation_date"); v != "" {
			if ms, err := strconv.ParseInt(v, 10, 64); err == nil {
				out["index.creation_date_string"] = wire.StampMillis(ms)
			}
		}
		for _, k := range []string{"index.version.created", "index.version.upgraded"} {
			if id, err := strconv.Atoi(out.str(k)); err == nil {
				out[k+"_string"] = versionOf(id).Number()
			}
		}
	}
	return out.shown(r.on("flat_settings"))
}

// defaultSettings are the defaults a migration may ask for.
func (c *Cluster) defaultSettings(ix *index) settings {
	out := settings{}
	for k, v := range map[string]string{
		"index.refresh_interval": "1s", "index.max_result_window": "10000", "index.hidden": "false",
		"index.auto_expand_replicas": "false", "index.codec": "default", "index.mapping.total_fields.limit": "1000",
		"index.blocks.read_only_allow_delete": "false", "index.blocks.write": "false", "index.soft_deletes.enabled": "true",
	} {
		if ix.meta.Settings[k] == nil {
			out[k] = v
		}
	}
	return out
}

// putSettings merges into what is set; null brings a default back.
func (c *Cluster) putSettings(r *call) (reply, *wire.Error) {
	body, err := r.object()
	if err != nil {
		return reply{}, err
	}
	if inner, ok := body["settings"].(object); ok && len(body) == 1 {
		body = inner
	}
	change := flatten(body).prefixed()
	if err := c.checkSettings(change); err != nil {
		return reply{}, err
	}
	found, err := c.find(r, lenient)
	if err != nil {
		return reply{}, err
	}
	if err := staticRefusal(found, change); err != nil {
		return reply{}, err
	}
	if change.str("index.number_of_replicas") != "" {
		if err := c.copiesFit(change); err != nil {
			return reply{}, err
		}
	}
	for _, ix := range found {
		before, homeless := ix.replicas(), len(c.homes(ix)) == 0
		ix.meta.Settings = ix.meta.Settings.merge(change)
		if ix.meta.Settings.str("index.number_of_replicas") == "" {
			ix.meta.Settings["index.number_of_replicas"] = "1"
		}
		// A restore that found no node begins when there is one.
		if from := ix.meta.Restored; from != nil && homeless && len(c.homes(ix)) > 0 {
			from.Start = c.now()
		}
		if ix.replicas() > before {
			ix.meta.ReplicasAt = c.now()
		}
		if err := ix.saveMeta(); err != nil {
			return reply{}, storageError(err)
		}
	}
	return acknowledged()
}

// staticRefusal refuses settings that cannot change while an index is open.
func staticRefusal(list []*index, change settings) *wire.Error {
	var fixed []string
	for _, k := range change.keys() {
		if _, dynamic := settingKind(k); !dynamic {
			fixed = append(fixed, k)
		}
	}
	var open []string
	for _, ix := range list {
		if !ix.meta.Closed {
			open = append(open, ix.String())
		}
	}
	if fixed == nil || open == nil {
		return nil
	}
	return wire.IllegalArgument("Can't update non dynamic settings [[%s]] for open indices [%s]", strings.Join(fixed, ", "), strings.Join(open, ", "))
}
