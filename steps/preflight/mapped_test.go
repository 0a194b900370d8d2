package preflight_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/spec"
)

func kinds(source, target sandbox.AccessKind) sandbox.Options {
	return sandbox.Options{Access: map[string]sandbox.AccessKind{"source": source, "target": target}}
}

// mapping has the domain's master map somebody to a role.
func (w *world) mapping(side steps.Side, master func(*spec.Spec), role, list, who string) {
	w.Helper()
	c, err := w.facts(row{spec: master}).Mapper(w.ctx, side)
	w.must(err)
	answer, err := c.Do(w.ctx, http.MethodPut, "/_plugins/_security/api/rolesmapping/"+role, []byte(`{"`+list+`":["`+who+`"]}`))
	w.must(err)
	if answer.Status >= 300 {
		w.Fatalf("map %s to %s: %d %s", who, role, answer.Status, answer.Body)
	}
}

// fgacRole has the domain's master make a role.
func (w *world) fgacRole(side steps.Side, master func(*spec.Spec), name, rights string) {
	w.Helper()
	c, err := w.facts(row{spec: master}).Mapper(w.ctx, side)
	w.must(err)
	answer, err := c.Do(w.ctx, http.MethodPut, "/_plugins/_security/api/roles/"+name, []byte(`{`+rights+`}`))
	w.must(err)
	if answer.Status >= 300 {
		w.Fatalf("role %s: %d %s", name, answer.Status, answer.Body)
	}
}

func internalMaster(side steps.Side) func(*spec.Spec) {
	return func(s *spec.Spec) { s.Side(side).Mapper = spec.Identity{Base: "password", User: "master"} }
}

// permissions is an answer of somebody for whom a part of the security API is closed.
func permissions(host, closed string) between {
	return says(host, "/_plugins/_security/api/permissionsinfo", 200, `{"user":"User [name=master]","user_name":"master","has_api_access":true,"disabled_endpoints":{`+closed+`}}`)
}

