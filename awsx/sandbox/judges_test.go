//go:build judges

package sandbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/sandbox"
)

// foreign runs another program with the environment the sandbox prints, as a
// person in a shell would. A program that is missing is a failure.
func foreign(t *testing.T, i sandbox.Info, name string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	return foreignIn(t, i.Env(), name, args...)
}

// foreignIn is foreign in another shell.
func foreignIn(t *testing.T, env []sandbox.Variable, name string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	for _, v := range os.Environ() {
		key, _, _ := strings.Cut(v, "=")
		if !slices.Contains(sandbox.Ambient(), key) {
			cmd.Env = append(cmd.Env, v)
		}
	}
	for _, v := range env {
		cmd.Env = append(cmd.Env, v.Name+"="+v.Value)
	}
	cmd.Env = append(cmd.Env, "AWS_PAGER=", "HOME="+t.TempDir())
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	return out.String(), errs.String(), err
}

// cli runs the AWS CLI and reads its JSON.
func cli(t *testing.T, i sandbox.Info, args ...string) map[string]any {
	t.Helper()
	out, errs, err := foreign(t, i, "aws", args...)
	if err != nil {
		t.Fatalf("aws %s: %v\n%s", strings.Join(args, " "), err, errs)
	}
	var v map[string]any
	if out != "" {
		if err := json.Unmarshal([]byte(out), &v); err != nil {
			t.Fatalf("aws %s: %v in %s", strings.Join(args, " "), err, out)
		}
	}
	return v
}

// at walks into decoded JSON.
func at(v any, path ...string) any {
	for _, p := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[p]
	}
	return v
}

func TestJudgeAWSCLI(t *testing.T) {
	s := open(t, t.TempDir())
	i := s.Info()
	if got := at(cli(t, i, "sts", "get-caller-identity"), "Arn"); got != "arn:aws:iam::111111111111:user/admin" {
		t.Errorf("who am I: %v", got)
	}
	if got := at(cli(t, i, "sts", "get-caller-identity", "--profile", "target"), "Account"); got != "222222222222" {
		t.Errorf("who am I as target: %v", got)
	}
	const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	cli(t, i, "iam", "create-role", "--role-name", roleName, "--path", "/team/", "--assume-role-policy-document", trust, "--tags", "Key=run,Value=1")
	role := cli(t, i, "iam", "get-role", "--role-name", roleName)
	if at(role, "Role", "Arn") != "arn:aws:iam::111111111111:role/team/acme-snap" || at(role, "Role", "AssumeRolePolicyDocument", "Version") != "2012-10-17" {
		t.Errorf("%v", role)
	}
	if got := at(cli(t, i, "iam", "list-attached-role-policies", "--role-name", roleName), "AttachedPolicies"); len(got.([]any)) != 0 {
		t.Errorf("%v", got)
	}
	if _, errs, err := foreign(t, i, "aws", "iam", "create-role", "--role-name", strings.ToUpper(roleName), "--assume-role-policy-document", trust); err == nil ||
		!strings.Contains(errs, "An error occurred (EntityAlreadyExists) when calling the CreateRole operation: Role with name ACME-SNAP already exists.") {
		t.Errorf("%v %s", err, errs)
	}
	domain := cli(t, i, "opensearch", "describe-domain", "--domain-name", "logs-prod")
	if at(domain, "DomainStatus", "EngineVersion") != "OpenSearch_2.19" || at(domain, "DomainStatus", "Processing") != false {
		t.Errorf("%v", domain)
	}
	old := cli(t, i, "es", "describe-elasticsearch-domain", "--domain-name", "logs-prod")
	if at(old, "DomainStatus", "ElasticsearchVersion") != "OpenSearch_2.19" || at(old, "DomainStatus", "ARN") != at(domain, "DomainStatus", "ARN") {
		t.Errorf("%v", old)
	}
	if names := at(cli(t, i, "opensearch", "list-domain-names"), "DomainNames"); len(names.([]any)) != 2 {
		t.Errorf("%v", names)
	}
	if _, errs, err := foreign(t, i, "aws", "opensearch", "describe-domain", "--domain-name", "ghost"); err == nil ||
		!strings.Contains(errs, "An error occurred (ResourceNotFoundException) when calling the DescribeDomain operation: Domain not found: ghost") {
		t.Errorf("%v %s", err, errs)
	}
	if _, errs, err := foreign(t, i, "aws", "ec2", "describe-instances"); err == nil || !strings.Contains(errs, "Failed to connect to proxy URL") {
		t.Errorf("a service that is not there: %v %s", err, errs)
	}
}

