package policy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHowAPrincipalNamesACaller(t *testing.T) {
	role := Who{Account: "111122223333", ARN: "arn:aws:iam::111122223333:role/ops/r", Session: "arn:aws:sts::111122223333:assumed-role/r/s", UniqueID: "AROAXXXXXXXXXXXXXXXXX:s"}
	noSession, noARN, noID := role, role, role
	noSession.Session, noARN.ARN, noID.UniqueID = "", "", ""
	user := Who{Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/u", UniqueID: "AIDAXXXXXXXXXXXXXXXXX"}
	anonymous, service := Who{Anonymous: true}, Who{Service: "es.amazonaws.com"}
	for _, c := range []struct {
		who         Who
		kind, value string
		want        matches // direct, to the role, to the account
	}{
		{role, "AWS", "arn:aws:iam::111122223333:role/ops/r", matches{no, yes, no}},
		{role, "AWS", "arn:aws:iam::111122223333:role/r", matches{}},
		{role, "AWS", "arn:aws:iam::111122223333:role/ops/R", matches{}},
		{role, "AWS", "arn:aws:sts::111122223333:assumed-role/r/s", matches{yes, no, no}},
		{role, "AWS", "arn:aws:sts::111122223333:assumed-role/r/t", matches{}},
		{role, "AWS", "AROAXXXXXXXXXXXXXXXXX", matches{no, yes, no}},
		{role, "AWS", "AROAYYYYYYYYYYYYYYYYY", matches{}},
		{role, "AWS", "111122223333", matches{no, no, yes}},
		{role, "AWS", "arn:aws:iam::111122223333:root", matches{no, no, yes}},
		{role, "AWS", "444455556666", matches{}},
		{role, "AWS", "*", matches{yes, no, no}},
		{role, "*", "*", matches{yes, no, no}},
		{role, "AWS", "arn:aws:iam::111122223333:role/*", matches{}},
		{role, "Service", "es.amazonaws.com", matches{}},
		{role, "Service", "*", matches{}},
		{role, "Federated", "accounts.google.com", matches{}},
		{role, "CanonicalUser", "79a5", matches{unsure, no, no}},
		{role, "Robot", "x", matches{unsure, no, no}},
		{noSession, "AWS", "arn:aws:sts::111122223333:assumed-role/r/s", matches{unsure, no, no}},
		{noSession, "AWS", "arn:aws:sts::111122223333:assumed-role/rr/s", matches{}},
		{noARN, "AWS", "arn:aws:iam::111122223333:role/any/r", matches{no, unsure, no}},
		{noARN, "AWS", "arn:aws:iam::111122223333:role/any/rr", matches{}},
		{noARN, "AWS", "arn:aws:iam::444455556666:role/any/r", matches{}},
		{noID, "AWS", "AROAXXXXXXXXXXXXXXXXX", matches{no, unsure, no}},
		{user, "AWS", "arn:aws:iam::111122223333:user/u", matches{yes, no, no}},
		{user, "AWS", "AIDAXXXXXXXXXXXXXXXXX", matches{yes, no, no}},
		{user, "AWS", "", matches{}},
		{anonymous, "AWS", "*", matches{yes, no, no}},
		{anonymous, "AWS", "111122223333", matches{}},
		{anonymous, "CanonicalUser", "79a5", matches{}},
		{service, "Service", "es.amazonaws.com", matches{yes, no, no}},
		{service, "Service", "*", matches{unsure, no, no}},
		{service, "AWS", "111122223333", matches{}},
		{service, "AWS", "*", matches{yes, no, no}},
	} {
		a := newAsked(Request{Who: c.who})
		if got := a.named(c.kind, c.value); got != c.want {
			t.Errorf("%s %q names %v as %v, want %v", c.kind, c.value, c.who, got, c.want)
		}
	}
}

func TestNotPrincipal(t *testing.T) {
	role := Who{Account: "111122223333", ARN: "arn:aws:iam::111122223333:role/r", Session: "arn:aws:sts::111122223333:assumed-role/r/s"}
	root := Who{Account: "111122223333", ARN: "arn:aws:iam::111122223333:root"}
	jo := Who{Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/jo", UniqueID: "AIDAJOXXXXXXXXXXXXXXX"}
	session := role
	session.UniqueID = "AROARXXXXXXXXXXXXXXXX:s"
	for _, c := range []struct {
		who  Who
		p    Principals
		want truth
	}{
		{role, AWS("444455556666"), yes},
		{role, AWS("111122223333", role.ARN, role.Session), no},
		{role, AWS("111122223333", role.ARN), unsure},
		{role, AWS(role.ARN), unsure},
		{role, AWS("AROAXXXXXXXXXXXXXXXXX"), unsure},
		// A saved policy names the ids behind the ARNs.
		{session, AWS("111122223333", "AROARXXXXXXXXXXXXXXXX", role.Session), no},
		{session, AWS("111122223333", "AROARXXXXXXXXXXXXXXXX"), unsure},
		{session, AWS("AROAXXXXXXXXXXXXXXXXX"), yes},
		{jo, AWS("111122223333", jo.UniqueID), no},
		{jo, AWS(jo.UniqueID), unsure},
		{jo, AWS("AIDAXXXXXXXXXXXXXXXXX"), yes},
		{role, Everybody(), no},
		{role, AWS("*"), no},
		{role, Principals{"CanonicalUser": {"x"}}, unsure},
		{role, Service("es.amazonaws.com"), yes},
		{root, AWS("arn:aws:iam::111122223333:root"), no},
		{Who{Service: "es.amazonaws.com"}, Service("es.amazonaws.com"), no},
		{Who{Service: "es.amazonaws.com"}, Service("ec2.amazonaws.com"), yes},
		{Who{Anonymous: true}, AWS("111122223333"), yes},
	} {
		if got := newAsked(Request{Who: c.who}).notPrincipal(c.p); got != c.want {
			t.Errorf("%v reaches %v: %v, want %v", c.p, c.who, got, c.want)
		}
	}
}

func TestDeadPrincipals(t *testing.T) {
	d := mustParse(t, `{"Statement":[
	  {"Effect":"Allow","Principal":{"AWS":["AROAYYYYYYYYYYYYYYYYY","arn:aws:iam::111122223333:role/r","AROA"]},"Action":"*"},
	  {"Effect":"Deny","NotPrincipal":{"AWS":"AIDAXXXXXXXXXXXXXXXXX"},"Action":"*"},
	  {"Effect":"Allow","Principal":{"AWS":"AROAYYYYYYYYYYYYYYYYY","Service":"AROAZZZZZZZZZZZZZZZZZ"},"Action":"*"}]}`)
	if diff := cmp.Diff([]string{"AIDAXXXXXXXXXXXXXXXXX", "AROAYYYYYYYYYYYYYYYYY"}, DeadPrincipals(d)); diff != "" {
		t.Error(diff)
	}
	want := []DeadPrincipal{
		{ID: "AROAYYYYYYYYYYYYYYYYY", Role: true, Effect: EffectAllow},
		{ID: "AIDAXXXXXXXXXXXXXXXXX", Index: 1, Effect: EffectDeny, Not: true, Alone: true},
		{ID: "AROAYYYYYYYYYYYYYYYYY", Role: true, Index: 2, Effect: EffectAllow},
	}
	if diff := cmp.Diff(want, Dead(d)); diff != "" {
		t.Error(diff)
	}
	if got := DeadPrincipals(Document{}); got != nil {
		t.Errorf("no document has %v", got)
	}
	for s, want := range map[string]bool{"AROAXXXXXXXXXXXXXXXXX": true, "AROAxXXXXXXXXXXXXXXXX": false, "AKIAXXXXXXXXXXXXXXXXX": false, "AROA": false, "111122223333": false} {
		if IsUniqueID(s) != want {
			t.Errorf("%s: %v", s, !want)
		}
	}
}
