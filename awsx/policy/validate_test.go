package policy

import (
	"errors"
	"strings"
	"testing"
)

func TestValidateTakesWhatAWSTakes(t *testing.T) {
	for name, c := range map[string]struct {
		kind Kind
		doc  string
	}{
		"identity":      {KindIdentity, `{"Version":"2012-10-17","Statement":[{"Sid":"A1","Effect":"Allow","Action":["s3:Get*","iam:PassRole"],"Resource":["arn:aws:s3:::b/*","*"]},{"Effect":"Deny","NotAction":"*","NotResource":"*"}]}`},
		"no version":    {KindIdentity, `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`},
		"conditions":    {KindIdentity, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"ForAllValues:StringLikeIfExists":{"a:b":"c"},"Null":{"a:c":true}}}]}`},
		"trust":         {KindTrust, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["es.amazonaws.com"]},"Action":"sts:AssumeRole"},{"Effect":"Allow","Principal":{"AWS":["111122223333","arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/x"]},"Action":["sts:AssumeRole","sts:TagSession"]}]}`},
		"federated":     {KindTrust, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/x"},"Action":"sts:AssumeRoleWithWebIdentity"}]}`},
		"bucket":        {KindBucket, `{"Version":"2008-10-17","Id":"x","Statement":[{"Sid":"Any Sid, really","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws-cn:s3:::b/*"]}]}`},
		"two same Sids": {KindBucket, `{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b"},{"Sid":"A","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*"}]}`},
		"key":           {KindKey, `{"Version":"2012-10-17","Id":"key-default-1","Statement":[{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}]}`},
		"domain":        {KindDomainAccess, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"es:*","Resource":"arn:aws:es:eu-west-1:111122223333:domain/d/*"}]}`},
	} {
		if err := mustParse(t, c.doc).Validate(c.kind); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestValidateRefuses(t *testing.T) {
	const ok = `"Effect":"Allow","Action":"s3:GetObject","Resource":"*"`
	statement := func(s string) string { return `{"Version":"2012-10-17","Statement":[` + "\n {" + s + `}]}` }
	trust := func(principal string) string {
		return statement(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":` + principal)
	}
	for _, c := range []struct {
		kind Kind
		doc  string
		line int
		want string
	}{
		{KindIdentity, `{"Version":"2026-01-01","Statement":[{` + ok + `}]}`, 0, "no version of the policy language"},
		{KindIdentity, `{"Version":"2012-10-17","Statement":[]}`, 0, "no statement"},
		{KindIdentity, `{"Id":"x","Statement":[{` + ok + `}]}`, 0, "has no Id"},
		{KindIdentity, `{"Note":"x","Statement":[{` + ok + `}]}`, 0, `"Note" is no element of a policy`},
		{KindIdentity, statement(ok + `,"Note":1`), 2, `"Note" is no element of a statement`},
		{KindIdentity, statement(ok + `,"Sid":"a-b"`), 2, "more than letters and digits"},
		{KindIdentity, statement(ok + `,"Sid":"a"},{` + ok + `,"Sid":"a"`), 2, "stands on two statements"},
		{KindIdentity, statement(ok + `,"Principal":"*"`), 2, "has a Principal, which no identity policy may have"},
		{KindIdentity, statement(`"Effect":"Allow","Action":"s3:GetObject"`), 2, "has no Resource, which every identity policy needs"},
		{KindIdentity, statement(`"Effect":"Allow","Action":"s3:GetObject","Resource":[]`), 2, "names no resource"},
		{KindIdentity, statement(`"Effect":"Allow","Action":[],"Resource":"*"`), 2, "names no action"},
		{KindIdentity, statement(`"Effect":"Allow","Action":"GetObject","Resource":"*"`), 2, `"GetObject" is not an action`},
		{KindIdentity, statement(`"Effect":"Allow","Action":"s*:Get","Resource":"*"`), 2, "is not an action"},
		{KindIdentity, statement(`"Effect":"Allow","Action":"s3:GetObject","Resource":"b/*"`), 2, `"b/*" is not a resource`},
		{KindIdentity, statement(ok + `,"Condition":{"StringSoundsLike":{"a":"b"}}`), 2, "no condition operator"},
		{KindIdentity, statement(ok + `,"Condition":{"NullIfExists":{"a":"b"}}`), 2, "no condition operator"},
		{KindTrust, statement(`"Effect":"Allow","Action":"sts:AssumeRole"`), 2, "has no Principal, which every trust policy needs"},
		{KindTrust, statement(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Resource":"*"`), 2, "has a Resource, which no trust policy may have"},
		{KindTrust, statement(`"Effect":"Allow","Action":"iam:PassRole","Principal":"*"`), 2, "A trust policy cannot speak of iam:PassRole"},
		{KindTrust, trust(`{"AWS":"AROAXXXXXXXXXXXXXXXXX"}`), 2, "stands for a role or user that was deleted"},
		{KindTrust, trust(`{"AWS":"arn:aws:iam::111122223333:role/*"}`), 2, "wildcard inside a principal"},
		{KindTrust, trust(`{"AWS":"arn:aws:iam::111122223333:group/x"}`), 2, "is not a principal"},
		{KindTrust, trust(`{"AWS":"ann"}`), 2, "is not a principal"},
		{KindTrust, trust(`{"Aws":"111122223333"}`), 2, "no type of principal"},
		{KindBucket, statement(`"Effect":"Allow","Principal":"*","Action":"es:*","Resource":"arn:aws:s3:::b"`), 2, "A bucket policy cannot speak of es:*"},
		{KindBucket, statement(`"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"`), 2, "no resource of a bucket"},
		{KindBucket, statement(`"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::` + strings.Repeat("b", 20<<10) + `"`), 0, "AWS permits 20480"},
		{KindKey, statement(`"Effect":"Allow","Principal":"*","Action":"kms:*"`), 2, "has no Resource, which every key policy needs"},
		{KindDomainAccess, statement(`"Effect":"Allow","Action":"es:*","Resource":"*"`), 2, "has no Principal, which every domain access policy needs"},
	} {
		err := mustParse(t, c.doc).Validate(c.kind)
		var e *SyntaxError
		if !errors.As(err, &e) || !strings.Contains(e.Error(), c.want) || e.Line != c.line || e.Fix.IsZero() {
			t.Errorf("%s as %s: %v, want %q", c.doc[:min(len(c.doc), 200)], c.kind, err, c.want)
		}
	}
	built := Document{Statements: []Statement{{Effect: "Perhaps", Action: []string{"a:b"}}}}
	if err := built.Validate(KindTrust); err == nil || !strings.Contains(err.Error(), `"Perhaps" is no Effect`) {
		t.Errorf("a built statement with a bad effect: %v", err)
	}
}
