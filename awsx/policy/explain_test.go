package policy

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
			"Nothing allows es:ESHttpPost on arn:aws:es:eu-west-1:111122223333:domain/d/_search: statement number 1 of the identity-based policy comes nearest, but Action is es:ESHttpGet, es:ESHttpPut and the request is es:ESHttpPost",
		},
		{
			user, "es:ESHttpGet", "arn:aws:es:eu-west-1:111122223333:domain/d", nil,
			"Nothing allows es:ESHttpGet on arn:aws:es:eu-west-1:111122223333:domain/d: statement number 1 of the identity-based policy comes nearest, but Resource is arn:aws:es:eu-west-1:111122223333:domain/d/* and the request is for arn:aws:es:eu-west-1:111122223333:domain/d",
		},
		{user, "iam:PassRole", "arn:aws:iam::111122223333:role/r", nil, "Nothing allows iam:PassRole on arn:aws:iam::111122223333:role/r: no statement of the identity-based policy allows it"},
		{user, "s3:PutObject", "arn:aws:s3:::a/locked", []string{"aws:SourceVpc"}, `Denied by statement "NoPut" of the bucket policy, which no other policy can lift`},
		{
			user, "s3:PutObject", "arn:aws:s3:::a/x",
			[]string{"aws:SourceVpc"},
			`It cannot be told whether s3:PutObject on arn:aws:s3:::a/x is allowed: of statement "Vpc" of the identity-based policy, StringNotEquals wants aws:SourceVpc vpc-1, and its value is not known here`,
		},
		{
			foreign, "s3:GetObject", "arn:aws:s3:::a/x", nil,
			`Nothing allows s3:GetObject on arn:aws:s3:::a/x: statement "Other" of the bucket policy comes nearest, but Principal is {"AWS":"444455556666"} and the caller is arn:aws:iam::777788889999:user/eve`,
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
	if got, want := Explain(r, d).String(), "It cannot be told whether kms:Decrypt on arn:aws:kms:eu-west-1:111122223333:key/k is allowed: the key policy could not be read"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// lacked is a Miss as text, a question mark before what is in doubt.
func lacked(list []Miss) (out []string) {
	for _, m := range list {
		mark := ""
		if m.Unsure {
			mark = "?"
		}
		out = append(out, mark+string(m.Element)+" "+m.Want)
	}
	return out
}

func TestWhatAStatementLacks(t *testing.T) {
	role := "arn:aws:iam::111122223333:role/snap"
	for name, c := range map[string]struct {
		layer     Layer
		statement string
		r         Request
		want      []string
	}{
		"nothing": {
			LayerIdentity, `{"Effect":"Allow","Action":"iam:PassRole","Resource":"` + role + `"}`,
			Request{Who: testUser, Action: "iam:PassRole", Resource: role},
			nil,
		},
		"the action and the role's spelling": {
			LayerIdentity, `{"Effect":"Allow","Action":"iam:GetRole","Resource":"` + role + `"}`,
			Request{Who: testUser, Action: "iam:PassRole", Resource: "arn:aws:iam::111122223333:role/Snap"},
			[]string{"Action iam:PassRole", "Resource arn:aws:iam::111122223333:role/Snap"},
		},
		"both source conditions, of a role copied from the other side": {
			LayerTrust, `{"Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{
			  "StringEquals":{"aws:SourceAccount":"444455556666"},"ArnLike":{"aws:SourceArn":"arn:aws:es:eu-west-1:444455556666:domain/*"}}}`,
			Request{Who: Who{Service: "es.amazonaws.com"}, Action: "sts:AssumeRole", Resource: role, Context: map[string][]string{
				"aws:SourceAccount": {"111122223333"}, "aws:SourceArn": {"arn:aws:es:eu-west-1:111122223333:domain/d"},
			}},
			[]string{"Condition aws:SourceArn", "Condition aws:SourceAccount"},
		},
		"the service": {
			LayerTrust, `{"Effect":"Allow","Principal":{"Service":"opensearch.amazonaws.com"},"Action":"sts:AssumeRole"}`,
			Request{Who: Who{Service: "es.amazonaws.com"}, Action: "sts:AssumeRole", Resource: role},
			[]string{"Principal es.amazonaws.com"},
		},
		"perhaps the organisation": {
			LayerResource, `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}`,
			Request{Who: testForeign, Action: "s3:GetObject", Resource: testObject},
			[]string{"?Condition aws:PrincipalOrgID"},
		},
		"what nobody knows": {
			LayerIdentity, `{"Effect":"Allow","Action":"s3:*","Resource":"*","Purpose":"x"}`,
			Request{Who: testUser, Action: "s3:GetObject", Resource: testObject},
			[]string{"?Statement "},
		},
	} {
		s := mustParse(t, document(c.statement)).Statements[0]
		if diff := cmp.Diff(c.want, lacked(s.Lacks(c.layer, Version2012, c.r))); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
	variable := mustParse(t, document(`{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:username}"}`)).Statements[0]
	r := Request{Who: testUser, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/ann"}
	if variable.Lacks(LayerIdentity, Version2012, r) != nil || variable.Lacks(LayerIdentity, "", r) == nil {
		t.Error("the version decides whether a variable is one")
	}
}

func TestGapsAcrossAccounts(t *testing.T) {
	identity := mustParse(t, document(`{"Sid":"List","Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"}`))
	bucket := mustParse(t, document(
		`{"Sid":"Share","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:user/eve"},"Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}`,
		`{"Sid":"Frozen","Effect":"Deny","Principal":"*","Action":"s3:DeleteObject","Resource":"*"}`))
	ask := func(who Who, action, resource string) Request {
		return Request{Who: who, Action: action, Resource: resource, ResourceAccount: "111122223333"}
	}
	mallory := Who{Account: "444455556666", ARN: "arn:aws:iam::444455556666:user/mallory"}
	gaps := Gaps(Stack{Identity: []Document{identity}, Resource: &bucket, Kind: KindBucket},
		ask(testForeign, "s3:ListBucket", "arn:aws:s3:::b"), ask(testForeign, "s3:GetObject", testObject),
		ask(mallory, "s3:GetObject", testObject), ask(testForeign, "s3:DeleteObject", testObject))
	var got []string
	for _, g := range gaps {
		for _, l := range g.Lacks {
			got = append(got, g.Request.Action+": "+l.Text.String())
		}
	}
	want := []string{
		`s3:GetObject: no statement of the identity-based policy allows it`,
		`s3:GetObject: statement "Share" of the bucket policy comes nearest, but Principal is {"AWS":"arn:aws:iam::444455556666:user/eve"} and the caller is arn:aws:iam::444455556666:user/mallory`,
		`s3:GetObject: no statement of the identity-based policy allows it`,
		`s3:DeleteObject: statement "Frozen" of the bucket policy denies it, which no other policy can lift`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(gaps) != 3 || gaps[2].Decision.Verdict != Deny || !strings.HasPrefix(gaps[2].Text.String(), `Denied by statement "Frozen"`) {
		t.Errorf("%+v", gaps)
	}
}

func TestLayersThatLackSomething(t *testing.T) {
	all := mustParse(t, document(`{"Effect":"Allow","Action":"*","Resource":"*"}`))
	none := mustParse(t, document(`{"Effect":"Allow","Action":"ec2:*","Resource":"*"}`))
	account := mustParse(t, document(`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"*","Resource":"*"}`))
	role := mustParse(t, document(`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/r"},"Action":"*","Resource":"*"}`))
	stranger := mustParse(t, document(`{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"*","Resource":"*"}`))
	for name, c := range map[string]struct {
		kind     Kind
		resource *Document
		identity Document
		caps     *Document
		owner    string
		want     []Layer
	}{
		"own bucket":                             {KindBucket, nil, none, nil, "111122223333", []Layer{LayerIdentity}},
		"own bucket, capped too":                 {KindBucket, &stranger, none, &none, "111122223333", []Layer{LayerIdentity, LayerBoundary, LayerSession}},
		"own bucket names the role, capped":      {KindBucket, &role, none, &none, "111122223333", []Layer{LayerBoundary, LayerSession}},
		"own key silent: naming it would do":     {KindKey, &stranger, none, nil, "111122223333", []Layer{LayerResource}},
		"own key leaves it to IAM":               {KindKey, &account, none, nil, "111122223333", []Layer{LayerIdentity}},
		"own role does not trust":                {KindTrust, &stranger, all, nil, "111122223333", []Layer{LayerTrust}},
		"foreign bucket, neither side":           {KindBucket, nil, none, nil, "444455556666", []Layer{LayerResource, LayerIdentity}},
		"foreign bucket names the role":          {KindBucket, &role, none, nil, "444455556666", []Layer{LayerIdentity}},
		"foreign bucket names the role, capped":  {KindBucket, &role, none, &none, "444455556666", []Layer{LayerIdentity, LayerBoundary, LayerSession}},
		"foreign bucket silent, identity allows": {KindBucket, &stranger, all, nil, "444455556666", []Layer{LayerResource}},
		"nobody's bucket, nothing on any side":   {KindBucket, nil, none, nil, "", []Layer{LayerResource, LayerIdentity}},
	} {
		s := Stack{Identity: []Document{c.identity}, Resource: c.resource, Kind: c.kind, Boundary: c.caps}
		if c.caps != nil {
			s.Session = []Document{*c.caps}
		}
		d := Decide(s, Request{Who: testSession, Action: "s3:GetObject", Resource: testObject, ResourceAccount: c.owner})
		if diff := cmp.Diff(c.want, d.Lacking); diff != "" || d.Verdict != Implicit || d.Layer != c.want[0] {
			t.Errorf("%s: %s by %s\n%s", name, d.Verdict, d.Layer, diff)
		}
	}
}

// A caller that one statement names in two ways, one of them in doubt, may be
// granted more than the certain one gives.
func TestDoubtBesideCertainty(t *testing.T) {
	bucket := mustParse(t, document(`{"Sid":"Both","Effect":"Allow","Principal":{"AWS":"111122223333","CanonicalUser":"79a5"},"Action":"*","Resource":"*"}`))
	r := Request{Who: testUser, Action: "s3:GetObject", Resource: testObject, ResourceAccount: "111122223333"}
	d := Decide(Stack{Resource: &bucket, Kind: KindBucket}, r)
	want := `It cannot be told whether s3:GetObject on arn:aws:s3:::b/k is allowed: of statement "Both" of the bucket policy, Principal is {"AWS":"111122223333","CanonicalUser":"79a5"} and the caller is arn:aws:iam::111122223333:user/ann`
	if got := Explain(r, d).String(); d.Verdict != Unknown || got != want {
		t.Errorf("%s: %s", d.Verdict, got)
	}
}

// Whatever cannot be told or is not allowed says why, whatever else is unknown.
func TestNothingIsRefusedWithoutAReason(t *testing.T) {
	for _, c := range loadCases(t) {
		blind, dark := c.request, c.stack
		blind.ContextUnknown, blind.Context = []string{"*"}, maps.Clone(c.Context)
		for key := range c.Context {
			delete(blind.Context, key)
		}
		nobodys := c.request
		nobodys.ResourceAccount = ""
		dark.Unread = []Layer{LayerIdentity, LayerBoundary, LayerSession, c.stack.resourceLayer()}
		for name, q := range map[string]struct {
			s Stack
			r Request
		}{"as it is": {c.stack, c.request}, "no context": {c.stack, blind}, "no owner": {c.stack, nobodys}, "unread": {dark, c.request}, "nothing": {dark, blind}} {
			d := Decide(q.s, q.r)
			lacks := Lacks(q.r, d)
			if d.Allowed() != (len(lacks) == 0) || Explain(q.r, d).IsZero() || d.Verdict == Implicit != (len(d.Lacking) > 0) {
				t.Errorf("%s/%s, %s: %s with %v", c.file, c.Name, name, d.Verdict, lacks)
			}
			for _, l := range lacks {
				if l.Text.IsZero() || l.Layer == "" || l.Unsure != (d.Verdict == Unknown) {
					t.Errorf("%s/%s, %s: %s with %+v", c.file, c.Name, name, d.Verdict, l)
				}
			}
		}
	}
}
