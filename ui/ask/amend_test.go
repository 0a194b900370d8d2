package ask

import (
	"testing"

	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/spec"
)

// TestAmend: an answer in the person's place is in the draft, and what it takes the
// place of is nowhere any more.
func TestAmend(t *testing.T) {
	d := &spec.Draft{}
	for k, v := range map[spec.Key]string{
		"source.account": "111111111111", "source.region": "eu-west-1", "source.domain": "logs-prod", "source.control.profile": "source",
		"source.mapper.base": "password", "source.mapper.user": "master", "source.role.arn": "arn:aws:iam::111111111111:role/Snap",
	} {
		if e := d.Set(k, v); e != nil {
			t.Fatal(e)
		}
	}
	a := New(d, today)
	goal, _, _ := a.Find(Goal)
	_ = a.Set(goal, GoalMigrate)
	a.secrets["source.mapper.password"] = awsid.NewSecret("secret")
	before := a.Unseen()
	a.Amend("source.mapper", "")
	if a.Get("source.mapper.user") != "" || !a.Secret("source.mapper.password").IsZero() || a.Unseen() == before {
		t.Error("the mapper before is not forgotten")
	}
	a.Amend("source.mapper.base", "profile")
	a.Amend("source.mapper.profile", "source")
	a.Amend("source.mapper.chain.1.role", "arn:aws:iam::111111111111:role/search-master")
	a.Amend("source.role.arn", "")
	a.Amend("source.role.name", "Snap")
	got := a.Draft()
	for k, want := range map[spec.Key]string{
		"source.mapper.profile": "source", "source.mapper.chain.1.role": "arn:aws:iam::111111111111:role/search-master",
		"source.role.arn": "", "source.role.name": "Snap", "source.domain": "logs-prod",
	} {
		if got.Get(k) != want {
			t.Errorf("%s is %q", k, got.Get(k))
		}
	}
	s, errs := got.Partial(today)
	if len(errs) > 0 || s.Source.Mapper.Base != "profile" || len(s.Source.Mapper.Chain) != 1 || s.Source.Role.Name != "Snap" || !s.Source.Role.ARN.IsZero() {
		t.Errorf("%v %+v %+v", errs, s.Source.Mapper, s.Source.Role)
	}
}

// TestHelpActsInTheRightAccount: the profile that roles are assumed from is another
// account's than the one that is asked for.
func TestHelpActsInTheRightAccount(t *testing.T) {
	for _, c := range []struct{ role, want string }{
		{"", "aws opensearch list-domain-names --profile acme-prod --region eu-west-1"},
		{"arn:aws:iam::111122223333:role/x", "aws opensearch list-domain-names --region eu-west-1  # as arn:aws:iam::111122223333:role/x, assumed first"},
	} {
		answers := drafts()[spec.ShapeTwoAccounts]
		if c.role != "" {
			answers["source.control.chain.1.role"] = c.role
		}
		w := &walk{draft: draftOf(t, answers)}
		if got := w.cli(steps.Source, "opensearch list-domain-names"); got != c.want {
			t.Errorf("%s\nwant %s", got, c.want)
		}
	}
}
