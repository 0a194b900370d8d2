package cluster_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
)

const rejected = `{"total":1,"successful":0,"failed":1,"failures":[{"reason":{"type":"es_rejected_execution_exception","reason":"busy"}}]}`

// TestATriedWalk: one batch is asked for again, and no document comes twice or is left
// out; who gives up ends the walk with the error.
func TestATriedWalk(t *testing.T) {
	for _, tc := range []struct {
		name        string
		tries       int // of one batch
		busy        int // how often the second batch is refused
		docs, calls int
	}{
		{"no trouble", 1, 0, 5, 3},
		{"trouble that passes", 3, 2, 5, 5},
		{"trouble that stays", 3, 3, 2, 4},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := &shards{t: t, docs: [][]int64{{0, 1, 2, 3, 4}}}
			batch := 0
			w := cluster.Walk{Index: "logs", Shards: 1, Batch: 2, Try: func(ctx context.Context, ask func(context.Context) error) (err error) {
				batch++
				for n := range tc.tries {
					if s.fail = ""; batch == 2 && n < tc.busy {
						s.fail = rejected
					}
					if err = ask(ctx); err == nil {
						return nil
					}
				}
				return err
			}}
			var got []string
			var end error
			for d, err := range client(s, "3.4.0", cluster.Unsigned()).Documents(ctx, w) {
				if end = err; err == nil {
					got = append(got, d.ID)
				}
			}
			var want []string
			for n := range tc.docs {
				want = append(want, fmt.Sprint("0-", n))
			}
			if !slices.Equal(got, want) || s.calls != tc.calls || (end == nil) != (tc.docs == 5) {
				t.Errorf("%v in %d calls, %v", got, s.calls, end)
			}
		})
	}
}

// TestWhatAShardRefusesForGood is not worth asking again; what nobody knows is. A page and
// an _mget both answer 200 with the error of the shard, and are judged alike: by the
// innermost cause, as everywhere.
func TestWhatAShardRefusesForGood(t *testing.T) {
	denied := `{"type":"security_exception","reason":"no"}`
	for _, tc := range []struct {
		reason    string // of the shard; empty for one of the type of has
		has       string
		transient bool
	}{
		{"", "es_rejected_execution_exception", true},
		{"", "circuit_breaking_exception", true},
		{"", "no_shard_available_action_exception", true},
		{"", "node_not_connected_exception", true},
		{"", "connect_transport_exception", true},
		{"", "illegal_index_shard_state_exception", true},
		{"", "shard_not_found_exception", true},
		{"", "task_cancelled_exception", true},
		{"", "index_closed_exception", true},
		{"", "cluster_block_exception", true},
		{"", "security_exception", false},
		{"", "illegal_argument_exception", false},
		{"", "query_shard_exception", false},
		{"", "index_not_found_exception", false},
		{`{"type":"exception","reason":"outer","caused_by":` + denied + `}`, "security_exception", false},
		{`{"type":"query_shard_exception","reason":"outer","caused_by":{"type":"illegal_argument_exception","reason":"no"}}`, "query_shard_exception", false},
		{`{"type":"exception","reason":"outer","caused_by":{"type":"node_not_connected_exception","reason":"no"}}`, "node_not_connected_exception", true},
	} {
		reason := tc.reason
		if reason == "" {
			reason = `{"root_cause":[],"type":"` + tc.has + `","reason":"no"}`
		}
		for road, err := range map[string]error{"GET /logs/_search": pageFails(t, reason), "GET /logs/_mget": mgetFails(t, reason)} {
			f := failure.Of(err)
			if f == nil || f.Transient != tc.transient || !f.Has(tc.has) || f.Operation != road || !strings.HasSuffix(f.Message, "no") {
				t.Errorf("%s of %s: %+v", road, reason, f)
			}
		}
	}
}

// pageFails is the error of a page whose shard gives a reason.
func pageFails(t *testing.T, reason string) (err error) {
	s := &shards{t: t, docs: [][]int64{{0}}, fail: `{"total":1,"successful":0,"failed":1,"failures":[{"shard":0,"reason":` + reason + `}]}`}
	for _, err = range client(s, "3.4.0", cluster.Unsigned()).Documents(ctx, cluster.Walk{Index: "logs", Shards: 1}) {
	}
	return err
}

// mgetFails is the error of an _mget whose shard gives a reason.
func mgetFails(t *testing.T, reason string) error {
	c, _ := serve(t, "3.4.0", map[string]answer{"GET /logs/_mget": ok(`{"docs":[{"_id":"x","error":` + reason + `}]}`)})
	_, err := c.DocumentsByID(ctx, "logs", make([]cluster.DocumentID, 1))
	return err
}

// TestAShardThatSaysNothing did not answer, and may the next time.
func TestAShardThatSaysNothing(t *testing.T) {
	for _, failures := range []string{``, `,"failures":[]`, `,"failures":[{"shard":0}]`, `,"failures":[{"shard":0,"reason":null}]`} {
		s := &shards{t: t, docs: [][]int64{{0}}, fail: `{"total":3,"successful":2,"failed":1` + failures + `}`}
		for _, err := range client(s, "3.4.0", cluster.Unsigned()).Documents(ctx, cluster.Walk{Index: "logs", Shards: 1}) {
			if f := failure.Of(err); f == nil || !f.Transient || f.Kind != failure.Service || f.Message != "1 of 3 shards did not answer" {
				t.Errorf("%q: %+v", failures, f)
			}
		}
	}
}
