package preflight_test

import (
	"strings"
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/spec"
)

func TestSignerMayCall(t *testing.T) {
	w := newWorld(t)
	bothSides(func(side steps.Side) {
		check, step := steps.CheckID(side)+"-signer-may-call", steps.StepID(side)+"-signer"
		below, itself := `"`+domainARN(side)+`/*"`, `"`+domainARN(side)+`"`
		person := func(name awsid.RoleName, rights ...string) func(*spec.Spec) {
			return signing(side, w.person(side, account.RoleSpec{Name: name}, rights...))
		}
		bounded := signing(side, w.person(side, account.RoleSpec{Name: "bounded", Boundary: w.edge(side, "gets", may("Allow", `"es:ESHttpGet"`, `"*"`))}, may("Allow", `"es:*"`, `"*"`)))
		w.run([]row{
			{name: "an administrator", check: check, want: steps.Pass, subject: "user/admin", evidence: domainARN(side) + "/*"},
			{name: "below the domain", check: check, spec: person("below", may("Allow", `"es:ESHttp*"`, below)), want: steps.Pass},
			{name: "on the domain itself", check: check, spec: person("itself", may("Allow", `"es:ESHttp*"`, itself)), want: steps.Note, cause: "Resource is " + domainARN(side), step: step, diff: "es:ESHttpPost"},
			{name: "reading only", check: check, spec: person("reads", may("Allow", `"es:ESHttpGet"`, below)), want: steps.Note, cause: "es:ESHttpPut on", step: step},
			{name: "snapshots only", check: check, spec: person("narrow", may("Allow", `"es:ESHttp*"`, `"`+domainARN(side)+`/_snapshot/*"`)), want: steps.Note, cause: "/_cat/indices", step: step},
			{name: "denied", check: check, spec: person("denied", may("Allow", `"es:*"`, `"*"`), may("Deny", `"es:ESHttpDelete"`, `"*"`)), want: steps.Block, cause: "es:ESHttpDelete", fix: "no Allow lifts a Deny"},
			{name: "from elsewhere denied, as AWS shows it", check: check, spec: person("office", may("Allow", `"es:*"`, `"*"`),
				`{"Sid":"Office","Effect":"Deny","Action":"*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":["192.0.2.0/24"]},"Bool":{"aws:ViaAWSService":"false"}}}`), want: steps.Unknown, cause: "aws:SourceIp"},
			{name: "through an endpoint only", check: check, spec: person("inside", may("Allow", `"es:*"`, `"*"`),
				`{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}}`), want: steps.Unknown, cause: "aws:SourceVpce"},
			{name: "a boundary in the way", check: check, spec: bounded, want: steps.Block, cause: "permissions boundary"},
			{name: "unsigned", check: check, spec: func(s *spec.Spec) { s.Side(side).Auth = spec.AuthUnsigned }, want: steps.Pass, evidence: "the access policy alone decides"},
			{name: "nobody may look", check: check, between: says("iam.", "/", 403, deniedIAM), want: steps.Unknown, fix: "iam:Get* and iam:List*"},
			{name: "no domain", check: check, spec: func(s *spec.Spec) { s.Side(side).Domain = "nothing" }, want: steps.Skipped, because: string(side) + "-domain-found"},
		})
	})
}

func TestAccessPolicyAdmitsSigner(t *testing.T) {
	w := newWorld(t)
	bothSides(func(side steps.Side) {
		check, step := steps.CheckID(side)+"-access-policy-admits-signer", steps.StepID(side)+"-signer"
		put := func(statements ...string) {
			t.Helper()
			w.must(w.account(side).PutAccessPolicy(w.ctx, "logs-prod", policyOf(statements...)))
		}
		statement := func(effect, principal, more string) string {
			return `{"Effect":"` + effect + `","Principal":` + principal + `,"Action":"es:*","Resource":"` + domainARN(side) + `/*"` + more + `}`
		}
		everybody := `"*"`
		whole := `{"AWS":"` + string(answers().Side(side).Account) + `"}`
		foreign := func(s *spec.Spec) { s.Side(side).Signer.Profile = string(other(side)) }
		unsigned := func(s *spec.Spec) { s.Side(side).Auth = spec.AuthUnsigned }
		w.run([]row{
			{name: "the account", check: check, want: steps.Pass, subject: "logs-prod", evidence: "AccessPolicies, for arn:aws:iam::"},
			{name: "a signer of another account", check: check, spec: foreign, want: steps.Note, cause: "Principal is", step: step, diff: "SnapferryDomain"},
			{name: "unsigned", check: check, spec: unsigned, want: steps.Block, cause: "es:ESHttpGet", fix: "Let the signer sign"},
			{name: "not told", check: check, spec: func(s *spec.Spec) { s.Side(side).Endpoint = w.endpoint(string(side)) }, between: says("es.", "/", 403, denied), want: steps.Unknown, cause: "es:DescribeDomain", evidence: "GET / of the signer was let in"},
		})
		put(statement("Allow", whole, ""), statement("Deny", `{"AWS":"arn:aws:iam::`+string(answers().Side(side).Account)+`:user/admin"}`, ""))
		w.run([]row{{name: "denied", check: check, want: steps.Block, cause: "denies it", fix: "Take the signer out of that denial"}})
		put(statement("Allow", everybody, ""))
		w.run([]row{
			{name: "everybody", check: check, want: steps.Pass},
			{name: "everybody, unsigned", check: check, spec: unsigned, want: steps.Pass},
			{name: "everybody, from another account", check: check, spec: foreign, want: steps.Pass},
		})
		put(statement("Allow", everybody, `,"Condition":{"IpAddress":{"aws:SourceIp":"127.0.0.0/8"}}`))
		w.run([]row{
			{name: "from this address", check: check, spec: unsigned, want: steps.Note, cause: "aws:SourceIp", evidence: "GET / of the signer was let in"},
			{name: "signed from this address", check: check, want: steps.Pass},
		})
		one := strings.NewReplacer("es:*", "es:ESHttpGet")
		put(statement("Allow", everybody, `,"Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}`), one.Replace(statement("Allow", everybody, "")))
		w.run([]row{{name: "reading from everywhere, writing from another address", check: check, spec: unsigned, want: steps.Unknown, cause: "es:ESHttpPut", evidence: "GET / of the signer was let in"}})
		put(statement("Allow", everybody, `,"Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}`), one.Replace(statement("Allow", everybody, `,"Condition":{"IpAddress":{"aws:SourceIp":"127.0.0.0/8"}}`)))
		w.run([]row{{name: "reading from this address, writing from another", check: check, spec: unsigned, want: steps.Unknown, evidence: "GET / of the signer was let in"}})
		put(statement("Allow", everybody, `,"Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}`))
		w.run([]row{{name: "from another address", check: check, spec: unsigned, want: steps.Unknown, cause: "aws:SourceIp"}})
		put(statement("Allow", everybody, `,"Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}`))
		w.run([]row{{name: "from a network", check: check, spec: unsigned, want: steps.Unknown, cause: "aws:SourceVpc"}})
		put(statement("Allow", whole, ""))
	})
}
