package cluster

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
)

// Snapshot states.
const (
	InProgress   = "IN_PROGRESS"
	Success      = "SUCCESS"
	Partial      = "PARTIAL"
	Failed       = "FAILED"
	Incompatible = "INCOMPATIBLE"
)

// SnapshotSpec is a snapshot to be taken; global state is never included.
type SnapshotSpec struct {
	// Indices are explicit names; empty is refused, because the engine would take all.
	// The name of a data stream takes the stream with all its indices, theirs alone
	// take plain indices.
	Indices []string
	// Metadata comes back from Snapshot; it holds our marker. Engines before
	// Elasticsearch 7.3 do not know it.
	Metadata map[string]string
}

// Snapshot is what the repository says about one.
type Snapshot struct {
	Name        awsid.SnapshotName
	UUID        string
	State       string
	Reason      string
	Version     awsid.EngineVersion
	Indices     []string
	DataStreams []string
	GlobalState bool
	// Metadata holds string values; others are kept as their JSON.
	Metadata     map[string]string
	Start, End   time.Time
	Duration     time.Duration
	Failures     []ShardFailure
	ShardsTotal  int
	ShardsFailed int
	ShardsDone   int
}

// ShardFailure is one shard that could not be taken or brought back.
type ShardFailure struct {
	Index  string
	Shard  int
	Node   string
	Status string
	Reason string
}

// metadataSince is the first version that keeps metadata with a snapshot.
var metadataSince = awsid.EngineVersion{Family: awsid.Elasticsearch, Major: 7, Minor: 3}

// KeepsMetadata says that the engine that took the snapshot gives back what was
// said with it.
func (s Snapshot) KeepsMetadata() bool { return s.Version.Compare(metadataSince) >= 0 }

// CreateSnapshot starts a snapshot and returns as soon as the engine accepted it.
// failure.Timeout means that it may have started all the same: look, never repeat.
// With fine-grained access control: cluster:admin/snapshot/create.
func (c *Cluster) CreateSnapshot(ctx context.Context, repo awsid.RepositoryName, name awsid.SnapshotName, spec SnapshotSpec) error {
	if len(spec.Indices) == 0 {
		return nothingNamed("snapshot")
	}
	body := map[string]any{"indices": spec.Indices, "include_global_state": false, "ignore_unavailable": false, "partial": false}
	if len(spec.Metadata) > 0 && (c.opts.Version.IsZero() || c.opts.Version.Compare(metadataSince) >= 0) {
		body["metadata"] = spec.Metadata
	}
	return c.call(ctx, http.MethodPut, path("_snapshot", string(repo), string(name)), nil, body, nil)
}

func nothingNamed(what string) error {
	return &failure.Failure{Kind: failure.Invalid, Message: "a " + what + " without named indices would take all of them"}
}

// Snapshot reads one, nil when absent. A repository that is not registered is
// failure.Missing.
// With fine-grained access control: cluster:admin/snapshot/get.
func (c *Cluster) Snapshot(ctx context.Context, repo awsid.RepositoryName, name awsid.SnapshotName) (*Snapshot, error) {
	list, err := c.snapshots(ctx, repo, string(name))
	return only(list, missing(err, "snapshot_missing_exception"), func(x Snapshot) bool { return x.Name == name })
}

// Snapshots lists a repository, oldest first as the engine gives them.
// With fine-grained access control: cluster:admin/snapshot/get.
func (c *Cluster) Snapshots(ctx context.Context, repo awsid.RepositoryName) ([]Snapshot, error) {
	return c.snapshots(ctx, repo, "_all")
}

// snapshotBody is one snapshot on the wire.
type snapshotBody struct {
	Snapshot    string         `json:"snapshot"`
	UUID        string         `json:"uuid"`
	VersionID   int64          `json:"version_id"`
	Indices     []string       `json:"indices"`
	DataStreams []string       `json:"data_streams"`
	GlobalState bool           `json:"include_global_state"`
	State       string         `json:"state"`
	Reason      string         `json:"reason"`
	Metadata    map[string]any `json:"metadata"`
	Start       int64          `json:"start_time_in_millis"`
	End         int64          `json:"end_time_in_millis"`
	Duration    int64          `json:"duration_in_millis"`
	Failures    []struct {
		Index  string `json:"index"`
		Shard  int    `json:"shard_id"`
		Node   string `json:"node_id"`
		Status string `json:"status"`
		Reason string `json:"reason"`
	} `json:"failures"`
	Shards struct{ Total, Failed, Successful int } `json:"shards"`
}

func (c *Cluster) snapshots(ctx context.Context, repo awsid.RepositoryName, which string) ([]Snapshot, error) {
	var out struct {
		Snapshots []snapshotBody `json:"snapshots"`
	}
	if err := c.get(ctx, path("_snapshot", string(repo), which), nil, &out); err != nil {
		return nil, err
	}
	list := make([]Snapshot, len(out.Snapshots))
	for i, s := range out.Snapshots {
		list[i] = s.value()
	}
	return list, nil
}

func (s snapshotBody) value() Snapshot {
	v := Snapshot{
		Name: awsid.SnapshotName(s.Snapshot), UUID: s.UUID, State: s.State, Reason: s.Reason, Version: versionID(s.VersionID),
		Indices: s.Indices, DataStreams: s.DataStreams, GlobalState: s.GlobalState, Metadata: map[string]string{},
		Start: millis(s.Start), End: millis(s.End), Duration: time.Duration(s.Duration) * time.Millisecond,
		ShardsTotal: s.Shards.Total, ShardsFailed: s.Shards.Failed, ShardsDone: s.Shards.Successful,
	}
	for k, m := range s.Metadata {
		if text, ok := m.(string); ok {
			v.Metadata[k] = text
			continue
		}
		b, _ := json.Marshal(m)
		v.Metadata[k] = string(b)
	}
	for _, f := range s.Failures {
		v.Failures = append(v.Failures, ShardFailure(f))
	}
	return v
}

// DeleteSnapshot deletes or aborts one; absent is no error.
// With fine-grained access control: cluster:admin/snapshot/delete.
func (c *Cluster) DeleteSnapshot(ctx context.Context, repo awsid.RepositoryName, name awsid.SnapshotName) error {
	return missing(c.call(ctx, http.MethodDelete, path("_snapshot", string(repo), string(name)), nil, nil, nil), "snapshot_missing_exception")
}
