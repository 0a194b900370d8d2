package preflight_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/spec"
)

const (
	onBucket  = `"arn:aws:s3:::` + bucketName + `"`
	onObjects = `"arn:aws:s3:::` + bucketName + `/*"`
	objects   = `["s3:GetObject","s3:PutObject","s3:DeleteObject"]`
)

func TestRoleMayUseBucket(t *testing.T) {
	w := newWorld(t)
	list, all := may("Allow", `"s3:ListBucket"`, onBucket), may("Allow", objects, onObjects)
	bothSides(func(side steps.Side) {
		check, step := steps.CheckID(side)+"-role-may-use-bucket", steps.StepID(side)+"-role"
		make := func(name awsid.RoleName, rights ...string) awsid.ARN {
			return w.role(side, account.RoleSpec{Name: name}, rights...)
		}
		bounded := func(name awsid.RoleName, boundary awsid.ARN) awsid.ARN {
			return w.role(side, account.RoleSpec{Name: name, Boundary: boundary}, list, all)
		}
		whole := make("whole", list, all)
		_ = make("half", list)
		attached := make("attached", list)
		_, err := w.iam(side).AttachRolePolicy(w.ctx, &iam.AttachRolePolicyInput{RoleName: aws.String("attached"), PolicyArn: aws.String(w.edge(side, "objects", all).String())})
		w.must(err)
		narrow := bounded("narrow", w.edge(side, "narrow", may("Allow", `"es:*"`, `"*"`)))
		edge := w.edge(side, "wide", may("Allow", `"s3:*"`, `"*"`))
		wide := bounded("wide", edge)
		_ = w.role(side, account.RoleSpec{Name: "tight", Boundary: edge}, list)
		within := func(name awsid.RoleName) func(*spec.Spec) {
			return both(named(side, name), func(s *spec.Spec) { s.Side(side).Role.Boundary = edge })
		}
		unseen := refuses("iam.", "GetPolicy", deniedIAM)
		w.run([]row{
			{name: "none yet", check: check, want: steps.Pass, subject: "role/snap", evidence: "the plan makes it so", step: step},
			{name: "all", check: check, spec: adopted(side, whole), want: steps.Pass, subject: whole.String(), evidence: "s3://" + bucketName},
			{name: "in an attached policy", check: check, spec: adopted(side, attached), want: steps.Pass},
			{name: "half, to be mended", check: check, spec: named(side, "half"), want: steps.Note, cause: "s3:GetObject on arn:aws:s3:::", step: step, diff: "SnapferryObjects"},
			{
				name: "objects on the bucket", check: check, spec: adopted(side, make("slip1", list, may("Allow", objects, onBucket))), want: steps.Block,
				cause: "Resource is arn:aws:s3:::" + bucketName + " and the request", fix: "Add what is missing", cmd: "iam put-role-policy", evidence: "tried s3:GetObject",
			},
			{name: "list on the objects", check: check, spec: adopted(side, make("slip2", may("Allow", `"s3:ListBucket"`, onObjects), all)), want: steps.Block, cause: "s3:ListBucket on arn:aws:s3:::" + bucketName + ":"},
			{name: "below the base path alone", check: check, spec: adopted(side, make("slip3", list, may("Allow", objects, `"arn:aws:s3:::`+bucketName+`/mig/*"`))), want: steps.Block, cause: "beside-the-base-path"},
			{name: "denied", check: check, spec: adopted(side, make("denied", list, all, may("Deny", `"s3:Get*"`, `"*"`))), want: steps.Block, cause: "denies it", fix: "Take that denial out"},
			{name: "a boundary in the way", check: check, spec: adopted(side, narrow), want: steps.Block, cause: "permissions boundary", fix: "Have the role's permissions boundary allow it"},
			{name: "a boundary around it", check: check, spec: adopted(side, wide), want: steps.Pass},
			{name: "a boundary nobody may read", check: check, spec: adopted(side, wide), between: refuses("iam.", "GetPolicy", deniedIAM), want: steps.Unknown, fix: "iam:GetPolicy", evidence: "IAM GetPolicy"},
			{
				name: "to be made within a boundary nobody may read", check: check, spec: within("snap"), between: unseen,
				want: steps.Unknown, fix: "iam:GetPolicy", evidence: "IAM GetPolicy",
			},
			{
				name: "to be mended within a boundary nobody may read", check: check, spec: named(side, "tight"), between: unseen,
				want: steps.Unknown, fix: "iam:GetPolicy", cause: "Whether the plan puts it right is not known",
			},
			{name: "to be made within a boundary around it", check: check, spec: within("snap"), want: steps.Pass, evidence: "the plan makes it so"},
			{name: "policies nobody may read", check: check, spec: adopted(side, whole), between: refuses("iam.", "GetRolePolicy", deniedIAM), want: steps.Unknown, fix: "iam:GetRole and iam:List*"},
			{name: "another spelling", check: check, spec: named(side, "Whole"), want: steps.Skipped, because: "role-exact-spelling"},
			{name: "no rights to look", check: check, between: says("iam.", "/", 403, deniedIAM), want: steps.Unknown, fix: "iam:GetRole"},
		})
	})
}

