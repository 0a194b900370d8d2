package access_test

import (
	"testing"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/fixture"
	"snapferry/awsx/sandbox/world"
)

// withDomain gives the source account a domain with this service software.
func withDomain(t *testing.T, software string) *fixture.Fixture {
	t.Helper()
	f := fixture.New(t)
	f.Write(func(s *world.State) {
		s.Domains = append(s.Domains, &world.Domain{Name: "logs", Account: fixture.Source, Region: fixture.Region, Software: software})
	})
	return f
}

func TestServiceSession(t *testing.T) {
	ours := fixture.Trusting("Service", "es.amazonaws.com", `{"StringEquals":{"aws:SourceAccount":"111111111111"},"ArnLike":{"aws:SourceArn":"arn:aws:es:eu-west-1:111111111111:domain/logs"}}`)
	plain := fixture.Trusting("Service", "es.amazonaws.com", "")
	for name, tc := range map[string]struct {
		software, trust, role string
		domain                awsid.DomainName
		want                  bool
	}{
		"conditions met":                       {"OpenSearch_2_19_R20260915", ours, snapRole, "logs", true},
		"the first software that sends them":   {"OpenSearch_1_0_R20211203", ours, snapRole, "logs", true},
		"the last that does not":               {"OpenSearch_1_0_R20211202-P3", ours, snapRole, "logs", false},
		"old software without conditions":      {"R20191113", plain, snapRole, "logs", true},
		"another domain of the account":        {"OpenSearch_2_19_R20260915", ours, snapRole, "other", false},
		"letter case of the role":              {"OpenSearch_2_19_R20260915", plain, "arn:aws:iam::111111111111:role/team/SNAP", "logs", false},
		"path of the role":                     {"OpenSearch_2_19_R20260915", plain, "arn:aws:iam::111111111111:role/snap", "logs", false},
		"no ARN":                               {"OpenSearch_2_19_R20260915", plain, "snap", "logs", false},
		"explicit deny beats the other's word": {"OpenSearch_2_19_R20260915", denying, snapRole, "logs", false},
	} {
		t.Run(name, func(t *testing.T) {
			f := withDomain(t, tc.software)
			f.Role(fixture.Source, "/team/", "snap", tc.trust)
			caller, ok := f.Gate.ServiceSession(fixture.Source, fixture.Region, tc.domain, tc.role)
			if ok != tc.want {
				t.Fatalf("assumed: %v", ok)
			}
			if ok && (caller.Principal.String() != snapRole || caller.Session.String() != "arn:aws:sts::111111111111:assumed-role/snap/snapshot-logs") {
				t.Errorf("%+v", caller)
			}
			if !ok && caller != (access.Caller{}) {
				t.Errorf("a refusal comes with %+v", caller)
			}
		})
	}
}

const denying = `{"Version":"2012-10-17","Statement":[
	{"Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},"Action":"sts:AssumeRole"},
	{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringNotEquals":{"aws:SourceAccount":"222222222222"}}}]}`

// TestSlotKeys are the keys of a real node's S3 clients.
func TestSlotKeys(t *testing.T) {
	f := withDomain(t, "OpenSearch_3_4_R20260915")
	f.Role(fixture.Source, "/team/", "snap", fixture.Trusting("Service", "es.amazonaws.com", ""), fixture.Allow("s3:GetObject", "*"))
	var bound, free world.Slot
	f.Write(func(s *world.State) {
		slots := s.MakeSlots(s.Domains[0])
		slots[0].Role = snapRole
		bound, free = *slots[0], *slots[1]
	})
	caller, secret, err := f.Gate.Key(bound.Key, "")
	if err != nil || secret != bound.Secret || caller.Principal.String() != snapRole {
		t.Fatalf("%+v, %v", caller, err)
	}
	q := access.Question{Caller: caller, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Owner: fixture.Source}
	if !f.Gate.Decide(q).Allowed() {
		t.Error("the slot has not the rights of its role")
	}
	if q.Action = "s3:PutObject"; f.Gate.Decide(q).Allowed() {
		t.Error("the slot has more rights than its role")
	}
	if _, _, err := f.Gate.Key(free.Key, ""); refusal(t, err) != unknown {
		t.Errorf("a slot bound to nobody: %v", err)
	}
	if _, _, err := f.Gate.Key(bound.Key, "token"); refusal(t, err) != unknown {
		t.Errorf("a slot with a session token: %v", err)
	}
	f.Role(fixture.Source, "/team/", "snap", fixture.Trusting("Service", "ec2.amazonaws.com", ""))
	if _, _, err := f.Gate.Key(bound.Key, ""); refusal(t, err) != unknown {
		t.Errorf("a slot of a role that no longer trusts: %v", err)
	}
}
