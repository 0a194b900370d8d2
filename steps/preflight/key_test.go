package preflight_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"snapferry/awsx/account"
	"snapferry/steps"
	"snapferry/steps/spec"
)

func TestBucketKey(t *testing.T) {
	w := newWorld(t)
	const shareable, enabled = "bucket-key-shareable", "bucket-key-enabled"
	inOne := func(s *spec.Spec) {
		s.Shape, s.Target = spec.ShapeSameAccount, s.Source
		s.Target.Domain = "logs-next"
	}
	key := w.key(steps.Source)
	asked := func(s *spec.Spec) { s.Bucket.KMSKey = key }
	gone := func(s *spec.Spec) {
		s.Bucket.KMSKey = key
		s.Bucket.KMSKey.Resource = "key/00000000-0000-4000-8000-000000000000"
	}
	w.run([]row{
		{name: "S3's own, to be made", check: shareable, want: steps.Pass, subject: "s3://" + bucketName, evidence: "AES256"},
		{name: "a key, to be made", check: shareable, spec: asked, want: steps.Pass, evidence: key.String() + ", Enabled"},
		{name: "S3's own", check: enabled, want: steps.Pass, evidence: "nobody needs a right"},
		{name: "enabled", check: enabled, spec: asked, want: steps.Pass, evidence: "Enabled"},
		{name: "not there", check: enabled, spec: gone, want: steps.Block, cause: "there is no key", fix: "another default key"},
		{name: "not there, to share", check: shareable, spec: gone, want: steps.Skipped, because: enabled},
		{name: "not there, inside one account", check: shareable, spec: func(s *spec.Spec) { inOne(s); gone(s) }, want: steps.Pass, evidence: "nothing is shared"},
		{name: "not there, to use", check: "source-role-may-use-key", spec: gone, want: steps.Skipped, because: enabled},
		{name: "nobody may look", check: enabled, spec: asked, between: says("kms.", "/", 400, `{"__type":"AccessDeniedException","Message":"User: x is not authorized to perform: kms:DescribeKey"}`), want: steps.Unknown, fix: "kms:DescribeKey", evidence: "KMS DescribeKey"},
	})
	w.bucket(steps.Source, key.String())
	_, err := w.kms(steps.Source).DisableKey(w.ctx, &kms.DisableKeyInput{KeyId: aws.String(key.String())})
	w.must(err)
	w.run([]row{{name: "disabled", check: enabled, want: steps.Block, cause: "Disabled", fix: "Enable it", cmd: "kms enable-key \\\n  --key-id " + key.String(), evidence: "S3 GetBucketEncryption"}})
	_, err = w.kms(steps.Source).ScheduleKeyDeletion(w.ctx, &kms.ScheduleKeyDeletionInput{KeyId: aws.String(key.String()), PendingWindowInDays: aws.Int32(7)})
	w.must(err)
	w.run([]row{{name: "about to go", check: enabled, want: steps.Block, cause: "PendingDeletion", cmd: "kms cancel-key-deletion"}})
	w.must(w.account(steps.Source).PutBucketEncryption(w.ctx, bucketName, account.Encryption{Algorithm: "aws:kms"}))
	w.run([]row{
		{name: "aws/s3", check: shareable, want: steps.Block, cause: "aws/s3", fix: "customer key", cmd: "put-bucket-encryption \\\n  --bucket " + bucketName, evidence: "aws:kms without a key"},
		{name: "aws/s3 inside one account", check: shareable, spec: inOne, want: steps.Pass, evidence: "nothing is shared"},
		{name: "aws/s3, rights", check: "target-key-policy-allows", want: steps.Skipped, because: shareable},
		{name: "encryption not told", check: shareable, between: without(bucketName, "encryption"), want: steps.Unknown, fix: "s3:GetEncryptionConfiguration"},
	})
}

