package steps

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// fold applies events one second apart, from t0 on.
func fold(s *State, events ...any) *State {
	step := StepID("")
	for _, e := range events {
		switch e := e.(type) {
		case StepID:
			step = e
		case Event:
			seq := s.Seq + 1
			s.Apply(Record{Seq: seq, At: t0.Add(time.Duration(seq) * time.Second), Step: step, Event: e})
		}
	}
	return s
}

func planned() *State {
	p := samplePlan()
	return fold(&State{}, RunStarted{RunID: "run-1", Answers: "a"}, PlanMade{Plan: p, Digest: p.Digest()}, Approved{Digest: p.Digest(), By: "x"})
}

// TestBegunUntilProven: what an act was about to make is known until its evidence
// tells, and gone with what was taken back.
func TestBegunUntilProven(t *testing.T) {
	begun := func(data string) ActBegun { return ActBegun{Data: json.RawMessage(data)} }
	for name, tt := range map[string]struct {
		events []any
		want   string
	}{
		"begun":           {[]any{StepStarted{}, begun(`1`)}, `1`},
		"begun again":     {[]any{StepStarted{}, begun(`1`), begun(`2`)}, `2`},
		"failed":          {[]any{StepStarted{}, begun(`1`), StepFailed{}}, `1`},
		"killed":          {[]any{StepStarted{}, begun(`1`), RunStarted{}, StepStarted{}}, `1`},
		"proven":          {[]any{StepStarted{}, begun(`1`), StepDone{}}, ``},
		"proven later on": {[]any{StepStarted{}, begun(`1`), RunStarted{}, StepStarted{}, StepDone{Existed: true}}, ``},
	} {
		s := fold(planned(), append([]any{StepID("snapshot")}, tt.events...)...)
		if got := string(s.Step("snapshot").Begun); got != tt.want {
			t.Errorf("%s: %q, wants %q", name, got, tt.want)
		}
	}
}

func TestStatusOfAStep(t *testing.T) {
	c := samplePlan().Steps[0].Changes[0]
	made := []any{ChangeIntended{Change: c}, ChangeMade{ID: c.ID, Live: c.After}}
	proof := Evidence{Summary: T("proven")}
	for _, tt := range []struct {
		name   string
		events []any
		want   StepStatus
		active int // seconds
	}{
		{"waiting", nil, StatusWaiting, 0},
		{"running", []any{StepStarted{}}, StatusRunning, 0},
		{"done", append([]any{StepStarted{}}, append(made, StepDone{})...), StatusDone, 3},
		{"existed", []any{StepStarted{}, StepDone{Existed: true}}, StatusExisted, 1},
		{"failed", []any{StepStarted{}, StepFailed{Diagnosis: Diagnosis{Layer: "s3"}}}, StatusFailed, 1},
		{"tried again", []any{StepStarted{}, StepFailed{}, StepStarted{}, StepDone{}}, StatusDone, 2},
		{"skipped", []any{StepSkipped{Why: T("w")}}, StatusSkipped, 0},
		{"stopped", []any{StepStarted{}, Waiting{Reason: T("w")}, Paused{}}, StatusStopped, 2},
		{"went on", []any{StepStarted{}, Paused{}, Continued{}, StepDone{}}, StatusDone, 2},
		{"killed", []any{StepStarted{}, Progress{}, Progress{}, RunStarted{}}, StatusStopped, 2},
		{"killed after the deed", append([]any{StepStarted{}}, append(made, RunStarted{}, StepStarted{}, StepDone{Existed: true})...), StatusDone, 3},
		{"looked at again", append([]any{StepStarted{}}, append(made, StepDone{Evidence: proof}, RunDone{}, RunStarted{}, StepStarted{}, StepDone{Existed: true})...), StatusDone, 3},
		{"the run ended", []any{StepStarted{}, RunDone{}}, StatusStopped, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := fold(planned(), append([]any{StepID("bucket")}, tt.events...)...)
			st := s.Step("bucket")
			if st.Status != tt.want || int(st.Active.Seconds()) != tt.active {
				t.Errorf("%s after %s", st.Status, st.Active)
			}
			if st.Status != StatusRunning && (!st.Since.IsZero() || !st.Wait.Reason.IsZero()) {
				t.Errorf("not running, and yet %+v", st)
			}
		})
	}
}

