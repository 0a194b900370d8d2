package spec

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/awsid"
	"snapferry/steps"
)

var today = time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)

// complete is a draft of the given shape without mistakes.
func complete(t *testing.T, shape Shape) *Draft {
	t.Helper()
	answers := map[Key]string{
		"source.account": "1111-2222-3333", "source.region": "eu-west-1", "source.domain": "logs-prod",
		"source.control.profile": "acme-prod", "bucket.name": "acme-os-migration",
	}
	switch shape {
	case ShapeTwoAccounts:
		answers["target.account"], answers["target.domain"] = "444455556666", "logs-prod"
	case ShapeSameAccount:
		answers["shape"], answers["target.domain"] = string(shape), "logs-next"
	case ShapeSameDomain:
		answers["shape"] = string(shape)
		answers["move.rename_pattern"], answers["move.rename_replacement"] = "^(.+)$", "restored-$1"
	}
	return draft(t, answers)
}

func draft(t *testing.T, answers map[Key]string) *Draft {
	t.Helper()
	d := &Draft{}
	for k, v := range answers {
		if e := d.Set(k, v); e != nil {
			t.Fatalf("Set(%s): %v", k, e)
		}
	}
	return d
}

func mustBuild(t *testing.T, d *Draft) *Spec {
	t.Helper()
	s, errs := d.Build(today)
	if len(errs) > 0 {
		t.Fatal(told(errs))
	}
	return s
}

// TestTwoAccounts: the shape is known by the accounts, said or not.
func TestTwoAccounts(t *testing.T) {
	for _, stated := range []string{"", "two-accounts"} {
		d := complete(t, ShapeTwoAccounts)
		_ = d.Set("shape", stated)
		if s := mustBuild(t, d); s.Shape != ShapeTwoAccounts || s.Target.Role.Name == "" {
			t.Errorf("%q: %+v", stated, s)
		}
		// Both ways on are told where the target's account is missing.
		_ = d.Set("target.account", "")
		_, errs := d.Build(today)
		if len(errs) != 1 || errs[0].Field != "target.account" {
			t.Fatalf("%q without an account:%s", stated, told(errs))
		}
		for _, way := range []string{"target.account", "shape: same-account", "shape: same-domain"} {
			if !strings.Contains(errs[0].Fix.String(), way) {
				t.Errorf("%q: the fix does not name %s: %s", stated, way, errs[0].Fix)
			}
		}
	}
}

func TestBucketOwner(t *testing.T) {
	d := complete(t, ShapeTwoAccounts)
	_ = d.Set("bucket.owner", "target")
	_ = d.Set("target.region", "eu-west-2")
	if b := mustBuild(t, d).Bucket; b.Owner != steps.Target || b.Region != "eu-west-2" || b.BasePath != "snapferry/logs-prod" {
		t.Errorf("the target's bucket: %+v", b)
	}
	d = complete(t, ShapeSameAccount)
	_ = d.Set("bucket.owner", "target")
	if b := mustBuild(t, d).Bucket; b.Owner != steps.Source {
		t.Errorf("one account's bucket: %+v", b)
	}
}

func TestKeySide(t *testing.T) {
	for account, want := range map[string]steps.Side{"111122223333": steps.Source, "444455556666": steps.Target, "777788889999": ""} {
		d := complete(t, ShapeTwoAccounts)
		_ = d.Set("bucket.kms_key", "arn:aws:kms:eu-west-1:"+account+":key/k")
		if side, ok := mustBuild(t, d).KeySide(); side != want || ok != (want != "") {
			t.Errorf("a key of %s is the %q's (%v)", account, side, ok)
		}
	}
	if side, ok := mustBuild(t, complete(t, ShapeTwoAccounts)).KeySide(); ok {
		t.Errorf("no key is the %s's", side)
	}
}

