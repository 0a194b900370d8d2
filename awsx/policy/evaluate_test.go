package policy

import (
	"testing"
)

func TestEvaluateOneDocument(t *testing.T) {
	d := mustParse(t, `{"Version":"2012-10-17","Statement":[
	  {"Sid":"Service","Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},"Action":"sts:AssumeRole"},
	  {"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}},
	  {"Sid":"No","Effect":"Deny","Principal":{"AWS":"arn:aws:iam::111122223333:user/eve"},"Action":"*"}]}`)
	user := func(name string) Who {
		return Who{Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/" + name}
	}
	mfa := map[string][]string{"aws:multifactorauthpresent": {"true"}}
	for name, c := range map[string]struct {
		who     Who
		ctx     map[string][]string
		unknown []string
		want    Verdict
		index   int
	}{
		"service":             {Who{Service: "es.amazonaws.com"}, nil, nil, Allow, 0},
		"user with MFA":       {user("ann"), mfa, nil, Allow, 1},
		"user without MFA":    {user("ann"), nil, nil, Implicit, -1},
		"MFA not known":       {user("ann"), nil, []string{"aws:MultiFactorAuth*"}, Unknown, 1},
		"denied":              {user("eve"), mfa, nil, Deny, 2},
		"denied, MFA unknown": {user("eve"), nil, []string{"*"}, Deny, 2},
		"unsigned":            {Who{Anonymous: true}, mfa, nil, Implicit, -1},
	} {
		got := d.Evaluate(LayerTrust, Request{Who: c.who, Action: "sts:AssumeRole", Resource: "arn:aws:iam::111122223333:role/r", Context: c.ctx, ContextUnknown: c.unknown})
		if got.Verdict != c.want || got.Index != c.index || got.Layer != LayerTrust || len(got.Why) != 3 {
			t.Errorf("%s: %s at %d of %s\n%s", name, got.Verdict, got.Index, got.Layer, reasons(got))
		}
	}
}

// A statement without Resource is about whatever it stands on; in an identity
// policy, which stands on nothing, AWS would not have taken it.
func TestStatementWithoutResource(t *testing.T) {
	d := mustParse(t, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"*"}}`)
	r := Request{Who: Who{Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/ann"}, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k"}
	for layer, want := range map[Layer]Verdict{LayerIdentity: Implicit, LayerBoundary: Implicit, LayerSession: Implicit, LayerResource: Allow, LayerTrust: Allow} {
		if got := d.Evaluate(layer, r); got.Verdict != want {
			t.Errorf("%s: %s, want %s", layer, got.Verdict, want)
		}
	}
}

func TestReasons(t *testing.T) {
	d := mustParse(t, `{"Version":"2012-10-17","Statement":[
	  {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/bob"},"Action":"s3:GetObject","Resource":"*"},
	  {"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"*"},
	  {"Effect":"Allow","Principal":"*","Action":"ec2:*","Resource":"arn:aws:s3:::c"},
	  {"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::c/*"},
	  {"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}},
	  {"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringLike":{"aws:Odd":"a"}}},
	  {"Sid":"Yes","Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}`)
	got := d.Evaluate(LayerResource, Request{
		Who: Who{Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/ann"}, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k",
		Context: map[string][]string{"aws:SecureTransport": {"false"}},
	})
	want := []struct {
		element Element
		misses  int
		detail  string
	}{
		{"Principal", 1, `Principal is {"AWS":"arn:aws:iam::111122223333:user/bob"} and the caller is arn:aws:iam::111122223333:user/ann`},
		{"Action", 1, "Action is s3:PutObject and the request is s3:GetObject"},
		{"Action", 3, "Action is ec2:* and the request is s3:GetObject"},
		{"Resource", 1, "Resource is arn:aws:s3:::c/* and the request is for arn:aws:s3:::b/k"},
		{"Condition", 1, "Bool wants aws:SecureTransport true, and the request has false"},
		{"Condition", 1, "StringLike wants aws:Odd a, and the request has no such key"},
		{"", 0, ""},
	}
	if got.Verdict != Allow || got.Sid != "Yes" || len(got.Why) != len(want) {
		t.Fatalf("%s by %q\n%s", got.Verdict, got.Sid, reasons(got))
	}
	for i, w := range want {
		r := got.Why[i]
		if r.Element != w.element || r.Misses != w.misses || r.Detail.String() != w.detail || r.Index != i || r.Matched != (w.element == "") || r.Unsure {
			t.Errorf("statement %d: %+v %s", i, r, r.Detail)
		}
	}
}

var (
	derivedRole  = Who{Account: "111122223333", ARN: "arn:aws:iam::111122223333:role/ops/r", Session: "arn:aws:sts::111122223333:assumed-role/r/ann", UniqueID: "AROAXXXXXXXXXXXXXXXXX"}
	derivedNamed = Who{Account: "111122223333", ARN: "arn:aws:iam::111122223333:role/ops/r", Session: "arn:aws:sts::111122223333:assumed-role/r/ann", UniqueID: "AROAXXXXXXXXXXXXXXXXX:ann"}
	derivedUser  = Who{Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/ops/ann", UniqueID: "AIDAXXXXXXXXXXXXXXXXX"}
	derivedRoot  = Who{Account: "111122223333", ARN: "arn:aws:iam::111122223333:root", UniqueID: "111122223333"}
	derivedBare  = Who{Account: "111122223333", Session: "arn:aws:sts::111122223333:assumed-role/r/ann"}
	derivedOnly  = Who{Account: "111122223333", ARN: "arn:aws:sts::111122223333:assumed-role/r/ann"}
)

var derivedKeys = []struct {
	who       Who
	key, want string // "" is absent, "?" unknown
}{
	{derivedOnly, "aws:PrincipalArn", "?"},
	{derivedOnly, "aws:PrincipalType", "AssumedRole"},
	{derivedRole, "aws:PrincipalArn", "arn:aws:iam::111122223333:role/ops/r"},
	{derivedRole, "aws:userid", "AROAXXXXXXXXXXXXXXXXX:ann"},
	{derivedNamed, "aws:userid", "AROAXXXXXXXXXXXXXXXXX:ann"},
	{derivedRole, "aws:username", ""},
	{derivedRole, "aws:PrincipalType", "AssumedRole"},
	{derivedRole, "aws:TokenIssueTime", "?"},
	{derivedBare, "aws:PrincipalArn", "?"},
	{derivedBare, "aws:userid", "?"},
	{derivedBare, "aws:username", ""},
	{derivedUser, "AWS:UserName", "ann"},
	{derivedUser, "aws:PrincipalType", "User"},
	{derivedUser, "aws:TokenIssueTime", ""},
	{derivedUser, "aws:PrincipalAccount", "111122223333"},
	{derivedUser, "aws:PrincipalIsAWSService", "false"},
	{derivedUser, "aws:ViaAWSService", "false"},
	{derivedRole, "aws:ViaAWSService", "false"},
	{derivedUser, "aws:ResourceAccount", "444455556666"},
	{derivedUser, "aws:SecureTransport", "?"},
	{derivedUser, "aws:SourceIp", "?"},
	{derivedUser, "aws:SourceVpc", ""},
	{derivedUser, "aws:PrincipalTag/team", "?"},
	{derivedUser, "aws:PrincipalOrgID", "?"},
	{derivedUser, "aws:ResourceTag/team", "?"},
	{derivedUser, "aws:RequestTag/team", ""},
	{derivedUser, "aws:MultiFactorAuthPresent", ""},
	{derivedRole, "aws:MultiFactorAuthPresent", "?"},
	{derivedUser, "kms:CallerAccount", "111122223333"},
	{derivedUser, "s3:ResourceAccount", "444455556666"},
	{derivedUser, "s3:TlsVersion", ""},
	{Who{Service: "es.amazonaws.com"}, "aws:SourceOrgID", "?"},
	{Who{Service: "es.amazonaws.com"}, "aws:PrincipalOrgID", ""},
	{Who{Service: "es.amazonaws.com"}, "aws:ViaAWSService", "?"},
	{Who{Anonymous: true}, "aws:PrincipalOrgID", ""},
	{derivedRoot, "aws:PrincipalType", "Account"},
	{derivedRoot, "aws:username", ""},
	{Who{Service: "es.amazonaws.com"}, "aws:PrincipalServiceName", "es.amazonaws.com"},
	{Who{Service: "es.amazonaws.com"}, "aws:PrincipalIsAWSService", "true"},
	{Who{Service: "es.amazonaws.com"}, "aws:PrincipalArn", ""},
	{Who{Anonymous: true}, "aws:userid", ""},
	{Who{Anonymous: true}, "aws:PrincipalType", "Anonymous"},
}

func TestDerivedKeys(t *testing.T) {
	for _, c := range derivedKeys {
		a := newAsked(Request{Who: c.who, Resource: "arn:aws:es:eu-west-1:444455556666:domain/x"})
		values, present := a.lookup(c.key)
		got := map[truth]string{unsure: "?"}[present]
		if present == yes {
			got = values[0]
		}
		if got != c.want {
			t.Errorf("%s of %s is %q, want %q", c.key, c.who, got, c.want)
		}
	}
	complete := newAsked(Request{Who: derivedRole, Action: "s3:GetObject", Complete: true})
	for _, key := range []string{"aws:SecureTransport", "aws:PrincipalOrgID", "aws:TokenIssueTime", "s3:TlsVersion", "aws:ResourceTag/team"} {
		if _, present := complete.lookup(key); present != no {
			t.Errorf("%s is not absent from a request that is told completely", key)
		}
	}
	given := newAsked(Request{Who: derivedUser, Context: map[string][]string{"AWS:PrincipalARN": {"x"}}})
	if v, _ := given.lookup("aws:principalarn"); v[0] != "x" {
		t.Errorf("what was given is overwritten: %v", v)
	}
}
