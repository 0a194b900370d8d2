package sandbox_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox"
	"snapferry/awsx/sandbox/fixture"
)

// dealt is a world with one fault card, and the roads of both administrators.
func dealt(t *testing.T, id string) *pair {
	t.Helper()
	p := &pair{t: t, s: openAs(t, sandbox.Options{Faults: []string{id}})}
	p.source, p.from = labelled(t, p.s.Info(), "source", "source")
	p.target, p.to = labelled(t, p.s.Info(), "target", "target")
	p.here, p.there = clientsOf(p.source, p.s.Transport()), clientsOf(p.target, p.s.Transport())
	if d := cmp.Diff([]string{id}, p.s.Info().Faults); d != "" {
		t.Error(d)
	}
	p.let(p.target, p.to)
	return p
}

const (
	ownRole      = "arn:aws:iam::111111111111:role/snapferry-logs-prod-snapshot"
	ownRoleThere = "arn:aws:iam::222222222222:role/snapferry-logs-prod-snapshot"
)

// registering a repository of the sandbox's own migration with a role.
func registering(role, more string) string {
	return `{"type":"s3","settings":{"bucket":"acme-os-migration","region":"eu-west-1","base_path":"mig",` + more + `"role_arn":"` + role + `"}}`
}

// as are the keys of a role that the account's administrator assumes.
func (p *pair) as(c clients, role string) sandbox.Account {
	p.t.Helper()
	out, err := c.sts.AssumeRole(context.Background(), &sts.AssumeRoleInput{RoleArn: &role, RoleSessionName: aws.String("me")})
	must(p.t, err)
	tokens.Store(*out.Credentials.AccessKeyId, *out.Credentials.SessionToken)
	return sandbox.Account{AccessKey: *out.Credentials.AccessKeyId, Secret: *out.Credentials.SecretAccessKey}
}

func TestEveryCardIsTold(t *testing.T) {
	var ids []string
	for _, f := range sandbox.Faults() {
		ids = append(ids, f.ID)
		if f.Sets.IsZero() || f.Sees.IsZero() {
			t.Errorf("%s does not say what it is", f.ID)
		}
	}
	want := "unmapped-signer pass-role-missing trust-mismatch role-name-case bucket-policy-missing security-index-in-restore security-manager-missing key-not-shared"
	if got := strings.Join(ids, " "); got != want {
		t.Error(got)
	}
}

func TestUnmappedSigner(t *testing.T) {
	p := dealt(t, "unmapped-signer")
	prepare(t, p.here, fixture.Trusting("Service", "es.amazonaws.com", ""))
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig", register, 403,
		"no permissions for [cluster:admin/repository/put] and User [name=arn:aws:iam::111111111111:user/admin, backend_roles=[arn:aws:iam::111111111111:user/admin], requestedTenant=")
	p.ask(p.source, p.from, "PUT", "/_plugins/_security/api/rolesmapping/manage_snapshots", `{"users":["x"]}`, 403, "No permission to access REST API")
	boss := p.as(p.here, p.from.Master)
	p.ask(boss, p.from, "PUT", "/_plugins/_security/api/rolesmapping/manage_snapshots", `{"users":["arn:aws:iam::111111111111:user/admin"]}`, 201)
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig", register, 200)
}

func TestPassRoleMissing(t *testing.T) {
	p := dealt(t, "pass-role-missing")
	prepare(t, p.here, fixture.Trusting("Service", "es.amazonaws.com", ""))
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig", register, 403, `{"Message":"User: arn:aws:iam::111111111111:user/admin is not authorized to perform: iam:PassRole on resource: `+roleARN+`"}`)
	_, err := p.here.iam.PutUserPolicy(context.Background(), &iam.PutUserPolicyInput{UserName: aws.String("admin"), PolicyName: aws.String("pass"), PolicyDocument: aws.String(fixture.Allow("iam:PassRole", roleARN))})
	must(t, err)
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig", register, 200)
}