// TestReadingNeedsLess: the target only reads.
func TestReadingNeedsLess(t *testing.T) {
	w := newWorld(t)
	reads := []string{may("Allow", `"s3:ListBucket"`, onBucket), may("Allow", `"s3:GetObject"`, onObjects)}
	there := w.role(steps.Target, account.RoleSpec{Name: "reads"}, reads...)
	here := w.role(steps.Source, account.RoleSpec{Name: "reads"}, reads...)
	w.run([]row{
		{name: "target", check: "target-role-may-use-bucket", spec: adopted(steps.Target, there), want: steps.Pass},
		{name: "source", check: "source-role-may-use-bucket", spec: adopted(steps.Source, here), want: steps.Block, cause: "s3:PutObject"},
		{name: "into another account", check: "source-role-may-use-bucket", spec: both(adopted(steps.Source, w.role(steps.Source, account.RoleSpec{Name: "writes"},
			may("Allow", `"s3:ListBucket"`, onBucket), may("Allow", objects, onObjects))), ownedBy(steps.Target)), want: steps.Block, cause: "s3:PutObjectAcl"},
	})
}

func ownedBy(side steps.Side) func(*spec.Spec) {
	return func(s *spec.Spec) { s.Bucket.Owner = side }
}

// granting lets a role do with the bucket what a target does.
func granting(role awsid.ARN) string {
	return `{"Effect":"Allow","Principal":{"AWS":"` + role.String() + `"},"Action":["s3:ListBucket","s3:GetObject"],"Resource":[` + onBucket + `,` + onObjects + `]}`
}

// denying denies everybody under a condition.
func denying(action, condition string) string {
	return `{"Effect":"Deny","Principal":"*","Action":"` + action + `","Resource":[` + onBucket + `,` + onObjects + `],"Condition":` + condition + `}`
}

// butAdmin keeps a denial from the one who has to read it and to take it back.
const butAdmin = `"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::111111111111:user/admin"}`

func TestBucketPolicyAllows(t *testing.T) {
	w := newWorld(t)
	const here, there = "source-bucket-policy-allows", "target-bucket-policy-allows"
	reads := []string{may("Allow", `"s3:ListBucket"`, onBucket), may("Allow", `"s3:GetObject"`, onObjects)}
	reader := w.role(steps.Target, account.RoleSpec{Name: "reader"}, reads...)
	guest := adopted(steps.Target, reader)
	a := w.account(steps.Source)
	put := func(statements ...string) {
		t.Helper()
		w.must(a.PutBucketPolicy(w.ctx, bucketName, policyOf(statements...)))
	}
	w.run([]row{
		{name: "no bucket yet", check: here, want: steps.Pass, evidence: "the plan makes it so", step: "bucket"},
		{name: "no bucket yet, guest", check: there, want: steps.Pass, evidence: "may read what is in bucket", step: "share-bucket"},
	})
	w.must(a.CreateBucket(w.ctx, account.BucketSpec{Name: bucketName, Region: sandbox.Region}))
	w.run([]row{
		{name: "no policy", check: here, want: steps.Pass, evidence: "S3 GetBucketPolicy of s3://" + bucketName},
		{name: "no policy, guest", check: there, spec: guest, want: steps.Note, subject: reader.String(), cause: "no statement of the bucket policy allows it", step: "share-bucket", diff: "SnapferryShareObjects"},
		{name: "a guest not there yet", check: there, want: steps.Note, subject: "role/snap", step: "share-bucket"},
		{name: "a guest spelt otherwise", check: there, spec: named(steps.Target, "Reader"), want: steps.Skipped, because: "role-exact-spelling"},
		{name: "policy nobody may read", check: there, spec: guest, between: without(bucketName, "policy"), want: steps.Unknown, fix: "s3:GetBucketPolicy", evidence: "S3 GetBucketPolicy"},
	})
	put(granting(reader), denying("s3:*", `{"Bool":{"aws:SecureTransport":"false"}}`))
	w.run([]row{
		{name: "over TLS alone", check: here, want: steps.Pass},
		{name: "granted", check: there, spec: guest, want: steps.Pass},
	})
	put(granting(reader), denying("s3:*", `{"StringNotEquals":{"aws:SourceVpce":"vpce-1"},`+butAdmin+`}`))
	w.run([]row{
		{name: "from an endpoint alone", check: here, want: steps.Block, cause: "denies it", fix: "Except the snapshot role", evidence: "tried s3:ListBucket"},
		{name: "from an endpoint alone, guest", check: there, spec: guest, want: steps.Block, cause: "denies it"},
	})
	put(granting(reader), denying("s3:PutObject", `{"Null":{"s3:x-amz-server-side-encryption":"true"}}`))
	w.run([]row{
		{name: "with an encryption header", check: here, want: steps.Block, cause: "s3:PutObject"},
		{name: "the guest puts nothing", check: there, spec: guest, want: steps.Pass},
	})
	put(granting(reader), denying("s3:*", `{"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"},`+butAdmin+`}`))
	w.run([]row{{name: "from addresses", check: here, want: steps.Unknown, cause: "aws:SourceIp", fix: "cannot be known from here"}})
	put(granting(reader))
	w.must(w.account(steps.Target).DeleteRolePolicy(w.ctx, "reader", "rights"))
	w.must(w.account(steps.Target).DeleteRole(w.ctx, "reader"))
	w.role(steps.Target, account.RoleSpec{Name: "reader"}, reads...)
	w.run([]row{
		{name: "made again", check: there, spec: guest, want: steps.Note, evidence: "the policy names AROA", step: "share-bucket"},
		{name: "made for the first time", check: there, want: steps.Note, subject: "role/snap", evidence: "the policy names AROA", step: "share-bucket"},
		{name: "the other way round", check: here, spec: ownedBy(steps.Target), want: steps.Skipped, because: "bucket-usable"},
	})
}

