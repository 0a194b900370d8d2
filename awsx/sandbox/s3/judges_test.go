//go:build judges

package s3

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// judge is a foreign client in a folder of its own, with keys and the
// certificate of the listener.
type judge struct {
	*fixture
	dir string
	env []string
}

func newJudge(t *testing.T, secure bool) *judge {
	t.Helper()
	j := &judge{fixture: newFixture(t), dir: t.TempDir()}
	j.now = time.Now
	if !secure {
		j.plain()
	}
	ca := filepath.Join(j.dir, "ca.pem")
	if secure {
		block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: j.server.Certificate().Raw})
		if err := os.WriteFile(ca, block, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	j.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + j.dir, "AWS_EC2_METADATA_DISABLED=true", "AWS_REGION=eu-west-1", "AWS_DEFAULT_REGION=eu-west-1",
		"AWS_ENDPOINT_URL_S3=" + j.server.URL, "AWS_CA_BUNDLE=" + ca, "AWS_ACCESS_KEY_ID=" + admin, "AWS_SECRET_ACCESS_KEY=" + secretOf(admin),
		"PYENV_ROOT=" + os.Getenv("PYENV_ROOT"), "PYENV_VERSION=" + os.Getenv("PYENV_VERSION"), "AWS_PAGER=", "AWS_MAX_ATTEMPTS=1", "PYTHONWARNINGS=ignore",
	}
	if !secure {
		j.env = append(j.env, "AWS_CA_BUNDLE=")
	}
	return j
}