func TestDiagnosisGoesWhenAStepIsTriedAgain(t *testing.T) {
	s := fold(planned(), StepID("bucket"), StepStarted{}, StepFailed{Diagnosis: Diagnosis{Layer: "s3"}})
	if d := s.Step("bucket").Diagnosis; d == nil || d.Layer != "s3" {
		t.Fatalf("%+v", d)
	}
	if fold(s, StepID("bucket"), StepStarted{}).Step("bucket").Diagnosis != nil {
		t.Error("an old diagnosis stays")
	}
}

// A resumed run looks at what is done again; the report is still of the deed.
func TestFirstProofStays(t *testing.T) {
	p := samplePlan()
	p.Steps = append(p.Steps, StepPlan{ID: "verify", Changes: []Change{NewAct("verify", Ref{Kind: KindProof}, "", Text{})}})
	for id, want := range map[StepID]string{"bucket": "first", "verify": "later", "unheard-of": ""} {
		s := fold(&State{}, PlanMade{Plan: p, Digest: p.Digest()}, id,
			StepStarted{}, StepDone{Evidence: Evidence{Summary: T("first")}}, StepStarted{}, StepDone{Existed: true, Evidence: Evidence{Summary: T("later")}})
		if st := s.Step(id); st != nil && st.Evidence.Summary.String() != want {
			t.Errorf("%s keeps %q", id, st.Evidence.Summary)
		}
		if st := s.Step(id); st != nil && (st.Status == StatusDone) != (id == "verify") {
			t.Errorf("%s, looked at again, is %s", id, st.Status)
		}
	}
	s := fold(planned(), StepID("bucket"), StepSkipped{}, StepStarted{}, StepDone{Existed: true, Evidence: Evidence{Summary: T("now")}})
	if got := s.Step("bucket").Evidence.Summary.String(); got != "now" {
		t.Errorf("nothing is kept over something: %q", got)
	}
}

func TestChangesFromIntentToUndone(t *testing.T) {
	c := samplePlan().Steps[0].Changes[0]
	again := c
	again.Before, again.After = `{"a":2}`, `{"a":3}`
	s := fold(planned(), StepID("bucket"), ChangeIntended{Change: c}, ChangeIntended{Change: c, Marker: "m"})
	if len(s.Changes) != 1 || s.Changes[0].Marker != "m" || s.Pending(c.ID) == nil || s.Changed("bucket") {
		t.Fatalf("%+v", s.Changes)
	}
	fold(s, StepID("bucket"), ChangeMade{ID: c.ID, Live: c.After, Filled: map[string]string{"k": "v"}}, ChangeIntended{Change: again}, ChangeMade{ID: c.ID})
	if len(s.Changes) != 2 || s.Pending(c.ID) != nil || !s.Changed("bucket") || s.Filled["k"] != "v" {
		t.Fatalf("%+v", s.Changes)
	}
	back := s.Takebacks(Undo)
	if len(back) != 2 || back[0].Change.After != again.After {
		t.Errorf("not newest first: %+v", back)
	}
	if n := len(s.Takebacks(CleanUp)); n != 0 {
		t.Errorf("clean-up would take back %d things that are no helpers", n)
	}
	fold(s, ChangeUndone{ID: c.ID, Kept: T("busy")}, ChangeUndone{ID: c.ID}, ChangeUndone{ID: c.ID}, ChangeUndone{ID: c.ID}, ChangeMade{ID: "unheard of"})
	if s.Changed("bucket") || len(s.Takebacks(Undo)) != 0 {
		t.Errorf("%+v", s.Changes)
	}
}

func TestApprovalOfAnUndoEndsTheOther(t *testing.T) {
	s := planned()
	if s.Approval.By != "x" || len(s.Uncovered(s.Plan)) != 0 {
		t.Fatalf("%+v", s.Approval)
	}
	inv := samplePlan()
	inv.Purpose = Undo
	fold(s, PlanMade{Plan: inv, Digest: inv.Digest()})
	if len(s.Uncovered(inv)) != 2 {
		t.Error("an undo was approved by the approval of the move")
	}
	fold(s, Approved{Digest: inv.Digest()})
	if len(s.Uncovered(inv)) != 0 || len(s.Uncovered(s.Plan)) != 2 {
		t.Error("what is being taken back would be made again unasked")
	}
	if len(s.Steps) != 2 || s.Plan.Purpose != Migrate {
		t.Error("the inverse plan took the place of the plan")
	}
}

