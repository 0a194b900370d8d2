package resource_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/account"
	"snapferry/awsx/network"
	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/resource"
	"snapferry/steps/spec"
)

const (
	bucketName = "acme-os-migration"
	roleName   = "snapferry-logs-prod-snapshot"
	roleARN    = "arn:aws:iam::111111111111:role/migration/" + roleName
	userARN    = "arn:aws:iam::111111111111:user/admin"
)

// bench is a sandbox with the kinds working in it as its administrators.
type bench struct {
	t     *testing.T
	ctx   context.Context
	box   *sandbox.Sandbox
	facts *facts.Facts
	// kinds are those of a bench without a sandbox.
	kinds map[steps.Kind]resource.Kind
	acc   *account.Account
	// between, when set, may answer in the sandbox's place.
	between func(*http.Request) *http.Response
}

func (b *bench) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err // as a real transport does, which never begins such a request
	}
	if b.between != nil {
		if answer := b.between(req); answer != nil {
			return answer, nil
		}
	}
	return b.box.Transport().RoundTrip(req)
}

func newBench(t *testing.T) *bench {
	t.Helper()
	ctx := context.Background()
	box, err := sandbox.Open(ctx, sandbox.Options{Dir: t.TempDir(), Pace: sandbox.PaceInstant})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close(ctx) })
	keys := map[string]session.Keys{}
	for _, a := range box.Info().Accounts {
		keys[a.Label] = session.Keys{AccessKeyID: a.AccessKey, Secret: session.NewSecret(a.Secret)}
	}
	s := &spec.Spec{
		Source: spec.SideSpec{Account: "111111111111", Region: sandbox.Region, Domain: "logs-prod"},
		Target: spec.SideSpec{Account: "222222222222", Region: sandbox.Region, Domain: "logs-prod"},
		Bucket: spec.BucketSpec{Name: bucketName, Owner: steps.Source, Region: sandbox.Region},
	}
	s.Source.Role.Tags = map[string]string{"team": "search"}
	b := &bench{t: t, ctx: ctx, box: box}
	b.facts, err = facts.Open(ctx, facts.Options{
		Spec: s, Sandbox: keys, Session: session.Options{Isolated: true},
		Network: network.New(network.Options{Isolated: true, RoundTripper: b}),
	})
	if err != nil {
		t.Fatal(err)
	}
	if b.acc, err = b.facts.Control(ctx, steps.Source); err != nil {
		t.Fatal(err)
	}
	return b
}

// object puts an object where the sandbox keeps them: the product writes none.
func (b *bench) object(key, body string) {
	b.t.Helper()
	path := filepath.Join(b.box.StoreRoot(), string(bucketName), filepath.FromSlash(key))
	b.must(os.MkdirAll(filepath.Dir(path), 0o700))
	b.must(os.WriteFile(path, []byte(body), 0o600))
}

func (b *bench) kind(k steps.Kind) resource.Kind {
	b.t.Helper()
	kind, ok := b.kinds[k]
	if b.facts != nil {
		kind, ok = b.facts.Resource(k)
	}
	if !ok {
		b.t.Fatalf("no kind %s", k)
	}
	return kind
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) reads(ref steps.Ref, want steps.Doc) {
	b.t.Helper()
	got, err := b.kind(ref.Kind).Read(b.ctx, ref)
	b.must(err)
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		b.t.Fatalf("%s (-want +got):\n%s", ref, diff)
	}
}

// goes writes a change and reads it back.
func (b *bench) goes(ref steps.Ref, was, want steps.Doc) {
	b.t.Helper()
	b.reads(ref, was)
	b.must(b.kind(ref.Kind).Write(b.ctx, ref, was, want))
	b.reads(ref, want)
}

// comesBack takes a change back and says what is left.
func (b *bench) comesBack(ref steps.Ref, before, after steps.Doc) steps.Doc {
	b.t.Helper()
	kind := b.kind(ref.Kind)
	live, err := kind.Read(b.ctx, ref)
	b.must(err)
	want, ok, why := kind.Takeback(live, before, after)
	if !ok {
		b.t.Fatalf("%s was kept: %s", ref, why)
	}
	if want.Exists() {
		b.must(kind.Write(b.ctx, ref, live, want))
	} else {
		b.must(kind.Delete(b.ctx, ref, live))
	}
	b.reads(ref, want)
	return want
}

func (b *bench) dump() string {
	b.t.Helper()
	d, err := b.box.Dump()
	b.must(err)
	return string(d)
}

func bucketRef() steps.Ref {
	return steps.Ref{Kind: steps.KindBucket, Side: steps.Source, Name: bucketName}
}

func wantedBucket() resource.Bucket {
	block := account.AllBlocked
	return resource.Bucket{
		Region: string(sandbox.Region), Owner: account.Ours, Encryption: &account.Encryption{Algorithm: "AES256"},
		Block: &block, Ownership: account.OwnerEnforced, Tags: map[string]string{resource.TagRun: "r-1"},
	}
}