func TestBuildDerivesWhatIsNotSaid(t *testing.T) {
	s := mustBuild(t, complete(t, ShapeTwoAccounts))
	acme := Identity{Base: "profile", Profile: "acme-prod"}
	want := &Spec{
		Source: SideSpec{
			Account: "111122223333", Region: "eu-west-1", Domain: "logs-prod", Auth: AuthSigned,
			Control: acme, Signer: acme, Mapper: acme,
			Role: RoleSpec{Name: "snapferry-logs-prod-snapshot", Path: "/"},
		},
		Target: SideSpec{
			Account: "444455556666", Region: "eu-west-1", Domain: "logs-prod", Auth: AuthSigned,
			Role: RoleSpec{Name: "snapferry-logs-prod-snapshot", Path: "/"},
		},
		Bucket: BucketSpec{Name: "acme-os-migration", Owner: steps.Source, Region: "eu-west-1", BasePath: "snapferry/logs-prod"},
		Move:   MoveSpec{Patterns: []string{"*"}, Snapshot: "snapferry-20261122", Repository: "snapferry", Proof: "sample"},
		Shape:  ShapeTwoAccounts,
	}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Errorf("spec (-want +got):\n%s", diff)
	}
}

func TestShapes(t *testing.T) {
	for _, shape := range []Shape{ShapeTwoAccounts, ShapeSameAccount, ShapeSameDomain} {
		s := mustBuild(t, complete(t, shape))
		if s.Shape != shape {
			t.Errorf("shape %q, want %q", s.Shape, shape)
		}
		if shape == ShapeTwoAccounts {
			continue
		}
		if s.Target.Account != s.Source.Account || s.Target.Region != s.Source.Region {
			t.Errorf("%s: the target is in %s %s", shape, s.Target.Account, s.Target.Region)
		}
		if diff := cmp.Diff(s.Source.Role, s.Target.Role); diff != "" {
			t.Errorf("%s: two roles:\n%s", shape, diff)
		}
		if diff := cmp.Diff(s.Source.Control, s.Target.Control); diff != "" {
			t.Errorf("%s: two identities:\n%s", shape, diff)
		}
	}
}

