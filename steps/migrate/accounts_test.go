package migrate

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/account"
	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/resource"
	"snapferry/steps/spec"
)

// twoAccounts moves into the other account's domain.
func twoAccounts(s *spec.Spec) {
	s.Shape = spec.ShapeTwoAccounts
	s.Target = spec.SideSpec{
		Account: sandbox.TargetAccount, Region: sandbox.Region, Domain: "logs-prod", Auth: spec.AuthSigned, Role: spec.RoleSpec{Name: "acme-reader"},
		Control: spec.Identity{Base: "profile", Profile: "target"}, Signer: spec.Identity{Base: "profile", Profile: "target"},
	}
	two(s)
}

// theirs has the target's account own the bucket.
func theirs(s *spec.Spec) {
	twoAccounts(s)
	s.Bucket.Owner = steps.Target
}

// TestTwoAccounts: every way moves, a second start changes nothing, and what is
// undone leaves no trace.
func TestTwoAccounts(t *testing.T) {
	for name, change := range map[string]func(*spec.Spec){
		"bucket at the source": twoAccounts,
		"bucket at the target": theirs,
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoad(t, options{spec: change})
			r.thereAndBack()
		})
	}
}

// thereAndBack moves, starts once more, which must change nothing, and takes
// everything back, which must leave no trace. looks look at what has moved.
func (r *road) thereAndBack(looks ...func()) {
	r.Helper()
	before, err := r.box.Dump()
	r.must(err)
	r.must(r.run())
	for _, look := range looks {
		look()
	}
	r.start()
	r.made()
	r.must(r.run())
	r.onlyLooked()
	r.undo()
	after, err := r.box.Dump()
	r.must(err)
	if string(before) != string(after) {
		r.Errorf("left behind: before\n%s\nafter\n%s", before, after)
	}
}

// TestShares: exactly the other side's role is let in, to exactly what it does,
// and what others wrote into the policy stays.
func TestShares(t *testing.T) {
	for name, c := range map[string]struct {
		spec   func(*spec.Spec)
		owner  steps.Side
		guest  string
		holds  []string
		not    []string
		writer map[string]string
	}{
		"bucket at the source": {
			twoAccounts, steps.Source, "arn:aws:iam::222222222222:role/acme-reader",
			[]string{"s3:GetObject", "s3:ListBucket", "arn:aws:s3:::acme-os-migration/*"},
			[]string{"s3:PutObject", "s3:DeleteObject", "s3:ListBucketMultipartUploads", "111111111111:role", "root"},
			map[string]string{"bucket": "acme-os-migration", "base_path": "mig", "region": "eu-west-1", "role_arn": "arn:aws:iam::111111111111:role/acme-snap"},
		},
		"bucket at the target": {
			theirs, steps.Target, "arn:aws:iam::111111111111:role/acme-snap",
			[]string{"s3:GetObject", "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:PutObject", "s3:PutObjectAcl", "s3:DeleteObject"},
			[]string{"222222222222:role", "root"},
			map[string]string{"bucket": "acme-os-migration", "base_path": "mig", "region": "eu-west-1", "role_arn": "arn:aws:iam::111111111111:role/acme-snap", "canned_acl": "bucket-owner-full-control"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoad(t, options{spec: c.spec})
			r.upTo(StepTargetRole)
			changes, err := r.planned(StepShareBucket)
			r.must(err)
			r.wants(changes, "change bucket-policy", append(c.holds, c.guest, "SnapferryTLSOnly")...)
			if changes[0].Ref.Side != c.owner || !changes[0].Helper {
				t.Errorf("%+v", changes[0].Ref)
			}
			doc, err := resource.ParsePolicy(changes[0].After)
			r.must(err)
			for _, s := range doc.Owned("SnapferryShare") {
				text := string(resource.PolicyDoc(policy.Document{Statements: []policy.Statement{s}}))
				for _, part := range c.not {
					if strings.Contains(text, part+`"`) || strings.Contains(text, part+":") {
						t.Errorf("%s is in %s", part, text)
					}
				}
			}
			r.upTo(StepShareBucket)
			changes, err = r.planned(StepSourceRepository)
			r.must(err)
			repo, _, err := resource.ParseRepository(changes[0].After)
			r.must(err)
			if diff := cmp.Diff(c.writer, repo.Settings); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestObjectsOfTheWriter: a bucket of the target in which objects stay their
// writer's is refused before anything is done.
func TestObjectsOfTheWriter(t *testing.T) {
	for ownership, refused := range map[string]bool{account.ObjectWriter: true, account.OwnerPreferred: false, account.OwnerEnforced: false} {
		r := newRoad(t, options{spec: theirs})
		acc := r.account(steps.Target)
		r.must(acc.CreateBucket(r.ctx, account.BucketSpec{Name: r.spec.Bucket.Name, Region: sandbox.Region}))
		r.must(acc.PutObjectOwnership(r.ctx, r.spec.Bucket.Name, ownership))
		_, err := r.planned(StepBucket)
		if refused {
			r.says(err, "bucket.name", "would own the snapshot")
			continue
		}
		r.must(err)
	}
}

// onlyLooked says that nothing was changed by the calls since the last look.
func (r *road) onlyLooked() {
	r.Helper()
	for _, c := range r.made() {
		if !strings.HasPrefix(c, "GET ") && !strings.HasPrefix(c, "HEAD ") && c != "POST /" {
			r.Errorf("called %s", c)
		}
	}
	for _, sp := range r.runner.State().Plan.Steps {
		for _, c := range sp.Changes {
			if c.Verb != steps.Exists {
				r.Errorf("wants to %s %s", c.Verb, c.ID)
			}
		}
	}
}
