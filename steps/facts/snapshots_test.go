package facts_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/facts"
)

func TestHolds(t *testing.T) {
	r := newRoad(t)
	f := r.open(answers(nil))
	c := r.registered(f)
	if held, err := f.Holds(r.ctx, steps.Source, "snapferry"); err != nil || len(held) > 0 {
		t.Errorf("before: %+v, %v", held, err)
	}
	if a, err := c.Do(r.ctx, "PUT", "/shop", []byte("{}")); err != nil || a.Status != 200 {
		t.Fatal(a, err)
	}
	must(t, c.CreateSnapshot(r.ctx, "snapferry", "s-1", cluster.SnapshotSpec{Indices: []string{"shop"}}))
	if _, err := c.Snapshot(r.ctx, "snapferry", "s-1"); err != nil { // by which it comes to its end
		t.Fatal(err)
	}
	f.Drop(steps.Ref{Kind: steps.KindSnapshot, Side: steps.Source, Name: "s-1", In: "snapferry"})
	held, err := f.Holds(r.ctx, steps.Source, "snapferry")
	if d := cmp.Diff([]facts.Held{{Name: "s-1", Indices: []string{"shop"}}}, held); err != nil || d != "" {
		t.Error(err, d)
	}
	if _, err := f.Holds(r.ctx, steps.Source, "none"); !failure.Is(err, failure.Missing) {
		t.Errorf("no such repository: %v", err)
	}
}
