package account_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
)

const (
	head, far, east = "HEAD acme-os.s3.eu-west-1.amazonaws.com/", "HEAD acme-os.s3.ap-northeast-2.amazonaws.com/", "HEAD acme-os.s3.us-east-1.amazonaws.com/"
	where           = "GET acme-os.s3.eu-west-1.amazonaws.com/?location"
	mine            = " of 111111111111"
)

func location(r string) reply {
	return reply{status: 200, body: "<LocationConstraint>" + r + "</LocationConstraint>"}
}

var places = map[string]struct {
	answers map[string]reply
	want    *account.Bucket
	fails   failure.Kind
}{
	"absent": {map[string]reply{head: {status: 404}}, nil, ""},
	"ours": {
		map[string]reply{head: {status: 200, region: "eu-west-1"}, head + mine: {status: 200}},
		&account.Bucket{Region: "eu-west-1", Owner: account.Ours, Readable: true}, "",
	},
	"theirs": {
		map[string]reply{head: {status: 200, region: "eu-west-1"}, head + mine: {status: 403}},
		&account.Bucket{Region: "eu-west-1", Owner: account.Theirs, Readable: true}, "",
	},
	"in another region": {
		map[string]reply{head: {status: 301, region: "ap-northeast-2"}, far: {status: 200, region: "ap-northeast-2"}, far + mine: {status: 200}},
		&account.Bucket{Region: "ap-northeast-2", Owner: account.Ours, Readable: true}, "",
	},
	"closed": {
		map[string]reply{head: {status: 403, region: "eu-west-1"}, where: s3Error(403, "AccessDenied")},
		&account.Bucket{Region: "eu-west-1", Owner: account.OwnerUnknown}, "",
	},
	"ours, not to be listed": {
		map[string]reply{head: {status: 403}, where: location("EU"), where + mine: location("EU")},
		&account.Bucket{Region: "eu-west-1", Owner: account.Ours}, "",
	},
	"oldest region": {
		map[string]reply{head: {status: 403}, where: location(""), "GET acme-os.s3.us-east-1.amazonaws.com/?location" + mine: location("")},
		&account.Bucket{Region: "us-east-1", Owner: account.Ours}, "",
	},
	"wrong secret": {
		map[string]reply{head: {status: 403}, where: s3Error(403, "SignatureDoesNotMatch")}, nil, failure.Signature,
	},
	"deleted meanwhile": {
		map[string]reply{head: {status: 403}, where: s3Error(404, "NoSuchBucket")}, nil, "",
	},
	"S3 in trouble": {map[string]reply{head: {status: 501}}, nil, failure.Service},
}

func TestWhereABucketIs(t *testing.T) {
	for name, tc := range places {
		t.Run(name, func(t *testing.T) {
			tc.answers["GetCallerIdentity"] = caller
			a, _ := scripted(t, tc.answers)
			got, err := a.Bucket(ctx, "acme-os")
			if tc.want != nil {
				tc.want.Name = "acme-os"
			}
			if d := cmp.Diff(tc.want, got); d != "" || (err != nil) != (tc.fails != "") || (err != nil && !failure.Is(err, tc.fails)) {
				t.Errorf("%v %s", err, d)
			}
		})
	}
	closed, _ := scripted(t, map[string]reply{head: {status: 200, region: "eu-west-1"}, "GetCallerIdentity": queryError(403, "AccessDenied")})
	if b, err := closed.Bucket(ctx, "acme-os"); err != nil || b.Owner != account.OwnerUnknown || !b.Readable {
		t.Errorf("without STS: %+v %v", b, err)
	}
	for owner, answers := range map[account.Ownership]map[string]reply{
		account.Ours:   {head: {status: 200}, head + mine: {status: 200}},
		account.Theirs: {head: {status: 200}, head + mine: {status: 403}, where: location("EU"), where + mine: s3Error(403, "AccessDenied")},
	} {
		answers["GetCallerIdentity"] = queryError(403, "AccessDenied")
		a, _ := scripted(t, answers)
		if b, err := a.Means("111111111111").Bucket(ctx, "acme-os"); err != nil || b.Owner != owner {
			t.Errorf("without STS, of an account that is known: %+v %v", b, err)
		}
	}
}

func TestRegionIsAskedForOnce(t *testing.T) {
	const policy = "GET acme-os.s3.ap-northeast-2.amazonaws.com/?policy"
	a, s := scripted(t, map[string]reply{
		"HEAD acme-os.s3.eu-west-1.amazonaws.com/": {status: 301, region: "ap-northeast-2"}, policy: s3Error(404, "NoSuchBucketPolicy"),
	})
	for range 2 {
		if doc, err := a.BucketPolicy(ctx, "acme-os"); doc != nil || err != nil {
			t.Errorf("%s %v", doc, err)
		}
	}
	if d := cmp.Diff([]string{"HEAD acme-os.s3.eu-west-1.amazonaws.com/", policy, policy}, s.asked); d != "" {
		t.Error(d)
	}
}

