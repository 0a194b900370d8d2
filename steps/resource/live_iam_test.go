package resource_test

import (
	"context"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/resource"
)

func roleRef() steps.Ref {
	return steps.Ref{Kind: steps.KindRole, Side: steps.Source, Name: roleName}
}

func trusting(sid, service string) policy.Statement {
	return policy.Statement{Sid: sid, Effect: policy.EffectAllow, Principal: policy.Service(service), Action: []string{"sts:AssumeRole"}}
}

func wantedRole() resource.Role {
	return resource.Role{
		ARN: roleARN, Description: "for a migration", Trust: doc(trusting("SnapferryTrust", "es.amazonaws.com")),
		Tags: map[string]string{resource.TagRun: "r-1", "team": "search"},
		Inline: map[string]steps.Doc{
			"snapferry-snapshot": doc(allow("SnapferryList", "s3:ListBucket", "arn:aws:s3:::"+bucketName), allow("SnapferryObjects", "s3:*Object", "arn:aws:s3:::"+bucketName+"/*")),
		},
	}
}

func TestRoleLife(t *testing.T) {
	b := newBench(t)
	before := b.dump()
	made := wantedRole().Doc()
	b.goes(roleRef(), steps.Absent, made)
	b.must(b.acc.TagRole(b.ctx, roleName, map[string]string{"cost-center": "42"}))
	b.reads(roleRef(), made) // a tag nobody asked us about is no drift
	b.comesBack(roleRef(), steps.Absent, made)
	if diff := cmp.Diff(before, b.dump()); diff != "" {
		t.Errorf("left behind (-before +after):\n%s", diff)
	}
}

// TestRoleWhoseAnswerWasLost: the SDK asks once more, and IAM says that the role exists.
// It is taken for made only where it carries the mark of this very run.
func TestRoleWhoseAnswerWasLost(t *testing.T) {
	for run, ours := range map[string]bool{"r-1": true, "r-2": false} {
		b := newBench(t)
		want := wantedRole()
		_, err := b.acc.CreateRole(b.ctx, account.RoleSpec{Name: roleName, Path: "/migration/", Description: want.Description, Trust: account.Document(want.Trust), Tags: map[string]string{resource.TagRun: run, "team": "search"}})
		b.must(err)
		err = b.kind(steps.KindRole).Write(b.ctx, roleRef(), steps.Absent, want.Doc())
		if ours && err != nil || !ours && !failure.Is(err, failure.Exists) {
			t.Errorf("of run %s: %v", run, err)
		}
		if ours {
			b.reads(roleRef(), want.Doc())
		}
	}
}

// TestAdoptedRole merges into a role of somebody else and takes back exactly that.
func TestAdoptedRole(t *testing.T) {
	b := newBench(t)
	theirTrust := `{ "Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}] }`
	theirPolicy := `{"Version":"2012-10-17","Statement":[{"Sid":"Theirs","Effect":"Allow","Action":"S3:getobject","Resource":"*"}]}`
	_, err := b.acc.CreateRole(b.ctx, account.RoleSpec{Name: roleName, Trust: account.Document(theirTrust), Tags: map[string]string{"team": "logs", "x": "y"}})
	b.must(err)
	b.must(b.acc.PutRolePolicy(b.ctx, roleName, "theirs", account.Document(theirPolicy)))
	dump := b.dump()
	was, err := b.kind(steps.KindRole).Read(b.ctx, roleRef())
	b.must(err)
	want, _, err := resource.ParseRole(was)
	b.must(err)
	trust, err := resource.ParsePolicy(want.Trust)
	b.must(err)
	want.Trust = resource.PolicyDoc(trust.Merge(trusting("SnapferryTrust", "es.amazonaws.com")))
	want.Inline = maps.Clone(want.Inline)
	want.Inline["snapferry-snapshot"] = wantedRole().Inline["snapferry-snapshot"]
	want.Tags = map[string]string{"team": "search", resource.TagRun: "r-1"}
	b.goes(roleRef(), was, want.Doc())

	r, err := b.acc.Role(b.ctx, roleName)
	b.must(err)
	if r.Tags["x"] != "y" || !strings.Contains(string(r.Inline["theirs"]), "S3:getobject") {
		t.Errorf("others' tag or policy was touched: %v %s", r.Tags, r.Inline["theirs"])
	}
	b.comesBack(roleRef(), was, want.Doc())
	if diff := cmp.Diff(dump, b.dump()); diff != "" {
		t.Errorf("left behind (-before +after):\n%s", diff)
	}
}

