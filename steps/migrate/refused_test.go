package migrate

import (
	"errors"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/account"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/spec"
)

// lesser is a role that may do everything but these actions.
func (r *road) lesser(actions string) spec.Identity {
	r.Helper()
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sts:AssumeRole"}]}`
	made, err := r.account(steps.Source).CreateRole(r.ctx, account.RoleSpec{Name: "lesser", Trust: account.Document(trust)})
	r.must(err)
	rights := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":[` + actions + `],"Resource":"*"}]}`
	r.must(r.account(steps.Source).PutRolePolicy(r.ctx, "lesser", "rights", account.Document(rights)))
	return spec.Identity{Base: "profile", Profile: "source", Chain: []spec.Link{{Role: made.ARN, SessionName: "me"}}}
}

// TestWhoMayNotWriteHandsItOver: what an identity is refused is told with the exact
// command, and once somebody has done it the same command goes on. Undo leaves it.
func TestWhoMayNotWriteHandsItOver(t *testing.T) {
	for actions, c := range map[string]struct {
		step    steps.StepID
		says    []string
		command string
		code    int
	}{
		`"iam:CreateRole"`:                           {StepSourceRole, []string{"assumed-role/lesser/me is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::111111111111:role/acme-snap"}, "iam create-role", 4},
		`"s3:CreateBucket"`:                          {StepBucket, []string{"assumed-role/lesser/me is not authorized to perform: s3:CreateBucket", "acme-os-migration"}, "s3api create-bucket", 4},
		`"s3:PutBucketPolicy"`:                       {StepBucket, []string{"is not authorized to perform: s3:PutBucketPolicy"}, "s3api put-bucket-policy", 4},
		`"iam:PutRolePolicy","iam:AttachRolePolicy"`: {StepSourceRole, nil, "", 1}, // the role is there, without its rights
	} {
		t.Run(actions, func(t *testing.T) {
			admin := newRoad(t, options{})
			control := admin.lesser(actions)
			r := admin.beside(t, "run-2", func(s *spec.Spec) { s.Source.Control, s.Target.Control = control, control })
			err := r.run()
			if engine.ExitCode(err) != c.code {
				t.Fatalf("%v", err)
			}
			if c.code != 4 {
				return
			}
			var other *engine.OtherSideError
			if !errors.As(err, &other) || other.Step != c.step || !strings.Contains(other.Instruction.CLI, c.command) {
				t.Fatalf("%+v", other)
			}
			if strings.Contains(other.Instruction.CLI, "lesser") || strings.Contains(other.Instruction.CLI, "--profile") {
				t.Errorf("who was refused is to do it:\n%s", other.Instruction.CLI)
			}
			for _, words := range c.says {
				if !strings.Contains(other.Instruction.What.String(), words) {
					t.Errorf("does not say %q: %s", words, other.Instruction.What)
				}
			}
			r.start()
			changes, err := r.planned(c.step)
			r.must(err)
			theirs := 0
			for _, change := range changes {
				if change.Verb != steps.Exists && strings.Contains(other.Instruction.What.String(), change.Summary.String()) {
					theirs++
					k, _ := admin.facts.Resource(change.Ref.Kind)
					admin.must(k.Write(admin.ctx, change.Ref, change.Before, change.After))
				}
			}
			if theirs != 1 {
				t.Fatalf("%d changes are somebody else's", theirs)
			}
			r.start()
			r.must(r.run())
			for _, made := range r.runner.State().Takebacks(steps.Undo) {
				if strings.Contains(other.Instruction.What.String(), made.Change.Summary.String()) {
					t.Errorf("%s is taken for ours", made.Change.ID)
				}
			}
		})
	}
}

// TestWhoMayNotReadBackIsToldAtOnce: nothing the run makes gives the right to look at it,
// so that no waiting for what was made a moment ago would help. Somebody who has the
// right goes on where it ended.
func TestWhoMayNotReadBackIsToldAtOnce(t *testing.T) {
	for action, step := range map[string]steps.StepID{
		"iam:ListAttachedRolePolicies": StepSourceRole, "iam:ListRolePolicies": StepSourceRole, "iam:GetRolePolicy": StepSourceRole,
	} {
		t.Run(action, func(t *testing.T) {
			admin := newRoad(t, options{})
			control, full := admin.lesser(`"`+action+`"`), admin.spec.Source.Control
			r := admin.beside(t, "run-2", func(s *spec.Spec) { s.Source.Control, s.Target.Control = control, control })
			r.settleFor = 3 * time.Minute
			r.start()
			err := r.run()
			var failed *engine.StepError
			if !errors.As(err, &failed) || failed.Step != step || !strings.Contains(err.Error(), action) {
				t.Fatalf("%v", err)
			}
			if told := waited(r.tape.records); len(told) > 0 {
				t.Errorf("waited for %q", told)
			}
			r.spec.Source.Control, r.spec.Target.Control = full, full
			r.start()
			r.must(r.run())
		})
	}
}

// TestWhoMayNotLookHandsItOver: nothing is written unseen, so that an identity without
// any right to IAM is as good as none: what it would do there is told, with the words
// for whoever may, and the run goes on by what it sees the domains do.
func TestWhoMayNotLookHandsItOver(t *testing.T) {
	admin := newRoad(t, options{})
	control := admin.lesser(`"iam:*"`)
	alone := admin.beside(t, "run-2", func(s *spec.Spec) { s.Source.Control, s.Target.Control = control, control })
	var other *engine.OtherSideError
	if err := alone.run(); !errors.As(err, &other) || other.Step != StepSourceRepository || len(other.Handed) != 2 {
		t.Fatalf("%+v", err)
	}
	admin.upTo(StepSourceSigner) // somebody has done it all, as he was told
	r := admin.beside(t, "run-3", func(s *spec.Spec) { s.Source.Control, s.Target.Control = control, control })
	r.must(r.run())
	given := r.instructed()
	for kind, words := range map[steps.Kind]string{steps.KindRole: "iam create-role", steps.KindSignerGrant: "iam put-user-policy"} {
		if do, ok := given[kind]; !ok || !strings.Contains(do.CLI, words) || strings.Contains(do.CLI, "lesser") {
			t.Errorf("%s: %+v", kind, do)
		}
	}
	if len(given) != 2 {
		t.Errorf("%d instructions: %v", len(given), given)
	}
	for _, c := range r.runner.State().Takebacks(steps.Undo) {
		if c.Change.Unread {
			t.Errorf("%s is taken for ours", c.Change.ID)
		}
	}
}