func TestJudgeCLIAndStore(t *testing.T) {
	s := open(t, t.TempDir())
	i := s.Info()
	file := filepath.Join(t.TempDir(), "f")
	body := strings.Repeat("0123456789", 1<<20) // above the CLI's threshold for multipart
	must(t, os.WriteFile(file, []byte(body), 0o600))
	for _, args := range [][]string{
		{"mb", "s3://" + bucket}, {"cp", file, "s3://" + bucket + "/mig/index-0"}, {"cp", "s3://" + bucket + "/mig/index-0", file + ".back"},
	} {
		if _, errs, err := foreign(t, i, "aws", append([]string{"s3"}, args...)...); err != nil {
			t.Fatalf("aws s3 %v: %v %s", args, err, errs)
		}
	}
	if back, err := os.ReadFile(file + ".back"); err != nil || string(back) != body {
		t.Errorf("%d bytes came back, %v", len(back), err)
	}
	if out, errs, err := foreign(t, i, "aws", "s3", "ls", "--recursive", "s3://"+bucket); err != nil || !strings.Contains(out, "10485760 mig/index-0") {
		t.Errorf("%v %s %s", err, out, errs)
	}
	if _, errs, err := foreign(t, i, "aws", "s3", "ls", "s3://"+bucket, "--profile", "target"); err == nil || !strings.Contains(errs, "AccessDenied") {
		t.Errorf("another account's bucket: %v %s", err, errs)
	}
}

func TestJudgeCurl(t *testing.T) {
	s := open(t, t.TempDir())
	admin, logs := labelled(t, s.Info(), "source", "source")
	curl := func(args ...string) string {
		t.Helper()
		out, errs, err := foreign(t, s.Info(), "curl", append([]string{"-sS", "-w", " %{http_code}"}, args...)...)
		if err != nil {
			t.Fatalf("curl %v: %v %s", args, err, errs)
		}
		return out
	}
	sigv4 := []string{"--aws-sigv4", "aws:amz:eu-west-1:es", "--user", admin.AccessKey + ":" + admin.Secret}
	url := "https://" + logs.Endpoint
	if out := curl(append(sigv4, url+"/")...); !strings.Contains(out, `"number" : "2.19.4"`) && !strings.Contains(out, `"number":"2.19.4"`) || !strings.HasSuffix(out, " 200") {
		t.Error(out)
	}
	if out := curl(append(sigv4, url+"/_cat/indices?v=true")...); !strings.HasSuffix(out, " 200") {
		t.Error(out)
	}
	put := append(sigv4, "-X", "PUT", "-H", "Content-Type: application/json", "-d", `{"type":"s3","settings":{"bucket":"b"}}`, url+"/_snapshot/mig")
	if out := curl(put...); out != `{"Message":"settings.role_arn is needed for snapshot registration."} 401` {
		t.Error(out)
	}
	if out := curl(url + "/"); out != `{"Message":"User: anonymous is not authorized to perform: es:ESHttpGet because no resource-based policy allows the es:ESHttpGet action"} 403` {
		t.Error(out)
	}
	wrong := []string{"--aws-sigv4", "aws:amz:eu-west-1:es", "--user", admin.AccessKey + ":wrong", url + "/"}
	if out := curl(wrong...); !strings.HasPrefix(out, `{"message":"The request signature we calculated does not match`) || !strings.HasSuffix(out, " 403") {
		t.Error(out)
	}
	if _, errs, err := foreign(t, s.Info(), "curl", "-sS", "https://example.com/"); err == nil || !strings.Contains(errs, "403") {
		t.Errorf("a foreign host: %v %s", err, errs)
	}
}

// boto is article 0's way: boto3 for AWS, botocore's signer and requests for the
// domain.
const boto = `
import json, sys
import boto3, requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
host, bucket = sys.argv[1:3]
session = boto3.Session(profile_name="source")
iam, s3 = session.client("iam"), session.client("s3")
trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "es.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
role = iam.create_role(RoleName="TheSnapshotRole", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
assert iam.get_role(RoleName="TheSnapshotRole")["Role"]["AssumeRolePolicyDocument"] == trust
s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
s3.put_object(Bucket=bucket, Key="x", Body=b"y" * 70000)
assert s3.get_object(Bucket=bucket, Key="x")["Body"].read() == b"y" * 70000
s3.delete_object(Bucket=bucket, Key="x")
def domain(method, path, body=None):
    data = json.dumps(body) if body is not None else None
    r = AWSRequest(method=method, url="https://" + host + path, data=data, headers={"Content-Type": "application/json"})
    SigV4Auth(session.get_credentials(), "es", "eu-west-1").add_auth(r)
    a = requests.request(method, r.url, data=data, headers=dict(r.headers))
    return a.status_code, a.text
body = {"type": "s3", "settings": {"bucket": bucket, "region": "eu-west-1", "role_arn": role}}
status, text = domain("PUT", "/_snapshot/snaps", body)
assert status == 500 and "s3_exception" in text, (status, text)
iam.put_role_policy(RoleName="TheSnapshotRole", PolicyName="s3", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::" + bucket},
    {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], "Resource": "arn:aws:s3:::" + bucket + "/*"}]}))
status, text = domain("PUT", "/_snapshot/snaps", body)
assert (status, text) == (200, '{"acknowledged":true}'), (status, text)
print("done")
`

func TestJudgeBoto3(t *testing.T) {
	s := open(t, t.TempDir())
	_, logs := labelled(t, s.Info(), "source", "source")
	out, errs, err := foreign(t, s.Info(), "python3", "-c", boto, logs.Endpoint, bucket)
	if err != nil || out != "done\n" {
		t.Errorf("%v\n%s%s", err, out, errs)
	}
}
