package account_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/account"
	"snapferry/awsx/failure"
)

const s3host = "acme-os.s3.eu-west-1.amazonaws.com/"

func TestObjectsComeInPages(t *testing.T) {
	page := func(keys string, more bool) reply {
		var b strings.Builder
		for _, k := range strings.Fields(keys) {
			b.WriteString("<Contents><Key>" + k + "</Key><Size>5</Size></Contents>")
		}
		if more {
			b.WriteString("<IsTruncated>true</IsTruncated><NextContinuationToken>t2</NextContinuationToken>")
		}
		return reply{status: 200, body: "<ListBucketResult>" + b.String() + "</ListBucketResult>"}
	}
	const list = "GET " + s3host + "?list-type=2&prefix=mig%2F"
	answers := map[string]reply{"HEAD " + s3host: {status: 200, region: "eu-west-1"}, list: page("mig/a mig/b", true)}
	second := "GET " + s3host + "?continuation-token=t2&list-type=2&prefix=mig%2F"
	answers[second] = page("mig/c", false)
	a, s := scripted(t, answers)
	var keys []string
	for o, err := range a.Objects(ctx, "acme-os", "mig/") {
		must(t, err)
		keys = append(keys, o.Key)
	}
	if d := cmp.Diff([]string{"mig/a", "mig/b", "mig/c"}, keys); d != "" {
		t.Error(d)
	}
	s.asked = nil
	for range a.Objects(ctx, "acme-os", "mig/") {
		break
	}
	if d := cmp.Diff([]string{list}, s.asked); d != "" {
		t.Errorf("one object asked for more than one page: %s", d)
	}
	answers[second] = s3Error(403, "AccessDenied")
	var last error
	for _, err := range a.Objects(ctx, "acme-os", "mig/") {
		last = err
	}
	if !failure.Is(last, failure.Denied) {
		t.Errorf("a page that is refused ends as %v", last)
	}
}

func TestDeleteGoesInBatches(t *testing.T) {
	a, s := scripted(t, map[string]reply{"HEAD " + s3host: {status: 200, region: "eu-west-1"}, "POST " + s3host + "?delete": {status: 200, body: "<DeleteResult></DeleteResult>"}})
	must(t, a.DeleteObjects(ctx, "acme-os", make([]string, 2001)))
	if len(s.asked) != 1+3 {
		t.Errorf("2001 keys went in %d calls", len(s.asked)-1)
	}
	s.asked = nil
	must(t, a.DeleteObjects(ctx, "acme-os", nil))
	if len(s.asked) != 0 {
		t.Errorf("no keys went in %v", s.asked)
	}
}

func TestRoleWithEverything(t *testing.T) {
	a, s := scripted(t, map[string]reply{
		"GetRole": queryAnswer("GetRole", "<Role><RoleName>Snap</RoleName><Path>/a/b/</Path><Arn>arn:aws:iam::111111111111:role/a/b/Snap</Arn><RoleId>AROA1</RoleId><CreateDate>2026-11-22T08:00:00Z</CreateDate>"+
			"<AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument><PermissionsBoundary><PermissionsBoundaryArn>arn:aws:iam::111111111111:policy/b</PermissionsBoundaryArn></PermissionsBoundary>"+
			"<Tags><member><Key>k</Key><Value>v</Value></member></Tags></Role>"),
		"ListRolePolicies":         queryAnswer("ListRolePolicies", "<PolicyNames></PolicyNames>"),
		"ListAttachedRolePolicies": queryAnswer("ListAttachedRolePolicies", "<AttachedPolicies><member><PolicyArn>arn:aws:iam::111111111111:policy/p</PolicyArn><PolicyName>p</PolicyName></member></AttachedPolicies>"),
		"GetPolicy":                queryAnswer("GetPolicy", "<Policy><DefaultVersionId>v3</DefaultVersionId></Policy>"),
		"GetPolicyVersion":         queryAnswer("GetPolicyVersion", "<PolicyVersion><Document>%7B%22v%22%3A3%7D</Document></PolicyVersion>"),
	})
	r, err := a.Role(ctx, "snap")
	must(t, err)
	if r.Name != "Snap" || r.Path != "/a/b/" || r.Boundary.Resource != "policy/b" || r.Tags["k"] != "v" || string(r.Trust) != "{}" || r.Created.Hour() != 8 {
		t.Errorf("%+v", r)
	}
	if len(r.Attached) != 1 || string(r.Attached[0].Document) != `{"v":3}` || r.Incomplete != nil {
		t.Errorf("%+v", r.Attached)
	}
	last := s.forms[len(s.forms)-1]
	if last.Get("VersionId") != "v3" || last.Get("PolicyArn") != "arn:aws:iam::111111111111:policy/p" {
		t.Errorf("asked for %v", last)
	}
}

func TestRoleIsMadeAsAsked(t *testing.T) {
	created := queryAnswer("CreateRole", "<Role><RoleName>snap</RoleName><Arn>arn:aws:iam::111111111111:role/team/snap</Arn></Role>")
	a, s := scripted(t, map[string]reply{"CreateRole": created})
	_, err := a.CreateRole(ctx, account.RoleSpec{
		Name: "snap", Path: "/team/", Description: "d", Trust: account.Document("{}"), Boundary: arn(t, "arn:aws:iam::111111111111:policy/b"), Tags: map[string]string{"b": "2", "a": "1"},
	})
	must(t, err)
	for key, want := range map[string]string{
		"RoleName": "snap", "Path": "/team/", "Description": "d", "AssumeRolePolicyDocument": "{}", "PermissionsBoundary": "arn:aws:iam::111111111111:policy/b",
		"Tags.member.1.Key": "a", "Tags.member.2.Value": "2",
	} {
		if got := s.forms[0].Get(key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	_, err = a.CreateRole(ctx, account.RoleSpec{Name: "snap", Trust: account.Document("{}")})
	must(t, err)
	for _, key := range []string{"Path", "Description", "PermissionsBoundary", "Tags.member.1.Key"} {
		if s.forms[1].Has(key) {
			t.Errorf("%s was sent unasked: %q", key, s.forms[1].Get(key))
		}
	}
}
