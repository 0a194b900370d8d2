package migrate

import (
	"slices"
	"testing"

	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/spec"
)

// TestWhatARoleIsFor: inside one account the role of both domains is the one that writes;
// only its registration keeps the target's domain from writing, too.
func TestWhatARoleIsFor(t *testing.T) {
	for _, c := range []struct {
		shape       spec.Shape
		owner, side steps.Side
		want        use
		readonly    bool
	}{
		{spec.ShapeTwoAccounts, steps.Source, steps.Source, use{writes: true}, false},
		{spec.ShapeTwoAccounts, steps.Source, steps.Target, use{}, true},
		{spec.ShapeTwoAccounts, steps.Target, steps.Source, use{writes: true, handsOver: true}, false},
		{spec.ShapeTwoAccounts, steps.Target, steps.Target, use{}, true},
		{spec.ShapeSameAccount, steps.Source, steps.Source, use{writes: true}, false},
		{spec.ShapeSameAccount, steps.Source, steps.Target, use{writes: true}, true},
		{spec.ShapeSameDomain, steps.Source, steps.Source, use{writes: true}, false},
	} {
		r := &route{spec: &spec.Spec{Shape: c.shape, Bucket: spec.BucketSpec{Name: "b", Owner: c.owner}}}
		if got := r.use(c.side); got != c.want {
			t.Errorf("%s, bucket of the %s: the %s domain's role is for %+v, wants %+v", c.shape, c.owner, c.side, got, c.want)
		}
		rights := roleRights("aws", "b", awsid.ARN{}, r.use(c.side)).Statements[1].Action
		if slices.Contains(rights, "s3:PutObject") != c.want.writes || slices.Contains(rights, "s3:PutObjectAcl") != c.want.handsOver {
			t.Errorf("%s, bucket of the %s: the %s domain's role gets %v", c.shape, c.owner, c.side, rights)
		}
		want := repositoryStep{route: r, side: c.side}.want(awsid.ARN{})
		if want.Settings["readonly"] == "true" != c.readonly || (want.Settings["canned_acl"] != "") != c.want.handsOver {
			t.Errorf("%s, bucket of the %s: the %s domain's registration is %v", c.shape, c.owner, c.side, want.Settings)
		}
	}
}
