package migrate

import (
	"fmt"
	"strings"
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/spec"
)

const serviceTrust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

func (r *road) account(side steps.Side) *account.Account {
	r.Helper()
	acc, err := r.facts.Control(r.ctx, side)
	r.must(err)
	return acc
}

func (r *road) bucket(tags map[string]string) {
	r.Helper()
	r.must(r.account(steps.Source).CreateBucket(r.ctx, account.BucketSpec{Name: r.spec.Bucket.Name, Region: sandbox.Region, Tags: tags}))
}

func (r *road) role(name, path string) awsid.ARN {
	r.Helper()
	made, err := r.account(steps.Source).CreateRole(r.ctx, account.RoleSpec{Name: awsid.RoleName(name), Path: path, Trust: account.Document(serviceTrust)})
	r.must(err)
	return made.ARN
}

// TestDeclaredThings: what each declarative step wants in a world that is as the
// case makes it. verbs are by kind; holds must stand in the first After.
func TestDeclaredThings(t *testing.T) {
	adopt := func(arn string) func(*spec.Spec) {
		return func(s *spec.Spec) {
			a, err := awsid.ParseARN(arn)
			if err != nil {
				panic(err)
			}
			s.Source.Role = spec.RoleSpec{ARN: a, Name: awsid.RoleName(a.Name()), Path: a.Path()}
			s.Target.Role = s.Source.Role
		}
	}
	const roleARN = "arn:aws:iam::111111111111:role/acme-snap"
	for _, c := range []struct {
		name  string
		step  steps.StepID
		spec  func(*spec.Spec)
		given func(*road)
		verbs string
		holds []string
		field string // of the refusal
		words string
	}{
		{name: "bucket absent", step: StepBucket, verbs: "create bucket, create bucket-policy", holds: []string{`"AES256"`, `"snapferry:run":"run-1"`, "BucketOwnerEnforced", `"region":"eu-west-1"`}},
		{name: "bucket with a key", step: StepBucket, spec: withKey, verbs: "create bucket, create bucket-policy", holds: []string{"aws:kms", "key/abc"}},
		{name: "bucket adopted", step: StepBucket, given: func(r *road) { r.bucket(nil) }, verbs: "exists bucket"},
		{name: "bucket of an earlier run", step: StepBucket, given: func(r *road) { r.bucket(map[string]string{"snapferry:run": "run-0"}) }, verbs: "exists bucket, create bucket-policy"},
		{name: "bucket of somebody else", step: StepBucket, given: theirBucket, field: "bucket.name", words: "not this account's"},
		{name: "bucket in another region", step: StepBucket, given: farBucket, field: "bucket.region", words: "is in eu-north-1"},

		{name: "role absent", step: StepSourceRole, verbs: "create role", holds: []string{roleARN, "es.amazonaws.com", "aws:SourceAccount", "domain/logs-prod", "domain/logs-next", "s3:PutObject", "arn:aws:s3:::acme-os-migration/*", "snapferry:run"}},
		{name: "role on a path with tags", step: StepSourceRole, spec: func(s *spec.Spec) {
			s.Source.Role = spec.RoleSpec{Name: "acme-snap", Path: "/mig/", Tags: map[string]string{"team": "search"}}
		}, verbs: "create role", holds: []string{"role/mig/acme-snap", `"team":"search"`}},
		{name: "role there, lacks our statements", step: StepSourceRole, given: func(r *road) { r.role("acme-snap", "/") }, verbs: "change role", holds: []string{"SnapferryTrustAcmeosmigration", "snapferry-acme-os-migration-"}},
		{name: "role made by us", step: StepSourceRole, given: func(r *road) { r.upTo(StepSourceRole) }, verbs: "exists role"},
		{name: "role spelt otherwise", step: StepSourceRole, given: func(r *road) { r.role("ACME-snap", "/") }, field: "source.role.name", words: "ACME-snap exists already"},
		{name: "role adopted by ARN", step: StepSourceRole, spec: adopt(roleARN), given: func(r *road) { r.role("acme-snap", "/") }, verbs: "exists role"},
		{name: "adopted role absent", step: StepSourceRole, spec: adopt(roleARN), field: "source.role.arn", words: "does not exist"},
		{name: "adopted role on another path", step: StepSourceRole, spec: adopt("arn:aws:iam::111111111111:role/a/acme-snap"), given: func(r *road) { r.role("acme-snap", "/b/") }, field: "source.role.arn", words: "role/b/acme-snap"},

		{name: "signer is an administrator", step: StepSourceSigner, verbs: "exists signer-grant"},
		{name: "signer lacks everything", step: StepSourceSigner, given: poorSigner, verbs: "create signer-grant", holds: []string{"iam:PassRole", roleARN, "es:ESHttpPut", "domain/logs-prod/*", "domain/logs-next/*"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRoad(t, options{spec: c.spec})
			if c.given != nil {
				c.given(r)
			}
			changes, err := r.planned(c.step)
			if c.words != "" {
				r.says(err, c.field, c.words)
				return
			}
			r.must(err)
			r.wants(changes, c.verbs, c.holds...)
		})
	}
}

// wants compares changes with what is expected of them.
func (r *road) wants(changes []steps.Change, verbs string, holds ...string) {
	r.Helper()
	var got []string
	for _, c := range changes {
		got = append(got, fmt.Sprintf("%s %s", c.Verb, c.Ref.Kind))
	}
	if strings.Join(got, ", ") != verbs {
		r.Fatalf("wants %q, expected %q", got, verbs)
	}
	for _, part := range holds {
		if !strings.Contains(string(changes[0].After), part) {
			r.Errorf("without %s: %s", part, changes[0].After)
		}
	}
}

func withKey(s *spec.Spec) {
	key, err := awsid.ParseARN("arn:aws:kms:eu-west-1:111111111111:key/abc")
	if err != nil {
		panic(err)
	}
	s.Bucket.KMSKey = key
}

// theirBucket has the target account make the bucket first.
func theirBucket(r *road) {
	r.spec.Target.Control, r.spec.Target.Account = spec.Identity{Base: "profile", Profile: "target"}, sandbox.TargetAccount
	acc := r.account(steps.Target)
	r.must(acc.CreateBucket(r.ctx, account.BucketSpec{Name: r.spec.Bucket.Name, Region: sandbox.Region}))
}

func farBucket(r *road) {
	r.must(r.account(steps.Source).CreateBucket(r.ctx, account.BucketSpec{Name: r.spec.Bucket.Name, Region: "eu-north-1"}))
}

// poorSigner signs as a role that may do nothing yet.
func poorSigner(r *road) {
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sts:AssumeRole"}]}`
	made, err := r.account(steps.Source).CreateRole(r.ctx, account.RoleSpec{Name: "signer", Trust: account.Document(trust)})
	r.must(err)
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		r.spec.Side(side).Signer.Chain = []spec.Link{{Role: made.ARN, SessionName: "me"}}
	}
	r.start()
}