func TestSignerMappedByAnInternalMaster(t *testing.T) {
	w := openWorld(t, kinds(sandbox.AccessPolicy, sandbox.AccessInternalMaster))
	const mapped, may, answers = "target-signer-mapped", "target-mapper-may-map", "target-domain-answers"
	master := internalMaster(steps.Target)
	admin := "arn:aws:iam::222222222222:user/admin"
	b := w.endpoint("target")
	w.run([]row{
		{name: "no such access control", check: "source-signer-mapped", want: steps.Pass, evidence: "no fine-grained access control"},
		{name: "nothing to map there", check: "source-mapper-may-map", want: steps.Pass, evidence: "no fine-grained access control"},
		{name: "let in all the same", check: answers, want: steps.Pass, evidence: "no permissions for [cluster:monitor/main]", cmd: "https://" + b},
		{name: "not mapped, to be mended", check: mapped, spec: master, want: steps.Note, subject: admin, cause: "neither manage_snapshots nor all_access", step: "target-mapping", diff: admin, evidence: "authinfo: roles none"},
		{name: "nobody can", check: mapped, want: steps.Block, subject: admin, fix: "under target.mapper", cmd: "rolesmapping/manage_snapshots"},
		{name: "nobody said the password", check: mapped, spec: master, password: silent, want: steps.Unknown, cause: "neither", because: may},
		{name: "handed over", check: mapped, spec: func(s *spec.Spec) { s.Target.Mapper.Base = "none" }, want: steps.Warn, cause: "nobody here may map it", fix: "name who does under target.mapper. A run hands them over", cmd: "rolesmapping/manage_snapshots"},
		{name: "handed over, and not let in", check: mapped, spec: func(s *spec.Spec) { s.Target.Mapper.Base = "none" }, between: says(b, "/_cat/indices", 403, deniedFront), want: steps.Block, fix: "First give the signer es:ESHttp*", cmd: "curl -sS -X PATCH"},
		{name: "no domain", check: mapped, spec: func(s *spec.Spec) { s.Target.Domain = "nothing" }, want: steps.Skipped, because: "target-domain-found"},
		{name: "domain does not say", check: mapped, spec: master, between: says(b, "/_plugins/_security/authinfo", 500, `{"error":{"type":"x","reason":"broken"},"status":500}`), want: steps.Note, cause: "does not say yet", step: "target-mapping"},
		{name: "not let in", check: mapped, between: says(b, "/", 403, deniedFront), want: steps.Skipped, because: answers},

		{name: "the master", check: may, spec: master, want: steps.Pass, subject: "master on target", evidence: "permissionsinfo"},
		{name: "not the master", check: may, want: steps.Block, subject: admin, cause: "security_manager is needed", fix: "Name the domain's master under target.mapper", cmd: "rolesmapping/security_manager"},
		{name: "wrong password", check: may, spec: master, password: "Wrong-1-password", want: steps.Block, cause: "user or password", fix: "target.mapper.user"},
		{name: "no password", check: may, spec: master, password: silent, want: steps.Block, cause: "password of the internal user master of the target was not given", fix: "SNAPFERRY_TARGET_MAPPER_PASSWORD"},
		{name: "no password to look with", check: "target-domain-healthy", spec: master, password: silent, want: steps.Unknown, cause: "was not given", fix: "--target-mapper-password-fd", evidence: "the signer itself is refused: no permissions for ["},
		{name: "nobody named", check: may, spec: func(s *spec.Spec) { s.Target.Mapper.Base = "none" }, want: steps.Note, cause: "somebody else has to do"},
		{name: "the domain is silent", check: may, spec: master, between: says(b, "/_plugins/_security/api/permissionsinfo", 503, ""), want: steps.Unknown},
		{name: "mappings are closed", check: may, spec: master, between: permissions(b, `"ROLESMAPPING":["PUT"]`), want: steps.Block, cause: "security_manager is needed"},
		{name: "roles are closed", check: may, spec: master, between: permissions(b, `"ROLES":["PUT"]`), want: steps.Block},
		{name: "something else is closed", check: may, spec: master, between: permissions(b, `"CACHE":["DELETE"],"ROLES":["DELETE"]`), want: steps.Pass},
		{name: "no domain to map on", check: may, spec: func(s *spec.Spec) { s.Target.Domain = "nothing" }, want: steps.Skipped, because: "target-domain-found"},
	})
	w.mapping(steps.Target, master, "manage_snapshots", "users", admin)
	w.run([]row{
		{name: "snapshots alone, to be mended", check: mapped, spec: master, want: steps.Note, cause: "manage_snapshots alone sees neither health", step: "target-mapping"},
		{name: "snapshots alone", check: mapped, want: steps.Block, cause: "manage_snapshots alone"},
	})
	w.fgacRole(steps.Target, master, "pulse", `"cluster_permissions":["cluster_monitor"],"index_permissions":[{"index_patterns":["*"],"allowed_actions":["indices_monitor"]}]`)
	w.mapping(steps.Target, master, "pulse", "users", admin)
	w.run([]row{
		{name: "wrong password, snapshots and a look", check: may, spec: master, password: "Wrong-1-password", want: steps.Note, cause: "user or password"},
		{name: "no password, snapshots and a look", check: may, spec: master, password: silent, want: steps.Note, cause: "was not given", evidence: "nothing is to be mapped"},
	})
	w.mapping(steps.Target, master, "all_access", "users", admin)
	w.run([]row{
		{name: "everything", check: mapped, want: steps.Pass, evidence: "all_access"},
		{name: "nothing left to map", check: may, want: steps.Note, subject: admin, cause: "security_manager is needed", evidence: "nothing is to be mapped", cmd: "rolesmapping/security_manager"},
		{name: "wrong password, nothing to map", check: may, spec: master, password: "Wrong-1-password", want: steps.Note, cause: "user or password"},
	})
}

