package sandbox_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"snapferry/awsx/sandbox"
	"snapferry/awsx/sandbox/fixture"
)

// pair is a world in which source and target each have a domain and a snapshot
// role, and the bucket is the source's.
type pair struct {
	t              *testing.T
	s              *sandbox.Sandbox
	source, target sandbox.Account
	from, to       sandbox.DomainInfo
	here, there    clients
}

const theirRole = "arn:aws:iam::222222222222:role/acme-snap"

func newPair(t *testing.T, s *sandbox.Sandbox) *pair {
	p := &pair{t: t, s: s}
	p.source, p.from = labelled(t, s.Info(), "source", "source")
	p.target, p.to = labelled(t, s.Info(), "target", "target")
	p.here, p.there = clientsOf(p.source, s.Transport()), clientsOf(p.target, s.Transport())
	prepare(t, p.here, fixture.Trusting("Service", "es.amazonaws.com", ""))
	_, err := p.there.iam.CreateRole(context.Background(), &iam.CreateRoleInput{RoleName: aws.String(roleName), AssumeRolePolicyDocument: aws.String(fixture.Trusting("Service", "es.amazonaws.com", ""))})
	must(t, err)
	grant(t, p.there, reading)
	return p
}

// withoutMasters is a world where no domain has an access control of its own to
// get past: what is tried is the bucket.
func withoutMasters(t *testing.T) *sandbox.Sandbox {
	return openAs(t, sandbox.Options{Access: map[string]sandbox.AccessKind{"source": sandbox.AccessPolicy, "target": sandbox.AccessPolicy}})
}

