package account_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
	"snapferry/awsx/sandbox"
	"snapferry/awsx/session"
)

// calls is every call that an account has, by the operation that AWS refuses
// first. The bucket, the role and the key exist; the caller may do nothing.
func calls(a *account.Account, keyARN string) map[string]error {
	none := account.Document(`{"Version":"2012-10-17","Statement":[]}`)
	_, role := a.Role(ctx, "snap")
	_, create := a.CreateRole(ctx, account.RoleSpec{Name: "new", Trust: account.Document(trust)})
	_, rolePolicy := a.RolePolicy(ctx, "snap", "s3")
	_, user := a.User(ctx, "admin")
	_, userPolicy := a.UserPolicy(ctx, "admin", "p")
	_, policy := a.BucketPolicy(ctx, bucket)
	_, crypt := a.BucketEncryption(ctx, bucket)
	_, block := a.PublicAccessBlock(ctx, bucket)
	_, owner := a.ObjectOwnership(ctx, bucket)
	_, tags := a.BucketTags(ctx, bucket)
	_, domains := a.Domains(ctx)
	_, domain := a.Domain(ctx, "logs-prod")
	_, health := a.DomainHealth(ctx, "logs-prod")
	_, key := a.Key(ctx, keyARN)
	_, keyPolicy := a.KeyPolicy(ctx, keyARN)
	var list error
	for _, list = range a.Objects(ctx, bucket, "") {
		break
	}
	return map[string]error{
		"IAM GetRole": role, "IAM CreateRole": create, "IAM GetRolePolicy": rolePolicy,
		"IAM GetUser": user, "IAM GetUserPolicy": userPolicy,
		"IAM UpdateAssumeRolePolicy": a.PutTrust(ctx, "snap", account.Document(trust)), "IAM PutRolePolicy": a.PutRolePolicy(ctx, "snap", "s3", none),
		"IAM DeleteRolePolicy": a.DeleteRolePolicy(ctx, "snap", "s3"), "IAM DeleteRole": a.DeleteRole(ctx, "snap"),
		"IAM TagRole": a.TagRole(ctx, "snap", map[string]string{"a": "b"}), "IAM UntagRole": a.UntagRole(ctx, "snap", []string{"a"}),
		"IAM PutUserPolicy": a.PutUserPolicy(ctx, "admin", "p", none), "IAM DeleteUserPolicy": a.DeleteUserPolicy(ctx, "admin", "p"),
		"S3 CreateBucket": a.CreateBucket(ctx, account.BucketSpec{Name: "acme-another", Region: sandbox.Region}), "S3 DeleteBucket": a.DeleteBucket(ctx, bucket),
		"S3 GetBucketPolicy": policy, "S3 PutBucketPolicy": a.PutBucketPolicy(ctx, bucket, none), "S3 DeleteBucketPolicy": a.DeleteBucketPolicy(ctx, bucket),
		"S3 GetBucketEncryption": crypt, "S3 PutBucketEncryption": a.PutBucketEncryption(ctx, bucket, account.Encryption{Algorithm: "AES256"}),
		"S3 GetPublicAccessBlock": block, "S3 PutPublicAccessBlock": a.PutPublicAccessBlock(ctx, bucket, account.AllBlocked),
		"S3 GetBucketOwnershipControls": owner, "S3 PutBucketOwnershipControls": a.PutObjectOwnership(ctx, bucket, account.OwnerEnforced),
		"S3 GetBucketTagging": tags, "S3 PutBucketTagging": a.PutBucketTags(ctx, bucket, map[string]string{"a": "b"}), "S3 DeleteBucketTagging": a.PutBucketTags(ctx, bucket, nil),
		"KMS DescribeKey": key, "KMS GetKeyPolicy": keyPolicy, "KMS PutKeyPolicy": a.PutKeyPolicy(ctx, keyARN, none),
		"S3 ListObjectsV2":           list,
		"OpenSearch ListDomainNames": domains, "OpenSearch DescribeDomain": domain, "OpenSearch DescribeDomainHealth": health, "OpenSearch UpdateDomainConfig": a.PutAccessPolicy(ctx, "logs-prod", none),
	}
}

// TestWhatMayNotBeAskedIsNotAbsent: a refusal never looks like nothing being
// there, and is a failure that names its operation.
func TestWhatMayNotBeAskedIsNotAbsent(t *testing.T) {
	w := world(t)
	admin := as(t, w, "source")
	must(t, admin.CreateBucket(ctx, spec()))
	made, err := admin.CreateRole(ctx, account.RoleSpec{Name: "snap", Trust: account.Document(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"sts:AssumeRole"}]}`)})
	must(t, err)
	for operation, err := range calls(assumed(t, w, made.ARN), makeKey(t, w, sandbox.Region)) {
		var f *failure.Failure
		if !errors.As(err, &f) || f.Kind != failure.Denied || f.Operation != operation || f.RequestID == "" || f.Transient {
			t.Errorf("%s: %+v", operation, err)
		}
	}
	if err := assumed(t, w, made.ARN).DeleteObjects(ctx, bucket, []string{"k"}); !failure.Is(err, failure.Denied) {
		t.Errorf("DeleteObjects gave %v", err)
	}
}

// assumed is the source account seen as one of its roles.
func assumed(t *testing.T, w *sandbox.Sandbox, role awsid.ARN) *account.Account {
	t.Helper()
	return account.New(login(t, w, keysOf(t, w, "source"), sandbox.Region, session.Link{RoleARN: role}))
}

// TestRightsThatEndHalfWay: the role itself may be read, its policies may not.
func TestRightsThatEndHalfWay(t *testing.T) {
	w := world(t)
	admin := as(t, w, "source")
	made, err := admin.CreateRole(ctx, account.RoleSpec{Name: "half", Trust: account.Document(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"sts:AssumeRole"}]}`)})
	must(t, err)
	must(t, admin.PutRolePolicy(ctx, "half", "look", account.Document(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:GetRole","iam:ListAttachedRolePolicies"],"Resource":"*"}]}`)))
	r, err := assumed(t, w, made.ARN).Role(ctx, "half")
	must(t, err)
	if r.ARN != made.ARN || len(r.Inline) != 0 || !failure.Is(r.Incomplete, failure.Denied) || !strings.Contains(r.Incomplete.Error(), "iam:ListRolePolicies") {
		t.Errorf("%+v", r)
	}
}

func TestInterrupted(t *testing.T) {
	a := as(t, world(t), "source")
	gone, cancel := context.WithCancel(ctx)
	cancel()
	_, err := a.Role(gone, "snap")
	if !failure.Is(err, failure.Interrupted) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestManyAtOnce(t *testing.T) {
	a := as(t, world(t), "source")
	must(t, a.CreateBucket(ctx, spec()))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if b, err := a.Bucket(ctx, bucket); err != nil || b.Owner != account.Ours {
				t.Errorf("%+v %v", b, err)
			}
			if tags, err := a.BucketTags(ctx, bucket); err != nil || tags["run"] != "1" {
				t.Errorf("%v %v", tags, err)
			}
		})
	}
	wg.Wait()
}
