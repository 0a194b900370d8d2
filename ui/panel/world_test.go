package panel

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/colorprofile"
	"golang.org/x/text/language"

	"snapferry/steps"
	"snapferry/steps/report"
	"snapferry/ui/board"
	"snapferry/ui/theme"
)

// noon is what the clock says in every picture.
var noon = time.Date(2026, 11, 22, 12, 4, 13, 0, time.UTC)

// looks are the two ends of what a terminal can show.
var looks = map[string]theme.Options{
	"colour": {Dark: true, Unicode: true, Profile: colorprofile.TrueColor},
	"ascii":  {Profile: colorprofile.NoTTY},
}

func lookOf(o theme.Options) Look {
	return Look{Theme: theme.New(o), Words: board.NewWords(language.English, nil), Now: noon}
}

// Names as the world has them, and worse.
var (
	longARN = "arn:aws:iam::111111111111:role/" + strings.Repeat("a-very-long-path/", 16) + "snapferry-snapshot-role"
	wide    = "ログの索引-2026.11-日本語の名前がとても長い索引"
	emoji   = "🚢🚢🚢-ferry-👩‍👩‍👧-logs"
	evil    = "logs\x1b[31m\nred\tand\rmore\x9b2J"
)

func route() Route {
	return Route{
		Source: End{Account: "111111111111", Domain: "logs-prod", Engine: "OpenSearch 2.11", Who: steps.T("Admin via profile acme-prod"), Expires: noon.Add(52 * time.Minute)},
		Target: End{Account: "222222222222", Domain: "logs-prod-with-a-name-as-long-as-it-may-be", Engine: "OpenSearch 2.19", Who: steps.T("Deploy via instance role"), Expires: noon.Add(11 * time.Minute)},
		Bucket: Store{Name: "acme-os-migration", Region: "eu-west-1", Encryption: "SSE-KMS", Owner: steps.Source}, Moving: Out, Rate: 148 << 20,
	}
}

// findings are of every outcome, in no order.
func findings() []steps.Finding {
	list := []steps.Finding{
		{
			ID: "role-trusts-service", Family: steps.FamilyRole, Outcome: steps.Block, Subject: longARN, Summary: steps.T("The service may assume the snapshot role"), Cause: steps.T("the role was copied from the other account, conditions included"),
			Evidence: []steps.Text{steps.T("trust of %s names aws:SourceAccount 444455556666", longARN), steps.T("the domain belongs to 111122223333")},
			Fix:      steps.Fix{Text: steps.T("Correct the condition"), Diff: "- \"aws:SourceAccount\": \"444455556666\"\n+ \"aws:SourceAccount\": \"111122223333\"", Step: "source-role"},
		},
		{ID: "bucket-private", Family: steps.FamilyBucket, Outcome: steps.Warn, Weighty: true, Subject: "acme-os-migration", Summary: steps.T("The bucket is private"), Evidence: []steps.Text{steps.T("its policy grants s3:GetObject to everybody")}, Fix: steps.Fix{Text: steps.T("Block public access"), Command: "aws s3api put-public-access-block --bucket acme-os-migration --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"}},
		{ID: "role-may-use-bucket", Family: steps.FamilyRole, Outcome: steps.Skipped, BecauseOf: "role-trusts-service", Summary: steps.T("The snapshot role may use the bucket")},
		{ID: "key-enabled", Family: steps.FamilyBucket, Outcome: steps.Unknown, Summary: steps.T("The key is enabled"), Cause: steps.T("kms:DescribeKey was refused"), Fix: steps.Fix{Text: steps.T("Grant kms:DescribeKey")}},
		{ID: "replicas-fit", Family: steps.FamilyFit, Outcome: steps.Note, Summary: steps.T("Replicas fit: %s, %s and %s", wide, emoji, evil), Fix: steps.Fix{Step: "restore"}},
	}
	for i, family := range []steps.Family{steps.FamilyHost, steps.FamilyIdentity, steps.FamilyDomain, steps.FamilyBucket, steps.FamilyFit} {
		for n := range i*4 + 2 {
			list = append(list, steps.Finding{ID: steps.CheckID(fmt.Sprintf("a-check-of-%s-%d", strings.ReplaceAll(string(family), " ", "-"), n)), Family: family, Outcome: steps.Pass, Summary: steps.T("Statement number %d is true", n)})
		}
	}
	return list
}