func TestRoleRefusals(t *testing.T) {
	b := newBench(t)
	made := wantedRole().Doc()
	b.goes(roleRef(), steps.Absent, made)
	kind := b.kind(steps.KindRole)
	for name, change := range map[string]func(*resource.Role){
		"path":        func(r *resource.Role) { r.ARN = "arn:aws:iam::111111111111:role/" + roleName },
		"description": func(r *resource.Role) { r.Description = "other" },
		"boundary":    func(r *resource.Role) { r.Boundary = "arn:aws:iam::aws:policy/X" },
		"attached":    func(r *resource.Role) { r.Attached = []string{"arn:aws:iam::aws:policy/X"} },
	} {
		want := wantedRole()
		change(&want)
		var said *steps.Error
		if err := kind.Write(b.ctx, roleRef(), made, want.Doc()); !asError(err, &said) || said.Fix.IsZero() {
			t.Errorf("%s was changed: %v", name, err)
		}
	}
	// IAM makes no second role of a name, in whatever letter case.
	other := steps.Ref{Kind: steps.KindRole, Side: steps.Source, Name: strings.ToUpper(roleName)}
	b.reads(other, steps.Absent)
	want := wantedRole()
	want.ARN = strings.Replace(roleARN, roleName, other.Name, 1)
	if err := kind.Write(b.ctx, other, steps.Absent, want.Doc()); !failure.Is(err, failure.Exists) {
		t.Errorf("a role in other letter case: %v", err)
	}
	changed := wantedRole()
	changed.Tags = map[string]string{resource.TagRun: "r-2"}
	gone := steps.Ref{Kind: steps.KindRole, Side: steps.Source, Name: "nobody"}
	if err := kind.Write(b.ctx, gone, made, changed.Doc()); !failure.Is(err, failure.Missing) {
		t.Errorf("a role that is gone: %v", err)
	}
	b.must(kind.Delete(b.ctx, gone, made))
}

func TestSignerGrant(t *testing.T) {
	b := newBench(t)
	_, err := b.acc.CreateRole(b.ctx, account.RoleSpec{Name: "signer", Path: "/team/", Trust: account.Document(wantedRole().Trust)})
	b.must(err)
	before := b.dump()
	for _, name := range []string{userARN, "arn:aws:iam::111111111111:role/team/signer"} {
		ref := steps.Ref{Kind: steps.KindSignerGrant, Side: steps.Source, Name: name, In: "snapferry-signer"}
		want := doc(allow("SnapferryPassRole", "iam:PassRole", roleARN))
		b.goes(ref, steps.Absent, want)
		wider := doc(allow("SnapferryPassRole", "iam:PassRole", roleARN), allow("SnapferryDomain", "es:ESHttp*", "*"))
		b.goes(ref, want, wider)
		b.comesBack(ref, want, wider)
		b.comesBack(ref, steps.Absent, want)
	}
	if diff := cmp.Diff(before, b.dump()); diff != "" {
		t.Errorf("left behind (-before +after):\n%s", diff)
	}
	kind := b.kind(steps.KindSignerGrant)
	root := steps.Ref{Kind: steps.KindSignerGrant, Side: steps.Source, Name: "arn:aws:iam::111111111111:root", In: "snapferry-signer"}
	var said *steps.Error
	err = kind.Write(b.ctx, root, steps.Absent, doc(allow("P", "iam:PassRole", roleARN)))
	if !asError(err, &said) || !strings.Contains(said.Fix.String(), "user or a role") {
		t.Errorf("the root user: %v", err)
	}
	if _, err := kind.Read(b.ctx, steps.Ref{Kind: steps.KindSignerGrant, Side: steps.Source, Name: "me"}); err == nil {
		t.Error("a name that is no ARN was read")
	}
}