func TestTrustMismatch(t *testing.T) {
	p := dealt(t, "trust-mismatch")
	prepare(t, p.here, fixture.Trusting("Service", "es.amazonaws.com", ""))
	doc := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + ownRoleThere + `"},"Action":["s3:ListBucket","s3:GetObject"],"Resource":["arn:aws:s3:::` + bucket + `","arn:aws:s3:::` + bucket + `/*"]}]}`
	_, err := p.here.s3.PutBucketPolicy(context.Background(), &s3.PutBucketPolicyInput{Bucket: aws.String(bucket), Policy: &doc})
	must(t, err)
	there := registering(ownRoleThere, `"readonly":true,`)
	p.ask(p.target, p.to, "PUT", "/_snapshot/mig", there, 500,
		"User: arn:aws:sts::671402871606:assumed-role/cp-sts-grant-role/swift-eu-west-1-prod-222222222222 is not authorized to perform: sts:AssumeRole on resource: "+ownRoleThere)
	_, err = p.there.iam.UpdateAssumeRolePolicy(context.Background(), &iam.UpdateAssumeRolePolicyInput{RoleName: aws.String("snapferry-logs-prod-snapshot"), PolicyDocument: aws.String(fixture.Trusting("Service", "es.amazonaws.com", `{"StringEquals":{"aws:SourceAccount":"222222222222"}}`))})
	must(t, err)
	p.ask(p.target, p.to, "PUT", "/_snapshot/mig", there, 200)
}

func TestRoleNameCase(t *testing.T) {
	p := dealt(t, "role-name-case")
	ctx := context.Background()
	prepare(t, p.here, fixture.Trusting("Service", "es.amazonaws.com", ""))
	_, err := p.here.iam.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("snapferry-logs-prod-snapshot"), AssumeRolePolicyDocument: aws.String(fixture.Trusting("Service", "es.amazonaws.com", ""))})
	if err == nil || !strings.Contains(err.Error(), "EntityAlreadyExists") {
		t.Errorf("made beside the other: %v", err)
	}
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig", registering(ownRole, ""), 500,
		`"type":"sts_exception"`, "swift-eu-west-1-prod-111111111111 is not authorized to perform: sts:AssumeRole on resource: "+ownRole)
	found, err := p.here.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("snapferry-logs-prod-snapshot")})
	must(t, err)
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig", registering(*found.Role.Arn, ""), 200)
}

func TestBucketPolicyMissing(t *testing.T) {
	p := dealt(t, "bucket-policy-missing")
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig", registering(ownRole, ""), 200)
	there := registering(ownRoleThere, `"readonly":true,`)
	p.ask(p.target, p.to, "PUT", "/_snapshot/mig", there, 500, `"type":"s3_exception"`, "Access Denied (Service: S3, Status Code: 403")
	doc := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + ownRoleThere + `"},"Action":["s3:ListBucket","s3:GetObject"],"Resource":["arn:aws:s3:::` + bucket + `","arn:aws:s3:::` + bucket + `/*"]}]}`
	_, err := p.here.s3.PutBucketPolicy(context.Background(), &s3.PutBucketPolicyInput{Bucket: aws.String(bucket), Policy: &doc})
	must(t, err)
	p.ask(p.target, p.to, "PUT", "/_snapshot/mig", there, 200)
}