const reading = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:ListBucket","s3:GetObject"],"Resource":["arn:aws:s3:::` + bucket + `","arn:aws:s3:::` + bucket + `/*"]}]}`

// share lets the target's role read the bucket.
func (p *pair) share() {
	p.t.Helper()
	doc := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + theirRole + `"},"Action":["s3:ListBucket","s3:GetObject"],"Resource":["arn:aws:s3:::` + bucket + `","arn:aws:s3:::` + bucket + `/*"]}]}`
	_, err := p.here.s3.PutBucketPolicy(context.Background(), &s3.PutBucketPolicyInput{Bucket: aws.String(bucket), Policy: &doc})
	must(p.t, err)
}

// encrypt sets how the bucket encrypts; key "" is the key AWS manages.
func (p *pair) encrypt(key string) {
	p.t.Helper()
	rule := s3types.ServerSideEncryptionByDefault{SSEAlgorithm: s3types.ServerSideEncryptionAwsKms}
	if key != "" {
		rule.KMSMasterKeyID = &key
	}
	_, err := p.here.s3.PutBucketEncryption(context.Background(), &s3.PutBucketEncryptionInput{Bucket: aws.String(bucket), ServerSideEncryptionConfiguration: &s3types.ServerSideEncryptionConfiguration{
		Rules: []s3types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &rule}},
	}})
	must(p.t, err)
}

// ask wants an answer with this status and these parts.
func (p *pair) ask(a sandbox.Account, d sandbox.DomainInfo, method, path, body string, status int, parts ...string) {
	p.t.Helper()
	got, answer := call(p.t, p.s.Transport(), a, d.Endpoint, method, path, body)
	for _, part := range append(parts, "") {
		if got != status || !strings.Contains(answer, part) {
			p.t.Fatalf("%s %s: %d without %q: %s", method, path, got, part, answer)
		}
	}
}

const (
	registerThere = `{"type":"s3","settings":{"bucket":"acme-os-migration","region":"eu-west-1","base_path":"mig","readonly":true,"role_arn":"` + theirRole + `"}}`
	notHere       = "because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access"
)

// TestBucketWithACustomerKey: the key decides beside the bucket, on both sides.
func TestBucketWithACustomerKey(t *testing.T) {
	p := newPair(t, withoutMasters(t))
	ctx := context.Background()
	key, err := p.here.kms.CreateKey(ctx, &kms.CreateKeyInput{})
	must(t, err)
	arn := *key.KeyMetadata.Arn
	p.encrypt(arn)
	p.share()
	service := "assumed-role/acme-snap/snapshot-logs-prod is not authorized to perform: "
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig", register, 500, `"type":"s3_exception"`,
		service+"kms:GenerateDataKey on resource: "+arn+" because no identity-based policy allows the kms:GenerateDataKey action (Service: S3, Status Code: 403")
	grant(t, p.here, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:ListBucket","s3:GetObject","s3:PutObject","s3:DeleteObject","kms:GenerateDataKey","kms:Decrypt"],"Resource":"*"}]}`)
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig", register, 200)
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig/one", `{"indices":"products*","include_global_state":false}`, 200)
	p.ask(p.source, p.from, "GET", "/_snapshot/mig/one", "", 200, `"state":"SUCCESS"`)

	// Listing is all that a read-only registration tries, and needs no key.
	p.ask(p.target, p.to, "PUT", "/_snapshot/mig", registerThere, 200)
	p.ask(p.target, p.to, "GET", "/_snapshot/mig/_all", "", 500, service+"kms:Decrypt on the resource associated with this ciphertext "+notHere)
	doc := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"kms:*","Resource":"*"},
		{"Sid":"theirs","Effect":"Allow","Principal":{"AWS":"` + theirRole + `"},"Action":["kms:Decrypt","kms:DescribeKey"],"Resource":"*"}]}`
	_, err = p.here.kms.PutKeyPolicy(ctx, &kms.PutKeyPolicyInput{KeyId: &arn, Policy: &doc})
	must(t, err)
	p.ask(p.target, p.to, "GET", "/_snapshot/mig/_all", "", 500, service+"kms:Decrypt on the resource associated with this ciphertext because no identity-based policy allows the kms:Decrypt action")
	grant(t, p.there, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:ListBucket","s3:GetObject","kms:Decrypt"],"Resource":"*"}]}`)
	p.ask(p.target, p.to, "GET", "/_snapshot/mig/_all", "", 200, `"snapshot":"one"`)
	p.ask(p.target, p.to, "POST", "/_snapshot/mig/one/_restore", `{"indices":"products*","include_global_state":false}`, 200, "accepted")
	_, err = p.here.kms.DisableKey(ctx, &kms.DisableKeyInput{KeyId: &arn})
	must(t, err)
	p.ask(p.source, p.from, "POST", "/_snapshot/mig/_verify", "", 500, arn+" is disabled.")
}

// TestKeyOfAWSCannotBeShared: with no key named, each writer's account has its own.
func TestKeyOfAWSCannotBeShared(t *testing.T) {
	p := newPair(t, withoutMasters(t))
	p.encrypt("")
	p.share()
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig", register, 200)
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig/one", `{"indices":"products*","include_global_state":false}`, 200)
	grant(t, p.there, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","kms:*"],"Resource":"*"}]}`)
	p.ask(p.target, p.to, "PUT", "/_snapshot/mig", registerThere, 200)
	p.ask(p.target, p.to, "GET", "/_snapshot/mig/_all", "", 500, "kms:Decrypt on the resource associated with this ciphertext "+notHere)
	out, err := p.here.kms.DescribeKey(context.Background(), &kms.DescribeKeyInput{KeyId: aws.String("alias/aws/s3")})
	must(t, err)
	_, err = p.here.kms.PutKeyPolicy(context.Background(), &kms.PutKeyPolicyInput{KeyId: out.KeyMetadata.KeyId, Policy: aws.String(`{}`)})
	if err == nil || !strings.Contains(err.Error(), "AccessDeniedException") {
		t.Errorf("its policy can be changed: %v", err)
	}
}

// TestSharingTheBucket: what the role may itself and what the bucket lets it.
func TestSharingTheBucket(t *testing.T) {
	p := newPair(t, withoutMasters(t))
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig", register, 200)
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig/one", `{"indices":"products*","include_global_state":false}`, 200)
	p.ask(p.target, p.to, "PUT", "/_snapshot/mig", registerThere, 500, "Access Denied (Service: S3, Status Code: 403")
	p.share()
	p.ask(p.target, p.to, "PUT", "/_snapshot/mig", registerThere, 200)
	for name, deny := range map[string]string{
		"another network":  `{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}`,
		"another address":  `{"NotIpAddress":{"aws:SourceIp":"127.0.0.0/8"}}`,
		"no TLS, it seems": `{"Bool":{"aws:SecureTransport":"true"}}`,
	} {
		doc := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::` + bucket + `/*","Condition":` + deny + `}]}`
		_, err := p.here.s3.PutBucketPolicy(context.Background(), &s3.PutBucketPolicyInput{Bucket: aws.String(bucket), Policy: &doc})
		must(t, err)
		status, body := call(t, p.s.Transport(), p.source, p.from.Endpoint, "POST", "/_snapshot/mig/_verify", "")
		if status != 500 || !strings.Contains(body, "with an explicit deny in a resource-based policy (Service: S3, Status Code: 403") {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	// TLS is what the service speaks.
	doc := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::` + bucket + `/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`
	_, err := p.here.s3.PutBucketPolicy(context.Background(), &s3.PutBucketPolicyInput{Bucket: aws.String(bucket), Policy: &doc})
	must(t, err)
	p.ask(p.source, p.from, "POST", "/_snapshot/mig/_verify", "", 200)
}

// TestBucketOfTheTarget: the source writes into it, and must leave the owner in
// control of what it writes.
func TestBucketOfTheTarget(t *testing.T) {
	p := newPair(t, withoutMasters(t))
	ctx := context.Background()
	const theirs = "acme-os-arrivals"
	_, err := p.there.s3.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(theirs), CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}})
	must(t, err)
	doc := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + roleARN + `"},"Action":["s3:ListBucket","s3:GetObject","s3:PutObject","s3:PutObjectAcl","s3:DeleteObject"],"Resource":["arn:aws:s3:::` + theirs + `","arn:aws:s3:::` + theirs + `/*"]}]}`
	_, err = p.there.s3.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: aws.String(theirs), Policy: &doc})
	must(t, err)
	grant(t, p.here, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)
	body := strings.Replace(register, bucket, theirs, 1)
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig", body, 500, "The bucket does not allow ACLs (Service: S3, Status Code: 400")
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig", strings.Replace(body, `"settings":{`, `"settings":{"canned_acl":"bucket-owner-full-control",`, 1), 200)
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig/one", `{"indices":"products*","include_global_state":false}`, 200)
	grant(t, p.there, strings.ReplaceAll(reading, bucket, theirs))
	p.ask(p.target, p.to, "PUT", "/_snapshot/mig", strings.Replace(registerThere, bucket, theirs, 1), 200)
	p.ask(p.target, p.to, "GET", "/_snapshot/mig/_all", "", 200, `"snapshot":"one"`)
}