func TestAccessPolicy(t *testing.T) {
	b := newBench(t)
	ref := steps.Ref{Kind: steps.KindAccessPolicy, Side: steps.Source, Name: "logs-prod"}
	was, err := b.kind(ref.Kind).Read(b.ctx, ref)
	b.must(err)
	parsed, err := resource.ParsePolicy(was)
	b.must(err)
	ours := allow("SnapferryDomain", "es:ESHttp*", "arn:aws:es:eu-west-1:111111111111:domain/logs-prod/*")
	ours.Principal = policy.AWS(userARN)
	want := resource.PolicyDoc(parsed.Merge(ours))
	b.goes(ref, was, want)
	b.comesBack(ref, was, want)
	missing := steps.Ref{Kind: steps.KindAccessPolicy, Side: steps.Source, Name: "nothing"}
	if _, err := b.kind(ref.Kind).Read(b.ctx, missing); !failure.Is(err, failure.Missing) {
		t.Errorf("a domain that is not there: %v", err)
	}
}

// TestDocumentsAWSWouldRefuse are stopped before they are sent.
func TestDocumentsAWSWouldRefuse(t *testing.T) {
	b := newBench(t)
	b.must(b.acc.CreateBucket(b.ctx, account.BucketSpec{Name: bucketName, Region: sandboxRegion}))
	ref := steps.Ref{Kind: steps.KindBucketPolicy, Side: steps.Source, Name: bucketName}
	err := b.kind(ref.Kind).Write(b.ctx, ref, steps.Absent, doc(allow("X", "s3:*", "arn:aws:s3:::"+bucketName))) // names no principal
	var syntax *policy.SyntaxError
	if !asError(err, &syntax) {
		t.Errorf("a bucket policy without a principal: %v", err)
	}
	key := steps.Ref{Kind: steps.KindKeyPolicy, Side: steps.Source, Name: "arn:aws:kms:eu-west-1:111111111111:key/k"}
	if err := b.kind(key.Kind).Delete(b.ctx, key, steps.Absent); err == nil {
		t.Error("a key's policy was removed")
	}
}

const sandboxRegion = awsid.Region("eu-west-1")

func repositoryRef() steps.Ref {
	return steps.Ref{Kind: steps.KindRepository, Side: steps.Source, Name: "snapferry"}
}

func wantedRepository() steps.Doc {
	return resource.Repository{Type: "s3", Settings: map[string]string{
		"bucket": bucketName, "region": "eu-west-1", "base_path": "snapferry/logs-prod", "role_arn": roleARN,
	}}.Doc()
}

func TestRepositoryLife(t *testing.T) {
	b := newBench(t)
	b.must(b.acc.CreateBucket(b.ctx, account.BucketSpec{Name: bucketName, Region: sandboxRegion}))
	b.goes(roleRef(), steps.Absent, wantedRole().Doc())
	b.goes(repositoryRef(), steps.Absent, wantedRepository())
	readonly, _, err := resource.ParseRepository(wantedRepository())
	b.must(err)
	readonly.Settings["readonly"] = "true"
	b.goes(repositoryRef(), wantedRepository(), readonly.Doc())
	b.comesBack(repositoryRef(), wantedRepository(), readonly.Doc())
	b.comesBack(repositoryRef(), steps.Absent, wantedRepository())
}

// TestFailedRegistration: with a role the service may not assume the engine
// keeps the registration; we do not. How long a denial right after IAM was
// written is borne is for whoever tries again.
func TestFailedRegistration(t *testing.T) {
	b := newBench(t)
	b.must(b.acc.CreateBucket(b.ctx, account.BucketSpec{Name: bucketName, Region: sandboxRegion}))
	wrong := wantedRole()
	wrong.Trust = doc(trusting("SnapferryTrust", "ec2.amazonaws.com"))
	kind := b.kind(steps.KindRepository)

	b.goes(roleRef(), steps.Absent, wrong.Doc())
	calls := 0
	b.between = func(req *http.Request) *http.Response {
		if req.Method == http.MethodPut && strings.HasPrefix(req.URL.Path, "/_snapshot/") {
			calls++
		}
		return nil
	}
	err := kind.Write(b.ctx, repositoryRef(), steps.Absent, wantedRepository())
	if !failure.Is(err, failure.Denied) {
		t.Errorf("registered with a role nobody may assume: %v (%s)", err, failure.Of(err).Kind)
	}
	if calls != 1 {
		t.Errorf("registered %d times", calls)
	}
	b.reads(repositoryRef(), steps.Absent)

	// A stop ends it at once and leaves looking after it to the next start.
	stopped, stop := context.WithCancel(b.ctx)
	stop()
	if err := kind.Write(stopped, repositoryRef(), steps.Absent, wantedRepository()); err == nil {
		t.Error("a stopped write succeeded")
	}
}
