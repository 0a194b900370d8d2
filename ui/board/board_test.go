package board

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/language"

	"snapferry/steps"
)

var english = NewWords(language.English, nil)

func TestAbout(t *testing.T) {
	for d, want := range map[time.Duration]string{300 * time.Millisecond: "less than a second", 42 * time.Second: "42 s", 16 * time.Minute: "16 min", 150 * time.Minute: "2 h 30 min"} {
		if got := About(d); got != want {
			t.Errorf("About(%s) = %q, wants %q", d, got, want)
		}
	}
}

func TestProgressLine(t *testing.T) {
	cases := []struct {
		name string
		p    steps.Progress
		want string
	}{
		{"nothing known", steps.Progress{}, ""},
		{"shards alone", steps.Progress{DoneShards: 1, TotalShards: 4}, "[##--------] shards 1 of 4"},
		{"all", steps.Progress{DoneBytes: 276 << 30, TotalBytes: 412 << 30, DoneShards: 112, TotalShards: 168, BytesPerSecond: 148 << 20, ETASeconds: 960}, "[######----] 66 %  276 GiB of 412 GiB, shards 112 of 168, 148 MiB/s, about 16 min left"},
		{"too early to guess", steps.Progress{DoneBytes: 1 << 20, TotalBytes: 412 << 30, BytesPerSecond: 1 << 20, ETASeconds: 99999}, "[----------] 0 %  1.0 MiB of 412 GiB, 1.0 MiB/s"},
		{"never 100 before the end", steps.Progress{DoneBytes: 999, TotalBytes: 1000}, "[#########-] 99 %  999 B of 1000 B"},
		{"the end", steps.Progress{DoneBytes: 7, TotalBytes: 7}, "[##########] 100 %  7 B of 7 B"},
	}
	for _, c := range cases {
		if got := ProgressLine(c.p); got != c.want {
			t.Errorf("%s: %q, wants %q", c.name, got, c.want)
		}
	}
}