// TestTheEndStandsUntilWorkBegins: who looks at a plan and turns it down leaves the run
// as it was.
func TestTheEndStandsUntilWorkBegins(t *testing.T) {
	inv := samplePlan()
	inv.Purpose = Undo
	looked := []any{RunStarted{Purpose: Undo}, PlanMade{Plan: inv, Digest: inv.Digest()}}
	for _, tt := range []struct {
		name   string
		events []any
		ended  bool
	}{
		{"looked at", looked, true},
		{"approved", append(looked[:2:2], Approved{Digest: inv.Digest()}), false},
		{"nothing to approve", []any{RunStarted{}, StepID("bucket"), StepStarted{}}, false},
		{"taken back", append(looked[:2:2], UndoIntended{}), false},
		{"ended anew", append(looked[:2:2], Approved{Digest: inv.Digest()}, RunDone{}), true},
	} {
		s := fold(planned(), Paused{}, RunDone{OK: true})
		end := s.DoneAt
		fold(s, tt.events...)
		if (s.Done != nil) != tt.ended || tt.name == "looked at" && (s.DoneAt != end || s.DoneFor != Migrate || s.Paused == nil) {
			t.Errorf("%s: done %v at %s for %q", tt.name, s.Done, s.DoneAt, s.DoneFor)
		}
	}
}

func TestLogsAreBounded(t *testing.T) {
	s := planned()
	for i := range 5 * MaxLogs {
		fold(s, Log{Level: "info", Text: T("line %d", i)})
	}
	if len(s.Logs) >= 2*MaxLogs || s.Logs[len(s.Logs)-1].Text.String() != fmt.Sprintf("line %d", 5*MaxLogs-1) {
		t.Errorf("%d lines", len(s.Logs))
	}
}

// Two states that were one may go different ways.
func TestClonesGoTheirOwnWays(t *testing.T) {
	c := samplePlan().Steps[0].Changes[0]
	common := fold(planned(), StepID("bucket"), Log{Text: T("0")}, Log{Text: T("1")}, Log{Text: T("2")}, ChangeMade{Filled: map[string]string{"k": "before"}}, ChangeIntended{Change: c})
	other := common.Clone()
	fold(common, StepID("bucket"), Log{Text: T("common")}, ChangeMade{ID: c.ID, Filled: map[string]string{"k": "common"}}, StepStarted{})
	fold(other, StepID("bucket"), Log{Text: T("other")}, StepSkipped{}, ChangeMade{Filled: map[string]string{"k": "other"}})
	for want, s := range map[string]*State{"common": common, "other": other} {
		if got := s.Logs[3].Text.String(); got != want || s.Filled["k"] != want {
			t.Errorf("%s logs %q and fills %v", want, got, s.Filled)
		}
	}
	if common.Step("bucket").Status != StatusRunning || other.Pending(c.ID) == nil {
		t.Error("one changed the other")
	}
}

func TestOldRecordsAreIgnored(t *testing.T) {
	s := planned()
	before := s.Clone()
	s.Apply(Record{Seq: 2, Event: RunDone{}})
	if diff := cmp.Diff(before, s); diff != "" {
		t.Error(diff)
	}
}

// anyStory is a seeded run of every kind of event, on known and unknown steps.
func anyStory(seed uint64, n int) []Record {
	rnd := rand.New(rand.NewPCG(seed, 1))
	p := samplePlan()
	events := oneOfEach()
	c := p.Steps[0].Changes[0]
	events = append(events, ChangeMade{ID: c.ID}, ChangeUndone{ID: c.ID}, StepStarted{}, StepStarted{}, ChangeIntended{Change: c})
	ids := []StepID{"bucket", "snapshot", "unheard-of", ""}
	at := t0
	var out []Record
	for i := range n {
		at = at.Add(time.Duration(rnd.IntN(5000)) * time.Millisecond)
		out = append(out, Record{Seq: int64(i) + 1, At: at, Step: ids[rnd.IntN(len(ids))], Event: events[rnd.IntN(len(events))]})
	}
	return out
}