// TestPrintedCallsMapTheSigner: whoever makes the calls that are printed where the
// mapper may not map has done enough; none of them is printed again.
func TestPrintedCallsMapTheSigner(t *testing.T) {
	w := openWorld(t, kinds(sandbox.AccessInternalMaster, sandbox.AccessInternalMaster))
	bothSides(w.mappedByHand)
}

func (w *world) mappedByHand(side steps.Side) {
	w.Helper()
	mapped, master := steps.CheckID(side)+"-signer-mapped", internalMaster(side)
	for _, last := range []int{3, 2, 0} { // the observer's own role is written again, as nobody here can read it
		found := w.check(row{}, mapped)[0]
		calls := strings.Split("\n"+found.Fix.Command, "\ncurl ")[1:]
		if len(calls) != last {
			w.Fatalf("%d calls, want %d: %s\n%s", len(calls), last, found.Cause, found.Fix.Command)
		}
		if last == 0 {
			if found.Outcome != steps.Pass {
				w.Errorf("after all calls: %s: %s", found.Outcome, found.Cause)
			}
			return
		}
		if last == 3 {
			calls = calls[:1]
		}
		for _, call := range calls {
			w.byMaster(side, master, call)
		}
	}
}

// printedCall is a call as it is told: method, body, path.
var printedCall = regexp.MustCompile(`(?s)-X (\w+) .*?--data-binary '(.*?)' 'https://[^/']+([^']+)'`)

// byMaster makes a printed call as the domain's master, and the one that is printed
// behind a # for the answer it gets.
func (w *world) byMaster(side steps.Side, master func(*spec.Spec), call string) {
	w.Helper()
	c, err := w.facts(row{spec: master}).Mapper(w.ctx, side)
	w.must(err)
	var said string
	for i, part := range strings.Split(call, "\n# Only where it answers ") {
		if words, _, _ := strings.Cut(part, ","); i > 0 && !strings.Contains(said, words) {
			continue
		}
		m := printedCall.FindStringSubmatch(strings.ReplaceAll(part, "\n# ", "\n"))
		if m == nil {
			w.Fatalf("no call: %s", part)
		}
		answer, err := c.Do(w.ctx, m[1], m[3], []byte(m[2]))
		w.must(err)
		if answer.Status < 300 {
			return
		}
		said = string(answer.Body)
	}
	w.Fatalf("%s\nfor %s", said, call)
}

// TestSignerMappedWithItsPath: the domain names a role by its path, whatever
// session it comes in.
func TestSignerMappedWithItsPath(t *testing.T) {
	w := openWorld(t, kinds(sandbox.AccessIAMMaster, sandbox.AccessPolicy))
	arn := w.person(steps.Source, account.RoleSpec{Name: "ops", Path: "/team/"}, may("Allow", `"es:*"`, `"*"`))
	sign := signing(steps.Source, arn)
	w.run([]row{{name: "to be mended", check: "source-signer-mapped", spec: sign, want: steps.Note, subject: "role/team/ops", step: "source-mapping", diff: arn.String()}})
	nobody := func(s *spec.Spec) { sign(s); s.Source.Mapper.Base = "none" }
	none := func(*spec.Spec) {}
	w.mapping(steps.Source, none, "manage_snapshots", "backend_roles", "arn:aws:iam::111111111111:role/ops")
	w.run([]row{{name: "mapped without its path", check: "source-signer-mapped", spec: nobody, want: steps.Warn, cause: "nobody here may map it", cmd: arn.String()}})
	w.mapping(steps.Source, none, "manage_snapshots", "backend_roles", arn.String())
	w.fgacRole(steps.Source, none, "pulse", `"cluster_permissions":["cluster_monitor"]`)
	w.mapping(steps.Source, none, "pulse", "backend_roles", arn.String())
	w.run([]row{{name: "snapshots and health alone", check: "source-signer-mapped", spec: nobody, want: steps.Warn, cause: "manage_snapshots alone", evidence: "manage_snapshots, pulse"}})
}