func TestPlanLines(t *testing.T) {
	role := steps.NewChange("source-role", steps.Ref{Kind: steps.KindRole, Side: steps.Source, Name: "acme-snap"}, "", `{"a":1}`, steps.T("role %s", "acme-snap"))
	bucket := steps.NewChange("bucket", steps.Ref{Kind: steps.KindBucket, Side: steps.Source, Name: "acme"}, `{}`, `{}`, steps.T("s3://%s", "acme"))
	p := steps.Plan{
		Steps:    []steps.StepPlan{{ID: "bucket", Side: steps.Source, Changes: []steps.Change{bucket}}, {ID: "source-role", Side: steps.Source, Changes: []steps.Change{role}}},
		Moves:    []steps.Move{{Index: "logs-1", As: "old-logs-1", Bytes: 5 << 30, Docs: 7, Primaries: 5, Replicas: 1}},
		Stays:    []steps.Stay{{What: "index", Name: ".kibana_1", Count: 1, Why: steps.T("dashboards objects move by export")}, {What: "template", Count: 3, Why: steps.T("not carried by a snapshot")}},
		Estimate: steps.Estimate{Snapshot: time.Minute, Restore: 2 * time.Minute, Cost: []steps.Text{steps.T("requests")}},
	}
	got := strings.Join(Strings(english.PlanLines(p, 0)), "\n")
	want := strings.Join([]string{
		"Plan   1 to create, 0 to change, 0 to do, 1 exist, nothing is deleted",
		"= exists  bucket             source        s3://acme",
		"+ create  source-role        source        role acme-snap",
		"",
		"Moves  1 index, 7 documents by _cat/indices, 5.0 GiB",
		"       logs-1 as old-logs-1                        5.0 GiB  5 × 2 shards",
		"",
		"Stays  what is left where it is, and why",
		"       index .kibana_1                          dashboards objects move by export",
		"       3 × template                             not carried by a snapshot",
		"",
		"Time   snapshot about 60 s, restore about 2 min",
		"Cost   requests",
	}, "\n")
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestPlanNamesWhatARestoreDestroys(t *testing.T) {
	act := steps.NewChange("restore", steps.Ref{Kind: steps.KindIndices, Side: steps.Target, Name: "s"}, "", steps.Doc("["+strings.Repeat("1,", 99)+"1]"), steps.T("restore"))
	act.Verb, act.Deletes, act.DeletesDocs = steps.Act, []string{"orders", "customers"}, map[string]int64{"orders": 1200}
	got := strings.Join(Strings(english.PlanLines(steps.Plan{Steps: []steps.StepPlan{{ID: "restore", Side: steps.Target, Changes: []steps.Change{act}}}}, 5)), "\n")
	for _, want := range []string{"2 to delete", "index orders of the target with 1,200 documents, for good", "index customers of the target", "more lines (snapferry plan shows all)"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if strings.Contains(got, "nothing is deleted") {
		t.Error("a plan that deletes says that nothing is deleted")
	}
}

// TestDataStreamsAreOneLine: what stands behind a stream moves with it.
func TestDataStreamsAreOneLine(t *testing.T) {
	behind := func(index, as string) steps.Move {
		return steps.Move{Index: index, As: index, Bytes: 1 << 30, Docs: 5, Primaries: 1, Replicas: 1, Stream: "traces", StreamAs: as}
	}
	for as, want := range map[string]string{
		"traces": "       data stream traces, 2 indices               2.0 GiB  2 × 2 shards",
		"old":    "       data stream traces as old, 2 indices        2.0 GiB  2 × 2 shards",
	} {
		p := steps.Plan{Moves: []steps.Move{behind(".ds-traces-1", as), {Index: "b", As: "b", Docs: 1}, behind(".ds-traces-2", as)}}
		got := Strings(english.movesLines(p))
		if d := cmp.Diff([]string{"", "Moves  3 indices (with 1 data stream), 11 documents by _cat/indices, 2.0 GiB", want}, got[:3]); d != "" || len(got) != 4 {
			t.Errorf("%s: %s", as, d)
		}
	}
}

func TestLongMovesAreCounted(t *testing.T) {
	p := steps.Plan{Moves: make([]steps.Move, shownMoves+5)}
	lines := english.PlanLines(p, 0)
	if last := lines[len(lines)-1].Text; !strings.Contains(last, "and 5 more") {
		t.Errorf("last line %q", last)
	}
}

func TestFindings(t *testing.T) {
	fs := []steps.Finding{
		{ID: "a", Outcome: steps.Pass, Summary: steps.T("fine")},
		{ID: "role-trust", Outcome: steps.Block, Subject: "role x", Summary: steps.T("the service may not assume it"), Evidence: []steps.Text{steps.T("trust names %s", "ec2")}, Cause: steps.T("wrong principal"), Fix: steps.Fix{Text: steps.T("correct it"), Command: "aws iam …", Step: "source-role"}},
		{ID: "b", Outcome: steps.Unknown, Summary: steps.T("could not ask"), BecauseOf: "a"},
	}
	if got, want := FindingsTitle(fs), "Preflight   1 passed, 1 blocker, 1 unknown"; got != want {
		t.Errorf("%q, wants %q", got, want)
	}
	if n := len(english.FindingLines(fs[0])); n != 1 {
		t.Errorf("a passed check takes %d lines", n)
	}
	all := strings.Join(Strings(english.FindingLines(fs[1])), "\n")
	for _, want := range []string{"BLOCK", "role x", "trust names ec2", "wrong principal", "correct it", "aws iam …", "source-role"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in\n%s", want, all)
		}
	}
	if s := strings.Join(Strings(english.FindingLines(fs[2])), "\n"); !strings.Contains(s, "because   a") {
		t.Error(s)
	}
}

// TestWhatWaitsStandsWithItsCause: one thing that keeps many checks from asking
// is one finding with their ids, not many findings.
func TestWhatWaitsStandsWithItsCause(t *testing.T) {
	skipped := func(id, because steps.CheckID) steps.Finding {
		return steps.Finding{ID: id, Outcome: steps.Skipped, Summary: steps.T("statement of %s", string(id)), BecauseOf: because, Cause: steps.T("no")}
	}
	found := []steps.Finding{
		skipped("clock", "identity"),
		{ID: "identity", Outcome: steps.Unknown, Summary: steps.T("it is you"), Cause: steps.T("no profile"), Fix: steps.Fix{Text: steps.T("make it")}},
		skipped("bucket", "identity"),
		skipped("bucket", "identity"),
		{ID: "found", Outcome: steps.Pass, Summary: steps.T("fine")},
		skipped("calm", "found"),
	}
	want := strings.Join([]string{
		"Preflight   1 passed, 1 unknown, 4 skipped",
		"unknown identity                            it is you",
		"        cause     no profile",
		"        fix       make it",
		"        skipped   2 more checks, which wait for this: clock, bucket",
		"skipped calm                                statement of calm",
		"        cause     no",
		"        because   found",
	}, "\n")
	if d := cmp.Diff(want, strings.Join(Strings(english.FindingsLines(found, false)), "\n")); d != "" {
		t.Error(d)
	}
	if all := len(english.FindingsLines(found, true)); all != 9 {
		t.Errorf("%d lines with what passed", all)
	}
	found = append(found, steps.Finding{ID: "role", Outcome: steps.Pass, Subject: "a"}, steps.Finding{ID: "role", Outcome: steps.Pass, Subject: "b"})
	if all := len(english.FindingsLines(found, true)); all != 10 {
		t.Errorf("%d lines with what passed for two subjects", all)
	}
}

// TestALongPlanEndsWithWhatItComesTo: whoever is asked stands at the end of it.
func TestALongPlanEndsWithWhatItComesTo(t *testing.T) {
	create := steps.NewChange("bucket", steps.Ref{Name: "acme"}, "", steps.Doc("["+strings.Repeat("1,", 60)+"1]"), steps.T("bucket acme"))
	act := steps.NewAct("restore", steps.Ref{Kind: steps.KindIndices, Name: "s"}, "[]", steps.T("restore 1 index"))
	act.Deletes = []string{"orders", "customers"}
	p := steps.Plan{
		Steps:    []steps.StepPlan{{ID: "bucket", Changes: []steps.Change{create}}, {ID: "restore", Side: steps.Target, Changes: []steps.Change{act}}},
		Moves:    []steps.Move{{Index: "orders", Bytes: 1 << 30, Docs: 5}},
		Stays:    []steps.Stay{{What: "index", Name: ".kibana"}, {What: "template", Count: 3}},
		Estimate: steps.Estimate{Snapshot: time.Minute, Restore: time.Minute},
	}
	want := []string{
		"", "In short",
		"       creates   bucket acme",
		"       changes   nothing",
		"       deletes   index orders of the target, for good",
		"                 index customers of the target, for good",
		"       does      target: restore 1 index",
		"       moves     1 index, 5 documents by _cat/indices, 1.0 GiB",
		"       takes     snapshot about 60 s, restore about 60 s",
		"       stays     4 things, listed with their reasons under Stays above",
	}
	lines := Strings(english.PlanLines(p, WholeDiffs))
	if d := cmp.Diff(want, lines[len(lines)-len(want):]); d != "" {
		t.Error(d)
	}
	if short := strings.Join(Strings(english.PlanLines(p, 0)), "\n"); strings.Contains(short, "In short") {
		t.Error("a plan on one screen is told twice")
	}
}

// TestWhatThePlanPutsRight is told whole by itself, and in short before the plan.
func TestWhatThePlanPutsRight(t *testing.T) {
	f := steps.Finding{
		ID: "signer-mapped", Outcome: steps.Note, Subject: "admin", Summary: steps.T("it is mapped"), Evidence: []steps.Text{steps.T("GET authinfo")}, Cause: steps.T("it is not"),
		Fix: steps.Fix{Text: steps.T("The plan does it"), Diff: "+ admin", Step: "target-mapping"},
	}
	short := strings.Join(Strings(english.FindingsLines([]steps.Finding{f}, false)), "\n")
	want := strings.Join([]string{
		"Preflight   0 passed, 1 note",
		"info    signer-mapped                       by the plan: it is mapped",
		"        cause     it is not",
		"        plan      step target-mapping of the plan puts it right",
	}, "\n")
	if d := cmp.Diff(want, short); d != "" {
		t.Error(d)
	}
	if whole := strings.Join(Strings(english.FindingsLines([]steps.Finding{f}, true)), "\n"); !strings.Contains(whole, "GET authinfo") || !strings.Contains(whole, "+ admin") {
		t.Error(whole)
	}
}

func TestMaskReachesEveryWord(t *testing.T) {
	w := NewWords(language.English, func(s string) string { return strings.ReplaceAll(s, "acme", "NAME") })
	p := steps.Plan{
		Steps: []steps.StepPlan{{ID: "bucket", Changes: []steps.Change{steps.NewChange("bucket", steps.Ref{Name: "acme"}, "", `{"n":"acme"}`, steps.T("s3://%s", "acme"))}}},
		Moves: []steps.Move{{Index: "acme-1"}}, Stays: []steps.Stay{{What: "index", Name: "acme-2"}},
	}
	lines := append(w.PlanLines(p, WholeDiffs), w.inShort(p)...)
	lines = append(lines, w.FindingLines(steps.Finding{Outcome: steps.Warn, Subject: "acme", Summary: steps.T("%s", "acme"), Fix: steps.Fix{Command: "aws acme"}})...)
	lines = append(lines, w.DiagnosisLines(steps.Diagnosis{Layer: "s3", Refused: "acme", Summary: steps.T("acme")})...)
	out := strings.Join(Strings(lines), "\n")
	if strings.Contains(out, "acme") {
		t.Errorf("a name is shown in\n%s", out)
	}
}

// TestStated: what a check states is what should be; a line of one that failed says that
// it is not so.
func TestStated(t *testing.T) {
	for o, want := range map[steps.Outcome]string{
		steps.Block: "not met: names are free", steps.Warn: "not met: names are free", steps.Note: "names are free",
		steps.Pass: "names are free", steps.Unknown: "names are free", steps.Skipped: "names are free",
	} {
		if got := english.Say(Stated(steps.Finding{Outcome: o, Summary: steps.T("names are free")})); got != want {
			t.Errorf("%s: %q", o, got)
		}
	}
}