// A replay of the beginning, cloned, and then of the rest is the replay of the
// whole; and the clone is not touched by what comes after it.
func TestFoldOfPrefixAndSuffixIsFoldOfTheWhole(t *testing.T) {
	for seed := range uint64(200) {
		story := anyStory(seed, 120)
		var whole State
		for _, r := range story {
			whole.Apply(r)
		}
		cut := int(seed*7) % len(story)
		first := &State{}
		for _, r := range story[:cut] {
			first.Apply(r)
		}
		kept, dumped := first.Clone(), fmt.Sprintf("%+v", first.Clone())
		for _, r := range story[max(cut-10, 0):] { // a feed may overlap the replay
			first.Apply(r)
		}
		if diff := cmp.Diff(&whole, first); diff != "" {
			t.Fatalf("seed %d, cut at %d: %s", seed, cut, diff)
		}
		if got := fmt.Sprintf("%+v", kept); got != dumped {
			t.Fatalf("seed %d: a clone changed", seed)
		}
	}
}

func TestFoldNeverPanics(t *testing.T) {
	for _, r := range anyStory(3, 3000) {
		var s State
		s.Apply(r)
		if s.Seq != r.Seq {
			t.Errorf("%s was not counted", r.Event.Type())
		}
	}
}

func BenchmarkFold100000(b *testing.B) {
	story := make([]Record, 0, 100_000)
	p := samplePlan()
	story = append(story, Record{Seq: 1, At: t0, Event: PlanMade{Plan: p, Digest: p.Digest()}})
	c := p.Steps[0].Changes[0]
	for i := len(story); i < cap(story); i++ {
		var e Event = Progress{DoneBytes: int64(i)}
		switch i % 10 {
		case 0:
			c.Before = Doc(strings.Repeat("x", i%7))
			e = ChangeIntended{Change: c}
		case 1:
			e = ChangeMade{ID: c.ID}
		case 2:
			e = Log{Text: T("line")}
		}
		story = append(story, Record{Seq: int64(i) + 1, At: t0, Step: "bucket", Event: e})
	}
	b.ReportAllocs()
	for b.Loop() {
		var s State
		for _, r := range story {
			s.Apply(r)
		}
	}
}

// One thing changed twice: what the record names is what was taken back, and what
// lies in it is gone with it.
func TestTakenBackByTheRecordOfItsIntent(t *testing.T) {
	box := Ref{Kind: KindBucket, Name: "b"}
	in := NewAct("snapshot", Ref{Kind: KindSnapshot, Name: "s"}, "[]", T("s"))
	in.Within = box
	made, changed := NewChange("bucket", box, "", `{"a":1}`, T("b")), NewChange("bucket", box, `{"a":1}`, `{"a":2}`, T("b"))
	for _, tt := range []struct {
		name   string
		undone ChangeUndone
		want   []bool // of made, in, changed
	}{
		{"the older", ChangeUndone{ID: made.ID, Intent: 1}, []bool{true, true, false}},
		{"the newer, whose thing stays", ChangeUndone{ID: made.ID, Intent: 3, Live: `{"a":1}`}, []bool{false, false, true}},
		{"of an older journal", ChangeUndone{ID: made.ID, Live: `{"a":1}`}, []bool{false, false, true}},
		{"kept", ChangeUndone{ID: made.ID, Intent: 1, Kept: T("k")}, []bool{false, false, false}},
		{"unknown", ChangeUndone{ID: made.ID, Intent: 9}, []bool{false, false, false}},
	} {
		s := &State{}
		for i, e := range []Event{ChangeIntended{Change: made}, ChangeIntended{Change: in}, ChangeIntended{Change: changed}, tt.undone} {
			s.Apply(Record{Seq: int64(i + 1), At: time.Unix(int64(i+1), 0), Event: e})
		}
		for i, want := range tt.want {
			if got := !s.Changes[i].Undone.IsZero(); got != want {
				t.Errorf("%s: change %d taken back: %v", tt.name, i, got)
			}
		}
	}
}

// A proof tells how many shards it has looked at, after the step has told how
// many bytes it moved.
func TestAProofsProgressKeepsWhatWasMoved(t *testing.T) {
	s := &State{Steps: []StepState{{ID: "snapshot"}}}
	for i, p := range []Progress{{DoneBytes: 5, TotalBytes: 9}, {DoneBytes: 9, TotalBytes: 9, DoneShards: 2, TotalShards: 2}, {DoneShards: 1, TotalShards: 2}} {
		s.Apply(Record{Seq: int64(i + 1), Step: "snapshot", Event: p})
	}
	if p := s.Steps[0].Progress; p.TotalBytes != 9 || p.DoneBytes != 9 || p.DoneShards != 1 {
		t.Errorf("%+v", p)
	}
}
