//go:build judges

package sandbox_test

import (
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"snapferry/awsx/sandbox"
)

// refused runs the AWS CLI and wants it to fail with this in its words.
func refused(t *testing.T, i sandbox.Info, want string, args ...string) {
	t.Helper()
	out, errs, err := foreign(t, i, "aws", args...)
	if err == nil || !strings.Contains(errs, want) {
		t.Errorf("aws %s: %v\n%s%s\nwant %s", strings.Join(args, " "), err, out, errs, want)
	}
}

// TestJudgeKeysByAWSCLI makes a key, shares it with a role of the other account
// and reads with that role what was encrypted with it.
func TestJudgeKeysByAWSCLI(t *testing.T) {
	s := open(t, t.TempDir())
	i := s.Info()
	key, _ := at(cli(t, i, "kms", "create-key", "--description", "of the migration", "--tags", "TagKey=run,TagValue=1"), "KeyMetadata", "Arn").(string)
	if !strings.HasPrefix(key, "arn:aws:kms:eu-west-1:111111111111:key/") {
		t.Fatal(key)
	}
	cli(t, i, "kms", "create-alias", "--alias-name", "alias/mig", "--target-key-id", key)
	if got := at(cli(t, i, "kms", "describe-key", "--key-id", "alias/mig"), "KeyMetadata", "Arn"); got != key {
		t.Errorf("the alias is %v", got)
	}
	if got := at(cli(t, i, "kms", "describe-key", "--key-id", "alias/aws/s3"), "KeyMetadata", "KeyManager"); got != "AWS" {
		t.Errorf("aws/s3 is managed by %v", got)
	}
	// The CLI reads bytes from a file and shows them in base64.
	blob, _ := at(cli(t, i, "kms", "encrypt", "--key-id", "alias/mig", "--plaintext", "fileb://"+i.CAFile), "CiphertextBlob").(string)
	raw, err := base64.StdEncoding.DecodeString(blob)
	must(t, err)
	sealed := filepath.Join(t.TempDir(), "sealed")
	must(t, os.WriteFile(sealed, raw, 0o600))
	ca, err := i.CA()
	must(t, err)
	if got := at(cli(t, i, "kms", "decrypt", "--ciphertext-blob", "fileb://"+sealed), "Plaintext"); got != base64.StdEncoding.EncodeToString(ca) {
		t.Errorf("decrypted: %v", got)
	}
	reader := "arn:aws:iam::222222222222:role/reader"
	policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"kms:*","Resource":"*"},` +
		`{"Effect":"Allow","Principal":{"AWS":"` + reader + `"},"Action":["kms:Decrypt","kms:DescribeKey"],"Resource":"*"}]}`
	put := []string{"kms", "put-key-policy", "--key-id", key, "--policy-name", "default", "--policy", policy}
	refused(t, i, "(MalformedPolicyDocumentException) when calling the PutKeyPolicy operation: Policy contains a statement with one or more invalid principals.", put...)
	cli(t, i, "iam", "create-role", "--profile", "target", "--role-name", "reader", "--assume-role-policy-document",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"sts:AssumeRole"}]}`)
	cli(t, i, "iam", "put-role-policy", "--profile", "target", "--role-name", "reader", "--policy-name", "p", "--policy-document",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","kms:Decrypt"],"Resource":"*"}]}`)
	cli(t, i, put...)
	if got := at(cli(t, i, "kms", "get-key-policy", "--key-id", key, "--policy-name", "default"), "Policy"); got != policy {
		t.Errorf("the policy came back as %v", got)
	}
	readWithTheKey(t, i, key, reader)
}

