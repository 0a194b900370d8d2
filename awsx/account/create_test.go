package account_test

import (
	"slices"
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
	s.answers["GET "+host+"?tagging"] = s3Error(404, "NoSuchTagSet")
	s.asked, s.bodies = nil, nil
	must(t, a.CreateBucket(ctx, spec))
	s.asked, s.bodies = slices.Delete(s.asked, 1, 2), slices.Delete(s.bodies, 1, 2) // whether it has tags
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

// TestBucketThatCameMeanwhile: a bucket of this account that somebody made between the
// look and the deed is left as it is; in us-east-1 nothing but its tags tells.
func TestBucketThatCameMeanwhile(t *testing.T) {
	for region, made := range map[awsid.Region]reply{"eu-west-1": s3Error(409, "BucketAlreadyOwnedByYou"), "us-east-1": {status: 200}} {
		host := "acme-os.s3." + string(region) + ".amazonaws.com/"
		a, s := scripted(t, map[string]reply{
			"PUT " + host:              made,
			"GET " + host + "?tagging": {status: 200, body: "<Tagging><TagSet><Tag><Key>team</Key><Value>finance</Value></Tag></TagSet></Tagging>"},
		})
		err := a.CreateBucket(ctx, account.BucketSpec{Name: "acme-os", Region: region, Tags: map[string]string{"run": "1"}})
		if !failure.Is(err, failure.Exists) || !strings.Contains(err.Error(), "team") {
			t.Errorf("%s: %v", region, err)
		}
		if d := cmp.Diff([]string{"PUT " + host, "GET " + host + "?tagging"}, s.asked); d != "" {
			t.Errorf("it was touched: %s", d)
		}
	}
}
