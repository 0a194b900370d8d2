package migrate

import (
	"slices"
	"testing"

	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/steps/facts"
)

var (
	snapRole = awsid.RoleARN("aws", "111122223333", "/", "acme-snap")
	logsARN  = awsid.DomainARN("aws", "eu-west-1", "111122223333", "logs-prod").String()
)

func TestRoleRights(t *testing.T) {
	writer := roleRights("aws", "acme", awsid.ARN{}, use{writes: true})
	reader := roleRights("aws", "acme", awsid.ARN{}, use{})
	decide := func(d policy.Document, action, resource string) bool {
		return policy.Decide(policy.Stack{Identity: []policy.Document{d}}, policy.Request{
			Who: policy.Who{Account: "111122223333", ARN: snapRole.String()}, Action: action, Resource: resource, ResourceAccount: "111122223333",
		}).Allowed()
	}
	cases := []struct {
		action, resource string
		writer, reader   bool
	}{
		{"s3:ListBucket", "arn:aws:s3:::acme", true, true},
		{"s3:GetObject", "arn:aws:s3:::acme/base/index-0", true, true},
		{"s3:GetObject", "arn:aws:s3:::acme/s1101/base/indices/x/0/__a", true, true}, // hashed paths lie outside the base path
		{"s3:PutObject", "arn:aws:s3:::acme/base/index-0", true, false},
		{"s3:DeleteObject", "arn:aws:s3:::acme/base/index-0", true, false},
		{"s3:DeleteBucket", "arn:aws:s3:::acme", false, false},
		{"s3:PutObject", "arn:aws:s3:::acme-other/base/index-0", false, false},
		{"s3:PutBucketPolicy", "arn:aws:s3:::acme", false, false},
	}
	for _, c := range cases {
		if got := decide(writer, c.action, c.resource); got != c.writer {
			t.Errorf("writer %s on %s: %v", c.action, c.resource, got)
		}
		if got := decide(reader, c.action, c.resource); got != c.reader {
			t.Errorf("reader %s on %s: %v", c.action, c.resource, got)
		}
	}
}

func TestRoleRightsOnAKey(t *testing.T) {
	key, err := awsid.ParseARN("arn:aws:kms:eu-west-1:111122223333:key/abc")
	if err != nil {
		t.Fatal(err)
	}
	for _, writes := range []bool{true, false} {
		d := roleRights("aws", "acme", key, use{writes: writes})
		last := d.Statements[len(d.Statements)-1]
		if last.Sid != sidKey || slices.Contains(last.Action, "kms:GenerateDataKey") != writes || !slices.Contains(last.Action, "kms:Decrypt") {
			t.Errorf("writes %v: %+v", writes, last)
		}
	}
}

func TestTrustIsForTheseDomainsOnly(t *testing.T) {
	d := policy.Document{Version: policyVersion, Statements: []policy.Statement{trust(sidTrust, "111122223333", []string{logsARN}, true)}}
	service := func(account, arn string) policy.Verdict {
		return d.Evaluate(policy.LayerTrust, policy.Request{
			Who: policy.Who{Service: "es.amazonaws.com"}, Action: "sts:AssumeRole", Resource: snapRole.String(),
			Context: map[string][]string{"aws:SourceAccount": {account}, "aws:SourceArn": {arn}},
		}).Verdict
	}
	if v := service("111122223333", logsARN); v != policy.Allow {
		t.Errorf("own domain: %s", v)
	}
	if v := service("444455556666", logsARN); v == policy.Allow {
		t.Error("a domain of another account may use the role")
	}
	if v := service("111122223333", logsARN+"-2"); v == policy.Allow {
		t.Error("another domain may use the role")
	}
}

func TestSignerLacks(t *testing.T) {
	who, err := awsid.ParseARN("arn:aws:iam::111122223333:user/jo")
	if err != nil {
		t.Fatal(err)
	}
	admin := policy.Document{Version: policyVersion, Statements: []policy.Statement{{Effect: policy.EffectAllow, Action: []string{"*"}, Resource: []string{"*"}}}}
	some := policy.Document{Version: policyVersion, Statements: []policy.Statement{{Effect: policy.EffectAllow, Action: []string{"es:ESHttp*"}, Resource: []string{logsARN + "/*"}}}}
	bare := policy.Document{Version: policyVersion, Statements: []policy.Statement{{Effect: policy.EffectAllow, Action: []string{"es:*"}, Resource: []string{logsARN}}}}
	snapshots := policy.Document{Version: policyVersion, Statements: []policy.Statement{{Effect: policy.EffectAllow, Action: []string{"es:ESHttp*"}, Resource: []string{logsARN + "/_snapshot/*"}}}}
	passing := func(service string) policy.Document {
		return policy.Document{Version: policyVersion, Statements: []policy.Statement{{
			Effect: policy.EffectAllow, Action: []string{"iam:PassRole"}, Resource: []string{"*"},
			Condition: policy.Conditions{"StringEquals": {"iam:PassedToService": {service}}},
		}}}
	}
	count := func(d ...policy.Document) int {
		have, n := facts.Policies{Inline: map[string]policy.Document{}}, 0
		for i, doc := range d {
			have.Inline[string(rune('a'+i))] = doc
		}
		for _, rule := range signerRights(snapRole, []string{logsARN}) {
			if !allows(have, who, rule) {
				n++
			}
		}
		return n
	}
	for name, c := range map[string]struct{ got, want int }{
		"administrator":           {count(admin), 0},
		"nothing":                 {count(), 2},
		"domain without PassRole": {count(some), 1},
		"bare domain ARN":         {count(bare), 2},
		"snapshots alone":         {count(snapshots), 2},
		"passed to the service":   {count(some, passing("es.amazonaws.com")), 0},
		"passed to another":       {count(some, passing("ec2.amazonaws.com")), 1},
	} {
		if c.got != c.want {
			t.Errorf("%s lacks %d statements, wants %d", name, c.got, c.want)
		}
	}
}

func TestGrantable(t *testing.T) {
	lacks := signerRights(snapRole, []string{logsARN})
	for arn, ok := range map[string]bool{
		"arn:aws:iam::111122223333:user/jo":         true,
		"arn:aws:iam::111122223333:role/team/admin": true,
		"arn:aws:iam::111122223333:root":            false,
	} {
		who, err := awsid.ParseARN(arn)
		if err != nil {
			t.Fatal(err)
		}
		if err := grantable(who, true, lacks); (err == nil) != ok {
			t.Errorf("%s: %v", arn, err)
		}
	}
	who, _ := awsid.ParseARN("arn:aws:iam::111122223333:role/admin")
	if grantable(who, false, lacks) == nil {
		t.Error("a role whose path is only guessed is edited")
	}
}

func TestTLSOnlyDeniesPlainRequestsAlone(t *testing.T) {
	d := policy.Document{Version: policyVersion, Statements: []policy.Statement{tlsOnly("aws", "acme")}}
	for secure, want := range map[string]policy.Verdict{"false": policy.Deny, "true": policy.Implicit} {
		got := d.Evaluate(policy.LayerResource, policy.Request{
			Who: policy.Who{Account: "1", ARN: snapRole.String()}, Action: "s3:GetObject", Resource: "arn:aws:s3:::acme/x",
			Context: map[string][]string{"aws:SecureTransport": {secure}},
		}).Verdict
		if got != want {
			t.Errorf("SecureTransport %s: %s, wants %s", secure, got, want)
		}
	}
}