// refusals change one thing of a complete draft and expect one error, at that
// field, whose words hold the given piece.
var refusals = []struct {
	shape Shape
	key   Key
	raw   string
	field string
	says  string
}{
	{ShapeTwoAccounts, "source.account", "11112222333", "source.account", "12 digits"},
	{ShapeTwoAccounts, "source.account", "11112222333O", "source.account", `"O"`},
	{ShapeSameAccount, "source.account", "", "source.account", "missing"},
	{ShapeTwoAccounts, "source.region", "Ireland", "source.region", "region"},
	{ShapeTwoAccounts, "source.domain", "Logs_Prod", "source.domain", "domain name"},
	{ShapeSameAccount, "source.domain", "", "source.domain", "missing"},
	{ShapeTwoAccounts, "target.account", "111122223333", "target.account", "same domain of the same account"},
	{ShapeTwoAccounts, "target.region", "cn-north-1", "target.region", "partition"},
	{ShapeTwoAccounts, "shape", "same-acount", "shape", "no answer"},
	{ShapeSameAccount, "target.account", "444455556666", "target.account", "not the source's"},
	{ShapeSameAccount, "target.domain", "logs-prod", "target.domain", "same domain"},
	{ShapeSameAccount, "shape", "", "target.account", "target.account is missing"},
	{ShapeSameAccount, "shape", "two-accounts", "target.account", "target.account is missing"},
	{ShapeSameAccount, "target.role.name", "other", "target.role", "one snapshot role"},
	{ShapeSameDomain, "target.domain", "other", "target.domain", "another domain"},
	{ShapeSameDomain, "move.rename_pattern", "", "move.rename_pattern", "not what it replaces"},
	{ShapeTwoAccounts, "source.endpoint", "http://search-x.eu-west-1.es.amazonaws.com", "source.endpoint", "https"},
	{ShapeTwoAccounts, "source.endpoint", "localhost:9200", "source.endpoint", "443"},
	{ShapeTwoAccounts, "source.endpoint", "localhost", "source.endpoint", "own name"},
	{ShapeTwoAccounts, "source.endpoint", "10.0.0.7", "source.endpoint", "own name"},
	{ShapeTwoAccounts, "source.endpoint", "logs-prod", "source.endpoint", "full host name"},
	{ShapeTwoAccounts, "source.endpoint", "https://u@search-x.eu-west-1.es.amazonaws.com", "source.endpoint", "user name"},
	{ShapeTwoAccounts, "source.endpoint", "https://search-x.eu-west-1.es.amazonaws.com/_cat", "source.endpoint", "no path"},
	{ShapeTwoAccounts, "source.endpoint", "search-other-abcdefghijklmnopqrstuvwxyz.eu-west-1.es.amazonaws.com", "source.endpoint", "belongs to domain other"},
	{ShapeTwoAccounts, "source.endpoint", "search-logs-prod-abcdefghijklmnopqrstuvwxyz.eu-west-2.es.amazonaws.com", "source.endpoint", "eu-west-2"},
	{ShapeTwoAccounts, "source.via", "127.0.0.1:9443", "source.via", "which host"},
	{ShapeTwoAccounts, "source.via", "http://u@proxy:3128", "source.via", "user name"},
	{ShapeTwoAccounts, "source.mapper.base", "password", "source.mapper.base", "Which user"},
	{ShapeTwoAccounts, "source.control.base", "password", "source.control.base", "no answer"},
	{ShapeTwoAccounts, "source.auth", "basic", "source.auth", "no answer"},
	{ShapeTwoAccounts, "source.control.base", "instance", "source.control.profile", "the base is instance"},
	{ShapeSameAccount, "target.control.base", "profile", "target.control.base", "Which profile"},
	{ShapeTwoAccounts, "source.signer.chain.1.role", "arn:aws:iam::111122223333:user/me", "source.signer.chain.1.role", "ARN of a role"},
	{ShapeTwoAccounts, "source.signer.chain.1.role", "arn:aws-cn:iam::111122223333:role/me", "source.signer.chain.1.role", "partition"},
	{ShapeTwoAccounts, "source.signer.chain.1.role", "arn:aws:iam::444455556666:role/me", "source.signer.chain.1.role", "the domain is in 111122223333"},
	{ShapeTwoAccounts, "target.control.chain.1.role", "arn:aws:iam::333333333333:role/me", "target.control.chain.1.role", "account 333333333333"},
	{ShapeSameAccount, "source.signer.chain.2.role", "arn:aws:iam::111122223333:role/me", "source.signer.chain.1.role", "missing"},
	{ShapeTwoAccounts, "source.role.arn", "arn:aws:iam::444455556666:role/r", "source.role.arn", "account 444455556666"},
	{ShapeTwoAccounts, "target.role.arn", "arn:aws-cn:iam::444455556666:role/r", "target.role.arn", "partition aws-cn"},
	{ShapeTwoAccounts, "target.role.boundary", "arn:aws-us-gov:iam::444455556666:policy/b", "target.role.boundary", "partition aws-us-gov"},
	{ShapeTwoAccounts, "source.role.arn", "r", "source.role.arn", "not an ARN"},
	{ShapeTwoAccounts, "source.role.name", "a b", "source.role.name", "role name"},
	{ShapeTwoAccounts, "source.role.path", "/aws-reserved/x/", "source.role.path", "belongs to AWS"},
	{ShapeTwoAccounts, "source.role.path", "a b", "source.role.path", "IAM path"},
	{ShapeTwoAccounts, "source.role.boundary", "arn:aws:iam::444455556666:policy/b", "source.role.boundary", "444455556666"},
	{ShapeTwoAccounts, "source.role.tags.aws:x", "y", "source.role.tags.aws:x", "not yours"},
	{ShapeTwoAccounts, "source.role.tags.Snapferry:run", "y", "source.role.tags.Snapferry:run", "not yours"},
	{ShapeTwoAccounts, "source.role.tags.x", "a<b", "source.role.tags.x", "no such tag"},
	{ShapeTwoAccounts, "bucket.name", "Acme", "bucket.name", "capital"},
	{ShapeSameAccount, "bucket.name", "", "bucket.name", "missing"},
	{ShapeTwoAccounts, "bucket.owner", "me", "bucket.owner", "no answer"},
	{ShapeTwoAccounts, "bucket.base_path", "a//b", "bucket.base_path", "base path"},
	{ShapeTwoAccounts, "bucket.region", "us-gov-west-1", "bucket.region", "partition"},
	{ShapeTwoAccounts, "bucket.kms_key", "alias/mine", "bucket.kms_key", "alias"},
	{ShapeTwoAccounts, "bucket.kms_key", "arn:aws:kms:eu-west-1:111122223333:alias/mine", "bucket.kms_key", "alias"},
	{ShapeTwoAccounts, "bucket.kms_key", "arn:aws-cn:kms:cn-north-1:111122223333:key/k", "bucket.kms_key", "partition aws-cn"},
	{ShapeTwoAccounts, "bucket.kms_key", "arn:aws:kms:eu-west-1:1111222233:key/k", "bucket.kms_key", "account id"},
	{ShapeTwoAccounts, "bucket.kms_key", "1234abcd", "bucket.kms_key", "full ARN"},
	{ShapeTwoAccounts, "bucket.kms_key", "arn:aws:kms:eu-west-2:111122223333:key/k", "bucket.kms_key", "eu-west-2"},
	{ShapeTwoAccounts, "move.indices", "Logs-*", "move.indices", "capital"},
	{ShapeTwoAccounts, "move.indices", "a b", "move.indices", "blank"},
	{ShapeTwoAccounts, "move.indices", ",", "move.indices", "No index"},
	{ShapeTwoAccounts, "move.replicas", "-1", "move.replicas", "number of replicas"},
	{ShapeTwoAccounts, "move.snapshot", "Snap", "move.snapshot", "capital"},
	{ShapeTwoAccounts, "move.repository", "cs-automated", "move.repository", "cs-"},
	{ShapeTwoAccounts, "move.proof", "full", "move.proof", "no answer"},
	{ShapeTwoAccounts, "move.aliases", "drop", "move.aliases", "no answer"},
	{ShapeSameDomain, "move.aliases", "keep", "move.aliases", "Beside their originals"},
	{ShapeTwoAccounts, "move.overwrite", "logs-*", "move.overwrite", "one index"},
	{ShapeTwoAccounts, "move.rename_pattern", "x", "move.rename_replacement", "what takes its place"},
	{ShapeSameDomain, "move.rename_replacement", "R-$1", "move.rename_replacement", "capital"},
	{ShapeSameDomain, "move.rename_replacement", "r-$2", "move.rename_replacement", "group"},
	{ShapeSameDomain, "move.rename_pattern", "(.*)", "move.rename_pattern", "second time"},
}

