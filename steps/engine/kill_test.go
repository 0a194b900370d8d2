package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/steps"
	"snapferry/steps/journal"
)

// dieAt ends the goroutine of the run, as a kill ends the process, when the
// named point is passed for the nth time. Nothing of ours runs on the way out
// that would write.
func (b *bench) dieAt(point string, nth int) {
	b.options = func(o *Options) {
		o.Points = func(name string) {
			if name != point {
				return
			}
			if nth--; nth == 0 {
				runtime.Goexit()
			}
		}
	}
}

// killed runs do until it ends or dies; true means that it died.
func killed(do func() error) (died bool, err error) {
	done := make(chan struct{})
	died = true
	go func() {
		defer close(done)
		err = do()
		died = false
	}()
	<-done
	return died, err
}

// story is what the report tells, without times.
func story(s *steps.State) []string {
	out := []string{statuses(s)}
	for _, c := range s.Changes {
		out = append(out, fmt.Sprintf("%s %s→%s made=%v undone=%v", c.Change.ID, c.Change.Before, c.Change.After, !c.Made.IsZero(), !c.Undone.IsZero()))
	}
	for _, st := range s.Steps {
		out = append(out, fmt.Sprint(st.Evidence.Summary, st.Evidence.Lines))
	}
	return append(out, fmt.Sprint(s.Filled, s.Done.OK))
}

func TestKilledAtEveryPointAndResumed(t *testing.T) {
	whole := newBench(t)
	road(whole)
	want := story(whole.mustRun().State())
	met := map[string]bool{}
	for _, point := range PointNames {
		for nth := 1; ; nth++ {
			b := newBench(t)
			if nth > 1 {
				b.paper = &paper{}
			}
			tape := road(b)
			b.dieAt(point, nth)
			r := b.start()
			died, err := killed(func() error { return r.Run(t.Context(), b.plan(r)) })
			if !died {
				if err != nil {
					t.Fatal(err)
				}
				break
			}
			met[point] = true
			b.options = nil
			if nth == 1 { // as if the kill had torn a line, too
				tear(t, b)
			}
			got := story(b.mustRun().State())
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("killed at %s, %d: %s", point, nth, diff)
			}
			if diff := cmp.Diff(whole.e.mutations(), b.e.mutations()); diff != "" || tape.begun != 1 {
				t.Errorf("killed at %s, %d: begun %d, mutations %s", point, nth, tape.begun, diff)
			}
			if diff := cmp.Diff(whole.e.dump(), b.e.dump()); diff != "" {
				t.Errorf("killed at %s, %d: world %s", point, nth, diff)
			}
		}
	}
	for _, p := range PointNames[:slices.Index(PointNames, PointBeforeUndo)] {
		if !met[p] {
			t.Errorf("no run passes %s", p)
		}
	}
	if !met[PointBeforeEnd] {
		t.Error("no run passes the end")
	}
}

func tear(t *testing.T, b *bench) {
	t.Helper()
	b.close()
	f, err := os.OpenFile(filepath.Join(b.dir, journal.FileName), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"type":"change_ma`); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// halfDone is a road whose bucket was half made when the process died.
func halfDone(t *testing.T) *bench {
	t.Helper()
	b := newBench(t)
	road(b)
	b.steps[0].(*want).adopt = true
	b.e.onWrite = func(ref steps.Ref) error {
		if ref == bucket {
			b.e.edit(bucket, "region", "eu-west-1")
			runtime.Goexit()
		}
		return nil
	}
	r := b.start()
	if died, _ := killed(func() error { return r.Run(t.Context(), b.plan(r)) }); !died {
		t.Fatal("the deed was survived")
	}
	b.e.onWrite = nil
	return b
}

// A kill inside a deed of several calls leaves a thing that is neither as it was
// nor as it was to be. It is finished, and not adopted as somebody else's.
func TestKilledWithinADeed(t *testing.T) {
	b := halfDone(t)
	r := b.start()
	p, err := r.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if open := r.Uncovered(p); len(open) > 0 {
		t.Fatalf("asks again for %v", open)
	}
	if err := r.Run(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	c := r.State().Changes[0]
	if c.Change.Before != steps.Absent || c.Made.IsZero() {
		t.Errorf("the journal does not hold the whole change: %+v", c)
	}
	if parts(b.e.get(bucket))["run"] != "run-1" || parts(b.e.get(policyOf))["tls"] != "only" {
		t.Errorf("left it half done: %v", b.e.dump())
	}
}

// Steps after the one that is finished build on what it will have written.
func TestKilledWithinADeedThatOthersBuildOn(t *testing.T) {
	b := newBench(t, wants("bucket", policyOf, thing{"tls": "only", "deny": "all"}), wants("share-bucket", policyOf, thing{"share": "x"}))
	b.e.onWrite = func(steps.Ref) error {
		b.e.edit(policyOf, "tls", "only")
		runtime.Goexit()
		return nil
	}
	r := b.start()
	if died, _ := killed(func() error { return r.Run(t.Context(), b.plan(r)) }); !died {
		t.Fatal("the deed was survived")
	}
	b.e.onWrite = nil
	r = b.mustRun()
	if want := doc(thing{"tls": "only", "deny": "all", "share": "x"}); b.e.get(policyOf) != want {
		t.Errorf("left %s", b.e.get(policyOf))
	}
	for i, want := range []steps.Doc{steps.Absent, doc(thing{"tls": "only", "deny": "all"})} {
		if got := r.State().Changes[i].Change.Before; got != want {
			t.Errorf("change %d begins at %s", i, got)
		}
	}
}

// The same with a foreign edit in between is somebody's and left as it is.
func TestKilledWithinADeedAndEdited(t *testing.T) {
	b := halfDone(t)
	b.e.edit(bucket, "theirs", "x")
	r := b.start()
	p, err := r.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if c, _ := p.Change("bucket/" + bucket.String()); c.Verb != steps.Exists {
		t.Errorf("plans to %s it", c.Verb)
	}
	if open := r.Uncovered(p); len(open) == 0 || open[0].Ref != bucket {
		t.Errorf("gives up the bucket unasked: %v", open)
	}
	if err := r.Approve(p, "test"); err != nil {
		t.Fatal(err)
	}
	if err := r.Run(t.Context(), p); err != nil {
		t.Errorf("the approved adoption: %v", err)
	}
	b = halfDone(t)
	r = b.start()
	p = b.plan(r)
	b.e.edit(bucket, "theirs", "x")
	var drift *DriftError
	if err := r.Run(t.Context(), p); !errors.As(err, &drift) {
		t.Errorf("edited after planning: %v", err)
	}
	if got := parts(b.e.get(bucket)); got["theirs"] != "x" || got["run"] != "" {
		t.Errorf("left %v", got)
	}
}

func TestProofIsAskedForUntilItWasGiven(t *testing.T) {
	var heard []bool
	s := wants("source-repository", repo, thing{"bucket": "acme-move"})
	b := newBench(t, s)
	s.prove = func(changed bool) error { heard = append(heard, changed); return nil }
	b.dieAt(PointAfterMade, 1)
	r := b.start()
	if died, err := killed(func() error { return r.Run(t.Context(), b.plan(r)) }); !died {
		t.Fatal(err)
	}
	b.options = nil
	b.mustRun() // made before, not proven yet
	b.mustRun() // proven before
	if diff := cmp.Diff([]bool{true, false}, heard); diff != "" {
		t.Error(diff)
	}
}
