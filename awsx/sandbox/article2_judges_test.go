//go:build judges

package sandbox_test

import (
	"encoding/json"
	"strings"
	"testing"

	"snapferry/awsx/sandbox"
)

// cannotAssume is article 2's refusal, for a role of the source account.
func cannotAssume(role string) answer {
	const (
		outer = `"type":"repository_verification_exception","reason":"[os-repo-prg] path [prg] is not accessible on cluster-manager node"`
		inner = `"caused_by":{"type":"i_o_exception","reason":"Unable to upload object [prg/tests-…/master.dat] using a single upload"`
		sts   = `"caused_by":{"type":"sts_exception","reason":"User: arn:aws:sts::671402871606:assumed-role/cp-sts-grant-role/swift-eu-west-1-prod-111111111111` +
			` is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111111111111:role/`
		end = ` (Service: Sts, Status Code: 403, Request ID: …)"`
	)
	return answer{500, `{"error":{"root_cause":[{` + outer + `}],` + outer + `,` + inner + `,` + sts + role + end + `}}},"status":500}`}
}

const terraformed, misspelt = "os-repo-prg-OpenSearchRepositoryRole", "os-repo-prg-OPENSEARCHRepositoryRole"

// TestArticle2 is the role that cannot be assumed: its name differs from the
// registered one in letter case alone, and nothing the author changed helped.
func TestArticle2(t *testing.T) {
	s := openAs(t, sandbox.Options{Access: map[string]sandbox.AccessKind{"source": sandbox.AccessPolicy}})
	r := newReplay(t, s, "2")
	admin, d := labelled(t, s.Info(), "source", "source")
	r.let("DOMAIN", d.Endpoint)
	r.let("KEY", admin.AccessKey)
	r.let("SECRET", admin.Secret)
	r.script(r.as("source"), "prepare.sh")
	acknowledged := answer{200, `{"acknowledged":true}`}
	r.same(r.script(r.as("source"), "attempts.sh"), answers{
		"terraformed":       cannotAssume(misspelt),
		"registered":        {200, `{"os-repo-prg":{"type":"s3","settings":{…"role_arn":"arn:aws:iam::111111111111:role/` + misspelt + `"}}}`},
		"new-key":           cannotAssume(misspelt),
		"new-administrator": cannotAssume(misspelt),
		"by-hand":           acknowledged,
		"other-case":        {1, "…An error occurred (EntityAlreadyExists) when calling the CreateRole operation: Role with name " + misspelt + " already exists."},
		"spelling":          {0, "arn:aws:iam::111111111111:role/" + terraformed},
		"spelt-as-iam-says": acknowledged,
	})
	r.same(r.script(r.as("source"), "candidates.sh"), answers{
		"principal":    cannotAssume("candidate-principal"),
		"condition":    cannotAssume("candidate-condition"),
		"other-domain": cannotAssume("candidate-other-domain"),
		"path":         cannotAssume("candidate-path"),
		"ghost":        cannotAssume("candidate-that-is-not-there"),
		"boundary": {500, `{"error":{"root_cause":[{"type":"repository_verification_exception",…"caused_by":{"type":"s3_exception",` +
			`"reason":"…because no permissions boundary allows the s3:PutObject action (Service: S3, Status Code: 403, Request ID: …)"}}},"status":500}`},
	})
}

// TestArticle2Terraform makes the role as the author did. The state shows no
// difference but the name.
func TestArticle2Terraform(t *testing.T) {
	s := openAs(t, sandbox.Options{Access: map[string]sandbox.AccessKind{"source": sandbox.AccessPolicy}})
	r := newReplay(t, s, "2")
	_, d := labelled(t, s.Info(), "source", "source")
	r.let("DOMAIN", d.Endpoint)
	tf := r.terraform("source", "main.tf", "trust.json", "bucket.json")
	r.same(answers{"apply": tf("apply", "-auto-approve"), "plan": tf("plan", "-detailed-exitcode")}, answers{
		"apply": {0, "…Apply complete! Resources: 3 added, 0 changed, 0 destroyed.…"},
		"plan":  {0, "…No changes. Your infrastructure matches the configuration.…"},
	})
	var outputs map[string]struct{ Value string }
	must(t, json.Unmarshal([]byte(tf("output", "-json").text), &outputs))
	made, registered := outputs["made"].Value, outputs["registered"].Value
	if made == registered || !strings.EqualFold(made, registered) {
		t.Errorf("made %s, registered %s", made, registered)
	}
	said := r.script(r.as("source"), "register.sh", "terraformed", misspelt)
	r.same(said, answers{"terraformed": cannotAssume(misspelt)})
	said = r.script(r.as("source"), "register.sh", "as-made", terraformed)
	r.same(said, answers{"as-made": {200, `{"acknowledged":true}`}})
}
