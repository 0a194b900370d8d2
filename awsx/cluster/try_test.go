package cluster_test

import (
	"context"
	"fmt"
	"slices"
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

// TestWhatAShardRefusesForGood is not worth asking again; what nobody knows is.
func TestWhatAShardRefusesForGood(t *testing.T) {
	for kind, transient := range map[string]bool{
		"es_rejected_execution_exception": true, "no_shard_available_action_exception": true, "query_shard_exception": true,
		"security_exception": false, "illegal_argument_exception": false, "index_not_found_exception": false,
	} {
		s := &shards{t: t, docs: [][]int64{{0}}, fail: `{"total":1,"successful":0,"failed":1,"failures":[{"reason":{"type":"` + kind + `","reason":"no"}}]}`}
		for _, err := range client(s, "3.4.0", cluster.Unsigned()).Documents(ctx, cluster.Walk{Index: "logs", Shards: 1}) {
			if f := failure.Of(err); f == nil || f.Transient != transient || !f.Has(kind) {
				t.Errorf("%s: %+v", kind, f)
			}
		}
	}
}

// TestABusyShardOfMget: the engine answers 200 with an error for each document of a
// shard that rejects the search, and that passes.
func TestABusyShardOfMget(t *testing.T) {
	for kind, transient := range map[string]bool{"es_rejected_execution_exception": true, "circuit_breaking_exception": true, "index_not_found_exception": false} {
		c, _ := serve(t, "3.4.0", map[string]answer{"GET /a/_mget": ok(`{"docs":[{"_id":"x","error":{"root_cause":[],"type":"` + kind + `","reason":"no"}}]}`)})
		_, err := c.DocumentsByID(ctx, "a", make([]cluster.DocumentID, 1))
		if f := failure.Of(err); f == nil || f.Transient != transient || f.Code != kind || f.Operation != "GET /a/_mget" {
			t.Errorf("%s: %+v", kind, f)
		}
	}
}
