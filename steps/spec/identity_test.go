package spec

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/awsid"
	"snapferry/steps"
)

func TestIdentitiesAreEqualUntilSaidOtherwise(t *testing.T) {
	d := complete(t, ShapeTwoAccounts)
	for k, v := range map[Key]string{
		"source.signer.chain.1.role":         "arn:aws:iam::333333333333:role/Jump",
		"source.signer.chain.1.mfa_serial":   "arn:aws:iam::333333333333:mfa/me",
		"source.signer.chain.2.role":         "arn:aws:iam::111122223333:role/team/Signer",
		"source.signer.chain.2.external_id":  "x-1",
		"source.signer.chain.2.session_name": "me",
		"source.mapper.base":                 "none",
		"target.control.base":                "instance",
	} {
		if e := d.Set(k, v); e != nil {
			t.Fatal(e)
		}
	}
	s := mustBuild(t, d)
	arn := func(v string) awsid.ARN {
		a, err := awsid.ParseARN(v)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	want := Identity{Base: "profile", Profile: "acme-prod", Chain: []Link{
		{Role: arn("arn:aws:iam::333333333333:role/Jump"), MFASerial: "arn:aws:iam::333333333333:mfa/me"},
		{Role: arn("arn:aws:iam::111122223333:role/team/Signer"), ExternalID: "x-1", SessionName: "me"},
	}}
	if diff := cmp.Diff(want, s.Source.Signer); diff != "" {
		t.Errorf("signer (-want +got):\n%s", diff)
	}
	if s.Source.Mapper.Base != "none" || len(s.Source.Control.Chain) != 0 {
		t.Errorf("mapper %+v, control %+v", s.Source.Mapper, s.Source.Control)
	}
	if diff := cmp.Diff(Identity{Base: "instance"}, s.Target.Signer); diff != "" {
		t.Errorf("target's signer (-want +got):\n%s", diff)
	}
}

// TestMapperWithAPassword: an internal user is known by its name alone, and by
// its own domain alone.
func TestMapperWithAPassword(t *testing.T) {
	admin := Identity{Base: "password", User: "admin"}
	for _, base := range []string{"", "password"} {
		d := complete(t, ShapeTwoAccounts)
		_ = d.Set("source.mapper.base", base)
		_ = d.Set("source.mapper.user", " admin ")
		s := mustBuild(t, d)
		if diff := cmp.Diff(admin, s.Source.Mapper); diff != "" || s.Source.Signer.Base != "profile" || s.Target.Mapper.User != "" {
			t.Errorf("%q: mapper (-want +got):\n%s signer %+v, target's %+v", base, diff, s.Source.Signer, s.Target.Mapper)
		}
	}
	for shape, want := range map[Shape]Identity{ShapeSameAccount: {Base: "profile", Profile: "acme-prod"}, ShapeSameDomain: admin} {
		d := complete(t, shape)
		_ = d.Set("source.mapper.user", "admin")
		if diff := cmp.Diff(want, mustBuild(t, d).Target.Mapper); diff != "" {
			t.Errorf("%s, target's mapper (-want +got):\n%s", shape, diff)
		}
	}
	for name, c := range map[string]struct {
		answers map[Key]string
		field   string
	}{
		"roles":   {map[Key]string{"source.mapper.user": "admin", "source.mapper.chain.1.role": "arn:aws:iam::111122223333:role/r"}, "source.mapper.base"},
		"profile": {map[Key]string{"source.mapper.user": "admin", "source.mapper.profile": "p"}, "source.mapper.user"},
		"keys":    {map[Key]string{"source.mapper.user": "admin", "source.mapper.base": "keys"}, "source.mapper.user"},
		"device":  {map[Key]string{"source.mapper.chain.1.role": "arn:aws:iam::111122223333:role/r", "source.mapper.chain.1.mfa_serial": "arn:aws-cn:iam::111122223333:mfa/me"}, "source.mapper.chain.1.mfa_serial"},
	} {
		d := complete(t, ShapeTwoAccounts)
		for k, v := range c.answers {
			_ = d.Set(k, v)
		}
		if _, errs := d.Build(today); len(errs) != 1 || errs[0].Field != c.field {
			t.Errorf("%s beside a user: want one error at %s, got:%s", name, c.field, told(errs))
		}
	}
}

func TestRoles(t *testing.T) {
	d := complete(t, ShapeTwoAccounts)
	for k, v := range map[Key]string{
		"source.role.arn":       "arn:aws:iam::111122223333:role/service-role/Snap",
		"target.role.name":      "Snap",
		"target.role.path":      "migration",
		"target.role.boundary":  "arn:aws:iam::aws:policy/PowerUserAccess",
		"target.role.tags.team": "search",
		"target.role.tags.a.b":  "c = d",
	} {
		if e := d.Set(k, v); e != nil {
			t.Fatal(e)
		}
	}
	s := mustBuild(t, d)
	if r := s.Source.Role; r.Name != "Snap" || r.Path != "/service-role/" || r.ARN.IsZero() {
		t.Errorf("adopted role %+v", r)
	}
	want := RoleSpec{Name: "Snap", Path: "/migration/", Tags: map[string]string{"team": "search", "a.b": "c = d"}}
	want.Boundary, _ = awsid.ParseARN("arn:aws:iam::aws:policy/PowerUserAccess")
	if diff := cmp.Diff(want, s.Target.Role); diff != "" {
		t.Errorf("role to be made (-want +got):\n%s", diff)
	}
	for key, raw := range map[Key]string{"source.role.name": "snap", "source.role.path": "/other/"} {
		d := d.Clone()
		_ = d.Set(key, raw)
		if _, errs := d.Partial(today); len(errs) != 1 || errs[0].Field != string(key) {
			t.Errorf("%s beside the ARN: %s", key, told(errs))
		}
	}
}

func TestSideByName(t *testing.T) {
	s := &Spec{Source: SideSpec{Domain: "a"}, Target: SideSpec{Domain: "b"}}
	if s.Side(steps.Source).Domain != "a" || s.Side(steps.Target).Domain != "b" {
		t.Error("sides are mixed up")
	}
}

func TestFingerprint(t *testing.T) {
	base := mustBuild(t, complete(t, ShapeTwoAccounts)).Fingerprint()
	for key, raw := range map[Key]string{
		"source.control.profile": "other", "source.mapper.user": "admin", "shape": "two-accounts", "source.auth": "unsigned", "move.overwrite": "logs-1", "target.signer.base": "none",
		"source.endpoint": "search-logs-prod-abcdefghijklmnopqrstuvwxyz.eu-west-1.es.amazonaws.com",
	} {
		d := complete(t, ShapeTwoAccounts)
		_ = d.Set(key, raw)
		if mustBuild(t, d).Fingerprint() != base {
			t.Errorf("%s made another migration of it", key)
		}
	}
	for key, raw := range map[Key]string{
		"source.account": "777788889999", "target.domain": "other", "bucket.name": "other", "bucket.base_path": "x", "move.indices": "logs-*",
		"bucket.owner": "target", "move.replicas": "0", "move.snapshot": "x", "target.role.name": "x", "source.role.tags.a": "b", "bucket.kms_key": "arn:aws:kms:eu-west-1:111122223333:key/k",
	} {
		d := complete(t, ShapeTwoAccounts)
		_ = d.Set(key, raw)
		if mustBuild(t, d).Fingerprint() == base {
			t.Errorf("%s did not make another migration of it", key)
		}
	}
	if again := mustBuild(t, complete(t, ShapeTwoAccounts)).Fingerprint(); again != base || len(base) != 32 {
		t.Errorf("fingerprints %s and %s of the same answers", base, again)
	}
}

// TestNobodyControls: a side whose AWS APIs nobody calls here needs somebody else who
// signs, and the endpoint nobody can look up; both are told at their fields.
func TestNobodyControls(t *testing.T) {
	const host = "search-logs-prod-abcdefghijklmnopqrstuvwxyz.eu-west-1.es.amazonaws.com"
	fields := func(list ...string) []string { return list }
	for name, c := range map[string]struct {
		shape Shape
		said  map[Key]string
		want  []string
	}{
		"neither":       {ShapeTwoAccounts, map[Key]string{"target.control.base": "none"}, fields("target.endpoint", "target.signer.base")},
		"a signer":      {ShapeTwoAccounts, map[Key]string{"target.control.base": "none", "target.signer.base": "instance"}, fields("target.endpoint")},
		"an endpoint":   {ShapeTwoAccounts, map[Key]string{"target.control.base": "none", "target.endpoint": host}, fields("target.signer.base")},
		"unsigned":      {ShapeTwoAccounts, map[Key]string{"target.control.base": "none", "target.endpoint": host, "target.auth": "unsigned"}, nil},
		"both":          {ShapeTwoAccounts, map[Key]string{"target.control.base": "none", "target.endpoint": host, "target.signer.profile": "p"}, nil},
		"nobody at all": {ShapeTwoAccounts, map[Key]string{"target.control.base": "none", "target.endpoint": host, "target.signer.base": "none"}, fields("target.signer.base")},
		"one account":   {ShapeSameAccount, map[Key]string{"source.control.profile": "", "source.control.base": "none", "source.endpoint": host}, fields("source.signer.base", "target.endpoint")},
		"one domain":    {ShapeSameDomain, map[Key]string{"source.control.profile": "", "source.control.base": "none", "source.signer.base": "task", "source.endpoint": host}, nil},
	} {
		d := complete(t, c.shape)
		for k, v := range c.said {
			_ = d.Set(k, v)
		}
		var got []string
		_, errs := d.Build(today)
		for _, e := range errs {
			got = append(got, e.Field)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s%s", name, diff, told(errs))
		}
		if _, errs := d.Partial(today); len(errs) > 0 {
			t.Errorf("%s, partial:%s", name, told(errs))
		}
	}
}
