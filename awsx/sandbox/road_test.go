package sandbox_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"snapferry/awsx/sandbox"
	"snapferry/awsx/sandbox/fixture"
)

// clients are the SDK's for one account.
type clients struct {
	iam        *iam.Client
	sts        *sts.Client
	s3         *s3.Client
	opensearch *opensearch.Client
	kms        *kms.Client
}

func clientsOf(a sandbox.Account, rt http.RoundTripper) clients {
	return clientsWith(a.AccessKey, a.Secret, "", rt)
}

func clientsWith(key, secret, token string, rt http.RoundTripper) clients {
	c := aws.Config{
		Region: string(sandbox.Region), HTTPClient: &http.Client{Transport: rt},
		Credentials: credentials.NewStaticCredentialsProvider(key, secret, token),
		Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
	}
	return clients{iam.NewFromConfig(c), sts.NewFromConfig(c), s3.NewFromConfig(c), opensearch.NewFromConfig(c), kms.NewFromConfig(c)}
}

const (
	bucket   = "acme-os-migration"
	roleName = "acme-snap"
	roleARN  = "arn:aws:iam::111111111111:role/acme-snap"
	register = `{"type":"s3","settings":{"bucket":"acme-os-migration","region":"eu-west-1","base_path":"mig","role_arn":"` + roleARN + `"}}`
)

// prepare makes bucket and snapshot role as the AWS documentation says.
func prepare(t *testing.T, c clients, trust string) {
	t.Helper()
	ctx := context.Background()
	_, err := c.s3.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(bucket), CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}})
	must(t, err)
	_, err = c.iam.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String(roleName), AssumeRolePolicyDocument: &trust})
	must(t, err)
	grant(t, c, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::`+bucket+`"},
		{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject"],"Resource":"arn:aws:s3:::`+bucket+`/*"}]}`)
}

func grant(t *testing.T, c clients, doc string) {
	t.Helper()
	_, err := c.iam.PutRolePolicy(context.Background(), &iam.PutRolePolicyInput{RoleName: aws.String(roleName), PolicyName: aws.String("s3"), PolicyDocument: &doc})
	must(t, err)
}

// TestRegisteringTriesTheBucketAsTheRole goes from the service's refusals to the
// engine's.
func TestRegisteringTriesTheBucketAsTheRole(t *testing.T) {
	s := open(t, t.TempDir())
	admin, logs := labelled(t, s.Info(), "source", "source")
	c := clientsOf(admin, s.Transport())
	prepare(t, c, fixture.Trusting("Service", "es.amazonaws.com", ""))
	put := func(body string) (int, string) {
		t.Helper()
		return call(t, s.Transport(), admin, logs.Endpoint, "PUT", "/_snapshot/mig", body)
	}
	if status, body := put(register); status != 200 || body != `{"acknowledged":true}` {
		t.Fatalf("%d %s", status, body)
	}
	if status, body := call(t, s.Transport(), admin, logs.Endpoint, "GET", "/_snapshot/mig", ""); status != 200 || !strings.Contains(body, roleARN) {
		t.Errorf("%d %s", status, body)
	}
	otherCase := strings.Replace(register, "acme-snap", "ACME-snap", 1)
	status, body := put(otherCase)
	for _, part := range []string{
		`"type":"repository_verification_exception","reason":"[mig] path [mig] is not accessible on cluster-manager node"`,
		`"type":"i_o_exception"`, `"type":"sts_exception"`,
		"User: arn:aws:sts::671402871606:assumed-role/cp-sts-grant-role/swift-eu-west-1-prod-111111111111 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111111111111:role/ACME-snap (Service: Sts, Status Code: 403, Request ID: ",
	} {
		if status != 500 || !strings.Contains(body, part) {
			t.Errorf("role in other case: %d without %s: %s", status, part, body)
		}
	}
	if status, body = call(t, s.Transport(), admin, logs.Endpoint, "GET", "/_snapshot/mig", ""); status != 200 || !strings.Contains(body, "ACME-snap") {
		t.Errorf("a repository that failed to verify is not registered: %d %s", status, body)
	}
	grant(t, c, fixture.Allow("s3:ListBucket", "arn:aws:s3:::"+bucket))
	if status, body = put(register); status != 500 || !strings.Contains(body, `"type":"s3_exception"`) || !strings.Contains(body, "Status Code: 403") {
		t.Errorf("role without PutObject: %d %s", status, body)
	}
}

// TestRequestsTellWhatChanged is what the product's tests rely on.
func TestRequestsTellWhatChanged(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	admin, logs := labelled(t, s.Info(), "source", "source")
	c := clientsOf(admin, s.Transport())
	ctx := context.Background()
	_, err := c.sts.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	must(t, err)
	_, err = c.opensearch.DescribeDomain(ctx, &opensearch.DescribeDomainInput{DomainName: aws.String("logs-prod")})
	must(t, err)
	prepare(t, c, fixture.Trusting("Service", "es.amazonaws.com", ""))
	call(t, s.Transport(), admin, logs.Endpoint, "GET", "/_cat/indices", "")
	call(t, s.Transport(), admin, logs.Endpoint, "PUT", "/_snapshot/mig", register)
	_, err = c.iam.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String(roleName), AssumeRolePolicyDocument: aws.String("{}")})
	if err == nil {
		t.Error("made twice")
	}
	log, err := sandbox.Requests(dir)
	must(t, err)
	var changed []string
	for _, r := range log {
		if r.Principal != "arn:aws:iam::111111111111:user/admin" || r.Account != "111111111111" {
			t.Errorf("%s by %q of %q", r.Operation, r.Principal, r.Account)
		}
		if r.Changed() {
			changed = append(changed, r.Service+" "+r.Operation)
		}
	}
	want := "s3 CreateBucket, iam CreateRole, iam PutRolePolicy, domain ESHttpPut"
	if got := strings.Join(changed, ", "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(log) != 8 {
		t.Errorf("%d requests", len(log))
	}
}

func TestWhatARunMadeCanBeTakenBack(t *testing.T) {
	s := open(t, t.TempDir())
	admin, _ := labelled(t, s.Info(), "source", "source")
	c := clientsOf(admin, s.Transport())
	ctx := context.Background()
	before := dump(t, s)
	prepare(t, c, fixture.Trusting("Service", "es.amazonaws.com", ""))
	if dump(t, s) == before {
		t.Fatal("the dump does not show what was made")
	}
	_, err := c.iam.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: aws.String(roleName), PolicyName: aws.String("s3")})
	must(t, err)
	_, err = c.iam.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: aws.String(roleName)})
	must(t, err)
	_, err = c.s3.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: aws.String(bucket)})
	must(t, err)
	if after := dump(t, s); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
}