// plan has a change of every kind, and more indices than anybody looks at.
func plan(indices int) steps.Plan {
	change := func(step steps.StepID, kind steps.Kind, before, after steps.Doc, words string) steps.Change {
		return steps.NewChange(step, steps.Ref{Kind: kind, Side: steps.Source, Name: "acme-" + string(kind)}, before, after, steps.T("%s", words))
	}
	act := func(step steps.StepID, kind steps.Kind, words string) steps.Change {
		return steps.NewAct(step, steps.Ref{Kind: kind, Side: steps.Source, Name: "logs-2026-11-22-1"}, `["logs-1"]`, steps.T("%s", words))
	}
	restore := act("restore", steps.KindIndices, "restore 38 indices on the target")
	restore.Reversible, restore.Deletes = false, []string{"logs-000001", wide}
	p := steps.Plan{RunID: "2026-11-22-a", Steps: []steps.StepPlan{
		{ID: "bucket", Side: steps.Source, Title: steps.T("A private bucket"), Changes: []steps.Change{change("bucket", steps.KindBucket, "", `{"region":"eu-west-1","tags":{"snapferry":"2026-11-22-a"}}`, "the bucket s3://acme-os-migration")}},
		{ID: "source-role", Side: steps.Source, Title: steps.T("The role the service assumes"), Changes: []steps.Change{change("source-role", steps.KindRole, `{"a":1}`, `{"a":1,"arn":"`+steps.Doc(longARN)+`"}`, "the role "+longARN)}},
		{ID: "source-mapping", Side: steps.Source, Title: steps.T("The signer in manage_snapshots"), Changes: []steps.Change{change("source-mapping", steps.KindRoleMapping, `{"x":["a"]}`, `{"x":["a","b"]}`, "manage_snapshots, with one backend role more")}},
		{ID: "source-repository", Side: steps.Source, Title: steps.T("The repository on the source"), Changes: []steps.Change{change("source-repository", steps.KindRepository, `{}`, `{}`, "the repository exists and is verified")}},
		{ID: "snapshot", Side: steps.Source, Title: steps.T("A snapshot of the chosen indices"), Changes: []steps.Change{act("snapshot", steps.KindSnapshot, "take the snapshot logs-2026-11-22-1")}},
	}}
	for _, id := range []steps.StepID{"target-role", "share-bucket", "target-mapping", "target-repository"} {
		p.Steps = append(p.Steps, steps.StepPlan{ID: id, Side: steps.Target, Title: steps.T("What %s is for", string(id)), Changes: []steps.Change{change(id, steps.KindBucketPolicy, "", `{}`, "what "+string(id)+" makes")}})
	}
	p.Steps = append(p.Steps, steps.StepPlan{ID: "restore", Side: steps.Target, Title: steps.T("The indices on the target"), Changes: []steps.Change{restore}},
		steps.StepPlan{ID: "verify", Side: steps.Target, Title: steps.T("The proof"), Changes: []steps.Change{act("verify", steps.KindProof, "prove that everything arrived")}})
	for i := range indices {
		p.Moves = append(p.Moves, steps.Move{Index: fmt.Sprintf("logs-%06d", i), As: fmt.Sprintf("logs-%06d", i), Docs: 1000, Bytes: 96 << 30, Primaries: 5, Replicas: 1})
	}
	if indices > 3 {
		p.Moves[0].As, p.Moves[1].Index, p.Moves[2].Stream, p.Moves[3].Index = wide, emoji, "metrics", evil
	}
	p.Stays = []steps.Stay{{What: "index", Name: ".opendistro_security", Count: 1, Why: steps.T("a restore that contains it is refused")}, {What: "ISM policy", Count: 4, Why: steps.T("policies move by export, not by snapshot"), How: steps.T("Export them with the API.")}}
	p.Estimate = steps.Estimate{Bytes: 412 << 30, Snapshot: 47 * time.Minute, Restore: 31 * time.Minute, Basis: []steps.Text{steps.T("both throttles at 40 MiB/s a node")}, Cost: []steps.Text{steps.T("S3 requests and %s of storage while the snapshot lies there", "412 GiB")}}
	return p
}

