package diagnose

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/policy"
	"snapferry/steps"
)

func TestWhatAnErrorSpeaksOf(t *testing.T) {
	for name, c := range map[string]struct {
		words string
		want  Subject
	}{
		"the service at a role": {article2, Subject{
			Caller: "arn:aws:sts::832035452523:assumed-role/cp-sts-grant-role/swift-ap-northeast-2-prod-111122223333", Account: "111122223333", Region: "ap-northeast-2",
			Role: "arn:aws:iam::111122223333:role/os-repo-prg-OPENSEARCHRepositoryRole", Action: "sts:AssumeRole", Repository: "REPO",
		}},
		"broken lines":      {strings.ReplaceAll(user+" is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/ops/R", " ", "\n "), Subject{Caller: "arn:aws:iam::111122223333:user/jo", Account: "111122223333", Role: "arn:aws:iam::111122223333:role/ops/R", Action: "iam:PassRole"}},
		"nobody":            {"User: anonymous is not authorized to perform: es:ESHttpGet", Subject{Caller: "anonymous", Action: "es:ESHttpGet"}},
		"the engine's user": {unmappedAs, Subject{Caller: "arn:aws:iam::111111111111:role/Signer", Account: "111111111111", Permission: "cluster:admin/repository/put"}},
		"empty brackets":    {"no permissions for [] and User [name=master, backend_roles=[a, b], requestedTenant=]", Subject{Caller: "master"}},
		"the security API":  {"No permission to access REST API: User jo with Security roles [all_access, own_index] does not have", Subject{Caller: "jo", SecurityRoles: []string{"all_access", "own_index"}}},
		"no roles at all":   {"No permission to access REST API: User jo with Security roles [] does not have", Subject{Caller: "jo", SecurityRoles: []string{}}},
		"a key":             {session + " is not authorized to perform: kms:Decrypt on resource: " + sourceKey + " because", Subject{Caller: "arn:aws:sts::111122223333:assumed-role/r/s", Account: "111122223333", Key: sourceKey, Action: "kms:Decrypt"}},
		"a region":          {"The bucket is in this region: eu-central-1. Please use this region", Subject{Region: "eu-central-1"}},
		"a restore":         {"[ferry:mig-1/0aBc-d_e] cannot restore index [orders] because an open index", Subject{Repository: "ferry", Snapshot: "mig-1", Index: "orders"}},
		"a missing one":     {"[ferry:mig-1] is missing", Subject{Repository: "ferry", Snapshot: "mig-1"}},
		"nothing":           {"the moon is in the way", Subject{}},
	} {
		if d := cmp.Diff(c.want, Of(c.words)); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
}

// copied is a cause's command and diff.
func copied(d steps.Diagnosis, id string) string {
	for _, c := range d.Causes {
		if c.ID == id {
			return c.Command + c.Diff
		}
	}
	return "none"
}

func TestFixesAreFilledFromTheError(t *testing.T) {
	for _, c := range []struct{ text, id, want string }{
		{user + " is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/ops/R", "pass-role-missing", `aws iam put-user-policy --user-name jo --policy-name snapferry-pass-role-` + policy.Mark("arn:aws:iam::111122223333:role/ops/R") + ` --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::111122223333:role/ops/R"}]}'`},
		{session + " is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/R", "pass-role-missing", `aws iam put-role-policy --role-name r --policy-name `},
		{article2, "role-name-case", "aws iam get-role --role-name os-repo-prg-OPENSEARCHRepositoryRole --query Role.Arn --output text"},
		{article2, "trust-mismatch", `"aws:SourceAccount": "111122223333"`},
		{unmappedAs, "unmapped-signer", `/_opendistro/_security/api/rolesmapping/manage_snapshots' -d '[{"op":"add","path":"/backend_roles/-","value":"arn:aws:iam::111111111111:role/Signer"}]'`},
		{strings.ReplaceAll(unmappedAs, "role/Signer", "user/jo"), "unmapped-signer", `"/users/-","value":"arn:aws:iam::111111111111:user/jo"`},
		{reader + " is not authorized to perform: kms:Decrypt on resource: " + sourceKey, "key-not-shared", `"AWS": "arn:aws:iam::222222222222:role/ferry-target"`},
		{reader + " is not authorized to perform: kms:Decrypt on resource: " + sourceKey, "key-not-shared", `"kms:DescribeKey"`},
		{reader + " is not authorized to perform: kms:GenerateDataKey on resource: " + sourceKey, "key-not-shared", `"kms:GenerateDataKey"`},
		{reader + " is not authorized to perform: kms:GenerateDataKey on resource: " + sourceKey, "role-key-rights", "--policy-name snapferry-key-" + policy.Mark(sourceKey) + " "},
		{user + " is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/there", "assume-right-missing", "--policy-name snapferry-assume-role-" + policy.Mark("arn:aws:iam::222222222222:role/there") + " "},
		{"User: anonymous is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/R", "unsigned", ""},
		{"Access Denied (Service: S3, Status Code: 403)", "bucket-policy-missing", `"AWS": "ROLE-ARN"`},
	} {
		if got := copied(Text(c.text), c.id); !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s of %.60s…\n got %s\nwant %s", c.id, c.text, got, c.want)
		}
	}
}

// An error is somebody else's text: nothing in it may become a part of a command
// but names.
func TestNoErrorWritesACommand(t *testing.T) {
	for _, evil := range []string{"'; touch /x; '", "$(touch x)", "`touch x`", `","Resource":"*`, "\n touch x", "{account}", "' --profile root '"} {
		for _, text := range []string{
			"User: arn:aws:iam::111122223333:user/jo" + evil + " is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/R" + evil,
			strings.ReplaceAll(unmappedAs, "role/Signer", "role/Signer"+evil),
			reader + evil + " is not authorized to perform: kms:Decrypt on resource: " + sourceKey + evil,
		} {
			for _, c := range Text(text).Causes {
				if all := c.Command + c.Diff; strings.Contains(all, "touch") || strings.Contains(all, "profile") || strings.Contains(all, "{account}") || strings.Count(all, "'")%2 != 0 {
					t.Errorf("%q: %s", text, all)
				}
			}
		}
	}
}

// The statements to add are statements.
func TestDiffsAreStatements(t *testing.T) {
	n := 0
	for _, e := range Catalogue() {
		for _, c := range e.Causes {
			if strings.ContainsAny(c.Command, "{}") && strings.Contains(c.Command, "{caller") {
				t.Errorf("%s is not filled: %s", c.ID, c.Command)
			}
			if c.Diff == "" {
				continue
			}
			n++
			text := strings.ReplaceAll(strings.TrimPrefix(c.Diff, "+ "), "\n+ ", "\n")
			text = `{"Statement":[` + strings.ReplaceAll(text, "}\n{", "},\n{") + `]}`
			if d, err := policy.Parse([]byte(text)); err != nil || len(d.Statements) == 0 {
				t.Errorf("%s: %v\n%s", c.ID, err, text)
			}
		}
	}
	if n == 0 {
		t.Error("nothing is added anywhere")
	}
}
