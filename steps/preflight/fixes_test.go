package preflight_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/spec"
)

// option finds --name 'value' or --name value in a printed command.
var option = regexp.MustCompile(`--([a-z-]+) (?:'((?:[^']|'\\'')*)'|(\S+))`)

// pastes runs printed commands one after the other, as a person would.
func (w *world) pastes(side steps.Side, commands string) {
	w.Helper()
	for _, command := range strings.Split(commands, "\naws ") {
		o := map[string]string{}
		for _, m := range option.FindAllStringSubmatch(command, -1) {
			o[m[1]] = strings.ReplaceAll(m[2], `'\''`, `'`) + m[3]
		}
		a, doc := w.account(side), account.Document(o["policy-document"]+o["policy"])
		switch {
		case strings.Contains(command, "iam put-role-policy"):
			w.must(a.PutRolePolicy(w.ctx, awsid.RoleName(o["role-name"]), o["policy-name"], doc))
		case strings.Contains(command, "iam update-assume-role-policy"):
			w.must(a.PutTrust(w.ctx, awsid.RoleName(o["role-name"]), doc))
		case strings.Contains(command, "kms put-key-policy"):
			w.must(a.PutKeyPolicy(w.ctx, o["key-id"], doc))
		case strings.Contains(command, "s3api put-bucket-policy"):
			w.must(a.PutBucketPolicy(w.ctx, bucketName, doc))
		default:
			w.Fatalf("nobody here runs %s", command)
		}
	}
}

// printed are the fixes of checks that stop, before any of them is done.
func (w *world) printed(r row, ids ...steps.CheckID) (commands []string) {
	w.Helper()
	for _, id := range ids {
		for _, f := range w.check(r, id) {
			if f.Outcome != steps.Block || f.Fix.Command == "" {
				w.Fatalf("%s: %s, %s\n%s", id, f.Outcome, f.Cause, f.Fix.Command)
			}
			commands = append(commands, f.Fix.Command)
		}
	}
	return commands
}

func (w *world) passes(r row, ids ...steps.CheckID) {
	w.Helper()
	for _, id := range ids {
		for _, f := range w.check(r, id) {
			if f.Outcome != steps.Pass {
				w.Errorf("%s: %s, %s", id, f.Outcome, f.Cause)
			}
		}
	}
}

// TestFixesOfOneRoleStandTogether: all that is printed about a role, its key and its
// trust is pasted in any order, and then all is well; what stood there before stays.
func TestFixesOfOneRoleStandTogether(t *testing.T) {
	checks := []steps.CheckID{"source-role-trusts-service", "source-role-may-use-bucket", "source-role-may-use-key", "source-key-policy-allows"}
	for _, last := range []bool{false, true} {
		w := newWorld(t)
		key := w.key(steps.Source)
		w.bucket(steps.Source, key.String())
		const theirs = `{"Sid":"Theirs","Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:aws:kms:eu-west-1:111111111111:key/x"}`
		elsewhere := strings.Replace(trusted("es.amazonaws.com", sourceIs(steps.Target)), `"Trust"`, `"OpenSearchService"`, 1)
		role := w.role(steps.Source, account.RoleSpec{Name: "adopted", Trust: policyOf(elsewhere)})
		w.must(w.account(steps.Source).PutRolePolicy(w.ctx, "adopted", "snapferry-rights", policyOf(theirs)))
		reader := w.role(steps.Target, account.RoleSpec{Name: "reader"})
		w.must(w.account(steps.Source).PutKeyPolicy(w.ctx, key.String(), policyOf(
			`{"Sid":"SnapshotRole","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:user/admin"},"Action":"kms:*","Resource":"*"}`)))
		r := row{spec: both(adopted(steps.Source, role), adopted(steps.Target, reader))}
		commands := w.printed(r, checks...)
		if last {
			slices.Reverse(commands)
		}
		for _, c := range commands {
			w.pastes(steps.Source, c)
		}
		w.passes(r, checks...)
		live, err := w.account(steps.Source).Role(w.ctx, "adopted")
		w.must(err)
		if !strings.Contains(string(live.Inline["snapferry-rights"]), "Theirs") || !strings.Contains(string(live.Trust), `222222222222`) {
			t.Errorf("what was there is gone: %s\n%v", live.Trust, slices.Sorted(maps.Keys(live.Inline)))
		}
		kept, err := w.account(steps.Source).KeyPolicy(w.ctx, key.String())
		w.must(err)
		if !strings.Contains(string(kept), "user/admin") {
			t.Errorf("the key's own statement is gone: %s", kept)
		}
		if again := w.printedAgain(r, checks...); again != "" {
			t.Errorf("once more: %s", again)
		}
	}
}

// printedAgain is what is still to be run where all was.
func (w *world) printedAgain(r row, ids ...steps.CheckID) string {
	w.Helper()
	out := ""
	for _, id := range ids {
		for _, f := range w.check(r, id) {
			out += f.Fix.Command
		}
	}
	return out
}

// TestFixesOfOneSignerStandTogether: each right has a policy of its own name.
func TestFixesOfOneSignerStandTogether(t *testing.T) {
	w := newWorld(t)
	// A role spelt otherwise lets no step be planned that would grant anything.
	signer := w.person(steps.Source, account.RoleSpec{Name: "bare"})
	w.role(steps.Source, account.RoleSpec{Name: "case"})
	r := row{spec: both(signing(steps.Source, signer), func(s *spec.Spec) { s.Source.Role.Name = "Case" })}
	ids := []steps.CheckID{"source-signer-may-call", "source-signer-may-pass-role"}
	for _, c := range w.printed(r, ids...) {
		w.pastes(steps.Source, c)
	}
	w.passes(r, ids...)
}

// TestOneRoleOfTwoDomains: the trust that is printed for one of them names both.
func TestOneRoleOfTwoDomains(t *testing.T) {
	w := newWorld(t)
	role := w.role(steps.Source, account.RoleSpec{Name: "adopted", Trust: policyOf(trusted("ec2.amazonaws.com", ""))})
	r := row{spec: both(adopted(steps.Source, role), func(s *spec.Spec) {
		s.Shape, s.Target = spec.ShapeSameAccount, s.Source
		s.Target.Domain, s.Target.Control.Profile, s.Target.Signer.Profile = "logs-next", "source", "source"
	})}
	commands := w.printed(r, "source-role-trusts-service")
	if len(commands) != 2 {
		t.Fatalf("%d commands", len(commands))
	}
	for _, c := range commands {
		w.pastes(steps.Source, c)
	}
	w.passes(r, "source-role-trusts-service")
}
