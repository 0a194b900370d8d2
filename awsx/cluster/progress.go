package cluster

import (
	"context"
	"encoding/json"
	"time"

	"snapferry/awsx/awsid"
)

// SnapshotStatus is the progress of a snapshot. Sizes are in bytes.
type SnapshotStatus struct {
	Repository awsid.RepositoryName
	Name       awsid.SnapshotName
	UUID       string
	// State is STARTED while it runs, later as Snapshot has it.
	State  string
	Shards ShardCounts
	// Incremental is what this snapshot adds, Processed how much of that is
	// done, Total all it refers to, what earlier ones hold included. Processed
	// is told only while the snapshot runs; afterwards it equals Incremental.
	Incremental, Processed, Total Size
	Start                         time.Time
	Took                          time.Duration
	Indices                       map[string]IndexSnapshotStatus
}

// Size is a number of files and their bytes.
type Size struct{ Files, Bytes int64 }

// ShardCounts are shards by stage.
type ShardCounts struct{ Initializing, Started, Finalizing, Done, Failed, Total int }

// IndexSnapshotStatus is the progress of one index.
type IndexSnapshotStatus struct {
	Shards                        ShardCounts
	Incremental, Processed, Total Size
}

// RunningSnapshots lists what runs now in any repository, the service's own included.
// With fine-grained access control: cluster:admin/snapshot/status.
func (c *Cluster) RunningSnapshots(ctx context.Context) ([]SnapshotStatus, error) {
	return c.statuses(ctx, path("_snapshot", "_status"))
}

// SnapshotStatus reads progress, nil when absent. It is cheap while the snapshot
// runs and dear when it is finished, for then every shard's files are read from
// the repository.
// With fine-grained access control: cluster:admin/snapshot/status.
func (c *Cluster) SnapshotStatus(ctx context.Context, repo awsid.RepositoryName, name awsid.SnapshotName) (*SnapshotStatus, error) {
	list, err := c.statuses(ctx, path("_snapshot", string(repo), string(name), "_status"))
	return only(list, missing(err, "snapshot_missing_exception"), func(x SnapshotStatus) bool { return x.Name == name })
}

type sizeBody struct {
	Files int64 `json:"file_count"`
	Bytes int64 `json:"size_in_bytes"`
}

// statsBody is one stats object of _status. Processed is absent unless running.
type statsBody struct {
	Incremental sizeBody  `json:"incremental"`
	Processed   *sizeBody `json:"processed"`
	Total       sizeBody  `json:"total"`
	Start       int64     `json:"start_time_in_millis"`
	Took        int64     `json:"time_in_millis"`
}

// processed is told for running shards alone: of a finished one the part is the whole.
func (s statsBody) processed(finished bool) Size {
	switch {
	case s.Processed != nil:
		return Size(*s.Processed)
	case finished:
		return Size(s.Incremental)
	}
	return Size{}
}

// statuses reads the answer index by index: it names every file count of every shard,
// a megabyte for a thousand of them, at each look.
func (c *Cluster) statuses(ctx context.Context, p string) ([]SnapshotStatus, error) {
	list := []SnapshotStatus{}
	err := c.streamed(ctx, p, nil, func(d *json.Decoder) error {
		return Members(d, func(name string) error {
			if name != "snapshots" {
				return d.Decode(&unread{})
			}
			return items(d, func() error {
				s, err := readStatus(d)
				list = append(list, s)
				return err
			})
		})
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// indexStatusBody is one index of _status.
type indexStatusBody struct {
	Shards ShardCounts `json:"shards_stats"`
	Stats  statsBody   `json:"stats"`
}

// readStatus reads one snapshot of _status.
func readStatus(d *json.Decoder) (SnapshotStatus, error) {
	v := SnapshotStatus{Indices: map[string]IndexSnapshotStatus{}}
	var whole statsBody
	fields := map[string]any{
		"snapshot": &v.Name, "repository": &v.Repository, "uuid": &v.UUID, "state": &v.State, "shards_stats": &v.Shards, "stats": &whole,
	}
	err := Members(d, func(name string) error {
		if name == "indices" {
			return byName(d, func(index string, i indexStatusBody) {
				v.Indices[index] = IndexSnapshotStatus{
					Shards: i.Shards, Incremental: Size(i.Stats.Incremental), Processed: i.Stats.processed(i.Shards.finished()), Total: Size(i.Stats.Total),
				}
			})
		}
		return known(d, fields[name])
	})
	v.Incremental, v.Processed, v.Total = Size(whole.Incremental), whole.processed(v.Shards.finished()), Size(whole.Total)
	v.Start, v.Took = millis(whole.Start), time.Duration(whole.Took)*time.Millisecond
	return v, err
}

// finished says that no shard is still on its way.
func (s ShardCounts) finished() bool { return s.Done+s.Failed == s.Total }
