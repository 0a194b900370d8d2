package account_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
)

func arn(t *testing.T, s string) awsid.ARN {
	t.Helper()
	a, err := awsid.ParseARN(s)
	must(t, err)
	return a
}

// TestOrderOfMaking: ownership with the bucket itself, then the block, and only
// then the rest; what was cut off is completed by the next call.
func TestOrderOfMaking(t *testing.T) {
	const host = "acme-os.s3.ap-northeast-2.amazonaws.com/"
	done := reply{status: 200}
	a, s := scripted(t, map[string]reply{"PUT " + host: done, "PUT " + host + "?publicAccessBlock": s3Error(403, "AccessDenied")})
	spec := account.BucketSpec{Name: "acme-os", Region: "ap-northeast-2", Encryption: account.Encryption{Algorithm: "aws:kms", KeyARN: "arn:aws:kms:ap-northeast-2:1:key/k", BucketKey: true}, Tags: map[string]string{"a": "1"}}
	if err := a.CreateBucket(ctx, spec); !failure.Is(err, failure.Denied) || failure.Of(err).Operation != "S3 PutPublicAccessBlock" {
		t.Errorf("got %v", err)
	}
	s.answers["PUT "+host] = s3Error(409, "BucketAlreadyOwnedByYou")
	for _, q := range []string{"?publicAccessBlock", "?encryption", "?tagging"} {
		s.answers["PUT "+host+q] = done
	}
	s.asked, s.bodies = nil, nil
	must(t, a.CreateBucket(ctx, spec))
	if d := cmp.Diff([]string{"PUT " + host, "PUT " + host + "?publicAccessBlock", "PUT " + host + "?encryption", "PUT " + host + "?tagging"}, s.asked); d != "" {
		t.Error(d)
	}
	for i, parts := range []string{
		"<LocationConstraint>ap-northeast-2</LocationConstraint>", "<BlockPublicAcls>true</BlockPublicAcls> <RestrictPublicBuckets>true</RestrictPublicBuckets>",
		"<SSEAlgorithm>aws:kms</SSEAlgorithm> <KMSMasterKeyID>arn:aws:kms:ap-northeast-2:1:key/k</KMSMasterKeyID> <BucketKeyEnabled>true</BucketKeyEnabled>", "<Key>a</Key><Value>1</Value>",
	} {
		for _, part := range strings.Fields(parts) {
			if !strings.Contains(s.bodies[i], part) {
				t.Errorf("%s lacks %s: %s", s.asked[i], part, s.bodies[i])
			}
		}
	}
	if o := s.headers[0].Get("X-Amz-Object-Ownership"); o != account.OwnerEnforced {
		t.Errorf("made with ownership %q", o)
	}
}

func TestTheRegionWithoutAName(t *testing.T) {
	const host = "acme-os.s3.us-east-1.amazonaws.com/"
	a, s := scripted(t, map[string]reply{"PUT " + host: {status: 200}, "PUT " + host + "?publicAccessBlock": {status: 200}})
	must(t, a.CreateBucket(ctx, account.BucketSpec{Name: "acme-os", Region: "us-east-1"}))
	if strings.Contains(s.bodies[0], "LocationConstraint") {
		t.Errorf("us-east-1 was named as a constraint: %s", s.bodies[0])
	}
	if len(s.asked) != 2 {
		t.Errorf("encryption and tags were set unasked: %v", s.asked)
	}
}

func TestBucketThatIsTaken(t *testing.T) {
	const host = "PUT acme-os.s3.eu-west-1.amazonaws.com/"
	a, s := scripted(t, map[string]reply{host: s3Error(409, "BucketAlreadyExists")})
	if err := a.CreateBucket(ctx, account.BucketSpec{Name: "acme-os", Region: "eu-west-1"}); !failure.Is(err, failure.Exists) {
		t.Errorf("got %v", err)
	}
	if d := cmp.Diff([]string{host}, s.asked); d != "" {
		t.Errorf("somebody else's bucket was touched: %s", d)
	}
}
