package policy

import "testing"

const testKey, testObject, testRole = "arn:aws:kms:eu-west-1:111122223333:key/k", "arn:aws:s3:::b/k", "arn:aws:iam::111122223333:role/snap"

var (
	testUser    = Who{Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/ann"}
	testSession = Who{Account: "111122223333", ARN: "arn:aws:iam::111122223333:role/r", Session: "arn:aws:sts::111122223333:assumed-role/r/s"}
	testForeign = Who{Account: "444455556666", ARN: "arn:aws:iam::444455556666:user/eve"}
)

var refusalTable = []struct {
	who              Who
	action, resource string
	verdict          Verdict
	layer            Layer
	want             string
}{
	{
		testUser, "es:ESHttpPost", "arn:aws:es:eu-west-1:111122223333:domain/d/_search", Implicit, LayerIdentity,
		"User: arn:aws:iam::111122223333:user/ann is not authorized to perform: es:ESHttpPost because no identity-based policy allows the es:ESHttpPost action",
	},
	{
		testSession, "es:ESHttpPost", "arn:aws:es:eu-west-1:111122223333:domain/d/_search", Implicit, LayerResource,
		"User: arn:aws:sts::111122223333:assumed-role/r/s is not authorized to perform: es:ESHttpPost because no resource-based policy allows the es:ESHttpPost action",
	},
	{
		Who{Anonymous: true},
		"es:ESHttpGet", "arn:aws:es:eu-west-1:111122223333:domain/d/", Implicit, LayerResource,
		"User: anonymous is not authorized to perform: es:ESHttpGet because no resource-based policy allows the es:ESHttpGet action",
	},
	{
		testUser, "es:ESHttpGet", "arn:aws:es:eu-west-1:111122223333:domain/d/", Deny, LayerIdentity,
		"User: arn:aws:iam::111122223333:user/ann is not authorized to perform: es:ESHttpGet with an explicit deny in an identity-based policy",
	},
	{
		testUser, "es:ESHttpGet", "arn:aws:es:eu-west-1:111122223333:domain/d/", Deny, LayerResource,
		"User: arn:aws:iam::111122223333:user/ann is not authorized to perform: es:ESHttpGet with an explicit deny in a resource-based policy",
	},
	{
		testUser, "es:DescribeDomain", "arn:aws:es:eu-west-1:111122223333:domain/d", Implicit, LayerBoundary,
		"User: arn:aws:iam::111122223333:user/ann is not authorized to perform: es:DescribeDomain on resource: arn:aws:es:eu-west-1:111122223333:domain/d because no permissions boundary allows the es:DescribeDomain action",
	},
	{
		testSession, "iam:GetRole", testRole, Deny, LayerSession,
		"User: arn:aws:sts::111122223333:assumed-role/r/s is not authorized to perform: iam:GetRole on resource: " + testRole + " with an explicit deny in a session policy",
	},
	{testUser, "iam:PassRole", testRole, Implicit, LayerIdentity, "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: iam:PassRole on resource: " + testRole},
	{testUser, "sts:AssumeRole", testRole, Implicit, LayerTrust, "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: sts:AssumeRole on resource: " + testRole},
	{
		testUser, "sts:AssumeRole", testRole, Implicit, LayerIdentity,
		"User: arn:aws:iam::111122223333:user/ann is not authorized to perform: sts:AssumeRole on resource: " + testRole + " because no identity-based policy allows the sts:AssumeRole action",
	},
	{
		testUser, "sts:AssumeRole", testRole, Deny, LayerTrust,
		"User: arn:aws:iam::111122223333:user/ann is not authorized to perform: sts:AssumeRole on resource: " + testRole + " with an explicit deny in the role trust policy",
	},
	{
		testUser, "s3:GetObject", testObject, Implicit, LayerIdentity,
		`User: arn:aws:iam::111122223333:user/ann is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/k" because no identity-based policy allows the s3:GetObject action`,
	},
	{
		testUser, "s3:ListAllMyBuckets", "*", Implicit, LayerIdentity,
		"User: arn:aws:iam::111122223333:user/ann is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action",
	},
	{testForeign, "s3:GetObject", testObject, Deny, LayerResource, "Access Denied"},
	{Who{Anonymous: true}, "s3:GetObject", testObject, Implicit, LayerResource, "Access Denied"},
	{
		testUser, "kms:Decrypt", testKey, Implicit, LayerResource,
		"User: arn:aws:iam::111122223333:user/ann is not authorized to perform: kms:Decrypt on resource: " + testKey + " because no resource-based policy allows the kms:Decrypt action",
	},
	{
		testForeign, "kms:Decrypt", testKey, Implicit, LayerResource,
		"User: arn:aws:iam::444455556666:user/eve is not authorized to perform: kms:Decrypt on resource: " + testKey + " because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access",
	},
	{
		testForeign, "kms:Decrypt", testKey, Implicit, LayerIdentity,
		"User: arn:aws:iam::444455556666:user/eve is not authorized to perform: kms:Decrypt on resource: " + testKey + " because no identity-based policy allows the kms:Decrypt action",
	},
	{testUser, "iam:GetRole", testRole, Unknown, LayerIdentity, "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: iam:GetRole on resource: " + testRole},
}

func TestRefusalInAWSWords(t *testing.T) {
	for _, c := range refusalTable {
		r := Request{Who: c.who, Action: c.action, Resource: c.resource, ResourceAccount: "111122223333"}
		if got := Refusal(r, Decision{Verdict: c.verdict, Layer: c.layer}); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
