package migrate

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/cluster"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/spec"
)

// unplaced is the health of an index of two shards of which none has started.
func unplaced(name string, initializing int) string {
	return fmt.Sprintf(`{"status":"yellow","number_of_data_nodes":3,"initializing_shards":%d,"indices":{%q:{"status":"yellow","number_of_shards":2,"active_primary_shards":0,"initializing_shards":%d,"unassigned_shards":%d}}}`,
		initializing, name, initializing, 2-initializing)
}

const one = "metrics-2026.01"

func single(s *spec.Spec) { s.Move.Patterns = []string{one} }

// TestShardsThatAreNotThere: what the engine says of a shard decides whether it is
// waited for or given up.
func TestShardsThatAreNotThere(t *testing.T) {
	failed := `{"current_state":"unassigned","can_allocate":%q,"allocate_explanation":"so it is","unassigned_info":{"reason":"ALLOCATION_FAILED","failed_allocation_attempts":%d,"details":"failed shard; nested: RepositoryException[x]; nested: SdkException[Access Denied]"},"node_allocation_decisions":[{"deciders":[%s]}]}`
	filter := `{"decider":"filter","decision":"NO","explanation":"node does not match"}`
	r := taken(t, options{spec: single})
	for name, c := range map[string]struct {
		health  string
		explain string
		status  int // of explain
		words   string
		waits   string
	}{
		"waits for its turn":       {health: unplaced(one, 0), explain: fmt.Sprintf(failed, "throttled", 0, filter), waits: "shard 0 of metrics-2026.01 to have its turn: so it is; others that are not there yet: 1"},
		"tried, to be tried again": {health: unplaced(one, 0), explain: fmt.Sprintf(failed, "yes", 2, ""), waits: "to have its turn"},
		"given up":                 {health: unplaced(one, 0), explain: fmt.Sprintf(failed, "no", 5, filter), words: "came back without shard 0: sdk_exception: Access Denied"},
		"no place for it":          {health: unplaced(one, 0), explain: fmt.Sprintf(failed, "no", 0, filter), words: "came back without shard 0: node does not match"},
		"no copy of it":            {health: unplaced(one, 0), explain: fmt.Sprintf(failed, "no_valid_shard_copy", 1, ""), words: "came back without shard 0"},
		"one still comes":          {health: unplaced(one, 1), explain: fmt.Sprintf(failed, "no", 5, filter)},
		"explain may not be asked": {health: unplaced(one, 0), status: 403, explain: `{"error":{"type":"security_exception","reason":"no permissions for [cluster:monitor/allocation/explain]"},"status":403}`, words: "no permissions for [cluster:monitor/allocation/explain]"},
		"index never appears":      {health: `{"status":"green","indices":{}}`, words: "there is no index metrics-2026.01", waits: "the restored indices to appear"},
	} {
		r.each(t, name, func() { r.must(r.cluster(steps.Target).DeleteIndex(r.ctx, one)) }, func() {
			began, looks := r.clock.Now(), 0
			r.between = func(req *http.Request) *http.Response {
				switch {
				case strings.HasPrefix(req.URL.Path, "/_cluster/allocation"):
					return reply(max(c.status, 200), c.explain)
				case req.URL.Path == "/_cluster/health" && (c.words != "" || looks < 20):
					looks++
					return reply(200, c.health)
				}
				return nil
			}
			events, _, err := r.act(StepRestore)
			w := strings.Join(waits(events), "|")
			if !strings.Contains(w, c.waits) || (c.waits != "" && c.words == "" && !strings.HasSuffix(w, "|")) {
				r.Errorf("waits %q", w)
			}
			switch {
			case c.words == "":
				r.must(err)
			case err == nil || !strings.Contains(err.Error(), c.words):
				r.Errorf("error %v", err)
			case r.clock.Now().Sub(began) > appearWithin+time.Minute:
				r.Errorf("it took %s", r.clock.Now().Sub(began))
			}
		})
	}
}

// TestShardsAreExplainedAFewAtATime: an index of many shards costs a few questions
// at each look, and each of its shards is asked about in its turn.
func TestShardsAreExplainedAFewAtATime(t *testing.T) {
	const shards = 30
	r := taken(t, options{spec: single})
	asked, most, waited := 0, 0, ""
	r.between = func(req *http.Request) *http.Response {
		switch {
		case req.URL.Path == "/_cluster/health":
			asked = 0
			return reply(200, fmt.Sprintf(`{"status":"red","indices":{%q:{"status":"red","number_of_shards":%d,"active_primary_shards":1,"unassigned_shards":%d}}}`, one, shards, shards-1))
		case strings.HasSuffix(req.URL.Path, "/_recovery"):
			return reply(200, `{}`)
		case strings.HasPrefix(req.URL.Path, "/_cluster/allocation"):
			asked++
			most = max(most, asked)
			body, err := io.ReadAll(req.Body)
			r.must(err)
			switch {
			case strings.Contains(string(body), `"shard":0`):
				return reply(200, `{"current_state":"started"}`)
			case strings.Contains(string(body), fmt.Sprintf(`"shard":%d,`, shards-1)), strings.Contains(string(body), fmt.Sprintf(`"shard":%d}`, shards-1)):
				return reply(200, `{"current_state":"unassigned","can_allocate":"no","unassigned_info":{"failed_allocation_attempts":5,"details":"it is torn"}}`)
			}
			return reply(200, `{"current_state":"unassigned","can_allocate":"throttled","allocate_explanation":"so it is"}`)
		}
		return nil
	}
	events, _, err := r.act(StepRestore)
	waited = strings.Join(waits(events), "|")
	if err == nil || !strings.Contains(err.Error(), "came back without shard 29: it is torn") {
		t.Errorf("error %v", err)
	}
	if most > mostExplained || !strings.Contains(waited, "shard 1 of metrics-2026.01 to have its turn: so it is; others that are not there yet: 28") {
		t.Errorf("%d asked about at one look; waited for %s", most, waited)
	}
}

