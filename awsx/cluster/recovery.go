package cluster

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"
)

// ShardRecovery is one shard being brought back. Percentages are left to the reader.
type ShardRecovery struct {
	Index   string
	Shard   int
	Primary bool
	// Type is SNAPSHOT, PEER, EXISTING_STORE, …; Stage INIT, INDEX,
	// VERIFY_INDEX, TRANSLOG, FINALIZE, DONE.
	Type, Stage string
	// Repository and Snapshot are set for type SNAPSHOT.
	Repository string
	Snapshot   string
	// Total is what has to come, Recovered what came; what was there already
	// counts in both.
	Total, Recovered Size
	Start, Stop      time.Time
	Took             time.Duration
	TargetNode       string
}

// FromSnapshot says that the shard came, or comes, from a snapshot.
func (r ShardRecovery) FromSnapshot() bool { return strings.EqualFold(r.Type, "SNAPSHOT") }

// shardRecoveryBody is one shard of _recovery on the wire.
type shardRecoveryBody struct {
	ID      int    `json:"id"`
	Type    string `json:"type"`
	Stage   string `json:"stage"`
	Primary bool   `json:"primary"`
	Start   int64  `json:"start_time_in_millis"`
	Stop    int64  `json:"stop_time_in_millis"`
	Took    int64  `json:"total_time_in_millis"`
	Source  struct {
		Repository string `json:"repository"`
		Snapshot   string `json:"snapshot"`
	} `json:"source"`
	Target struct {
		Name string `json:"name"`
	} `json:"target"`
	Index struct {
		Size struct {
			Total     int64 `json:"total_in_bytes"`
			Reused    int64 `json:"reused_in_bytes"`
			Recovered int64 `json:"recovered_in_bytes"`
		} `json:"size"`
		Files struct {
			Total     int64 `json:"total"`
			Reused    int64 `json:"reused"`
			Recovered int64 `json:"recovered"`
		} `json:"files"`
	} `json:"index"`
}

func (b shardRecoveryBody) value(index string) ShardRecovery {
	size, files := b.Index.Size, b.Index.Files
	return ShardRecovery{
		Index: index, Shard: b.ID, Primary: b.Primary, Type: b.Type, Stage: b.Stage,
		Repository: b.Source.Repository, Snapshot: b.Source.Snapshot, TargetNode: b.Target.Name,
		Total:     Size{Files: files.Total, Bytes: size.Total},
		Recovered: Size{Files: files.Recovered + files.Reused, Bytes: size.Recovered + size.Reused},
		Start:     millis(b.Start), Stop: millis(b.Stop), Took: time.Duration(b.Took) * time.Millisecond,
	}
}

// fewCalls is up to how many calls are made for named indices where one call would
// tell of all.
const fewCalls = 8

// Recovery reads the recoveries of the indices, by index and shard; those not
// there yet are left out.
// With fine-grained access control: indices:monitor/recovery.
func (c *Cluster) Recovery(ctx context.Context, indices []string) ([]ShardRecovery, error) {
	var list []ShardRecovery
	if err := c.EachRecovery(ctx, indices, func(r ShardRecovery) { list = append(list, r) }); err != nil {
		return nil, err
	}
	return ordered(list), nil
}

// EachRecovery is Recovery for many indices, of which not everything is kept, in no order.
// What take was given does not count where there is an error.
func (c *Cluster) EachRecovery(ctx context.Context, indices []string, take func(ShardRecovery)) error {
	calls := lists(indices)
	if len(calls) > fewCalls {
		wanted := make(map[string]bool, len(indices))
		for _, name := range indices {
			wanted[name] = true
		}
		return c.recoveries(ctx, "/_recovery", nil, func(r ShardRecovery) {
			if wanted[r.Index] {
				take(r)
			}
		})
	}
	for _, names := range calls {
		if err := c.recoveries(ctx, "/"+names+"/_recovery", options("ignore_unavailable", "true"), take); err != nil {
			return err
		}
	}
	return nil
}

// ActiveRecoveries reads those of all indices that are under way, in one call
// whose answer is short however many indices there are.
// With fine-grained access control: indices:monitor/recovery on all of them.
func (c *Cluster) ActiveRecoveries(ctx context.Context) ([]ShardRecovery, error) {
	var list []ShardRecovery
	if err := c.recoveries(ctx, "/_recovery", options("active_only", "true"), func(r ShardRecovery) { list = append(list, r) }); err != nil {
		return nil, err
	}
	return ordered(list), nil
}

func (c *Cluster) recoveries(ctx context.Context, path string, query url.Values, take func(ShardRecovery)) error {
	type one struct {
		Shards []shardRecoveryBody `json:"shards"`
	}
	return c.streamed(ctx, path, query, func(d *json.Decoder) error {
		return byName(d, func(index string, o one) {
			for _, s := range o.Shards {
				take(s.value(index))
			}
		})
	})
}

func ordered(list []ShardRecovery) []ShardRecovery {
	slices.SortFunc(list, func(a, b ShardRecovery) int {
		return cmp.Or(cmp.Compare(a.Index, b.Index), cmp.Compare(a.Shard, b.Shard), cmp.Compare(primaryFirst(a), primaryFirst(b)), cmp.Compare(a.TargetNode, b.TargetNode))
	})
	return list
}

func primaryFirst(r ShardRecovery) int {
	if r.Primary {
		return 0
	}
	return 1
}
