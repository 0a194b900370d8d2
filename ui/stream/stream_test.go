package stream

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/language"

	"snapferry/steps"
	"snapferry/ui/board"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.Local)

func record(after time.Duration, step steps.StepID, e steps.Event) steps.Record {
	return steps.Record{Seq: 1, At: noon.Add(after), Step: step, Event: e}
}

func TestLines(t *testing.T) {
	var out bytes.Buffer
	l := NewLines(&out, board.NewWords(language.English, nil), 0, 0)
	waiting := steps.Waiting{Reason: steps.T("the service to see role %s", "r"), Since: noon}
	batch := []steps.Record{
		record(0, "", steps.RunStarted{RunID: "r1"}),
		record(0, "source-role", steps.StepStarted{}),
		record(time.Second, "source-role", waiting),
		record(2*time.Second, "source-role", waiting), // said once
		record(2*time.Second, "source-role", steps.Waiting{Reason: steps.T("the service to see role %s", "s"), Since: noon}),
		record(3*time.Second, "source-role", steps.StepDone{Evidence: steps.Evidence{Summary: steps.T("read back")}}),
		record(3*time.Second, "snapshot", steps.StepStarted{}),
		record(4*time.Second, "snapshot", steps.Progress{DoneBytes: 10, TotalBytes: 100}), // too soon for a line
		record(6*time.Second, "snapshot", steps.Progress{DoneBytes: 50, TotalBytes: 100}),
		record(6*time.Second, "snapshot", steps.Progress{DoneBytes: 100, TotalBytes: 100}), // the end is always said
		record(7*time.Second, "snapshot", steps.StepFailed{Diagnosis: steps.Diagnosis{Layer: "s3", Summary: steps.T("refused"), Causes: []steps.Cause{{Summary: steps.T("policy"), Fix: steps.T("add it")}}}}),
		record(8*time.Second, "", steps.RunDone{Report: "report.md"}),
	}
	if err := l.Records(batch); err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		"12:00:00                     run r1",
		"12:00:00  source-role        starts",
		"12:00:01  source-role        waiting for: the service to see role r",
		"12:00:03  source-role        done: read back",
		"12:00:03  snapshot           starts",
		"12:00:06  snapshot           [#####-----] 50 %  50 B of 100 B",
		"12:00:06  snapshot           [##########] 100 %  100 B of 100 B",
		"12:00:07  snapshot           failed: refused",
		"12:00:07  snapshot           layer s3",
		"12:00:07  snapshot           cause 1  policy",
		"12:00:07  snapshot             fix      add it",
		"12:00:08                     ended with an error",
		"12:00:08                     report: report.md",
		"",
	}, "\n")
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Error(d)
	}
}

