package wizard

import (
	"fmt"
	"strings"
	"time"

	"snapferry/steps"
	"snapferry/ui/panel"
)

// noon is what the clock says on the stage.
var noon = time.Date(2026, 11, 22, 12, 4, 13, 0, time.UTC)

// Names as the world has them, and worse.
var (
	longARN = "arn:aws:iam::111111111111:role/" + strings.Repeat("a-very-long-path/", 16) + "snapferry-snapshot-role"
	wide    = "ログの索引-2026.11-日本語の名前がとても長い索引"
	emoji   = "🚢🚢🚢-ferry-👩‍👩‍👧-logs"
	evil    = "logs\x1b[31m\nred\x9b2J"
)

func someFindings() []steps.Finding {
	list := []steps.Finding{
		{ID: "role-trusts-service", Family: steps.FamilyRole, Outcome: steps.Block, Subject: longARN, Summary: steps.T("The service may assume the snapshot role"), Cause: steps.T("its condition names another account"), Evidence: []steps.Text{steps.T("trust of %s", longARN)}, Fix: steps.Fix{Text: steps.T("Correct the condition"), Diff: "- 444455556666\n+ 111122223333", Command: "aws iam update-assume-role-policy --role-name " + longARN}},
		{ID: "bucket-private", Family: steps.FamilyBucket, Outcome: steps.Warn, Weighty: true, Subject: wide, Summary: steps.T("The bucket is private")},
		{ID: "replicas-fit", Family: steps.FamilyFit, Outcome: steps.Note, Summary: steps.T("Replicas of %s, %s and %s fit", wide, emoji, evil)},
	}
	for i, family := range []steps.Family{steps.FamilyHost, steps.FamilyIdentity, steps.FamilyDomain, steps.FamilyFit} {
		for n := range 3*i + 2 {
			list = append(list, steps.Finding{ID: steps.CheckID(fmt.Sprintf("%s-%d", family, n)), Family: family, Outcome: steps.Pass, Summary: steps.T("Number %d is true", n)})
		}
	}
	return list
}

// passing are findings that stop nobody.
func passingFindings() []steps.Finding { return someFindings()[2:] }

func somePlan(indices int) steps.Plan {
	ref := func(kind steps.Kind, side steps.Side) steps.Ref {
		return steps.Ref{Kind: kind, Side: side, Name: "acme"}
	}
	p := steps.Plan{RunID: "2026-11-22-a", Steps: []steps.StepPlan{
		{ID: "bucket", Side: steps.Source, Title: steps.T("A private bucket"), Changes: []steps.Change{steps.NewChange("bucket", ref(steps.KindBucket, steps.Source), "", `{"region":"eu-west-1"}`, steps.T("the bucket s3://acme-os-migration"))}},
		{ID: "source-role", Side: steps.Source, Title: steps.T("The role the service assumes"), Changes: []steps.Change{steps.NewChange("source-role", ref(steps.KindRole, steps.Source), `{"a":1}`, `{"a":2}`, steps.T("the role %s", longARN))}},
		{ID: "snapshot", Side: steps.Source, Title: steps.T("A snapshot of the chosen indices"), Changes: []steps.Change{steps.NewAct("snapshot", ref(steps.KindSnapshot, steps.Source), `[]`, steps.T("take the snapshot logs-1"))}},
		{ID: "restore", Side: steps.Target, Title: steps.T("The indices on the target"), Changes: []steps.Change{steps.NewAct("restore", ref(steps.KindIndices, steps.Target), `[]`, steps.T("restore %d indices", indices))}},
		{ID: "verify", Side: steps.Target, Title: steps.T("The proof"), Changes: []steps.Change{steps.NewAct("verify", ref(steps.KindProof, steps.Target), `[]`, steps.T("prove that everything arrived"))}},
	}}
	for i := range indices {
		name := fmt.Sprintf("logs-%06d", i)
		p.Moves = append(p.Moves, steps.Move{Index: name, As: name, Docs: 1000, Bytes: 96 << 20, Primaries: 5, Replicas: 1})
	}
	if indices > 2 {
		p.Moves[0].As, p.Moves[1].As, p.Moves[2].As = wide, emoji, evil
	}
	p.Stays = []steps.Stay{{What: "index", Name: ".opendistro_security", Count: 1, Why: steps.T("a restore that contains it is refused")}}
	p.Estimate = steps.Estimate{Snapshot: 47 * time.Minute, Restore: 31 * time.Minute, Cost: []steps.Text{steps.T("S3 requests and storage")}}
	return p
}

// planFor is a plan ready to be run, its feed played by hand.
func planFor(p steps.Plan) (Planned, tape) {
	feed := make(tape, 1000)
	return Planned{
		Plan: p, State: &steps.State{}, Feed: feed, Uncovered: 4, Typed: "222222222222",
		Command:   func(c steps.Change) string { return "curl -X PUT " + c.ID },
		Interrupt: func() int { return 1 },
		Calls: func(n int) []panel.Call {
			return []panel.Call{{At: noon, Method: "GET", Host: "search-logs-prod.eu-west-1.es.amazonaws.com", Path: "/_snapshot", Status: 200, Took: 38 * time.Millisecond}}[:min(1, n)]
		},
	}, feed
}

// story makes records of events, from half an hour before noon on; a StepID turns to
// another step.
func story(p steps.Plan, events ...any) []steps.Record {
	at := noon.Add(-30 * time.Minute)
	list := []steps.Record{
		{Seq: 1, At: at, Event: steps.RunStarted{RunID: p.RunID}},
		{Seq: 2, At: at, Event: steps.PlanMade{Plan: p, Digest: p.Digest()}},
	}
	step := steps.StepID("")
	for _, e := range events {
		if id, is := e.(steps.StepID); is {
			step = id
			continue
		}
		list = append(list, steps.Record{Seq: int64(len(list) + 1), At: at.Add(time.Duration(len(list)) * time.Second), Step: step, Event: e.(steps.Event)})
	}
	return list
}

// moving is how far a step in the middle is.
func moving() steps.Progress {
	p := steps.Progress{DoneBytes: 276 << 30, TotalBytes: 412 << 30, DoneShards: 112, TotalShards: 168, BytesPerSecond: 148 << 20, ETASeconds: 960}
	for i, name := range []string{"logs-000041", wide, emoji, evil} {
		p.Items = append(p.Items, steps.ItemProgress{Name: name, DoneBytes: int64(i), TotalBytes: 4})
	}
	return p
}

func someCause() steps.Diagnosis {
	return steps.Diagnosis{Layer: "pass-role", Refused: "iam:PassRole on " + longARN, Summary: steps.T("The signer may not pass the snapshot role"), Causes: []steps.Cause{
		{ID: "no-pass-role", Summary: steps.T("No policy of the signer allows it"), Confirm: steps.T("its policies name another role"), Fix: steps.T("Allow iam:PassRole on exactly this role"), Command: "aws iam put-user-policy --user-name signer"},
	}, Body: `{"Message":"not authorized to perform: iam:PassRole on ` + longARN + `"}`}
}
