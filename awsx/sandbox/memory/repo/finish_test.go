package repo_test

import (
	"reflect"
	"strings"
	"testing"

	"snapferry/awsx/sandbox/memory/fake"
	"snapferry/awsx/sandbox/memory/repo"
)

// refuseKeys makes the bucket deny writing keys that hold a text.
func (p *place) refuseKeys(op, part string) {
	p.bucket.Refuse = func(got, key string) error {
		if got == op && strings.Contains(key, part) {
			return fake.Denied()
		}
		return nil
	}
}

// TestFinishFailures: whatever fails, a snapshot that is not whole is not in the
// root index.
func TestFinishFailures(t *testing.T) {
	for name, tc := range map[string]struct {
		op, part string
		types    []string
	}{
		"cluster metadata": {"put", "/meta-S", []string{"snapshot_exception", "i_o_exception", "s3_exception"}},
		"description":      {"put", "/snap-S", []string{"snapshot_exception", "i_o_exception", "s3_exception"}},
		"index metadata":   {"put", "/indices/", []string{"snapshot_exception", "i_o_exception", "s3_exception"}},
		"root index":       {"put", "/index-1", []string{"snapshot_exception", "i_o_exception", "s3_exception"}},
		"pointer":          {"put", "/index.latest", []string{"snapshot_exception", "i_o_exception", "s3_exception"}},
		"reading the root": {"get", "/index-0", []string{"repository_exception", "s3_exception"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t)
			p.take("s1", map[string][]repo.Part{"a": {part("_0.cfs", "one")}})
			d := p.load()
			ref := p.r.Place(d, "b")
			p.refuseKeys(tc.op, tc.part)
			err := p.r.Finish(p.ctx(), repo.Finished{
				Snapshot: repo.Snapshot{Name: "s2", UUID: "S2", State: "SUCCESS"}, Global: []byte(`{}`),
				Indices: []repo.FinishedIndex{{Ref: ref, Meta: []byte(`{}`), Version: "b-1", Gens: []string{"g"}}},
			})
			if !reflect.DeepEqual(chain(err), tc.types) {
				t.Errorf("got %v, want %v", chain(err), tc.types)
			}
			p.bucket.Refuse = nil
			if tc.part == "/index.latest" {
				return // the root was written before: the snapshot is there
			}
			if _, found := p.load().Find("s2"); found {
				t.Error("the snapshot is listed")
			}
		})
	}
}

func TestBothRootFilesAreReported(t *testing.T) {
	p := open(t)
	p.refuseOn("put")
	err := p.r.Finish(p.ctx(), repo.Finished{Snapshot: repo.Snapshot{Name: "s", UUID: "S"}, Global: []byte(`{}`)})
	if err == nil || err.Reason != "[r:s/S] failed to update snapshot in repository" || len(err.Cause.Suppressed) != 1 {
		t.Fatalf("%+v", err)
	}
	if !strings.Contains(err.Cause.Reason, "/meta-S.dat]") || !strings.Contains(err.Cause.Suppressed[0].Reason, "/snap-S.dat]") {
		t.Errorf("%s beside %s", err.Cause.Reason, err.Cause.Suppressed[0].Reason)
	}
}

// A shard whose write broke off tells what it had written.
func TestWriteShardFailures(t *testing.T) {
	for part2, keys := range map[string]int{"/__": 0, "/snap-U": 2, "/index-": 3} {
		p := open(t)
		p.refuseKeys("put", part2)
		w, err := p.r.WriteShard(p.ctx(), repo.ShardWrite{Index: p.r.Place(p.load(), "a"), Name: "s", UUID: "U", Parts: []repo.Part{part("_0.cfs", "x"), part("_1.cfs", "y")}})
		if err == nil || err.Type != "i_o_exception" || len(w.Keys) != keys {
			t.Errorf("%s: %v, keys %v", part2, err, w.Keys)
		}
		p.bucket.Refuse = nil
		if err := p.r.Discard(p.ctx(), w.Keys); err != nil || len(p.bucket.Keys("")) != 0 {
			t.Errorf("%s: %v, left %v", part2, err, p.bucket.Keys(""))
		}
	}
	p := open(t)
	if _, err := p.r.WriteShard(p.ctx(), repo.ShardWrite{Index: p.r.Place(p.load(), "a"), Gen: "gone", UUID: "U"}); err == nil || err.Type != "no_such_file_exception" {
		t.Error(err)
	}
}

// A partial snapshot keeps the generation of a shard it could not take.
func TestFailedShardKeepsItsGeneration(t *testing.T) {
	p := open(t)
	p.take("s1", map[string][]repo.Part{"a": {part("_0.cfs", "one")}})
	d := p.load()
	gen := d.Generation("a", 0)
	err := p.r.Finish(p.ctx(), repo.Finished{
		Snapshot: repo.Snapshot{Name: "s2", UUID: "S2", State: "PARTIAL"}, Global: []byte(`{}`),
		Indices: []repo.FinishedIndex{{Ref: p.r.Place(d, "a"), Meta: []byte(`{}`), Version: "a-1", Gens: []string{""}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	d = p.load()
	if d.Generation("a", 0) != gen {
		t.Error("the generation changed")
	}
	ref, _ := d.Find("s2")
	if ref.StateName() != "PARTIAL" || (repo.Ref{State: 99}).StateName() != "INCOMPATIBLE" {
		t.Errorf("%+v", ref)
	}
	if err := p.r.Delete(p.ctx(), []repo.Ref{{Name: "s2", UUID: "S2"}}); err != nil {
		t.Error(err)
	}
	if _, err := p.r.Shard(p.ctx(), p.r.Place(p.load(), "a"), 0, d.Snapshots[0].UUID); err != nil {
		t.Error("the first snapshot's shard went with the second:", err)
	}
}
