package cluster

import (
	"context"
	"net/http"
	"slices"

	"snapferry/awsx/awsid"
)

// RestoreSpec says what to bring back; global state never is.
type RestoreSpec struct {
	// Indices are explicit names; empty is refused, because the engine would
	// bring back all.
	Indices []string
	// DataStreams come back as streams, whole. Their indices have to be among
	// Indices, under the same names.
	DataStreams                      []string
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
//
// With data streams, names that are not in the snapshot are left out without a
// word: look first. The security plugin knows a snapshot's indices only, and takes
// a stream's name for one that is missing; the engine makes a stream of one that is
// named, and none of its indices alone [seen on 2.19.4 and 3.4.0 nodes].
// With fine-grained access control: cluster:admin/snapshot/restore, and indices:admin/create and
// indices:data/write/index on the names restored to.
func (c *Cluster) Restore(ctx context.Context, repo awsid.RepositoryName, name awsid.SnapshotName, spec RestoreSpec) error {
	if len(spec.Indices) == 0 {
		return nothingNamed("restore")
	}
	body := map[string]any{
		"indices": slices.Concat(spec.DataStreams, spec.Indices), "include_global_state": false, "ignore_unavailable": len(spec.DataStreams) > 0, "partial": false,
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