// run runs a program and gives what it printed; it must end as wanted.
func (j *judge) run(ok bool, name string, args ...string) string {
	j.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		j.Fatalf("%s is needed for this test: %v", name, err)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Env = j.dir, j.env
	out, err := cmd.CombinedOutput()
	if (err == nil) != ok {
		j.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func (j *judge) write(name string, body []byte) {
	j.Helper()
	p := filepath.Join(j.dir, name)
	if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
		j.Fatal(err)
	}
	if err := os.WriteFile(p, body, 0o600); err != nil {
		j.Fatal(err)
	}
}

func (j *judge) same(a, b string) {
	j.Helper()
	x, errX := os.ReadFile(filepath.Join(j.dir, a))
	y, errY := os.ReadFile(filepath.Join(j.dir, b))
	if errX != nil || errY != nil || !bytes.Equal(x, y) {
		j.Errorf("%s and %s differ (%d and %d bytes, %v, %v)", a, b, len(x), len(y), errX, errY)
	}
}

// over runs a test with TLS and without: botocore frames its bodies differently.
func over(t *testing.T, test func(*testing.T, *judge)) {
	for name, secure := range map[string]bool{"TLS": true, "plain": false} {
		t.Run(name, func(t *testing.T) { test(t, newJudge(t, secure)) })
	}
}

func TestAWSCLI(t *testing.T) {
	over(t, func(t *testing.T, j *judge) {
		j.write("small", []byte("hello"))
		j.write("big", bytes.Repeat([]byte("0123456789abcdef"), 20<<16)) // 20 MiB: three parts
		for i := range 12 {
			j.write(fmt.Sprintf("tree/d%d/ü %d+", i%3, i), []byte(strings.Repeat("x", i)))
		}
		j.run(true, "aws", "s3", "mb", "s3://judged")
		for _, file := range []string{"small", "big"} {
			j.run(true, "aws", "s3", "cp", file, "s3://judged/in/"+file)
			j.run(true, "aws", "s3", "cp", "s3://judged/in/"+file, "s3://judged/copied/"+file)
			j.run(true, "aws", "s3", "cp", "s3://judged/copied/"+file, file+".back")
			j.same(file, file+".back")
		}
		j.run(true, "aws", "s3", "sync", "tree", "s3://judged/tree")
		if out := j.run(true, "aws", "s3", "sync", "tree", "s3://judged/tree"); out != "" {
			t.Errorf("a second sync copied again:\n%s", out)
		}
		j.run(true, "aws", "s3", "sync", "s3://judged/tree", "back")
		for i := range 12 {
			name := fmt.Sprintf("/d%d/ü %d+", i%3, i)
			j.same("tree"+name, "back"+name)
		}
		if out := j.run(true, "aws", "s3", "ls", "s3://judged"); strings.Count(out, "PRE") != 3 {
			t.Errorf("ls:\n%s", out)
		}
		if out := j.run(true, "aws", "s3", "ls", "--recursive", "--summarize", "s3://judged"); !strings.Contains(out, "Total Objects: 16") {
			t.Errorf("ls --recursive:\n%s", out)
		}
		j.run(false, "aws", "s3", "rb", "s3://judged")
		j.run(true, "aws", "s3", "rm", "--recursive", "s3://judged")
		j.run(true, "aws", "s3", "rb", "s3://judged")
		if out := j.run(true, "aws", "s3", "ls"); strings.Contains(out, "judged") {
			t.Errorf("still there:\n%s", out)
		}
	})
}

func TestAWSCLIApi(t *testing.T) {
	j := newJudge(t, true)
	api := func(ok bool, args ...string) string {
		t.Helper()
		return j.run(ok, "aws", append([]string{"s3api"}, args...)...)
	}
	want := func(out string, parts ...string) {
		t.Helper()
		for _, p := range parts {
			if !strings.Contains(out, p) {
				t.Errorf("%q is not in:\n%s", p, out)
			}
		}
	}
	j.write("body", []byte("hello"))
	want(api(true, "head-bucket", "--bucket", "bkt"), "eu-west-1")
	want(api(false, "head-bucket", "--bucket", "none"), "Not Found")
	want(api(true, "get-bucket-location", "--bucket", "bkt"), "eu-west-1")
	want(api(true, "put-object", "--bucket", "bkt", "--key", "k", "--body", "body", "--checksum-algorithm", "SHA256", "--acl", "private"), "5d41402abc4b2a76b9719d911017c592", "ChecksumSHA256")
	want(api(true, "get-object", "--bucket", "bkt", "--key", "k", "--range", "bytes=1-2", "part"), `"ContentRange": "bytes 1-2/5"`)
	want(api(true, "head-object", "--bucket", "bkt", "--key", "k", "--checksum-mode", "ENABLED"), `"ChecksumType": "FULL_OBJECT"`, "AES256")
	want(api(false, "get-object", "--bucket", "bkt", "--key", "none", "x"), "NoSuchKey")
	j.write("policy.json", []byte(statement(shared)))
	api(true, "put-bucket-policy", "--bucket", "bkt", "--policy", "file://policy.json")
	want(api(true, "get-bucket-policy", "--bucket", "bkt", "--query", "Policy", "--output", "text"), statement(shared))
	want(api(false, "put-bucket-policy", "--bucket", "bkt", "--policy", "{}"), "MalformedPolicy")
	api(true, "delete-bucket-policy", "--bucket", "bkt")
	want(api(false, "get-bucket-policy", "--bucket", "bkt"), "NoSuchBucketPolicy")
	api(true, "put-public-access-block", "--bucket", "bkt", "--public-access-block-configuration", "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true")
	want(api(true, "get-public-access-block", "--bucket", "bkt"), `"BlockPublicPolicy": true`)
	api(true, "put-bucket-tagging", "--bucket", "bkt", "--tagging", "TagSet=[{Key=a,Value=b}]")
	want(api(true, "get-bucket-tagging", "--bucket", "bkt"), `"Key": "a"`)
	want(api(true, "get-bucket-encryption", "--bucket", "bkt"), "AES256")
	want(api(true, "get-bucket-acl", "--bucket", "bkt"), "FULL_CONTROL")
	for i := range 5 {
		api(true, "put-object", "--bucket", "bkt", "--key", fmt.Sprintf("many/%d", i))
	}
	want(api(true, "list-objects-v2", "--bucket", "bkt", "--prefix", "many/", "--page-size", "2", "--query", "length(Contents)"), "5")
	want(api(true, "list-object-versions", "--bucket", "bkt", "--prefix", "many/", "--page-size", "2", "--query", "length(Versions)"), "5")
	want(api(true, "delete-objects", "--bucket", "bkt", "--delete", "Objects=[{Key=many/0},{Key=many/1}]"), "many/0", "many/1")
	want(api(true, "create-multipart-upload", "--bucket", "bkt", "--key", "mp"), "UploadId")
	want(api(true, "list-multipart-uploads", "--bucket", "bkt"), `"Key": "mp"`)
	j.env = append(j.env, "AWS_ACCESS_KEY_ID="+nobody, "AWS_SECRET_ACCESS_KEY="+secretOf(nobody))
	want(api(false, "get-object", "--bucket", "bkt", "--key", "k", "x"), `(AccessDenied)`, `is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::bkt/k" because no identity-based policy allows the s3:GetObject action`)
}

const boto3Program = `
import boto3, botocore, hashlib, io, sys
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
def code(f):
    try: f()
    except botocore.exceptions.ClientError as e: return e.response['Error']['Code']
    return None
for calculation in ('when_supported', 'when_required'):
    s3 = boto3.client('s3', config=Config(request_checksum_calculation=calculation, s3={'addressing_style': 'path'}))
    for algorithm in ('CRC32', 'SHA1', 'SHA256'):
        s3.put_object(Bucket='bkt', Key='k', Body=b'hello', ChecksumAlgorithm=algorithm)
        got = s3.get_object(Bucket='bkt', Key='k', ChecksumMode='ENABLED')
        assert got['Body'].read() == b'hello' and got['Checksum' + algorithm], got
        assert 'ContentEncoding' not in got, got
    s3.put_object(Bucket='bkt', Key='empty', Body=b'')
    assert s3.get_object(Bucket='bkt', Key='empty')['Body'].read() == b''
    body = bytes(range(256)) * 4096 * 18
    s3.upload_fileobj(io.BytesIO(body), 'bkt', 'big', Config=TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20))
    head = s3.head_object(Bucket='bkt', Key='big')
    assert head['ETag'].endswith('-4"') and head['ContentLength'] == len(body), head
    back = io.BytesIO()
    s3.download_fileobj('bkt', 'big', back, Config=TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20))
    assert hashlib.sha256(back.getvalue()).digest() == hashlib.sha256(body).digest()
    s3.copy({'Bucket': 'bkt', 'Key': 'big'}, 'bkt', 'copy', Config=TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=6 << 20))
    assert s3.head_object(Bucket='bkt', Key='copy')['ContentLength'] == len(body)
    keys = ['a b', 'a+b', 'ü/漢', 'x//y', '~-._', "q?=&#'()*!", 'tab\t']
    for k in keys: s3.put_object(Bucket='bkt', Key='odd/' + k, Body=k.encode())
    listed = [o['Key'] for p in s3.get_paginator('list_objects_v2').paginate(Bucket='bkt', Prefix='odd/', PaginationConfig={'PageSize': 3}) for o in p['Contents']]
    assert sorted(listed) == sorted('odd/' + k for k in keys), listed
    for k in keys: assert s3.get_object(Bucket='bkt', Key='odd/' + k)['Body'].read() == k.encode()
    gone = s3.delete_objects(Bucket='bkt', Delete={'Objects': [{'Key': k} for k in listed]})
    assert len(gone['Deleted']) == len(keys) and 'Errors' not in gone, gone
    assert code(lambda: s3.get_object(Bucket='bkt', Key='none')) == 'NoSuchKey'
    assert code(lambda: s3.head_bucket(Bucket='none')) == '404'
    assert code(lambda: s3.put_object(Bucket='bkt', Key='k', Body=b'x', IfNoneMatch='*')) == 'PreconditionFailed'
    assert code(lambda: s3.put_object(Bucket='bkt', Key='k', Body=b'x', ACL='public-read')) == 'AccessControlListNotSupported'
    assert code(lambda: s3.put_object(Bucket='bkt', Key='k', Body=b'x', ChecksumCRC32='AAAAAA==')) == 'BadDigest'
    assert code(lambda: s3.list_buckets()) is None
v4 = boto3.client('s3', config=Config(signature_version='s3v4', s3={'addressing_style': 'path'}))
print(v4.generate_presigned_url('get_object', Params={'Bucket': 'bkt', 'Key': 'k'}))
`

func TestBoto3(t *testing.T) {
	over(t, func(t *testing.T, j *judge) {
		out := j.run(true, "python3", "-c", boto3Program)
		url := strings.Fields(out)[0]
		resp, err := j.server.Client().Get(url)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 200 {
			t.Errorf("the presigned %s: %d", url, resp.StatusCode)
		}
	})
}

// TestCurl signs with curl's own code. It sends no payload hash of itself and
// signs query parameters in the order they stand in.
func TestCurl(t *testing.T) {
	over(t, func(t *testing.T, j *judge) {
		const empty = "x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
		curl := func(args ...string) string {
			t.Helper()
			fixed := []string{"-sS", "-w", "\n%{http_code}", "--aws-sigv4", "aws:amz:eu-west-1:s3", "--user", admin + ":" + secretOf(admin)}
			if j.server.TLS != nil {
				fixed = append(fixed, "--cacert", "ca.pem")
			}
			return j.run(true, "curl", append(fixed, args...)...)
		}
		j.put("bkt", "k", "hello")
		tests := []struct {
			name, want string
			args       []string
		}{
			{"get", "hello\n200", []string{"-H", empty, j.server.URL + "/bkt/k"}},
			{"list", "\n200", []string{"-H", empty, j.server.URL + "/bkt?list-type=2&prefix=k"}},
			{"without a hash", "\n400", []string{j.server.URL + "/bkt/k"}},
			{"put", "\n200", []string{"-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD", "-X", "PUT", "--data-binary", "new", j.server.URL + "/bkt/new"}},
		}
		for _, tt := range tests {
			if out := curl(tt.args...); !strings.HasSuffix(out, tt.want) {
				t.Errorf("%s:\n%s", tt.name, out)
			}
		}
	})
}
