//go:build long

package migrate

import (
	"bytes"
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/spec"
)

// theirWords are in everything that plant writes.
const theirWords = "TheirOwn"

// plant writes something of somebody else's into every document that a migration
// changes: a statement or entry, and a tag where there are any.
func plant(r *road) {
	r.Helper()
	owner := r.spec.Bucket.Owner
	acc := r.account(owner)
	key := r.aKey(owner)
	r.must(acc.CreateBucket(r.ctx, account.BucketSpec{
		Name: r.spec.Bucket.Name, Region: sandbox.Region, Tags: map[string]string{theirWords: "bucket"},
		Encryption: account.Encryption{Algorithm: "aws:kms", KeyARN: key.String()},
	}))
	statement := `{"Sid":"` + theirWords + `",   "Effect":"Allow","Principal":{"AWS":"` + string(r.spec.Side(owner).Account) + `"},"Action":`
	r.must(acc.PutBucketPolicy(r.ctx, r.spec.Bucket.Name, account.Document(`{"Version":"2012-10-17","Statement":[`+statement+`"s3:GetObject","Resource":"arn:aws:s3:::`+string(r.spec.Bucket.Name)+`/x/*"}]}`)))
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		s := r.spec.Side(side)
		if made, err := r.account(side).Role(r.ctx, s.Role.Name); err == nil && made == nil {
			trust := `{"Version":"2012-10-17","Statement":[{"Sid":"` + theirWords + `","Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
			_, err := r.account(side).CreateRole(r.ctx, account.RoleSpec{Name: s.Role.Name, Trust: account.Document(trust), Tags: map[string]string{theirWords: "role"}})
			r.must(err)
			r.must(r.account(side).PutRolePolicy(r.ctx, s.Role.Name, theirWords, account.Document(`{"Version":"2012-10-17",  "Statement":[{"Effect":"Allow","Action":"ec2:Describe*","Resource":"*"}]}`)))
		}
		r.must(r.account(side).PutRolePolicy(r.ctx, awsid.RoleName("stranger"), theirWords, account.Document(`{"Version":"2012-10-17",  "Statement":[{"Effect":"Allow","Action":"ec2:Describe*","Resource":"*"}]}`)))
		if guarded, err := r.facts.Guarded(r.ctx, side); err == nil && guarded {
			m, err := r.facts.Mapper(r.ctx, side)
			r.must(err)
			r.must(m.PutRoleMapping(r.ctx, cluster.RoleMapping{Role: roleSnapshots, Users: []string{theirWords}, BackendRoles: []string{"z", "a"}}))
		}
	}
	r.facts.DropAll()
}

// TestOthersSurvive: what others wrote into the same documents is there after every
// run, and whoever cleans up or undoes finds all of it as it was, to the byte. The
// state holds everything but what lies in buckets and clusters.
func TestOthersSurvive(t *testing.T) {
	for name, shape := range map[string]func(*spec.Spec){
		"two accounts, bucket at the source": twoAccounts, "two accounts, bucket at the target": theirs, "one account": two, "one domain": oneDomain,
	} {
		for _, kind := range sandbox.AccessKinds() {
			for back, take := range map[string]func(*road){"clean-up": (*road).cleanUp, "undo": (*road).undo} {
				t.Run(name+", "+string(kind)+", "+back, func(t *testing.T) {
					r := newRoad(t, options{spec: shape, access: map[string]sandbox.AccessKind{"source": kind, "target": kind, "next": kind}})
					stranger(r)
					plant(r)
					r.othersSurvive(back, take)
				})
			}
		}
	}
}

func (r *road) othersSurvive(back string, take func(*road)) {
	r.Helper()
	before, err := r.box.Dump()
	r.must(err)
	want := bytes.Count(before, []byte(theirWords))
	stand := func(when string, whole bool) {
		r.Helper()
		now, err := r.box.Dump()
		r.must(err)
		if n := bytes.Count(now, []byte(theirWords)); n < want || whole && !bytes.Equal(now, before) {
			r.Errorf("%s: %d of %d are left; before\n%s\nafter\n%s", when, n, want, before, now)
		}
	}
	for _, when := range []string{"the run", "the second run"} {
		r.must(r.run())
		stand(when, false)
		r.start()
	}
	take(r)
	stand(back, true)
}