func TestRefusals(t *testing.T) {
	for _, c := range refusals {
		d := complete(t, c.shape)
		if e := d.Set(c.key, c.raw); e != nil {
			t.Fatalf("Set(%s): %v", c.key, e)
		}
		_, errs := d.Build(today)
		if len(errs) != 1 || errs[0].Field != c.field || !strings.Contains(errs[0].Summary.String(), c.says) || errs[0].Fix.IsZero() {
			t.Errorf("%s = %q: want one error at %s that says %q, with a fix; got:%s", c.key, c.raw, c.field, c.says, told(errs))
		}
	}
}

func told(errs []*steps.Error) string {
	var b strings.Builder
	for _, e := range errs {
		b.WriteString("\n  " + e.Field + ": " + e.Summary.String() + " | " + e.Fix.String())
	}
	return b.String()
}

func TestSameDomainNeedsARename(t *testing.T) {
	d := complete(t, ShapeSameDomain)
	_ = d.Set("move.rename_pattern", "")
	_ = d.Set("move.rename_replacement", "")
	_, errs := d.Build(today)
	if len(errs) != 1 || errs[0].Field != "move.rename_pattern" {
		t.Errorf("want one error at the rename, got:%s", told(errs))
	}
}

func TestPartial(t *testing.T) {
	d := draft(t, map[Key]string{"source.account": "111122223333", "source.region": "eu-west-1", "source.control.base": "profile", "bucket.name": "Acme"})
	s, errs := d.Partial(today)
	if len(errs) != 1 || errs[0].Field != "bucket.name" {
		t.Errorf("want the malformed bucket name alone, got:%s", told(errs))
	}
	if s.Source.Account != "111122223333" || s.Bucket.Name != "" || s.Shape != "" {
		t.Errorf("partial spec holds %s, bucket %q, shape %q", s.Source.Account, s.Bucket.Name, s.Shape)
	}
	if _, errs := (&Draft{}).Partial(time.Time{}); len(errs) != 0 {
		t.Errorf("nothing said is no error, got:%s", told(errs))
	}
	if _, errs := (&Draft{}).Build(today); len(errs) != 7 {
		t.Errorf("an empty draft lacks seven answers, got %d:%s", len(errs), told(errs))
	}
}