// TestTheOneShardAmongThousands: what the engine lists as recovered is not asked about,
// so that the shard it gave up on is found at the first look.
func TestTheOneShardAmongThousands(t *testing.T) {
	const shards, lost = 1000, 777
	r := taken(t, options{spec: single})
	var done []string
	for n := range shards {
		if n != lost {
			done = append(done, fmt.Sprintf(`{"id":%d,"type":"SNAPSHOT","stage":"DONE","primary":true}`, n))
		}
	}
	asked := 0
	r.between = func(req *http.Request) *http.Response {
		switch {
		case req.URL.Path == "/_cluster/health":
			return reply(200, fmt.Sprintf(`{"status":"red","indices":{%q:{"status":"red","number_of_shards":%d,"active_primary_shards":%d,"unassigned_shards":1}}}`, one, shards, shards-1))
		case strings.HasSuffix(req.URL.Path, "/_recovery"):
			return reply(200, fmt.Sprintf(`{%q:{"shards":[%s]}}`, one, strings.Join(done, ",")))
		case strings.HasPrefix(req.URL.Path, "/_cluster/allocation"):
			asked++
			body, err := io.ReadAll(req.Body)
			r.must(err)
			if strings.Contains(string(body), fmt.Sprintf(`"shard":%d`, lost)) {
				return reply(200, `{"current_state":"unassigned","can_allocate":"no","unassigned_info":{"failed_allocation_attempts":5,"details":"it is torn"}}`)
			}
			return reply(200, `{"current_state":"started"}`)
		}
		return nil
	}
	_, _, err := r.act(StepRestore)
	if err == nil || !strings.Contains(err.Error(), "came back without shard 777: it is torn") || asked != 1 {
		t.Errorf("%d asked about, error %v", asked, err)
	}
}

func TestRestoreThatStandsStill(t *testing.T) {
	r := taken(t, options{spec: single})
	r.between = refuseCalls("GET", "/_cluster/health", 200, unplaced(one, 2))
	_, _, err := r.act(StepRestore)
	r.says(err, "", "Nothing has moved for 1h0m0s; the last that was seen of its shards: 0 of 2")
}

// TestStoppedAndGoneOn: the second start goes on with what runs.
func TestStoppedAndGoneOn(t *testing.T) {
	r := newRoad(t, options{pace: sandbox.PaceRealistic, at: StepTargetRepository})
	r.restoreNow()
	r.start()
	r.made()
	r.must(r.run())
	if n := count(r.made(), "POST "+restorePath); n != 0 {
		t.Errorf("restored %d times more", n)
	}
	for _, st := range r.runner.State().Steps {
		if st.Status != steps.StatusDone && st.Status != steps.StatusExisted && st.Status != steps.StatusSkipped {
			t.Errorf("%s is %s", st.ID, st.Status)
		}
	}
}

func TestRestoredItems(t *testing.T) {
	moves := []steps.Move{{As: "a", Primaries: 2, Bytes: 100}, {As: "b", Primaries: 1, Bytes: 50}}
	size := func(n int64) cluster.Size { return cluster.Size{Bytes: n} }
	got := restored(cluster.Health{Indices: map[string]cluster.IndexHealth{"a": {Primaries: 2, ActivePrimaries: 1}}}, []cluster.ShardRecovery{
		{Index: "a", Shard: 0, Primary: true, Type: "SNAPSHOT", Stage: "DONE", Total: size(60), Recovered: size(60)},
		{Index: "a", Shard: 1, Primary: true, Type: "snapshot", Stage: "INDEX", Total: size(40), Recovered: size(10)},
		{Index: "a", Shard: 0, Type: "PEER", Stage: "INDEX", Total: size(60), Recovered: size(1)},
		{Index: "a", Shard: 1, Primary: true, Type: "EXISTING_STORE", Stage: "DONE", Total: size(60), Recovered: size(60)},
		{Index: "other", Primary: true, Type: "SNAPSHOT", Total: size(1), Recovered: size(1)},
	}, moves)
	if len(got) != 2 || got[1].DoneBytes != 0 || got[1].Name != "b" {
		t.Fatalf("%+v", got)
	}
	want := steps.ItemProgress{Name: "a", DoneBytes: 70, TotalBytes: 100, DoneShards: 1, TotalShards: 2, Stage: "INDEX"}
	if got[0] != want {
		t.Errorf("%+v", got[0])
	}
}
