package engine

import (
	"context"
	"errors"
	"strings"
	"testing"

	"snapferry/steps"
)

func TestMemoryIsForLooking(t *testing.T) {
	b := newBench(t)
	road(b)
	m := NewMemory("run-1", b.clock.Now)
	r := New(Options{Steps: b.steps, Live: b.facts, Journal: m, Clock: b.clock})
	p, err := r.Plan(t.Context())
	if err != nil || len(p.Steps) != 6 {
		t.Fatalf("%d steps, %v", len(p.Steps), err)
	}
	if err := r.Approve(p, "test"); err != nil {
		t.Fatal(err)
	}
	if err := r.Run(t.Context(), p); err == nil || len(b.e.mutations()) > 0 {
		t.Errorf("ran without a journal: %v", b.e.mutations())
	}
}

// fullDisk fails once, after so many records: what is not known to be written
// must stop the run even where the next write would succeed.
type fullDisk struct {
	*Memory
	left int
}

func (f *fullDisk) Append(step steps.StepID, e steps.Event) (steps.Record, error) {
	if f.left--; f.left == -1 {
		return steps.Record{}, errors.New("no space left on device")
	}
	return f.Memory.Append(step, e)
}

func TestNothingIsDoneWithoutTheJournal(t *testing.T) {
	for left := 3; left < 34; left++ {
		b := newBench(t)
		road(b)
		disk := &fullDisk{NewMemory("run-1", b.clock.Now), left}
		r := New(Options{Steps: b.steps, Live: b.facts, Journal: disk, Clock: b.clock})
		p, err := r.Plan(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Approve(p, "test"); err != nil {
			t.Fatal(err)
		}
		err = r.Run(t.Context(), p)
		if err == nil || !strings.Contains(err.Error(), "no space left") {
			t.Fatalf("room for %d: %v", left, err)
		}
		intents := 0
		for _, c := range r.State().Changes {
			if !c.Intended.IsZero() {
				intents++
			}
		}
		if done := len(b.e.mutations()); done > intents {
			t.Errorf("room for %d: %d deeds of %d intents", left, done, intents)
		}
	}
}

func TestPlansThatAreRefused(t *testing.T) {
	refused := errors.New("AccessDenied")
	stray := steps.NewChange("other-step", role, "", "x", steps.Text{})
	for _, tt := range []struct {
		name string
		step Step
		want string
	}{
		{"cannot be read", &want{id: "bucket", planErr: refused}, "AccessDenied"},
		{"wants a thing twice", wants("bucket", bucket, thing{"a": "b"}).and(bucket, thing{"a": "b"}), "twice"},
		{"another step's change", fixedPlan{stray}, "other-step"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, tt.step)
			_, err := b.start().Plan(t.Context())
			var failed *StepError
			if !errors.As(err, &failed) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

type fixedPlan []steps.Change

func (fixedPlan) Info() Info { return Info{ID: "bucket"} }

func (f fixedPlan) Plan(context.Context, *World) ([]steps.Change, error) { return f, nil }

func TestStepWithNothingToDoIsSkipped(t *testing.T) {
	b := newBench(t, fixedPlan{})
	if got := statuses(b.mustRun().State()); got != "bucket:skipped" {
		t.Error(got)
	}
}

func TestPlanningAgainLooksAgain(t *testing.T) {
	b := newBench(t)
	road(b)
	r := b.start()
	b.plan(r)
	b.e.edit(role, "theirs", "x")
	p := b.plan(r)
	c, ok := p.Change("source-role/" + role.String())
	if !ok || parts(c.Before)["theirs"] != "x" {
		t.Errorf("planned from %s", c.Before)
	}
}

func TestWorldWhilePlanningAndAfter(t *testing.T) {
	b := newBench(t)
	road(b)
	r := b.start()
	w := r.World()
	if _, ok := w.Approved(); ok {
		t.Error("approved before it was")
	}
	p := b.plan(r)
	share, _ := p.Change("share-bucket/" + policyOf.String())
	if parts(share.Before)["tls"] != "only" {
		t.Errorf("planned without the bucket's policy: %s", share.Before)
	}
	if live, err := w.Doc(t.Context(), policyOf); err != nil || live.Exists() {
		t.Errorf("what was planned is taken for what is: %s, %v", live, err)
	}
	if _, ok := w.Evidence("snapshot"); ok {
		t.Error("evidence before the act")
	}
	if err := r.Run(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if ev, ok := w.Evidence("snapshot"); !ok || string(ev.Data) != `{"docs":3}` {
			t.Errorf("evidence %+v", ev)
		}
		// What was proven stays known while the step is looked at again.
		if _, err := r.o.Journal.Append("snapshot", steps.StepStarted{}); err != nil {
			t.Fatal(err)
		}
	}
	if approved, ok := w.Approved(); !ok || approved.Digest() != p.Digest() {
		t.Error("another plan was approved")
	}
	if _, _, err := b.takeBack(steps.Undo, nil); err != nil {
		t.Fatal(err)
	}
	if approved, ok := b.start().World().Approved(); !ok || approved.Digest() != p.Digest() {
		t.Error("an undo does not know what it takes back")
	}
	if v, _ := b.start().World().Hole("uuid"); v != "u-1" {
		t.Errorf("the hole is %q after a new start", v)
	}
	if w.RunID() != "run-1" || !w.Now().Equal(b.clock.Now()) {
		t.Error("the world does not know itself")
	}
}

func TestReportIsWrittenFromTheEnd(t *testing.T) {
	for _, broken := range []error{nil, errors.New("disk full")} {
		b := newBench(t)
		road(b)
		var told *steps.State
		b.options = func(o *Options) {
			o.Report = func(s *steps.State) (string, error) { told = s; return "report.md", broken }
		}
		r := b.mustRun()
		if told == nil || told.Done == nil || !told.Done.OK {
			t.Errorf("the report was told of no end: %+v", told)
		}
		if s := r.State(); s.Done.Report != "report.md" || (len(s.Logs) > 0) != (broken != nil) {
			t.Errorf("%+v, logs %v", s.Done, s.Logs)
		}
	}
}

// What was read for the plan is not believed when it is done, maybe hours later.
func TestRunLooksAgain(t *testing.T) {
	s := wants("source-role", role, thing{"trust": "es"})
	b := newBench(t, s)
	var seen steps.Doc
	s.looks = func(w *World) { seen, _ = w.Doc(t.Context(), policyOf) }
	r := b.start()
	p := b.plan(r)
	if _, err := r.World().Doc(t.Context(), policyOf); err != nil {
		t.Fatal(err)
	}
	b.e.edit(policyOf, "theirs", "x")
	if err := r.Run(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if parts(seen)["theirs"] != "x" {
		t.Errorf("saw %s", seen)
	}
}

// A later change of a step must not have undone an earlier one.
func TestEveryDocumentHoldsInTheEnd(t *testing.T) {
	b := newBench(t, wants("bucket", bucket, thing{"region": "eu-west-1"}).and(role, thing{"trust": "es"}))
	b.e.onWrite = func(ref steps.Ref) error {
		if ref == role {
			b.e.edit(bucket, "region", "")
		}
		return nil
	}
	r, err := b.run()
	var drift *DriftError
	if !errors.As(err, &drift) || drift.Change.Ref != bucket || !drift.Written {
		t.Errorf("got %v, %s", err, statuses(r.State()))
	}
}