// cause is an error understood.
func cause() steps.Diagnosis {
	return steps.Diagnosis{Layer: "pass-role", Refused: "iam:PassRole on " + longARN, Summary: steps.T("The signer may not pass the snapshot role"), Causes: []steps.Cause{
		{
			ID: "no-pass-role", Summary: steps.T("No policy of the signer allows iam:PassRole on the role"), Confirm: steps.T("its policies name another role"), Fix: steps.T("Allow iam:PassRole on exactly this role"), Verdict: steps.Confirmed,
			Command: "aws iam put-user-policy --user-name signer --policy-name snapferry --policy-document '{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iam:PassRole\",\"Resource\":\"" + longARN + "\"}]}'", Diff: "+ \"Action\": \"iam:PassRole\"",
		},
		{ID: "boundary", Summary: steps.T("A boundary takes it away"), Confirm: steps.T("look at the boundary"), Verdict: steps.Refuted},
	}, Body: "{\n\t\"Message\": \"User: arn:aws:iam::111111111111:user/signer is not authorized to perform: iam:PassRole on resource: " + longARN + "\"\n}\x1b[2J"}
}

// running is a state in the middle of the snapshot.
func running() *steps.State {
	p := plan(38)
	s := &steps.State{}
	s.Apply(steps.Record{Seq: 1, At: noon.Add(-40 * time.Minute), Event: steps.RunStarted{RunID: p.RunID}})
	s.Apply(steps.Record{Seq: 2, At: noon.Add(-40 * time.Minute), Event: steps.PlanMade{Plan: p, Digest: p.Digest()}})
	seq, at := int64(2), noon.Add(-35*time.Minute)
	add := func(step steps.StepID, e steps.Event) {
		seq++
		at = at.Add(1300 * time.Millisecond)
		s.Apply(steps.Record{Seq: seq, At: at, Step: step, Event: e})
	}
	for _, id := range []steps.StepID{"bucket", "source-role", "source-mapping", "source-repository"} {
		add(id, steps.StepStarted{})
		add(id, steps.Log{Level: "info", Text: steps.T("Looked at %s", string(id))})
		add(id, steps.StepDone{Existed: id == "source-mapping", Evidence: steps.Evidence{Summary: steps.T("Read back as wanted")}})
	}
	add("snapshot", steps.StepStarted{})
	add("snapshot", steps.Log{Level: "info", Text: steps.T("The snapshot begins with %s", evil)})
	progress := steps.Progress{DoneBytes: 276 << 30, TotalBytes: 412 << 30, DoneShards: 112, TotalShards: 168, BytesPerSecond: 148 << 20, ETASeconds: 16 * 60}
	for i, name := range []string{"logs-000041", "logs-000042", wide, emoji, evil, strings.Repeat("metrics-", 20)} {
		progress.Items = append(progress.Items, steps.ItemProgress{Name: name, DoneBytes: int64(i), TotalBytes: 6})
	}
	add("snapshot", progress)
	return s
}

// after is a state that goes on with events of a step, from noon on.
func after(s *steps.State, step steps.StepID, events ...steps.Event) *steps.State {
	s = s.Clone()
	for _, e := range events {
		s.Apply(steps.Record{Seq: s.Seq + 1, At: noon, Step: step, Event: e})
	}
	return s
}

func calls(n int) []Call {
	list := make([]Call, n)
	for i := range list {
		list[i] = Call{At: noon.Add(time.Duration(i-n) * time.Second), Method: "GET", Host: "search-logs-prod-abcdefghijklmnopqrstuvwxyz.eu-west-1.es.amazonaws.com", Path: "/_snapshot/snapferry/logs-2026-11-22-1/_status", Status: 200, Took: time.Duration(38+i) * time.Millisecond}
	}
	if n > 2 {
		list[n-2].Status = 403
		list[n-1].Status, list[n-1].Err, list[n-1].Took = 0, "connection reset "+evil, 31*time.Second
	}
	return list
}

// account is the report of a state with its end.
func account(s *steps.State, e steps.RunDone) report.Report {
	return report.New(after(s, "", e), report.Options{Accounts: map[steps.Side]string{steps.Source: "111111111111"}})
}

// done is a state in which everything went well.
func done() *steps.State {
	s := running()
	for i := range s.Plan.Steps {
		p := s.Plan.Steps[i]
		for _, c := range p.Changes {
			s = after(s, p.ID, steps.StepStarted{}, steps.ChangeIntended{Change: c}, steps.ChangeMade{ID: c.ID, Live: c.After})
		}
		s = after(s, p.ID, steps.StepDone{Evidence: steps.Evidence{Summary: steps.T("Read back as wanted"), Lines: []steps.Text{steps.T("38 of 38 counts are equal, also that of %s", wide)}}})
	}
	return s
}
