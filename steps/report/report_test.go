package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/steps"
)

var update = flag.Bool("update", false, "write the golden files anew")

var t0 = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

// story folds a migration as the engine writes it, one event every ten seconds.
func story(s *steps.State, events ...any) *steps.State {
	step := steps.StepID("")
	for _, e := range events {
		switch e := e.(type) {
		case steps.StepID:
			step = e
		case steps.Event:
			seq := s.Seq + 1
			s.Apply(steps.Record{Seq: seq, At: t0.Add(time.Duration(seq) * 10 * time.Second), Step: step, Event: e})
		}
	}
	return s
}

func plan() steps.Plan {
	bucket := steps.NewChange("bucket", steps.Ref{Kind: steps.KindBucket, Side: steps.Source, Name: "acme-move"}, "", `{"a":1}`, steps.T("Create the bucket %s", "acme-move"))
	share := steps.NewChange("share-bucket", steps.Ref{Kind: steps.KindBucketPolicy, Side: steps.Target, Name: "acme-move"}, `{}`, `{"b":1}`, steps.T("Let <the other side> read"))
	share.Helper = true
	snap := steps.NewAct("snapshot", steps.Ref{Kind: steps.KindSnapshot, Side: steps.Source, Name: "s-1", In: "ferry"}, `["logs-1"]`, steps.T("Take the snapshot"))
	restore := steps.NewAct("restore", steps.Ref{Kind: steps.KindIndices, Side: steps.Target, Name: "s-1"}, `["logs-1"]`, steps.T("Restore 1 index"))
	restore.Deletes = []string{"old|logs-1"}
	return steps.Plan{
		RunID: "run-1",
		Steps: []steps.StepPlan{
			{ID: "bucket", Side: steps.Source, Title: steps.T("Bucket"), Changes: []steps.Change{bucket}},
			{ID: "share-bucket", Side: steps.Target, Title: steps.T("Sharing"), Changes: []steps.Change{share}},
			{ID: "snapshot", Side: steps.Source, Title: steps.T("Snapshot"), Changes: []steps.Change{snap}},
			{ID: "restore", Side: steps.Target, Title: steps.T("Restore"), Changes: []steps.Change{restore}},
		},
		Moves: []steps.Move{{Index: "logs-1", As: "old|logs-1", Docs: 300_000, Bytes: 5 << 30, Primaries: 5, Replicas: 1}},
		Stays: []steps.Stay{{What: "index", Name: ".opendistro_security", Count: 1, Why: steps.T("A restore that contains it is refused.")}},
		Estimate: steps.Estimate{
			Bytes: 5 << 30, Snapshot: 2 * time.Minute, Restore: 90 * time.Second,
			Basis: []steps.Text{steps.T("40 MiB/s each way")}, Cost: []steps.Text{steps.T("S3 requests and storage")},
		},
	}
}

func begun() *steps.State {
	p := plan()
	return story(&steps.State{}, steps.RunStarted{RunID: "run-1", Program: "snapferry 1.0"}, steps.PlanMade{Plan: p, Digest: p.Digest()}, steps.Approved{Digest: p.Digest()})
}

func done(s *steps.State, id steps.StepID) *steps.State {
	c := s.Step(id)
	var change steps.Change
	for _, sp := range s.Plan.Steps {
		if sp.ID == c.ID {
			change = sp.Changes[0]
		}
	}
	return story(
		s, id, steps.StepStarted{}, steps.ChangeIntended{Change: change}, steps.Progress{TotalBytes: 5 << 30, TotalShards: 5},
		steps.ChangeMade{ID: change.ID}, steps.StepDone{Evidence: steps.Evidence{Summary: steps.T("%d of %d read back.", 1, 1), Lines: []steps.Text{steps.T("a & b")}, Data: json.RawMessage(`{"n":1}`)}},
	)
}