func TestRightsOnTheKey(t *testing.T) {
	w := newWorld(t)
	key := w.key(steps.Source)
	use := func(actions string) string { return may("Allow", actions, `"`+key.String()+`"`) }
	w.run([]row{
		{name: "no key", check: "source-role-may-use-key", want: steps.Pass, evidence: "AES256"},
		{name: "no key", check: "target-key-policy-allows", want: steps.Pass, evidence: "AES256"},
	})
	w.bucket(steps.Source, key.String())
	reads := w.role(steps.Target, account.RoleSpec{Name: "reads"}, use(`"kms:Decrypt"`))
	half := w.role(steps.Source, account.RoleSpec{Name: "half"}, use(`"kms:Decrypt"`))
	whole := w.role(steps.Source, account.RoleSpec{Name: "whole"}, use(`["kms:Decrypt","kms:GenerateDataKey"]`))
	edge := w.edge(steps.Source, "edge", use(`"kms:*"`))
	none := w.role(steps.Target, account.RoleSpec{Name: "none"})
	const own, ownThere, policy, policyThere = "source-role-may-use-key", "target-role-may-use-key", "source-key-policy-allows", "target-key-policy-allows"
	w.run([]row{
		{name: "to be made", check: own, want: steps.Pass, evidence: "the plan makes it so", step: "source-role"},
		{name: "to be made within a boundary nobody may read", check: own, spec: func(s *spec.Spec) { s.Source.Role.Boundary = edge }, between: refuses("iam.", "GetPolicy", deniedIAM), want: steps.Unknown, fix: "iam:GetPolicy"},
		{name: "writes and reads", check: own, spec: adopted(steps.Source, whole), want: steps.Pass, evidence: key.String()},
		{name: "reads only", check: own, spec: adopted(steps.Source, half), want: steps.Block, cause: "kms:GenerateDataKey", fix: "Add what is missing", cmd: "put-role-policy"},
		{name: "reads", check: ownThere, spec: adopted(steps.Target, reads), want: steps.Pass},
		{name: "nothing", check: ownThere, spec: adopted(steps.Target, none), want: steps.Block, cause: "kms:Decrypt", cmd: "kms:Decrypt"},
		{name: "nothing, to be mended", check: ownThere, spec: named(steps.Target, "none"), want: steps.Note, step: "target-role", diff: "SnapferryKey"},

		{name: "the account's own", check: policy, want: steps.Pass, evidence: "KMS GetKeyPolicy"},
		{name: "not shared", check: policyThere, spec: adopted(steps.Target, reads), want: steps.Note, subject: reads.String() + " on " + key.String(), cause: "key policy", step: "share-key", diff: "SnapferryShareKey"},
		{name: "policy not told", check: policyThere, spec: adopted(steps.Target, reads), between: targets("kms.", "GetKeyPolicy"), want: steps.Unknown, fix: "kms:GetKeyPolicy"},
		{name: "a role spelt otherwise", check: policyThere, spec: named(steps.Target, "Reads"), want: steps.Skipped, because: "role-exact-spelling"},
	})
	grant := func(more string) string {
		return `{"Effect":"Allow","Principal":{"AWS":"` + reads.String() + `"},"Action":"kms:Decrypt","Resource":"*"` + more + `}`
	}
	bucketKey := `,"Condition":{"StringEquals":{"kms:ViaService":"s3.eu-west-1.amazonaws.com","kms:EncryptionContext:aws:s3:arn":"arn:aws:s3:::` + bucketName + `"}}`
	for _, tc := range []struct {
		name, statement string
		want            steps.Outcome
	}{
		{"shared", grant(""), steps.Pass},
		{"through S3, for the bucket", grant(bucketKey), steps.Pass},
		{"for objects, beside a bucket key", grant(`,"Condition":{"StringLike":{"kms:EncryptionContext:aws:s3:arn":"arn:aws:s3:::` + bucketName + `/*"}}`), steps.Note},
		{"denied but through services", grant("") + `,{"Effect":"Deny","Principal":"*","Action":"kms:Decrypt","Resource":"*","Condition":{"Bool":{"aws:ViaAWSService":"false"}}}`, steps.Pass},
		{"denied", `{"Effect":"Deny","Principal":{"AWS":"` + reads.String() + `"},"Action":"kms:Decrypt","Resource":"*"}`, steps.Block},
	} {
		w.lock(steps.Source, key, tc.statement)
		w.run([]row{{name: tc.name, check: policyThere, spec: adopted(steps.Target, reads), want: tc.want}})
	}
}