func allow(sid, action, on string) policy.Statement {
	return policy.Statement{Sid: sid, Effect: policy.EffectAllow, Action: []string{action}, Resource: []string{on}}
}

func doc(list ...policy.Statement) steps.Doc {
	return resource.PolicyDoc(policy.Document{Version: policy.Version2012, Statements: list})
}

func TestBucketLife(t *testing.T) {
	b := newBench(t)
	before := b.dump()
	made := wantedBucket().Doc()
	b.goes(bucketRef(), steps.Absent, made)

	// Tags of others are not shown and survive our changes.
	b.must(b.acc.PutBucketTags(b.ctx, bucketName, map[string]string{"team": "search", resource.TagRun: "r-1"}))
	b.reads(bucketRef(), made)
	changed := wantedBucket()
	changed.Tags = map[string]string{resource.TagRun: "r-1", "snapferry:note": "x"}
	b.goes(bucketRef(), made, changed.Doc())
	tags, err := b.acc.BucketTags(b.ctx, bucketName)
	b.must(err)
	if tags["team"] != "search" || tags["snapferry:note"] != "x" {
		t.Errorf("tags %v", tags)
	}
	b.goes(bucketRef(), changed.Doc(), made)

	// Not empty: kept, with the way out; emptied after a confirmation: gone.
	b.object("a/b", "12345")
	b.object("c", "1")
	kind := b.kind(steps.KindBucket)
	var said *steps.Error
	if err := kind.Delete(b.ctx, bucketRef(), made); !asError(err, &said) || !strings.Contains(said.Fix.String(), "--delete-bucket-content") {
		t.Errorf("deleting a full bucket: %v", err)
	}
	content := kind.(resource.Content)
	if in, err := content.Content(b.ctx, bucketRef()); err != nil || in.Words().String() != "the 2 objects in it (6 B: a/ (1), c (1))" {
		t.Errorf("content %v, %v", in.Words(), err)
	}
	b.must(content.Empty(b.ctx, bucketRef()))
	b.comesBack(bucketRef(), steps.Absent, made)
	if diff := cmp.Diff(before, b.dump()); diff != "" {
		t.Errorf("left behind (-before +after):\n%s", diff)
	}
}

func TestBucketOfAnotherAccount(t *testing.T) {
	b := newBench(t)
	theirs, err := b.facts.Control(b.ctx, steps.Target)
	b.must(err)
	b.must(theirs.CreateBucket(b.ctx, account.BucketSpec{Name: bucketName, Region: sandbox.Region}))
	got, err := b.kind(steps.KindBucket).Read(b.ctx, bucketRef())
	b.must(err)
	bucket, _, err := resource.ParseBucket(got)
	b.must(err)
	if bucket.Owner == account.Ours || bucket.Encryption != nil || len(bucket.Tags) > 0 {
		t.Errorf("another account's bucket reads as %s", got)
	}
	if err := b.kind(steps.KindBucket).Write(b.ctx, bucketRef(), got, wantedBucket().Doc()); err == nil {
		t.Error("another account's bucket was changed")
	}
}

func TestBucketPolicyLife(t *testing.T) {
	b := newBench(t)
	ref := steps.Ref{Kind: steps.KindBucketPolicy, Side: steps.Source, Name: bucketName}
	b.reads(ref, steps.Absent) // no bucket, no policy
	b.must(b.acc.CreateBucket(b.ctx, account.BucketSpec{Name: bucketName, Region: sandbox.Region}))
	theirs := `{"Version":"2012-10-17","Statement":[ {"Sid":"Theirs","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::` + bucketName + `/*"} ]}`
	b.must(b.acc.PutBucketPolicy(b.ctx, bucketName, account.Document(theirs)))
	was, err := b.kind(ref.Kind).Read(b.ctx, ref)
	b.must(err)
	parsed, err := resource.ParsePolicy(was)
	b.must(err)
	tls := allow("SnapferryTLSOnly", "s3:*", "arn:aws:s3:::"+bucketName)
	tls.Effect, tls.Principal, tls.Condition = policy.EffectDeny, policy.Everybody(), policy.Conditions{"Bool": {"aws:SecureTransport": {"false"}}}
	want := resource.PolicyDoc(parsed.Merge(tls))
	b.goes(ref, was, want)
	raw, err := b.acc.BucketPolicy(b.ctx, bucketName)
	b.must(err)
	if !strings.Contains(string(raw), `{"Sid":"Theirs","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":"s3:GetObject"`) {
		t.Errorf("their bytes are gone: %s", raw)
	}
	b.comesBack(ref, was, want)
	b.must(b.acc.DeleteBucketPolicy(b.ctx, bucketName))
	b.goes(ref, steps.Absent, doc(tls))
	b.comesBack(ref, steps.Absent, doc(tls))
}

func asError[T error](err error, into *T) bool {
	for err != nil {
		if e, ok := err.(T); ok {
			*into = e
			return true
		}
		u, ok := err.(interface{ Unwrap() error })
		if !ok {
			return false
		}
		err = u.Unwrap()
	}
	return false
}