// TestLinesFitTheTerminal: words go on under their own column; a document stays
// as it is, to be compared and copied.
func TestLinesFitTheTerminal(t *testing.T) {
	var out bytes.Buffer
	l := NewLines(&out, board.NewWords(language.English, nil), board.WholeDiffs, 60)
	long := strings.Repeat("x", 70)
	c := steps.NewChange("bucket", steps.Ref{Name: "b"}, "", steps.Doc(`{"k":"`+long+`"}`), steps.T("a bucket with a long story about how it came to be what it is"))
	err := l.Records([]steps.Record{
		record(0, "", steps.PlanMade{Plan: steps.Plan{Steps: []steps.StepPlan{{ID: "bucket", Title: steps.T("Bucket %s", "b"), Side: steps.Source, Changes: []steps.Change{c}}}}}),
		record(0, "bucket", steps.StepStarted{}),
		record(0, "bucket", steps.StepSkipped{Why: steps.T("somebody else has done all of this a long time ago")}),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Plan   1 to create, 0 to change, 0 to do, 0 exist, nothing\n       is deleted\n",
		"      +   \"k\": \"" + long + "\"\n",
		"12:00:00  bucket             starts: Bucket b\n",
		"12:00:00  bucket             skipped: Bucket b: somebody\n                             else has done all of this a\n                             long time ago\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

// TestTakenBackInWords: what was taken back is named as its plan named it.
func TestTakenBackInWords(t *testing.T) {
	var out bytes.Buffer
	l := NewLines(&out, board.NewWords(language.English, nil), 0, 0)
	role := steps.NewChange("source-role", steps.Ref{Kind: steps.KindRole, Side: steps.Source, Name: "r"}, "{}", "", steps.T("Take back: %s", steps.T("role %s", "r")))
	err := l.Records([]steps.Record{
		record(0, "", steps.PlanMade{Plan: steps.Plan{Steps: []steps.StepPlan{{ID: "source-role", Side: steps.Source, Changes: []steps.Change{role}}}}}),
		record(0, "source-role", steps.ChangeUndone{ID: role.ID}),
		record(0, "source-role", steps.ChangeUndone{ID: role.ID, Kept: steps.T("edited since")}),
		record(0, "source-role", steps.ChangeUndone{ID: "of another plan"}),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{" taken back: role r\n", " left as it is: role r: edited since\n", " taken back: of another plan\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestHeartbeat(t *testing.T) {
	var out bytes.Buffer
	l := NewLines(&out, board.NewWords(language.English, nil), 0, 0)
	beat := func(after time.Duration) string {
		out.Reset()
		if err := l.Beat(noon.Add(after)); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if s := beat(time.Hour); s != "" {
		t.Errorf("nothing runs, but it says %q", s)
	}
	if err := l.Records([]steps.Record{record(0, "restore", steps.StepStarted{})}); err != nil {
		t.Fatal(err)
	}
	if s := beat(9 * time.Second); s != "" {
		t.Errorf("too early: %q", s)
	}
	if s := beat(10 * time.Second); !strings.Contains(s, "still at work") {
		t.Errorf("silent step: %q", s)
	}
	if err := l.Records([]steps.Record{record(11*time.Second, "restore", steps.Waiting{Reason: steps.T("green health"), Since: noon})}); err != nil {
		t.Fatal(err)
	}
	if s := beat(30 * time.Second); !strings.Contains(s, "still waiting for: green health (since 12:00:00)") {
		t.Errorf("%q", s)
	}
	if err := l.Records([]steps.Record{record(31*time.Second, "restore", steps.Waiting{Reason: steps.T("%s", "another thing"), Since: noon})}); err != nil {
		t.Fatal(err)
	}
	if s := beat(45 * time.Second); !strings.Contains(s, "another thing") {
		t.Errorf("%q", s)
	}
	if err := l.Records([]steps.Record{record(46*time.Second, "restore", steps.StepDone{})}); err != nil {
		t.Fatal(err)
	}
	if s := beat(time.Hour); s != "" {
		t.Errorf("the step is done, but it says %q", s)
	}
}

func TestJSONLines(t *testing.T) {
	var out bytes.Buffer
	j, err := NewJSON(&out, Header{Program: "snapferry test"}, steps.NewMasker())
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Records([]steps.Record{record(0, "bucket", steps.StepSkipped{Why: steps.T("account %s", "111122223333")})}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines: %q", len(lines), out.String())
	}
	var header, skipped map[string]any
	for i, dst := range []*map[string]any{&header, &skipped} {
		if err := json.Unmarshal([]byte(lines[i]), dst); err != nil {
			t.Fatalf("line %d is no JSON object: %v", i, err)
		}
	}
	if header["type"] != "header" || header["schema"] != Schema {
		t.Errorf("header %v", header)
	}
	if skipped["type"] != "step_skipped" || skipped["step"] != "bucket" || skipped["seq"] != float64(1) {
		t.Errorf("record %v", skipped)
	}
	if strings.Contains(out.String(), "111122223333") {
		t.Error("the account id is not masked")
	}
}
