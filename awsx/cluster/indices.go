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
	var list []Index
	query := options("format", "json", "bytes", "b", "expand_wildcards", "all", "s", "index",
		"h", "health,status,index,uuid,pri,rep,docs.count,docs.deleted,store.size,pri.store.size,creation.date")
	err := c.streamed(ctx, "/_cat/indices", query, func(d *json.Decoder) error {
		return items(d, func() error {
			var row indexRow
			err := d.Decode(&row)
			list = append(list, row.index())
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	made, err := c.created(ctx)
	if err != nil {
		return nil, err
	}
	streams, err := c.streamOf(ctx)
	if err != nil {
		return nil, err
	}
	for i := range list {
		x := &list[i]
		x.CreatedVersion, x.Hidden, x.DataStream = made[x.Name].version, made[x.Name].hidden, streams(x.Name)
	}
	return list, nil
}

// indexRow is a row of _cat/indices; what an index does not tell is null and stays "".
type indexRow struct {
	Health       string `json:"health"`
	Status       string `json:"status"`
	Index        string `json:"index"`
	UUID         string `json:"uuid"`
	Primaries    string `json:"pri"`
	Replicas     string `json:"rep"`
	Docs         string `json:"docs.count"`
	Deleted      string `json:"docs.deleted"`
	Bytes        string `json:"store.size"`
	PrimaryBytes string `json:"pri.store.size"`
	Created      string `json:"creation.date"`
}

func (r indexRow) index() Index {
	return Index{
		Name: r.Index, UUID: r.UUID, Health: colour(r.Health), Open: r.Status != "close",
		Primaries: int(number(r.Primaries)), Replicas: int(number(r.Replicas)), Docs: number(r.Docs), DeletedDocs: number(r.Deleted),
		Bytes: number(r.Bytes), PrimaryBytes: number(r.PrimaryBytes), Created: millis(number(r.Created)),
	}
}

// creation is what an index's settings tell that no list of indices does.
type creation struct {
	version awsid.EngineVersion
	hidden  bool
}

// created reads how each index was made.
func (c *Cluster) created(ctx context.Context) (map[string]creation, error) {
	all := map[string]creation{}
	err := c.eachSettings(ctx, "/_settings/index.version.created,index.hidden", func(index string, s map[string]string) {
		all[index] = creation{versionID(number(s["index.version.created"])), s["index.hidden"] == "true"}
	})
	return all, err
}

// eachSettings reads flat settings of the indices of a path, one index after the other.
func (c *Cluster) eachSettings(ctx context.Context, p string, take func(index string, settings map[string]string)) error {
	type one struct {
		Settings map[string]any `json:"settings"`
	}
	return c.streamed(ctx, p, options("flat_settings", "true", "expand_wildcards", "all"), func(d *json.Decoder) error {
		return byName(d, func(index string, o one) { take(index, flat(o.Settings)) })
	})
}

// IndexSettings reads flat settings ("index.number_of_replicas": "1") by index.
// With fine-grained access control: indices:monitor/settings/get.
func (c *Cluster) IndexSettings(ctx context.Context, indices []string) (map[string]map[string]string, error) {
	all := make(map[string]map[string]string, len(indices))
	return all, c.EachSettings(ctx, indices, func(index string, s map[string]string) { all[index] = s })
}

// EachSettings is IndexSettings for many indices, of which not everything is kept. What
// take was given does not count where there is an error.
func (c *Cluster) EachSettings(ctx context.Context, indices []string, take func(index string, settings map[string]string)) error {
	for _, names := range lists(indices) {
		if err := c.eachSettings(ctx, "/"+names+"/_settings", take); err != nil {
			return err
		}
	}
	return nil
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

// EachMapping reads the mappings of indices, one after the other; take may keep what it
// is given, which does not count where there is an error.
// With fine-grained access control: indices:admin/mappings/get.
func (c *Cluster) EachMapping(ctx context.Context, indices []string, take func(index string, mapping json.RawMessage)) error {
	type one struct {
		Mappings json.RawMessage `json:"mappings"`
	}
	for _, names := range lists(indices) {
		err := c.streamed(ctx, "/"+names+"/_mapping", nil, func(d *json.Decoder) error {
			return byName(d, func(index string, o one) { take(index, o.Mappings) })
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Aliases reads aliases with their options by index; indices without any are left out,
// and empty indices means all.
// With fine-grained access control: indices:admin/aliases/get.
func (c *Cluster) Aliases(ctx context.Context, indices []string) (map[string]map[string]json.RawMessage, error) {
	type one struct {
		Aliases map[string]json.RawMessage `json:"aliases"`
	}
	paths := []string{"/_alias"}
	if len(indices) > 0 {
		paths = lists(indices)
		for i, names := range paths {
			paths[i] = "/" + names + "/_alias"
		}
	}
	all := map[string]map[string]json.RawMessage{}
	for _, p := range paths {
		err := c.streamed(ctx, p, nil, func(d *json.Decoder) error {
			return byName(d, func(index string, o one) {
				if len(o.Aliases) > 0 {
					all[index] = o.Aliases
				}
			})
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
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
