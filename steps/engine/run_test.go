package engine

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

func TestRunMakesWhatWasPlanned(t *testing.T) {
	b := newBench(t)
	tape := road(b)
	r := b.mustRun()
	want := map[steps.Ref]steps.Doc{
		bucket:   doc(thing{"region": "eu-west-1", "run": "run-1"}),
		policyOf: doc(thing{"tls": "only", "share": "target"}),
		role:     doc(thing{"trust": "es"}),
		repo:     doc(thing{"bucket": "acme-move"}),
	}
	if diff := cmp.Diff(want, b.e.dump()); diff != "" {
		t.Error(diff)
	}
	s := r.State()
	if got := statuses(s); strings.Contains(got, "existed") || strings.Count(got, ":done") != 6 {
		t.Errorf("statuses %s", got)
	}
	if s.Done == nil || !s.Done.OK || tape.begun != 1 || s.Filled["uuid"] != "u-1" {
		t.Errorf("done %+v, begun %d, filled %v", s.Done, tape.begun, s.Filled)
	}
	if s.Plan.Estimate.Bytes != 14/2 || len(s.Plan.Moves) != 2 {
		t.Errorf("plan was not described: %+v", s.Plan)
	}
	for _, c := range s.Changes {
		if c.Made.IsZero() {
			t.Errorf("%s is intended and not made", c.Change.ID)
		}
	}
	if m := s.Changes[0].Marker; m != "run-1" {
		t.Errorf("the bucket's marker is %q", m)
	}
}

func TestSecondRunChangesNothing(t *testing.T) {
	for _, lost := range []bool{false, true} {
		b := newBench(t)
		road(b)
		b.mustRun()
		before := b.e.mutations()
		if lost {
			b.dir = t.TempDir()
		}
		r := b.start()
		p, err := r.Plan(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if open := r.Uncovered(p); len(open) > 0 {
			t.Fatalf("lost=%v: asks for approval of %v", lost, open)
		}
		if err := r.Run(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, b.e.mutations()); diff != "" {
			t.Errorf("lost=%v: %s", lost, diff)
		}
		want := "bucket:done source-role:done share-bucket:done source-repository:done snapshot:done verify:done"
		if lost {
			want = strings.ReplaceAll(want, "done", "existed")
			want = strings.Replace(want, "verify:existed", "verify:done", 1)
		}
		if got := statuses(r.State()); got != want {
			t.Errorf("lost=%v: %s", lost, got)
		}
	}
}

func TestNothingWithoutApproval(t *testing.T) {
	b := newBench(t)
	road(b)
	r := b.start()
	p, err := r.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var open *ApprovalError
	if err := r.Run(t.Context(), p); !errors.As(err, &open) || len(open.Changes) != 6 {
		t.Errorf("ran unapproved: %v", err)
	}
	other := p
	other.Moves = nil
	if err := r.Approve(other, "test"); err == nil {
		t.Error("approved a plan that was not shown")
	}
	if err := r.Approve(p, "test"); err != nil {
		t.Fatal(err)
	}
	changed := p
	changed.Steps = slices.Clone(p.Steps)
	changed.Steps[1].Changes = []steps.Change{steps.NewChange("source-role", role, "", doc(thing{"trust": "everybody"}), steps.Text{})}
	if err := r.Run(t.Context(), changed); !errors.As(err, &open) || len(open.Changes) != 1 {
		t.Errorf("ran another plan than the approved: %v", err)
	}
	if len(b.e.mutations()) > 0 {
		t.Errorf("changed %v", b.e.mutations())
	}
}

func TestDrift(t *testing.T) {
	b := newBench(t)
	road(b)
	r := b.start()
	p := b.plan(r)
	b.e.edit(policyOf, "theirs", "x")
	err := r.Run(t.Context(), p)
	var drift *DriftError
	if !errors.As(err, &drift) || drift.Live != doc(thing{"theirs": "x"}) || drift.Change.Ref != policyOf {
		t.Fatalf("got %v", err)
	}
	if b.e.get(policyOf) != doc(thing{"theirs": "x"}) {
		t.Error("overwrote a foreign edit")
	}
	st := r.State().Step("bucket")
	if st.Status != steps.StatusFailed || st.Diagnosis.Causes[0].ID != "changed-meanwhile" || ExitCode(err) != 1 {
		t.Errorf("%+v", st)
	}
	// Planning again takes the edit in and wants a new approval for it alone.
	r = b.start()
	p, err = r.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var refs []steps.Ref
	for _, c := range r.Uncovered(p) {
		refs = append(refs, c.Ref)
	}
	if diff := cmp.Diff([]steps.Ref{policyOf, policyOf}, refs); diff != "" {
		t.Error(diff)
	}
	if err := r.Approve(p, "test"); err != nil {
		t.Fatal(err)
	}
	if err := r.Run(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if got := parts(b.e.get(policyOf)); got["theirs"] != "x" || got["share"] != "target" {
		t.Errorf("merged to %v", got)
	}
}

func TestReadBackWaitsAndGivesUp(t *testing.T) {
	tests := []struct {
		name string
		lag  int
		ok   bool
	}{{"late", 4, true}, {"never", 1000, false}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, wants("source-role", role, thing{"trust": "es"}))
			b.e.lag = tt.lag
			r := b.start()
			_, v := r.Watch()
			err := r.Run(t.Context(), b.plan(r))
			r.Close()
			var drift *DriftError
			if tt.ok != (err == nil) || !tt.ok && (!errors.As(err, &drift) || !drift.Written) {
				t.Fatalf("got %v", err)
			}
			waits := 0
			for _, rec := range drain(t, v) {
				if w, ok := rec.Event.(steps.Waiting); ok && !w.Reason.IsZero() {
					waits++
					if w.Since.IsZero() || rec.Step != "source-role" {
						t.Errorf("a wait without since: %+v", w)
					}
				}
			}
			if waits == 0 {
				t.Error("waited without saying so")
			}
		})
	}
}