// TestEveryArgumentARenders makes sure that no message was written with the
// wrong number of arguments.
func TestMessagesRender(t *testing.T) {
	d := draft(t, map[Key]string{
		"source.account": "x", "source.region": "x", "source.domain": "X", "source.endpoint": "x", "source.via": "x",
		"target.account": "x", "source.auth": "x", "source.control.base": "none", "source.control.chain.1.role": "arn:aws:iam::111122223333:role/x",
		"source.role.arn": "x", "source.role.path": " /x y/ ", "bucket.kms_key": "alias/x", "move.indices": "X,_x", "move.replicas": "x",
	})
	_, errs := d.Build(today)
	if len(errs) < 12 {
		t.Fatalf("only %d errors", len(errs))
	}
	for _, e := range errs {
		if words := e.Summary.String() + e.Fix.String(); strings.Contains(words, "%!") {
			t.Errorf("%s: %s", e.Field, words)
		}
	}
}

func TestEndpointTellsDomainAndRegion(t *testing.T) {
	for host, want := range map[string][2]string{
		"vpc-logs-prod-abcdefghijklmnopqrstuvwxyz.eu-west-1.es.amazonaws.com":   {"logs-prod", "eu-west-1"},
		"search-logs-abcdefghijklmnopqrstuvwxyz.cn-north-1.es.amazonaws.com.cn": {"logs", "cn-north-1"},
		"search-a-b-c-abcdefghijklmnopqrstuvwxyz.aos.ap-northeast-2.on.aws":     {"a-b-c", "ap-northeast-2"},
		"search.acme.example":                                        {"", ""},
		"search-logs-short.eu-west-1.es.amazonaws.com":               {"", ""},
		"search-logs-abcdefghijklmnopqrstuvwxyz.es.amazonaws.com.tk": {"", ""},
	} {
		name, region := hostTells(host)
		if string(name) != want[0] || string(region) != want[1] {
			t.Errorf("%s tells %q %q, want %v", host, name, region, want)
		}
	}
	s := mustBuild(t, draft(t, map[Key]string{
		"source.account": "111122223333", "source.endpoint": "https://VPC-logs-abcdefghijklmnopqrstuvwxyz.eu-west-1.es.amazonaws.com/_dashboards/app/home?x=1",
		"source.via": "127.0.0.1:9443", "target.account": "444455556666", "target.region": "eu-west-2",
		"target.endpoint": "search.acme.example", "target.via": "socks5://127.0.0.1:1080", "bucket.name": "b-1",
	}))
	if s.Source.Domain != "logs" || s.Source.Region != "eu-west-1" || s.Target.Domain != "" {
		t.Errorf("source %s in %s, target %q", s.Source.Domain, s.Source.Region, s.Target.Domain)
	}
	want := map[string]string{"vpc-logs-abcdefghijklmnopqrstuvwxyz.eu-west-1.es.amazonaws.com": "127.0.0.1:9443", "search.acme.example": "socks5://127.0.0.1:1080"}
	if diff := cmp.Diff(want, s.Ways()); diff != "" {
		t.Errorf("ways (-want +got):\n%s", diff)
	}
	if s.Target.Role.Name != "snapferry-target-snapshot" || s.Bucket.BasePath != awsid.BasePath("snapferry/logs") {
		t.Errorf("role %s, base path %s", s.Target.Role.Name, s.Bucket.BasePath)
	}
}
