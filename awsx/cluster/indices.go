package cluster

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
)

// Index is one index. Sizes are in bytes.
type Index struct {
	Name              string
	UUID              string
	Health            string // green, yellow, red; "" for a closed index on old engines
	Open              bool
	Primaries         int
	Replicas          int
	Docs, DeletedDocs int64 // 0 for a closed index
	Bytes             int64 // all copies
	PrimaryBytes      int64
	Created           time.Time
	CreatedVersion    awsid.EngineVersion
	Hidden            bool
	// DataStream is the stream the index backs, "" for none.
	DataStream string
}

// Indices lists every index, hidden and closed ones too, sorted by name.
// With fine-grained access control: indices:monitor/stats, cluster:monitor/state,
// indices:monitor/settings/get and, if possible, indices:admin/data_stream/get.
func (c *Cluster) Indices(ctx context.Context) ([]Index, error) {
	var rows []map[string]*string
	err := c.get(ctx, "/_cat/indices", options("format", "json", "bytes", "b", "expand_wildcards", "all", "s", "index",
		"h", "health,status,index,uuid,pri,rep,docs.count,docs.deleted,store.size,pri.store.size,creation.date"), &rows)
	if err != nil {
		return nil, err
	}
	settings, err := c.settings(ctx, "/_settings/index.version.created,index.hidden")
	if err != nil {
		return nil, err
	}
	streams, err := c.streamOf(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]Index, len(rows))
	for i, row := range rows {
		cell := func(name string) string {
			if v := row[name]; v != nil {
				return *v
			}
			return ""
		}
		name := cell("index")
		list[i] = Index{
			Name: name, UUID: cell("uuid"), Health: cell("health"), Open: cell("status") != "close",
			Primaries: int(number(cell("pri"))), Replicas: int(number(cell("rep"))),
			Docs: number(cell("docs.count")), DeletedDocs: number(cell("docs.deleted")),
			Bytes: number(cell("store.size")), PrimaryBytes: number(cell("pri.store.size")), Created: millis(number(cell("creation.date"))),
			CreatedVersion: versionID(number(settings[name]["index.version.created"])), Hidden: settings[name]["index.hidden"] == "true",
			DataStream: streams(name),
		}
	}
	return list, nil
}

// settings reads flat settings of the indices of a path.
func (c *Cluster) settings(ctx context.Context, p string) (map[string]map[string]string, error) {
	var out map[string]struct {
		Settings map[string]any `json:"settings"`
	}
	if err := c.get(ctx, p, options("flat_settings", "true", "expand_wildcards", "all"), &out); err != nil {
		return nil, err
	}
	m := make(map[string]map[string]string, len(out))
	for name, o := range out {
		m[name] = flat(o.Settings)
	}
	return m, nil
}

// IndexSettings reads flat settings ("index.number_of_replicas": "1") by index.
// With fine-grained access control: indices:monitor/settings/get.
func (c *Cluster) IndexSettings(ctx context.Context, indices []string) (map[string]map[string]string, error) {
	return merged(indices, func(names string) (map[string]map[string]string, error) {
		return c.settings(ctx, "/"+names+"/_settings")
	})
}

// PutIndexSettings changes dynamic settings of the indices; a nil value brings the
// default back.
// With fine-grained access control: indices:admin/settings/update.
func (c *Cluster) PutIndexSettings(ctx context.Context, indices []string, settings map[string]*string) error {
	for _, names := range lists(indices) {
		if err := c.call(ctx, http.MethodPut, "/"+names+"/_settings", nil, settings, nil); err != nil {
			return err
		}
	}
	return nil
}

// Mappings reads mappings by index.
// With fine-grained access control: indices:admin/mappings/get.
func (c *Cluster) Mappings(ctx context.Context, indices []string) (map[string]json.RawMessage, error) {
	return merged(indices, func(names string) (map[string]json.RawMessage, error) {
		var out map[string]struct {
			Mappings json.RawMessage `json:"mappings"`
		}
		err := c.get(ctx, "/"+names+"/_mapping", nil, &out)
		m := make(map[string]json.RawMessage, len(out))
		for name, o := range out {
			m[name] = o.Mappings
		}
		return m, err
	})
}

// Aliases reads aliases with their options by index; empty indices means all.
// With fine-grained access control: indices:admin/aliases/get.
func (c *Cluster) Aliases(ctx context.Context, indices []string) (map[string]map[string]json.RawMessage, error) {
	read := func(p string) (map[string]map[string]json.RawMessage, error) {
		var out map[string]struct {
			Aliases map[string]json.RawMessage `json:"aliases"`
		}
		err := c.get(ctx, p, nil, &out)
		m := make(map[string]map[string]json.RawMessage, len(out))
		for name, o := range out {
			m[name] = o.Aliases
		}
		return m, err
	}
	if len(indices) == 0 {
		return read("/_alias")
	}
	return merged(indices, func(names string) (map[string]map[string]json.RawMessage, error) {
		return read("/" + names + "/_alias")
	})
}

// merged asks for the indices in as few calls as URLs allow.
func merged[V any](indices []string, ask func(names string) (map[string]V, error)) (map[string]V, error) {
	all := map[string]V{}
	for _, names := range lists(indices) {
		part, err := ask(names)
		if err != nil {
			return nil, err
		}
		for k, v := range part {
			all[k] = v
		}
	}
	return all, nil
}

// DeleteIndex removes one index by its exact name; absent is no error. Names
// that stand for several are refused here, whatever the domain would do.
// With fine-grained access control: indices:admin/delete.
func (c *Cluster) DeleteIndex(ctx context.Context, index string) error {
	if severalNames(index) {
		return &failure.Failure{Kind: failure.Invalid, Message: "one index is deleted by its exact name, not " + index}
	}
	return missing(c.call(ctx, http.MethodDelete, path(index), nil, nil, nil), "index_not_found_exception")
}

// severalNames says that a name stands, or may stand, for more than one thing.
func severalNames(name string) bool {
	return name == "" || name == "_all" || strings.ContainsAny(name, "*,?") || strings.HasPrefix(name, "-")
}

// Refresh makes what was written searchable.
// With fine-grained access control: indices:admin/refresh.
func (c *Cluster) Refresh(ctx context.Context, indices []string) error {
	for _, names := range lists(indices) {
		if err := c.call(ctx, http.MethodPost, "/"+names+"/_refresh", nil, nil, nil); err != nil {
			return err
		}
	}
	return nil
}