func TestSecurityIndexInRestore(t *testing.T) {
	p := dealt(t, "security-index-in-restore")
	const restore = "/_snapshot/nightly/nightly-0001/_restore"
	status, body := p.boss(p.target, p.to, "GET", "/_snapshot/nightly/nightly-0001", "")
	if status != 200 || !strings.Contains(body, `"state":"SUCCESS"`) || !strings.Contains(body, `".opendistro_security"`) {
		t.Fatalf("%d %s", status, body)
	}
	for name, doc := range map[string]string{"everything": "{}", "all but what has a hyphen": `{"indices":"-.opendistro-*","include_global_state":false}`, "by name": `{"indices":".opendistro_security"}`} {
		if status, body := p.boss(p.target, p.to, "POST", restore, doc); status != 403 || !strings.Contains(body, "no permissions for [] and User [name=") {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	if status, body := p.boss(p.target, p.to, "POST", restore, `{"indices":"products*","include_global_state":false}`); status != 200 {
		t.Errorf("with a list: %d %s", status, body)
	}
}

func TestSecurityManagerMissing(t *testing.T) {
	p := dealt(t, "security-manager-missing")
	prepare(t, p.here, fixture.Trusting("Service", "es.amazonaws.com", ""))
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig", register, 200)
	p.ask(p.source, p.from, "GET", "/_plugins/_security/api/rolesmapping", "", 403, "No permission to access REST API: User ",
		" with Security roles [all_access", "does not have any role privileged for admin access. No ssl info found in request.")
	boss := p.as(p.here, p.from.Master)
	p.ask(boss, p.from, "PUT", "/_plugins/_security/api/rolesmapping/security_manager", `{"users":["arn:aws:iam::111111111111:user/admin"],"backend_roles":["`+p.from.Master+`"]}`, 200)
	p.ask(p.source, p.from, "GET", "/_plugins/_security/api/rolesmapping", "", 200, `"security_manager"`)
}

func TestKeyNotShared(t *testing.T) {
	p := dealt(t, "key-not-shared")
	ctx := context.Background()
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig", registering(ownRole, ""), 200)
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig/one", `{"indices":"products*","include_global_state":false}`, 200)
	p.ask(p.target, p.to, "PUT", "/_snapshot/mig", registering(ownRoleThere, `"readonly":true,`), 200)
	p.ask(p.target, p.to, "GET", "/_snapshot/mig/_all", "", 500, "is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext "+notHere)
	k, err := p.here.kms.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String("alias/acme-snapshots")})
	must(t, err)
	doc := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"kms:*","Resource":"*"},
		{"Effect":"Allow","Principal":{"AWS":"` + ownRoleThere + `"},"Action":["kms:Decrypt","kms:DescribeKey"],"Resource":"*"}]}`
	_, err = p.here.kms.PutKeyPolicy(ctx, &kms.PutKeyPolicyInput{KeyId: k.KeyMetadata.KeyId, Policy: &doc})
	must(t, err)
	p.ask(p.target, p.to, "GET", "/_snapshot/mig/_all", "", 200, `"snapshot":"one"`)
}

// TestCardsStayDealt: what was put right is not set wrong again, and no card comes
// into a world that was made without it.
func TestCardsStayDealt(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	all := make([]string, 0, len(sandbox.Faults()))
	for _, f := range sandbox.Faults() {
		all = append(all, f.ID)
	}
	o := sandbox.Options{Dir: dir, Faults: all}
	s := openAs(t, o)
	admin, _ := labelled(t, s.Info(), "source", "source")
	_, err := clientsOf(admin, s.Transport()).s3.DeleteBucketPolicy(ctx, &s3.DeleteBucketPolicyInput{Bucket: aws.String(bucket)})
	must(t, err)
	before := everything(t, s)
	shut(t, s)
	s = openAs(t, o)
	if d := cmp.Diff(before, everything(t, s)); d != "" {
		t.Error(d)
	}
	shut(t, s)
	plain := sandbox.Options{Dir: t.TempDir(), Pace: sandbox.PaceInstant}
	shut(t, openAs(t, plain))
	plain.Faults = []string{"trust-mismatch"}
	if s, err := sandbox.Open(ctx, plain); err == nil || !strings.Contains(err.Error(), "was made without the fault card trust-mismatch") {
		shut(t, s)
		t.Errorf("a card into an old world: %v", err)
	}
	bad := sandbox.Options{Dir: t.TempDir(), Faults: []string{"unmapped-signer"}, Access: map[string]sandbox.AccessKind{"source": sandbox.AccessOpen}}
	if s, err := sandbox.Open(ctx, bad); err == nil || !strings.Contains(err.Error(), "the fault card unmapped-signer needs a source domain that is [iam-master], not open") {
		shut(t, s)
		t.Errorf("a card for another kind of domain: %v", err)
	}
}
