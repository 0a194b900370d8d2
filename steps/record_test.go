package steps

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var t0 = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func samplePlan() Plan {
	ref := Ref{Kind: KindBucket, Side: Source, Name: "acme-move"}
	return Plan{
		RunID: "run-1",
		Steps: []StepPlan{
			{ID: "bucket", Side: Source, Title: T("Bucket"), Changes: []Change{NewChange("bucket", ref, "", `{"a":1}`, T("Create %s", "acme-move"))}},
			{ID: "snapshot", Side: Source, Title: T("Snapshot"), Changes: []Change{NewAct("snapshot", Ref{Kind: KindSnapshot, Side: Source, Name: "s", In: "r"}, `["i"]`, T("Take it"))}},
		},
		Moves: []Move{{Index: "i", As: "i", Docs: 3, Bytes: 9}},
	}
}

// oneOfEach holds an event of every type with every field set.
func oneOfEach() []Event {
	p := samplePlan()
	d := Diagnosis{Layer: "fgac", Refused: "es:ESHttpPut", Summary: T("No permissions"), Causes: []Cause{{ID: "c", Summary: T("s"), Confirm: T("c"), Fix: T("f")}}, Unknown: true, Body: "{}"}
	return []Event{
		RunStarted{RunID: "run-1", Resumed: true, Purpose: Undo, Program: "1.0", Answers: "abc"},
		PlanMade{Plan: p, Digest: p.Digest()},
		Approved{Digest: p.Digest(), By: "--yes"},
		StepStarted{},
		StepDone{Evidence: Evidence{Summary: T("%d of %d", 3, 3), Lines: []Text{T("line")}, Data: json.RawMessage(`{"n":1}`)}, Existed: true},
		StepFailed{Diagnosis: d},
		StepSkipped{Why: T("why")},
		ChangeIntended{Change: p.Steps[0].Changes[0], Marker: "m"},
		ChangeMade{ID: "x", Live: `{"a":1}`, Filled: map[string]string{"h": "v"}},
		ActBegun{Data: json.RawMessage(`{"indices":["logs-1"]}`)},
		ChangeRefused{ID: "x", Why: T("not authorized")},
		UndoIntended{ID: "x", Live: `{"a":1}`, Want: `{}`},
		ChangeUndone{ID: "x", Live: `{}`, Kept: T("kept")},
		Progress{DoneBytes: 1, TotalBytes: 2, DoneShards: 3, TotalShards: 4, BytesPerSecond: 5, ETASeconds: 6, Items: []ItemProgress{{Name: "i", DoneBytes: 1, Stage: "index"}}},
		Waiting{Reason: T("for %s", "it"), Since: t0},
		Log{Level: "warn", Text: T("text")},
		Paused{Why: T("why"), Resume: "snapferry run"},
		Continued{},
		RunDone{OK: true, ExitCode: 0, Report: "report.md", Kept: []Stay{{What: "index", Count: 2, Why: T("written to")}}},
	}
}

func TestRecordsSurviveJSON(t *testing.T) {
	seen := map[string]bool{}
	for i, e := range oneOfEach() {
		want := Record{Seq: int64(i) + 1, At: t0, Step: "bucket", Event: e}
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var flat map[string]any
		if err := json.Unmarshal(b, &flat); err != nil || flat["type"] != e.Type() || flat["step"] != "bucket" {
			t.Errorf("%s: %s", e.Type(), b)
		}
		if !strings.HasPrefix(string(b), `{"type":"`+e.Type()+`","seq":`) {
			t.Errorf("a reader wants the type first: %s", b)
		}
		var got Record
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", e.Type(), diff)
		}
		seen[e.Type()] = true
	}
	for name := range decoders {
		if !seen[name] {
			t.Errorf("no sample of %s", name)
		}
	}
}

// The head's fields must not be hidden by an event's.
func TestNoEventFieldHidesTheHead(t *testing.T) {
	for _, e := range oneOfEach() {
		b, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var flat map[string]any
		if err := json.Unmarshal(b, &flat); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"type", "seq", "at", "step"} {
			if _, ok := flat[name]; ok {
				t.Errorf("%s has a field %s of its own", e.Type(), name)
			}
		}
	}
}

func TestRecordsOfLaterVersionsAreKept(t *testing.T) {
	line := `{"type":"moon_rose","seq":7,"at":"2026-11-22T10:00:00Z","step":"snapshot","phase":[1,2]}`
	var r Record
	if err := json.Unmarshal([]byte(line), &r); err != nil {
		t.Fatal(err)
	}
	if r.Seq != 7 || r.Step != "snapshot" || r.Event.Type() != "moon_rose" {
		t.Errorf("%+v", r)
	}
	b, err := json.Marshal(r)
	if err != nil || string(b) != line {
		t.Errorf("passed on as %s, %v", b, err)
	}
	s := State{Seq: 6}
	s.Apply(r)
	if s.Unknown != 1 || s.Seq != 7 {
		t.Errorf("%+v", s)
	}
}

func TestWhatIsNoRecord(t *testing.T) {
	for _, line := range []string{``, `{}`, `[]`, `{"type":"log"}`, `{"seq":3}`, `{"type":"log","seq":"x"}`, `{"type":"log","seq":1,"level":5}`} {
		var r Record
		if err := json.Unmarshal([]byte(line), &r); err == nil {
			t.Errorf("%q passed for %+v", line, r)
		}
	}
	if _, err := json.Marshal(Record{Seq: 1}); err == nil {
		t.Error("a record without an event was written")
	}
}

func TestDurable(t *testing.T) {
	shown := map[string]bool{"progress": true, "waiting": true, "log": true}
	for _, e := range oneOfEach() {
		if Durable(e) == shown[e.Type()] {
			t.Errorf("%s: durable %v", e.Type(), Durable(e))
		}
	}
}