// TestTwoStepsOnOnePolicy: what is shown is what both of them change.
func TestTwoStepsOnOnePolicy(t *testing.T) {
	w := newWorld(t)
	w.must(w.account(steps.Source).CreateBucket(w.ctx, account.BucketSpec{Name: bucketName, Region: sandbox.Region, Tags: map[string]string{"snapferry:run": "r-1"}}))
	for _, sid := range []string{"SnapferryTLSOnly", "SnapferryShareBucket"} {
		w.run([]row{{name: sid, check: "target-bucket-policy-allows", want: steps.Note, step: "share-bucket", diff: sid}})
	}
}

// TestDeniesByPrincipal: who is excepted is not hit.
func TestDeniesByPrincipal(t *testing.T) {
	w := newWorld(t)
	a := w.account(steps.Source)
	w.must(a.CreateBucket(w.ctx, account.BucketSpec{Name: bucketName, Region: sandbox.Region}))
	role := w.role(steps.Source, account.RoleSpec{Name: "writer"})
	for name, tc := range map[string]struct {
		excepts string
		want    steps.Outcome
	}{
		"excepted": {role.String(), steps.Pass}, "another excepted": {strings.Replace(role.String(), "writer", "other", 1), steps.Block},
	} {
		w.must(a.PutBucketPolicy(w.ctx, bucketName, policyOf(denying("s3:*", `{"ArnNotEquals":{"aws:PrincipalArn":["`+tc.excepts+`","arn:aws:iam::111111111111:user/admin"]}}`))))
		w.run([]row{{name: name, check: "source-bucket-policy-allows", spec: adopted(steps.Source, role), want: tc.want}})
	}
}

// TestExceptionsAndBoundaries: whoever has a boundary is hit by a denial that
// excepts him by NotPrincipal.
func TestExceptionsAndBoundaries(t *testing.T) {
	w := newWorld(t)
	w.bucket(steps.Source, "")
	free := w.role(steps.Source, account.RoleSpec{Name: "free"})
	bound := w.role(steps.Source, account.RoleSpec{Name: "bound", Boundary: w.edge(steps.Source, "all", may("Allow", `"*"`, `"*"`))})
	excepted := `"arn:aws:iam::111111111111:root","arn:aws:iam::111111111111:user/admin","` + free.String() + `","` + bound.String() + `"`
	w.must(w.account(steps.Source).PutBucketPolicy(w.ctx, bucketName, policyOf(`{"Effect":"Deny","NotPrincipal":{"AWS":[`+excepted+`]},"Action":"s3:PutObject","Resource":[`+onBucket+`,`+onObjects+`]}`)))
	const check = "source-bucket-policy-allows"
	w.run([]row{
		{name: "excepted", check: check, spec: adopted(steps.Source, free), want: steps.Pass},
		{name: "excepted, with a boundary", check: check, spec: adopted(steps.Source, bound), want: steps.Block, cause: "denies it"},
	})
}