// stories are the reports there are, each with its golden files.
func stories() map[string]*steps.State {
	whole := begun()
	for _, id := range []steps.StepID{"bucket", "share-bucket", "snapshot", "restore"} {
		done(whole, id)
	}
	undone := whole.Clone()
	story(whole, steps.RunDone{OK: true})
	story(
		undone, steps.RunDone{OK: true}, steps.RunStarted{RunID: "run-1", Program: "snapferry 1.0", Purpose: steps.Undo},
		steps.StepID("restore"), steps.ChangeUndone{ID: undone.Changes[3].Change.ID}, steps.ChangeUndone{ID: undone.Changes[1].Change.ID, Kept: steps.T("edited since.")},
		steps.StepID(""), steps.RunDone{OK: true, Kept: []steps.Stay{{What: "bucket-policy", Name: "acme-move", Count: 1, Why: steps.T("edited since."), How: steps.T("Delete it by hand")}}},
	)
	failed := story(
		done(begun(), "bucket"), steps.StepID("share-bucket"), steps.StepStarted{}, steps.ChangeIntended{Change: plan().Steps[1].Changes[0]},
		steps.StepFailed{Diagnosis: steps.Diagnosis{Layer: "s3", Summary: steps.T("Access denied"), Causes: []steps.Cause{{ID: "x", Summary: steps.T("No right"), Fix: steps.T("Give it")}, {ID: "y", Summary: steps.T("Or this")}}}},
		steps.StepID(""), steps.RunDone{ExitCode: 1},
	)
	stopped := story(done(begun(), "bucket"), steps.Paused{Why: steps.T("asked")}, steps.RunDone{ExitCode: 130})
	return map[string]*steps.State{"done": whole, "undone": undone, "failed": failed, "stopped": stopped, "begun": begun(), "nothing": {}}
}

func options() Options {
	return Options{Resume: "snapferry run", Undo: "snapferry undo", Accounts: map[steps.Side]string{steps.Source: "111111111111"}}
}

// TestTurnedDown: a clean-up that was looked at and not approved leaves the report.
func TestTurnedDown(t *testing.T) {
	s := stories()["done"]
	before := New(s, options())
	story(s, steps.RunStarted{RunID: "run-1", Program: "snapferry 1.0", Purpose: steps.CleanUp}, steps.PlanMade{Plan: steps.Plan{Purpose: steps.CleanUp}})
	if after := New(s, options()); after.Outcome != Done || after.Ended != before.Ended {
		t.Errorf("%s, ended %s; was %s, ended %s", after.Outcome, after.Ended, before.Outcome, before.Ended)
	}
}

