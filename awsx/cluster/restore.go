package cluster

import (
	"context"
	"net/http"

	"snapferry/awsx/awsid"
)

// RestoreSpec says what to bring back; global state never is.
type RestoreSpec struct {
	// Indices are explicit names; empty is refused, because the engine would
	// bring back all.
	Indices                          []string
	RenamePattern, RenameReplacement string
	// WithoutAliases leaves aliases behind.
	WithoutAliases bool
	// IndexSettings override settings, e.g. "index.number_of_replicas": "0".
	IndexSettings       map[string]string
	IgnoreIndexSettings []string
}

// Restore starts a restore and returns as soon as the engine accepted it. That
// is no success yet: read Recovery and Health. All options go in the body,
// because the service ignores the parameters of a signed POST.
// With fine-grained access control: cluster:admin/snapshot/restore, and indices:admin/create and
// indices:data/write/index on the names restored to.
func (c *Cluster) Restore(ctx context.Context, repo awsid.RepositoryName, name awsid.SnapshotName, spec RestoreSpec) error {
	if len(spec.Indices) == 0 {
		return nothingNamed("restore")
	}
	body := map[string]any{
		"indices": spec.Indices, "include_global_state": false, "ignore_unavailable": false, "partial": false,
		"include_aliases": !spec.WithoutAliases,
	}
	if spec.RenamePattern != "" {
		body["rename_pattern"], body["rename_replacement"] = spec.RenamePattern, spec.RenameReplacement
	}
	if len(spec.IndexSettings) > 0 {
		body["index_settings"] = spec.IndexSettings
	}
	if len(spec.IgnoreIndexSettings) > 0 {
		body["ignore_index_settings"] = spec.IgnoreIndexSettings
	}
	return c.call(ctx, http.MethodPost, path("_snapshot", string(repo), string(name), "_restore"), nil, body, nil)
}
