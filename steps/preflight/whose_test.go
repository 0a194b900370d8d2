package preflight_test

import (
	"strings"
	"testing"

	"snapferry/awsx/account"
	"snapferry/steps"
	"snapferry/steps/diagnose"
	"snapferry/steps/preflight"
	"snapferry/steps/spec"
)

// TestWhoseRoleWrites: a target that has a role of its own can only read, so that a
// registration that is not readonly explains why it is refused; inside one account it has
// the role that writes, and the refusal has another cause.
func TestWhoseRoleWrites(t *testing.T) {
	one := func(s *spec.Spec) {
		s.Shape, s.Target = spec.ShapeSameAccount, s.Source
		s.Target.Domain, s.Target.Control.Profile, s.Target.Signer.Profile = "logs-next", "source", "source"
	}
	for name, c := range map[string]struct {
		answer func(*spec.Spec)
		want   steps.Verdict
	}{
		"two accounts": {func(*spec.Spec) {}, steps.Confirmed},
		"one account":  {one, steps.Refuted},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.bucket(steps.Source, "")
			f := w.facts(row{spec: c.answer})
			roles := map[steps.Side]string{}
			for _, side := range f.Spec().RoleSides() {
				roles[side] = w.role(side, account.RoleSpec{Name: "snap"}).String()
			}
			for _, side := range []steps.Side{steps.Source, steps.Target} {
				domain, err := f.Signer(w.ctx, side)
				w.must(err)
				body := `{"type":"s3","settings":{"bucket":"` + bucketName + `","region":"eu-west-1","base_path":"mig","role_arn":"` + roles[f.Spec().RoleSide(side)] + `"}}`
				answer, err := domain.Do(w.ctx, "PUT", "/_snapshot/snapferry?verify=false", []byte(body))
				w.must(err)
				if answer.Status != 200 {
					t.Fatalf("%d %s", answer.Status, answer.Body)
				}
			}
			const refused = `{"error":{"type":"repository_verification_exception","reason":"[snapferry] path [mig] is not accessible on cluster-manager node","caused_by":{"type":"s3_exception","reason":"Access Denied (Service: S3, Status Code: 403, Request ID: x)"}},"status":500}`
			d := preflight.Confirm(w.ctx, f, diagnose.Text(refused), diagnose.Of(refused))
			for _, cause := range d.Causes {
				if cause.ID == "not-readonly" && cause.Verdict == c.want && strings.Contains(cause.Confirm.String(), `readonly is ""`) {
					return
				}
			}
			t.Errorf("not-readonly is not %s\n%s", c.want, told(d))
		})
	}
}