// A copy that lags may answer after the change was seen once: that is no edit.
func TestOldAnswersAfterTheReadBackAreNoDrift(t *testing.T) {
	for _, tt := range []struct {
		name string
		lag  int
		ok   bool
	}{{"for a while", 4, true}, {"for good", 1 << 30, false}} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, wants("source-role", role, thing{"trust": "es"}))
			b.e.fresh, b.e.lag = 1, tt.lag
			r, err := b.run()
			var drift *DriftError
			if tt.ok != (err == nil) || !tt.ok && (!errors.As(err, &drift) || !drift.Written) {
				t.Fatalf("got %v", err)
			}
			if spent := b.clock.Now().Sub(r.State().Started); spent == 0 || spent > 4*time.Minute {
				t.Errorf("waited %s", spent)
			}
			if n := len(b.e.mutations()); n != 1 {
				t.Errorf("%d writes", n)
			}
		})
	}
}

func TestHoles(t *testing.T) {
	late := wants("share-key", role, thing{"key": steps.HoleMark("uuid")})
	b := newBench(t)
	tape := newTape(b.e)
	b.steps = []Step{tape, late}
	b.mustRun()
	if got := b.e.get(role); got != doc(thing{"key": "u-1"}) {
		t.Errorf("wrote %s", got)
	}
	tape.fills = nil
	b2 := newBench(t)
	tape2 := newTape(b2.e)
	tape2.fills = nil
	b2.steps = []Step{tape2, late}
	r, err := b2.run()
	var said *steps.Error
	if !errors.As(err, &said) || len(b2.e.mutations()) > 0 {
		t.Errorf("an unfilled hole gave %v and %v", err, b2.e.mutations())
	}
	if d := r.State().Step("share-key").Diagnosis; d == nil || d.Causes[0].Fix.IsZero() {
		t.Errorf("no way out: %+v", d)
	}
}

func TestFailedStep(t *testing.T) {
	refused := &failure.Failure{Kind: failure.Invalid, Message: "MalformedPolicyDocument", Status: 400}
	for _, tt := range []struct {
		name     string
		decide   Decision
		optional bool
		want     string
		ok       bool
	}{
		{"stop", Stop, false, "bucket:done source-role:failed share-bucket:waiting", false},
		{"retry", Retry, false, "bucket:done source-role:done share-bucket:done", true},
		{"skip", Skip, true, "bucket:done source-role:skipped share-bucket:done", true},
		{"no skip", Skip, false, "bucket:done source-role:failed share-bucket:waiting", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			road(b)
			b.steps[1].(*want).optional = tt.optional
			b.steps = b.steps[:3]
			fails := 1
			b.e.onWrite = func(ref steps.Ref) error {
				if ref == role && fails > 0 {
					fails--
					return refused
				}
				return nil
			}
			b.options = func(o *Options) {
				o.Failed = func(context.Context, steps.StepID, steps.Diagnosis) Decision { return tt.decide }
			}
			r, err := b.run()
			if got := statuses(r.State()); got != tt.want || (err == nil) != tt.ok {
				t.Errorf("%s, %v", got, err)
			}
			var failed *StepError
			if !tt.ok && (!errors.As(err, &failed) || failed.Diagnosis.Summary.String() != "MalformedPolicyDocument") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestPanicsBecomeFailures(t *testing.T) {
	b := newBench(t)
	tape := road(b)
	tape.boom = true
	r, err := b.run()
	var broken *PanicError
	if !errors.As(err, &broken) || broken.Value != "boom while acting" {
		t.Fatalf("got %v", err)
	}
	d := r.State().Step("snapshot").Diagnosis
	if d == nil || d.Causes[0].ID != "internal-error" || !strings.Contains(d.Body, "goroutine") {
		t.Errorf("%+v", d)
	}
	b2 := newBench(t, &want{id: "bucket", boom: true})
	if _, err := b2.start().Plan(t.Context()); !errors.As(err, &broken) {
		t.Errorf("planning gave %v", err)
	}
}

func drain(t *testing.T, v *View) []steps.Record {
	t.Helper()
	var all []steps.Record
	for {
		batch, err := v.Next(t.Context())
		if err != nil {
			return all
		}
		all = append(all, batch...)
	}
}

func TestProgressIsPaced(t *testing.T) {
	for polls, want := range map[int]int{0: 49, 3: 3} { // the last that was said, in any case
		b := newBench(t)
		tape := newTape(b.e)
		for i := range 50 {
			tape.events = append(tape.events, steps.Progress{DoneShards: i})
		}
		tape.polls = polls
		b.steps = []Step{tape}
		b.mustRun()
		s := b.journal.State()
		if got := s.Step("snapshot").Progress.DoneShards; got != want {
			t.Errorf("the last progress shown is %d, want %d", got, want)
		}
		if s.Seq > 20 {
			t.Errorf("%d records for a few seconds", s.Seq)
		}
	}
}

// TestTheEndTellsTheWork: what lies between two starts is not in it.
func TestTheEndTellsTheWork(t *testing.T) {
	b := newBench(t)
	road(b)
	r := b.mustRun()
	s := r.State()
	if s.Done.Spent != s.Spent() || s.Done.Worked == 0 || s.Done.Over < s.Done.Worked {
		t.Errorf("%+v, the state says %+v", s.Done.Spent, s.Spent())
	}
}
