package policy

import (
	"strings"
	"testing"
)

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

func TestExplain(t *testing.T) {
	identity := mustParse(t, `{"Version":"2012-10-17","Statement":[
	  {"Effect":"Allow","Action":["es:ESHttpGet","es:ESHttpPut"],"Resource":"arn:aws:es:eu-west-1:111122223333:domain/d/*"},
	  {"Sid":"Odd","Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::a/*"},
	  {"Sid":"Vpc","Effect":"Deny","Action":"s3:Put*","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpc":"vpc-1"}}}]}`)
	bucket := mustParse(t, `{"Version":"2012-10-17","Statement":[
	  {"Sid":"Other","Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"},
	  {"Sid":"NoPut","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::a/locked"}]}`)
	user := Who{Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/ann"}
	foreign := Who{Account: "777788889999", ARN: "arn:aws:iam::777788889999:user/eve"}
	for _, c := range []struct {
		who              Who
		action, resource string
		unknown          []string
		want             string
	}{
		{user, "es:ESHttpGet", "arn:aws:es:eu-west-1:111122223333:domain/d/_search", nil, "Allowed by statement number 1 of the identity-based policy"},
		{
			user, "es:ESHttpPost", "arn:aws:es:eu-west-1:111122223333:domain/d/_search", nil,
			"Nothing in the identity-based policy allows es:ESHttpPost on arn:aws:es:eu-west-1:111122223333:domain/d/_search; statement number 1 comes nearest, but Action is es:ESHttpGet, es:ESHttpPut and the request is es:ESHttpPost",
		},
		{
			user, "es:ESHttpGet", "arn:aws:es:eu-west-1:111122223333:domain/d", nil,
			"Nothing in the identity-based policy allows es:ESHttpGet on arn:aws:es:eu-west-1:111122223333:domain/d; statement number 1 comes nearest, but Resource is arn:aws:es:eu-west-1:111122223333:domain/d/* and the request is for arn:aws:es:eu-west-1:111122223333:domain/d",
		},
		{user, "iam:PassRole", "arn:aws:iam::111122223333:role/r", nil, "Nothing in the identity-based policy allows iam:PassRole on arn:aws:iam::111122223333:role/r"},
		{user, "s3:PutObject", "arn:aws:s3:::a/locked", []string{"aws:SourceVpc"}, `Denied by statement "NoPut" of the bucket policy, which no other policy can lift`},
		{
			user, "s3:PutObject", "arn:aws:s3:::a/x",
			[]string{"aws:SourceVpc"},
			`It cannot be told whether s3:PutObject on arn:aws:s3:::a/x is allowed: of statement "Vpc" of the identity-based policy, StringNotEquals wants aws:SourceVpc vpc-1, and its value is not known here`,
		},
		{
			foreign, "s3:GetObject", "arn:aws:s3:::a/x", nil,
			`Nothing in the bucket policy allows s3:GetObject on arn:aws:s3:::a/x; statement "Other" comes nearest, but Principal is {"AWS":"444455556666"} and the caller is arn:aws:iam::777788889999:user/eve`,
		},
		{Who{Account: "111122223333", ARN: "arn:aws:iam::111122223333:root"}, "s3:GetObject", "arn:aws:s3:::b/x", nil, "Allowed: the root user of the account may do everything in it"},
	} {
		r := Request{Who: c.who, Action: c.action, Resource: c.resource, ResourceAccount: "111122223333", ContextUnknown: c.unknown}
		stack := Stack{Identity: []Document{identity}, Kind: KindBucket}
		if strings.HasPrefix(c.action, "s3:") {
			stack.Resource = &bucket
		}
		d := Decide(stack, r)
		if got := Explain(r, d).String(); got != c.want {
			t.Errorf("got  %s\nwant %s\n%s", got, c.want, reasons(d))
		}
	}
	r := Request{Who: user, Action: "kms:Decrypt", Resource: "arn:aws:kms:eu-west-1:111122223333:key/k"}
	d := Decide(Stack{Kind: KindKey, Unread: []Layer{LayerResource}}, r)
	if got, want := Explain(r, d).String(), "It cannot be told whether kms:Decrypt on arn:aws:kms:eu-west-1:111122223333:key/k is allowed: the key policy could not be judged"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
