package preflight_test

import (
	"slices"
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/preflight"
	"snapferry/steps/spec"
)

// usual answers with what the sandbox's own migration calls its things.
func usual(s *spec.Spec) {
	const role = "snapferry-logs-prod-snapshot"
	s.Source.Role.Name, s.Target.Role.Name = role, role
	s.Target.Mapper = spec.Identity{Base: "password", User: "master"}
	s.Bucket.BasePath = "logs-prod"
}

// cards are what preflight says of each fault card before anything is run.
var cards = []row{
	{name: "unmapped-signer", check: "source-signer-mapped", want: steps.Block, subject: "user/admin", cause: "neither manage_snapshots nor all_access", fix: "under source.mapper", cmd: "rolesmapping/manage_snapshots"},
	{name: "pass-role-missing", check: "source-signer-may-pass-role", want: steps.Note, cause: "iam:PassRole on arn:aws:iam::111111111111:role/snapferry-logs-prod-snapshot", step: "source-signer", diff: "iam:PassRole"},
	{name: "trust-mismatch", check: "target-role-trusts-service", want: steps.Note, cause: "aws:SourceAccount 111111111111, and the request has 222222222222", step: "target-role", diff: "222222222222"},
	{name: "role-name-case", check: "role-exact-spelling", want: steps.Block, subject: "source", cause: "role/Snapferry-Logs-Prod-Snapshot, and IAM will make no second one", fix: "exact name"},
	{name: "bucket-policy-missing", check: "target-bucket-policy-allows", want: steps.Note, cause: "bucket policy", step: "share-bucket", diff: "arn:aws:iam::222222222222:role/snapferry-logs-prod-snapshot"},
	{name: "security-index-in-restore", check: "snapshots-without-security-index", want: steps.Note, subject: "target nightly", fix: "explicit list", cmd: "_restore"},
	{name: "security-manager-missing", check: "source-mapper-may-map", want: steps.Note, cause: "security_manager is needed", fix: "have the master map", cmd: "rolesmapping/security_manager"},
	{name: "key-not-shared", check: "target-key-policy-allows", want: steps.Note, cause: "key policy", step: "share-key", diff: "kms:Decrypt"},
}

// TestEveryCardIsNamed: what was set wrongly is told before a run, of a world
// without the card it is not, and of what the card does not touch nothing is.
func TestEveryCardIsNamed(t *testing.T) {
	well := openWorld(t, kinds(sandbox.AccessIAMMaster, sandbox.AccessInternalMaster))
	for _, f := range sandbox.Faults() {
		i := slices.IndexFunc(cards, func(r row) bool { return r.name == f.ID })
		if i < 0 {
			t.Errorf("nothing is told of the card %s", f.ID)
			continue
		}
		r := cards[i]
		r.spec = usual
		w := openWorld(t, sandbox.Options{Faults: []string{f.ID}})
		w.run([]row{r})
		w.nothingElse(r)
		well.run([]row{{name: "without " + f.ID, check: r.check, spec: usual, want: steps.Pass}})
	}
}

// beside is what rests on what a card set wrongly.
var beside = map[string][]steps.CheckID{
	"unmapped-signer": {"source-mapper-may-map"},
	"role-name-case":  {"source-role-trusts-service", "source-role-may-use-bucket", "source-bucket-policy-allows"},
}

func (w *world) nothingElse(r row) {
	w.Helper()
	f := w.facts(r)
	for _, found := range preflight.Run(w.ctx, f, preflight.Catalogue(f.Spec())) {
		// A password opens the target: that its signer is to be mapped is as it should be.
		mapped := found.ID == "target-signer-mapped" && found.Outcome == steps.Note
		told := mapped || found.ID == r.check || slices.Contains(beside[r.name], found.ID)
		unsaid := found.Outcome == steps.Unknown || found.Outcome == steps.Skipped
		if found.Outcome != steps.Pass && !told && !(unsaid && r.want == steps.Block) {
			w.Errorf("%s: %s is %s: %s", r.name, found.ID, found.Outcome, found.Cause)
		}
	}
}