func TestBucketOfLongAgo(t *testing.T) {
	const host = "acme-os.s3.eu-west-1.amazonaws.com/"
	a, s := scripted(t, map[string]reply{"HEAD " + host: {status: 200, region: "eu-west-1"}})
	for call, code := range map[string]string{
		"?publicAccessBlock": "NoSuchPublicAccessBlockConfiguration", "?encryption": "ServerSideEncryptionConfigurationNotFoundError", "?ownershipControls": "OwnershipControlsNotFoundError", "?tagging": "NoSuchTagSet",
	} {
		s.answers["GET "+host+call] = s3Error(404, code)
	}
	block, err := a.PublicAccessBlock(ctx, "acme-os")
	crypt, err2 := a.BucketEncryption(ctx, "acme-os")
	owner, err3 := a.ObjectOwnership(ctx, "acme-os")
	tags, err4 := a.BucketTags(ctx, "acme-os")
	if block != (account.PublicAccessBlock{}) || crypt != nil || owner != account.ObjectWriter || len(tags) != 0 || err != nil || err2 != nil || err3 != nil || err4 != nil {
		t.Errorf("a bucket of 2015: %v %v %v %v, %v %v %v %v", block, crypt, owner, tags, err, err2, err3, err4)
	}
}

func TestDeleteThatIsRefusedForOneKey(t *testing.T) {
	const host = "acme-os.s3.eu-west-1.amazonaws.com/"
	a, _ := scripted(t, map[string]reply{
		"HEAD " + host:             {status: 200, region: "eu-west-1"},
		"POST " + host + "?delete": {status: 200, body: `<DeleteResult><Error><Key>a</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error></DeleteResult>`},
	})
	if err := a.DeleteObjects(ctx, "acme-os", []string{"a"}); !failure.Is(err, failure.Denied) || failure.Of(err).Operation != "S3 DeleteObjects a" {
		t.Errorf("got %v", err)
	}
}

func TestPagesAndGroups(t *testing.T) {
	names := func(list string) string { return "<PolicyNames>" + list + "</PolicyNames>" }
	empty := map[string]string{"ListAttachedUserPolicies": "", "ListGroupPolicies": names("<member>g</member>"), "ListAttachedGroupPolicies": ""}
	answers := map[string]reply{
		"GetUser":                  queryAnswer("GetUser", "<User><UserName>ann</UserName><Arn>arn:aws:iam::111111111111:user/ops/ann</Arn><UserId>AIDA</UserId><PermissionsBoundary><PermissionsBoundaryArn>arn:aws:iam::111111111111:policy/b</PermissionsBoundaryArn></PermissionsBoundary></User>"),
		"ListUserPolicies":         queryAnswer("ListUserPolicies", names("<member>one</member>")+"<IsTruncated>true</IsTruncated><Marker>m</Marker>"),
		"ListUserPolicies after m": queryAnswer("ListUserPolicies", names("<member>two</member>")),
		"GetUserPolicy":            queryAnswer("GetUserPolicy", "<PolicyDocument>%7B%22a%22%3A%22+%22%7D</PolicyDocument>"),
		"GetGroupPolicy":           queryAnswer("GetGroupPolicy", "<PolicyDocument>%7B%7D</PolicyDocument>"),
		"ListGroupsForUser":        queryAnswer("ListGroupsForUser", "<Groups><member><GroupName>devs</GroupName></member></Groups>"),
	}
	for action, body := range empty {
		answers[action] = queryAnswer(action, body)
	}
	a, s := scripted(t, answers)
	u, err := a.User(ctx, "ann")
	must(t, err)
	want := &account.User{
		ARN: awsid.ARN{Partition: "aws", Service: "iam", Account: "111111111111", Resource: "user/ops/ann"}, Name: "ann", UniqueID: "AIDA",
		Boundary: awsid.ARN{Partition: "aws", Service: "iam", Account: "111111111111", Resource: "policy/b"},
		Inline:   map[string]account.Document{"one": account.Document(`{"a":"+"}`), "two": account.Document(`{"a":"+"}`)},
		Groups:   []account.Group{{Name: "devs", Inline: map[string]account.Document{"g": account.Document("{}")}}},
	}
	if d := cmp.Diff(want, u); d != "" {
		t.Error(d)
	}
	s.answers["ListGroupsForUser"], s.answers["GetUserPolicy"] = queryError(403, "AccessDenied"), queryError(403, "AccessDenied")
	u, err = a.User(ctx, "ann")
	must(t, err)
	if !failure.Is(u.Incomplete, failure.Denied) || failure.Of(u.Incomplete).Operation != "IAM GetUserPolicy" || len(u.Inline) != 0 || u.Name != "ann" {
		t.Errorf("what may not be read is not told: %+v", u)
	}
}

func TestKeys(t *testing.T) {
	a, s := scripted(t, map[string]reply{
		"DescribeKey":  {status: 200, body: `{"KeyMetadata":{"Arn":"arn:aws:kms:eu-west-1:111111111111:key/k","KeyId":"k","KeyManager":"AWS","KeyState":"Enabled","Enabled":true,"Description":"d"}}`},
		"GetKeyPolicy": {status: 200, body: `{"Policy":"{\"a\":1}"}`}, "PutKeyPolicy": {status: 200, body: `{}`},
	})
	k, err := a.Key(ctx, "alias/aws/s3")
	must(t, err)
	if k.ARN.Resource != "key/k" || k.ID != "k" || !k.AWSManaged || !k.Enabled || k.State != "Enabled" || k.Description != "d" {
		t.Errorf("%+v", k)
	}
	if doc, err := a.KeyPolicy(ctx, "k"); err != nil || string(doc) != `{"a":1}` {
		t.Errorf("%s %v", doc, err)
	}
	must(t, a.PutKeyPolicy(ctx, "k", account.Document(`{}`)))
	s.answers["DescribeKey"] = reply{status: 400, body: `{"__type":"NotFoundException","message":"no"}`}
	if k, err := a.Key(ctx, "k"); k != nil || err != nil {
		t.Errorf("%v %v", k, err)
	}
}
