//go:build long || judges

package cli

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox"
	"snapferry/ui/term"
)

const machineRole = "arn:aws:iam::111111111111:role/bastion"

// mappings are those of a domain as its master reads them, who has to be able to.
func (a *article) mappings(label string) (all map[string]any) {
	a.Helper()
	a.must(json.Unmarshal([]byte(a.made(label, "GET", "/_plugins/_security/api/rolesmapping", "")), &all))
	return all
}

// TestArticle3: with the master's password the role of an instance or of a task is
// mapped beside whoever is, and the master stays master. He replaced a mapping by
// hand and had to repeat himself.
func TestArticle3(t *testing.T) {
	for _, machine := range []string{"instance", "task"} {
		t.Run(machine, func(t *testing.T) {
			a := newArticle(t, sandbox.Options{Access: map[string]sandbox.AccessKind{"source": sandbox.AccessInternalMaster}})
			a.env = map[string]string{"SNAPFERRY_SOURCE_MAPPER_PASSWORD": a.domain("source").MasterPassword}
			a.made("source", "PUT", "/_plugins/_security/api/rolesmapping/manage_snapshots", `{"users":["cron"],"backend_roles":["arn:aws:iam::111111111111:role/EC2Role"]}`)
			a.allow("source", "bastion", allowing(`"es:ESHttp*"`, a.arn("source")+"/*"))
			before := a.mappings("source")
			answers := []string{"{machine}", machine}

			s := a.start("3", answers, "probe", "GET", "/_cat/indices").wants(t, term.ExitFailed)
			says(t, s.out+s.err, machineRole, "no permissions for [indices:monitor/settings/get] and User [name="+machineRole, "aws:amz:eu-west-1:es")
			s = a.start("3", answers, "probe", "GET", "/_plugins/_security/api/rolesmapping/all_access").wants(t, term.ExitFailed)
			says(t, s.out, "No permission to access REST API: User "+machineRole, "security_manager")
			s = a.start("3", answers, "run", "--yes").wants(t, term.ExitDone)
			says(t, s.out, "the domain gives "+machineRole+" the roles manage_snapshots, snapferry_observer_", "verify             done:")
			s = a.start("3", answers, "probe", "GET", "/_cat/indices").wants(t, term.ExitDone)
			says(t, s.out, ".kibana_1", "copy-of-metrics-")
			after := a.mappings("source")
			for _, role := range []string{"all_access", "security_manager"} {
				if d := cmp.Diff(before[role], after[role]); d != "" {
					t.Errorf("the master is mapped otherwise to %s: %s", role, d)
				}
			}
			says(t, a.made("source", "GET", "/_plugins/_security/api/rolesmapping/manage_snapshots", ""), `"cron"`, `"arn:aws:iam::111111111111:role/EC2Role"`, `"`+machineRole+`"`)

			a.start("3", answers, "clean-up", "--yes").wants(t, term.ExitDone)
			if d := cmp.Diff(before, a.mappings("source")); d != "" {
				t.Errorf("clean-up leaves other mappings: %s", d)
			}
		})
	}
}

// TestArticle3WrongPassword: a slip in the password is told before anything is
// changed, and is written nowhere.
func TestArticle3WrongPassword(t *testing.T) {
	a := newArticle(t, sandbox.Options{Access: map[string]sandbox.AccessKind{"source": sandbox.AccessInternalMaster}})
	const wrong = "Correct-Horse-1"
	a.env = map[string]string{"SNAPFERRY_SOURCE_MAPPER_PASSWORD": wrong}
	a.allow("source", "bastion", allowing(`"es:ESHttp*"`, a.arn("source")+"/*"))
	before := a.mutations()
	s := a.start("3", []string{"{machine}", "instance"}, "run", "--yes").wants(t, term.ExitBlocked)
	says(t, s.out, "BLOCK   source-mapper-may-map")
	if d := cmp.Diff(before, a.mutations()); d != "" {
		t.Errorf("changed something: %s", d)
	}
	a.wroteNo(wrong)
}