func TestGolden(t *testing.T) {
	for name, s := range stories() {
		r := New(s, options())
		for ext, got := range map[string][]byte{"md": written(r.Markdown), "html": written(r.HTML), "json": written(r.JSON)} {
			path := filepath.Join("testdata", name+"."+ext)
			if *update {
				if err := os.WriteFile(path, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s.%s: %s", name, ext, diff)
			}
		}
	}
}

func TestOutcomes(t *testing.T) {
	want := map[string]Outcome{"done": Done, "undone": TakenBack, "failed": Failed, "stopped": Stopped, "begun": Unfinished, "nothing": Unfinished}
	for name, s := range stories() {
		r := New(s, Options{})
		if r.Outcome != want[name] {
			t.Errorf("%s: %s", name, r.Outcome)
		}
		if arrived := name == "done"; r.Moved.Arrived != arrived || (len(r.DayAfter) > 0) != arrived {
			t.Errorf("%s: arrived %v, %d things for the day after", name, r.Moved.Arrived, len(r.DayAfter))
		}
	}
}

func TestWhatAReaderNeedsIsSaid(t *testing.T) {
	for name, tt := range map[string]struct{ says, not []string }{
		"begun":   {[]string{"Go on with: snapferry run", "was killed", "## What is to be moved"}, nil},
		"stopped": {[]string{"Go on with: snapferry run"}, nil},
		"failed":  {[]string{"Go on with: snapferry run"}, nil},
		"nothing": {nil, []string{"Go on with"}},
		"done":    {[]string{"no undo brings back: 1.", `- Deleted on the target: old\|logs-1`, "## What was moved\n"}, []string{"Go on with"}},
		"undone": {
			[]string{"## What was moved, and taken back since\n", "## What was left where it is, and why", "edited since. | Delete it by hand"},
			[]string{"Go on with", "What is to be moved"},
		},
	} {
		md := string(written(New(stories()[name], options()).Markdown))
		for _, s := range tt.says {
			if !strings.Contains(md, s) {
				t.Errorf("%s does not say %q:\n%s", name, s, md)
			}
		}
		for _, s := range tt.not {
			if strings.Contains(md, s) {
				t.Errorf("%s says %q:\n%s", name, s, md)
			}
		}
	}
}

// A run after an undo is told of alone; its durations are its own.
func TestARunAfterAnUndoHasItsOwnDurations(t *testing.T) {
	first := New(stories()["done"], options())
	s := stories()["undone"]
	for _, c := range s.Changes {
		if c.Undone.IsZero() {
			story(s, c.Step, steps.ChangeUndone{ID: c.Change.ID})
		}
	}
	p := plan()
	story(s, steps.RunStarted{RunID: "run-1"}, steps.PlanMade{Plan: p, Digest: p.Digest()}, steps.Approved{Digest: p.Digest()})
	for _, id := range []steps.StepID{"bucket", "share-bucket", "snapshot", "restore"} {
		done(s, id)
	}
	again := New(story(s, steps.RunDone{OK: true}), options())
	if d := cmp.Diff(first.Moved, again.Moved); d != "" || again.Guess.SnapshotSeconds != first.Guess.SnapshotSeconds {
		t.Errorf("the second run's account: %s", d)
	}
}

func TestJSONIsOneLine(t *testing.T) {
	for name, s := range stories() {
		if b := written(New(s, options()).JSON); bytes.Count(b, []byte("\n")) != 1 || b[len(b)-1] != '\n' {
			t.Errorf("%s: %q", name, b)
		}
	}
}

// A killed and resumed run tells the same story as one that was not.
func TestResumedRunHasTheSameReport(t *testing.T) {
	whole, killed := begun(), begun()
	for _, id := range []steps.StepID{"bucket", "share-bucket", "snapshot", "restore"} {
		done(whole, id)
	}
	done(killed, "bucket")
	done(killed, "share-bucket")
	c := plan().Steps[2].Changes[0]
	story(killed, steps.StepID("snapshot"), steps.StepStarted{}, steps.ChangeIntended{Change: c}, steps.RunStarted{RunID: "run-1", Program: "snapferry 1.0", Resumed: true})
	existed := steps.StepDone{Existed: true, Evidence: whole.Step("bucket").Evidence}
	story(killed, steps.StepID("bucket"), steps.StepStarted{}, existed, steps.StepID("share-bucket"), steps.StepStarted{}, existed)
	done(killed, "snapshot")
	done(killed, "restore")
	want, got := New(story(whole, steps.RunDone{OK: true}), options()), New(story(killed, steps.RunDone{OK: true}), options())
	for _, r := range []*Report{&want, &got} {
		r.Ended, r.Spent = t0, steps.Spent{}
		for i := range r.Changed {
			r.Changed[i].Intended = t0
		}
		for i := range r.Steps {
			r.Steps[i].Seconds = 0
		}
		for i := range r.Moved.Legs {
			r.Moved.Legs[i].Seconds = 0
		}
		r.Guess.SnapshotSeconds, r.Guess.RestoreSeconds = 0, 0
	}
	if diff := cmp.Diff(string(written(want.JSON)), string(written(got.JSON))); diff != "" {
		t.Error(diff)
	}
}

func TestNothingFromOutsideBecomesMarkup(t *testing.T) {
	s := begun()
	evil := "<script>alert(1)</script>&\"'|`*[x](y)\nnext"
	s.Plan.Moves[0].Index = evil
	s.Plan.Stays[0].Why = steps.T("%s", evil)
	r := New(s, Options{})
	for name, got := range map[string][]byte{"HTML": written(r.HTML), "Markdown": written(r.Markdown)} {
		if bytes.Contains(got, []byte("<script")) {
			t.Errorf("%s holds a script", name)
		}
	}
	for _, line := range strings.Split(string(written(r.Markdown)), "\n") {
		if strings.Contains(line, "alert(1)") && !strings.HasPrefix(line, "| ") {
			t.Errorf("broke out of its row: %s", line)
		}
	}
	var back Report
	if err := json.Unmarshal(written(r.JSON), &back); err != nil || back.Moved.Indices[0].Index != evil {
		t.Errorf("%+v, %v", back.Moved.Indices, err)
	}
}

func TestHTMLIsWellFormedAndFetchesNothing(t *testing.T) {
	for name, s := range stories() {
		page := written(New(s, options()).HTML)
		if bytes.Contains(page, []byte("http")) || bytes.Contains(page, []byte("src=")) {
			t.Errorf("%s fetches something", name)
		}
		dec := xml.NewDecoder(bytes.NewReader(page))
		for {
			_, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
}

func TestMaskReachesEveryForm(t *testing.T) {
	o := options()
	o.Mask = steps.NewMasker(steps.Name{Value: "acme-move", As: "MOVE-BUCKET"}, steps.Name{Value: "111111111111", As: "SOURCE-ACCOUNT"})
	r := New(stories()["done"], o)
	for name, got := range map[string][]byte{"HTML": written(r.HTML), "Markdown": written(r.Markdown), "JSON": written(r.JSON)} {
		if bytes.Contains(got, []byte("acme-move")) || bytes.Contains(got, []byte("111111111111")) || !bytes.Contains(got, []byte("MOVE-BUCKET")) {
			t.Errorf("%s is not masked", name)
		}
	}
}

func TestAnotherLanguage(t *testing.T) {
	o := options()
	o.Say = func(t steps.Text) string { return strings.ToUpper(t.String()) }
	if got := string(written(New(stories()["done"], o).Markdown)); !strings.Contains(got, "## WHAT WAS MOVED") {
		t.Error(got)
	}
}

func TestBrokenEvidenceDoesNotHideTheRest(t *testing.T) {
	s := stories()["done"]
	s.Step("bucket").Evidence.Data = json.RawMessage(`{`)
	var back Report
	if err := json.Unmarshal(written(New(s, Options{}).JSON), &back); err != nil || len(back.Proven) != 4 {
		t.Errorf("%d proofs, %v", len(back.Proven), err)
	}
}

func TestSpan(t *testing.T) {
	for in, want := range map[float64]string{0: "0.0 s", 0.42: "0.4 s", 9.94: "9.9 s", 12.4: "12 s", 59.9: "1:00 min", 187: "3:07 min", 3599.9: "1:00 h", 7500: "2:05 h"} {
		if got := span(in); got != want {
			t.Errorf("%v: %s, want %s", in, got, want)
		}
	}
}

// A leg that ended while the program was dead tells what was planned to move.
func TestLegNobodyWatched(t *testing.T) {
	p := steps.Plan{
		Moves: []steps.Move{{Index: "a", As: "a", Bytes: 10, Primaries: 2}, {Index: "b", As: "b", Bytes: 5, Primaries: 1}},
		Steps: []steps.StepPlan{{ID: "snapshot", Side: steps.Source, Changes: []steps.Change{steps.NewAct("snapshot", steps.Ref{Kind: steps.KindSnapshot, Name: "s"}, "{}", steps.T("s"))}}},
	}
	s := story(&steps.State{}, steps.RunStarted{RunID: "r"}, steps.PlanMade{Plan: p, Digest: p.Digest()}, steps.Approved{Digest: p.Digest()},
		steps.StepID("snapshot"), steps.StepStarted{}, steps.ChangeIntended{Change: p.Steps[0].Changes[0]}, steps.ChangeMade{ID: p.Steps[0].Changes[0].ID},
		steps.StepDone{Evidence: steps.Evidence{Summary: steps.T("there")}})
	legs := New(s, Options{}).Moved.Legs
	if len(legs) != 1 || legs[0].Bytes != 15 || legs[0].Shards != 3 {
		t.Errorf("%+v", legs)
	}
}

// TestDocumentsAsProven: once a proof has counted, its figure goes before the plan's,
// in which every object of a nested field is a document.
func TestDocumentsAsProven(t *testing.T) {
	const guessed, proven = "Documents: 300,000, as _cat/indices counts", "an object in a nested field is one there, too."
	for name, c := range map[string]struct{ data, want string }{
		"counted":                {`{"indices":[{"as":"old|logs-1","target_docs":290000}]}`, proven},
		"with nested objects":    {`{"indices":[{"as":"old|logs-1","target_docs":300000,"nested_counted":true}]}`, guessed},
		"of another index":       {`{"indices":[{"as":"other","target_docs":290000}]}`, guessed},
		"not of what is counted": {`{"n":1}`, guessed},
	} {
		p := plan()
		p.Steps = append(p.Steps, steps.StepPlan{ID: "verify", Changes: []steps.Change{steps.NewAct("verify", steps.Ref{Kind: steps.KindProof, Name: "s-1"}, `{}`, steps.T("Proof"))}})
		s := story(&steps.State{}, steps.RunStarted{RunID: "run-1"}, steps.PlanMade{Plan: p, Digest: p.Digest()}, steps.StepID("verify"), steps.StepStarted{})
		if page := string(written(New(s, options()).Markdown)); !strings.Contains(page, guessed) {
			t.Errorf("%s, before it is proven: %s", name, page)
		}
		story(s, steps.StepID("verify"), steps.StepDone{Evidence: steps.Evidence{Summary: steps.T("equal"), Data: json.RawMessage(c.data)}})
		if page := string(written(New(s, options()).Markdown)); !strings.Contains(page, c.want) {
			t.Errorf("%s: %s", name, page)
		}
		if p.Moves[0].Docs != 300_000 || s.Plan.Moves[0].Docs != 300_000 {
			t.Errorf("%s: the plan became another", name)
		}
	}
}

// TestTheProofComesFirst: of what was proven, what it was all for stands on top, and what
// was read back on the way last, each in the order of the plan.
func TestTheProofComesFirst(t *testing.T) {
	s := &steps.State{RunID: "r"}
	for _, c := range []steps.Change{
		steps.NewChange("bucket", steps.Ref{Kind: steps.KindBucket, Name: "b"}, steps.Absent, "{}", steps.T("Bucket")),
		steps.NewAct("snapshot", steps.Ref{Kind: steps.KindSnapshot, Name: "s"}, "{}", steps.T("Snapshot")),
		steps.NewChange("role", steps.Ref{Kind: steps.KindRole, Name: "r"}, steps.Absent, "{}", steps.T("Role")),
		steps.NewAct("verify", steps.Ref{Kind: steps.KindProof, Name: "s"}, "{}", steps.T("Proof")),
	} {
		s.Plan.Steps = append(s.Plan.Steps, steps.StepPlan{ID: c.Step, Changes: []steps.Change{c}})
		s.Steps = append(s.Steps, steps.StepState{ID: c.Step, Status: steps.StatusDone, Evidence: steps.Evidence{Summary: steps.T("so")}})
	}
	var got []string
	for _, p := range New(s, Options{}).Proven {
		got = append(got, string(p.Step))
	}
	if d := cmp.Diff([]string{"verify", "snapshot", "bucket", "role"}, got); d != "" {
		t.Error(d)
	}
}