// readWithTheKey puts an object under the key, reads it as the other account's
// role, and no more once the key's policy or state forbids it.
func readWithTheKey(t *testing.T, i sandbox.Info, key, reader string) {
	t.Helper()
	cli(t, i, "s3api", "create-bucket", "--bucket", bucket, "--create-bucket-configuration", "LocationConstraint=eu-west-1")
	cli(t, i, "s3api", "put-bucket-encryption", "--bucket", bucket, "--server-side-encryption-configuration",
		`{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"`+key+`"},"BucketKeyEnabled":true}]}`)
	cli(t, i, "s3api", "put-bucket-policy", "--bucket", bucket, "--policy",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"`+reader+`"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::`+bucket+`/*"}]}`)
	file := i.CAFile
	if got := at(cli(t, i, "s3api", "put-object", "--bucket", bucket, "--key", "k", "--body", file), "SSEKMSKeyId"); got != key {
		t.Errorf("encrypted with %v", got)
	}
	assumed := cli(t, i, "sts", "assume-role", "--profile", "target", "--role-arn", reader, "--role-session-name", "me")
	text := func(name string) string { v, _ := at(assumed, "Credentials", name).(string); return v }
	as := append(slices.DeleteFunc(i.Env(), func(v sandbox.Variable) bool { return v.Name == "AWS_PROFILE" }), sandbox.Variable{Name: "AWS_ACCESS_KEY_ID", Value: text("AccessKeyId")},
		sandbox.Variable{Name: "AWS_SECRET_ACCESS_KEY", Value: text("SecretAccessKey")}, sandbox.Variable{Name: "AWS_SESSION_TOKEN", Value: text("SessionToken")})
	get := []string{"s3", "cp", "s3://" + bucket + "/k", "-"}
	if out, errs, err := foreignIn(t, as, "aws", get...); err != nil || !strings.Contains(out, "BEGIN CERTIFICATE") {
		t.Errorf("the reader: %v\n%s%s", err, out, errs)
	}
	cli(t, i, "kms", "put-key-policy", "--key-id", key, "--policy-name", "default", "--policy",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"kms:*","Resource":"*"}]}`)
	want := "(AccessDenied) when calling the GetObject operation: User: arn:aws:sts::222222222222:assumed-role/reader/me is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext " + notHere
	if _, errs, err := foreignIn(t, as, "aws", get...); err == nil || !strings.Contains(errs, want) {
		t.Errorf("the reader without the key: %v\n%s", err, errs)
	}
	cli(t, i, "kms", "disable-key", "--key-id", key)
	refused(t, i, "(KMS.DisabledException) when calling the PutObject operation: "+key+" is disabled.", "s3api", "put-object", "--bucket", bucket, "--key", "k2", "--body", file)
	cli(t, i, "kms", "schedule-key-deletion", "--key-id", key, "--pending-window-in-days", "7")
	if got := at(cli(t, i, "kms", "describe-key", "--key-id", key), "KeyMetadata", "KeyState"); got != "PendingDeletion" {
		t.Errorf("the key is %v", got)
	}
}

// bigAndKeyed is a multipart upload and a copy by boto3 into a bucket with a
// customer key, with a reader's refusal between.
const bigAndKeyed = `
import io, sys, boto3
from botocore.exceptions import ClientError
bucket = sys.argv[1]
here, there = boto3.Session(profile_name="source"), boto3.Session(profile_name="target")
kms, s3 = here.client("kms"), here.client("s3")
key = kms.create_key(Description="big")["KeyMetadata"]["Arn"]
s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}]})
from boto3.s3.transfer import TransferConfig
s3.upload_fileobj(io.BytesIO(b"x" * (9 << 20)), bucket, "big", Config=TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20))
head = s3.head_object(Bucket=bucket, Key="big")
assert head["SSEKMSKeyId"] == key and head["ContentLength"] == 9 << 20, head
s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "big"})
data = kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext={"a": "b"})
assert kms.decrypt(CiphertextBlob=data["CiphertextBlob"], EncryptionContext={"a": "b"})["Plaintext"] == data["Plaintext"]
try:
    there.client("kms").describe_key(KeyId=key)
    raise SystemExit("described from the other account")
except ClientError as e:
    assert e.response["Error"]["Code"] == "AccessDeniedException" and "does not exist in this Region" in e.response["Error"]["Message"], e
try:
    kms.describe_key(KeyId="alias/none")
    raise SystemExit("an alias of nobody")
except kms.exceptions.NotFoundException as e:
    assert "Alias arn:aws:kms:eu-west-1:111111111111:alias/none is not found." in str(e), e
assert "alias/none" not in [a["AliasName"] for a in kms.list_aliases()["Aliases"]]
assert key in [k["KeyArn"] for p in kms.get_paginator("list_keys").paginate() for k in p["Keys"]]
print("done")
`

func TestJudgeKeysByBoto3(t *testing.T) {
	s := open(t, t.TempDir())
	out, errs, err := foreign(t, s.Info(), "python3", "-c", bigAndKeyed, bucket)
	if err != nil || out != "done\n" {
		t.Errorf("%v\n%s%s", err, out, errs)
	}
}

// TestJudgeKeysByTerraform makes a key with all that belongs to it, finds nothing
// to change afterwards, and takes it away. Not every machine has Terraform and its
// provider.
func TestJudgeKeysByTerraform(t *testing.T) {
	mirror := providerMirror()
	if _, err := exec.LookPath("terraform"); err != nil || mirror == "" {
		t.Skip("SKIPPED: terraform or a mirror with its AWS provider is not on this machine; KMS was not judged by it")
	}
	s := open(t, t.TempDir())
	dir := t.TempDir()
	main, err := os.ReadFile(filepath.Join("testdata", "keys", "main.tf"))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "main.tf"), main, 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "cli.tfrc"), []byte(`provider_installation { filesystem_mirror { path = "`+mirror+`" } }`), 0o600))
	env := append(s.Info().Env(), sandbox.Variable{Name: "TF_CLI_CONFIG_FILE", Value: filepath.Join(dir, "cli.tfrc")}, sandbox.Variable{Name: "CHECKPOINT_DISABLE", Value: "1"})
	tf := func(args ...string) string {
		t.Helper()
		out, errs, err := foreignIn(t, env, "terraform", append([]string{"-chdir=" + dir, args[0], "-no-color"}, args[1:]...)...)
		if err != nil {
			t.Fatalf("terraform %s: %v\n%s%s", args[0], err, out, errs)
		}
		return out
	}
	tf("init", "-input=false")
	tf("apply", "-auto-approve")
	if got := at(cli(t, s.Info(), "kms", "describe-key", "--key-id", "alias/snapshots"), "KeyMetadata", "Description"); got != "snapshots" {
		t.Errorf("the key is %v", got)
	}
	if out := tf("plan", "-detailed-exitcode"); !strings.Contains(out, "No changes") {
		t.Errorf("a second plan:\n%s", out)
	}
	tf("destroy", "-auto-approve")
	if out, _, err := foreign(t, s.Info(), "aws", "kms", "list-aliases"); err != nil || strings.Contains(out, "alias/snapshots") {
		t.Errorf("left behind: %v %s", err, out)
	}
	if !strings.Contains(dump(t, s), `"Window": 7`) {
		t.Error("the key does not wait for its deletion")
	}
}
