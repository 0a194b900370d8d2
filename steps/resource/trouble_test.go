package resource_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/account"
	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/resource"
)

var errNobody = errors.New("nobody")

// nobody has no identity for anything.
type nobody struct{}

func (nobody) Control(context.Context, steps.Side) (*account.Account, error) { return nil, errNobody }

func (nobody) Signer(context.Context, steps.Side) (*cluster.Cluster, error) { return nil, errNobody }

func (nobody) Mapper(context.Context, steps.Side) (*cluster.Cluster, error) { return nil, errNobody }

// TestWithoutAnIdentity: every kind hands on why it could not do its work.
func TestWithoutAnIdentity(t *testing.T) {
	wants := map[steps.Kind]steps.Doc{
		steps.KindBucket: wantedBucket().Doc(), steps.KindRole: wantedRole().Doc(), steps.KindRepository: wantedRepository(),
	}
	for kind, k := range resource.All(nobody{}, resource.Options{}) {
		ref := steps.Ref{Kind: kind, Side: steps.Source, Name: userARN, In: "p"}
		want, ok := wants[kind]
		if !ok {
			want = doc(allow("A", "s3:*", "*"))
		}
		if _, err := k.Read(t.Context(), ref); !errors.Is(err, errNobody) {
			t.Errorf("%s read: %v", kind, err)
		}
		if err := k.Write(t.Context(), ref, steps.Absent, want); !errors.Is(err, errNobody) {
			t.Errorf("%s written: %v", kind, err)
		}
		if err := k.Delete(t.Context(), ref, want); !errors.Is(err, errNobody) && kind != steps.KindKeyPolicy {
			t.Errorf("%s deleted: %v", kind, err)
		}
		if c, ok := k.(resource.Content); ok {
			_, err := c.Content(t.Context(), ref)
			if !errors.Is(err, errNobody) || !errors.Is(c.Empty(t.Context(), ref), errNobody) {
				t.Errorf("%s content: %v", kind, err)
			}
		}
	}
}

// TestUnreadableDocuments are refused before anything is called.
func TestUnreadableDocuments(t *testing.T) {
	b := newBench(t)
	for _, kind := range []steps.Kind{steps.KindBucket, steps.KindRole, steps.KindRepository} {
		ref := steps.Ref{Kind: kind, Side: steps.Source, Name: "x"}
		if err := b.kind(kind).Write(b.ctx, ref, steps.Absent, "no json"); err == nil {
			t.Errorf("%s: an unreadable After was written", kind)
		}
		if err := b.kind(kind).Write(b.ctx, ref, "no json", "no json"); err == nil {
			t.Errorf("%s: an unreadable Before was taken", kind)
		}
	}
	role := wantedRole()
	role.ARN = "x"
	if err := b.kind(steps.KindRole).Write(b.ctx, roleRef(), steps.Absent, role.Doc()); err == nil {
		t.Error("a role without an ARN was made")
	}
	role = wantedRole()
	role.Boundary = "x"
	if err := b.kind(steps.KindRole).Write(b.ctx, roleRef(), steps.Absent, role.Doc()); err == nil {
		t.Error("a role with a broken boundary was made")
	}
	b.reads(roleRef(), steps.Absent)
}

// TestAdoptedBucket: settings that the plan showed are closed one by one, and
// opened again when they are taken back; what others set since stays.
func TestAdoptedBucket(t *testing.T) {
	b := newBench(t)
	b.must(b.acc.CreateBucket(b.ctx, account.BucketSpec{Name: bucketName, Region: sandboxRegion, Encryption: account.Encryption{Algorithm: "AES256"}}))
	b.must(b.acc.PutPublicAccessBlock(b.ctx, bucketName, account.PublicAccessBlock{BlockACLs: true}))
	b.must(b.acc.PutObjectOwnership(b.ctx, bucketName, account.OwnerPreferred))
	b.must(b.acc.PutBucketTags(b.ctx, bucketName, map[string]string{"team": "search"}))
	dump := b.dump()
	was, err := b.kind(steps.KindBucket).Read(b.ctx, bucketRef())
	b.must(err)
	want := wantedBucket()
	want.Encryption = &account.Encryption{Algorithm: "aws:kms", BucketKey: true}
	b.goes(bucketRef(), was, want.Doc())
	b.comesBack(bucketRef(), was, want.Doc())
	if diff := cmp.Diff(dump, b.dump()); diff != "" {
		t.Errorf("left behind (-before +after):\n%s", diff)
	}
	moved := want
	moved.Region = "eu-west-2"
	if err := b.kind(steps.KindBucket).Write(b.ctx, bucketRef(), was, moved.Doc()); err == nil {
		t.Error("a bucket was moved to another region")
	}
}

// TestManyObjects: more than one batch of deletions.
func TestManyObjects(t *testing.T) {
	b := newBench(t)
	b.must(b.acc.CreateBucket(b.ctx, account.BucketSpec{Name: bucketName, Region: sandboxRegion}))
	deleted := 0
	b.between = func(req *http.Request) *http.Response {
		switch {
		case req.Method == http.MethodGet && req.URL.Query().Get("list-type") == "2":
			return answer(200, "application/xml", listing(1003))
		case req.Method == http.MethodPost && req.URL.Query().Has("delete"):
			body, err := io.ReadAll(req.Body)
			if err != nil {
				t.Error(err)
			}
			deleted += strings.Count(string(body), "<Key>")
			return answer(200, "application/xml", `<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></DeleteResult>`)
		}
		return nil
	}
	content := b.kind(steps.KindBucket).(resource.Content)
	b.must(content.Empty(b.ctx, bucketRef()))
	if deleted != 1003 {
		t.Errorf("%d objects deleted, of 1003", deleted)
	}
}

func listing(n int) string {
	var x strings.Builder
	x.WriteString(`<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>false</IsTruncated>`)
	for i := range n {
		x.WriteString("<Contents><Key>k" + strings.Repeat("x", i%7) + "</Key><Size>1</Size></Contents>")
	}
	return x.String() + "</ListBucketResult>"
}

func answer(status int, contentType, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {contentType}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

// TestKeyPolicy is against a key service of the test's own, until the embedded
// AWS has one.
func TestKeyPolicy(t *testing.T) {
	const arn = "arn:aws:kms:eu-west-1:111111111111:key/1234"
	b := newBench(t)
	theirs := `{"Version":"2012-10-17","Statement":[{"Sid":"Theirs","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"kms:*","Resource":"*"}]}`
	stored := theirs
	b.between = func(req *http.Request) *http.Response {
		if !strings.HasPrefix(req.URL.Host, "kms.") {
			return nil
		}
		var in struct{ KeyId, Policy string }
		if err := json.NewDecoder(req.Body).Decode(&in); err != nil || in.KeyId != arn {
			t.Errorf("asked for %+v: %v", in, err)
		}
		if strings.HasSuffix(req.Header.Get("X-Amz-Target"), "PutKeyPolicy") {
			stored = in.Policy
			return answer(200, "application/x-amz-json-1.1", "{}")
		}
		out, _ := json.Marshal(map[string]string{"Policy": stored})
		return answer(200, "application/x-amz-json-1.1", string(out))
	}
	ref := steps.Ref{Kind: steps.KindKeyPolicy, Side: steps.Source, Name: arn}
	was, err := b.kind(ref.Kind).Read(b.ctx, ref)
	b.must(err)
	parsed, err := resource.ParsePolicy(was)
	b.must(err)
	ours := allow("SnapferryShare", "kms:Decrypt", "*")
	ours.Principal = policy.AWS("arn:aws:iam::222222222222:role/r")
	want := resource.PolicyDoc(parsed.Merge(ours))
	b.goes(ref, was, want)
	b.comesBack(ref, was, want)
	if stored != theirs {
		t.Errorf("taken back:\n%s\nit was:\n%s", stored, theirs)
	}
}

// TestRegistrationWithoutAnAnswer: the call timed out but was done; it is not
// taken back, and the step's own verification decides.
func TestRegistrationWithoutAnAnswer(t *testing.T) {
	b := newBench(t)
	b.must(b.acc.CreateBucket(b.ctx, account.BucketSpec{Name: bucketName, Region: sandboxRegion}))
	b.goes(roleRef(), steps.Absent, wantedRole().Doc())
	b.between = func(req *http.Request) *http.Response {
		if req.Method != http.MethodPut || req.URL.Path != "/_snapshot/snapferry" {
			return nil
		}
		if done, err := b.box.Transport().RoundTrip(req); err != nil || done.StatusCode != 200 {
			t.Errorf("registering: %v %v", done, err)
		}
		return answer(504, "text/html", "<html>Gateway Time-out</html>")
	}
	if err := b.kind(steps.KindRepository).Write(b.ctx, repositoryRef(), steps.Absent, wantedRepository()); err != nil {
		t.Errorf("a registration that was done: %v", err)
	}
	b.reads(repositoryRef(), wantedRepository())
}

// TestRegistrationLeftBehind: neither verified nor removable, which is said.
func TestRegistrationLeftBehind(t *testing.T) {
	b := newBench(t)
	b.must(b.acc.CreateBucket(b.ctx, account.BucketSpec{Name: bucketName, Region: sandboxRegion}))
	wrong := wantedRole()
	wrong.Inline = nil
	b.goes(roleRef(), steps.Absent, wrong.Doc())
	b.between = func(req *http.Request) *http.Response {
		if req.Method == http.MethodDelete {
			return answer(403, "application/json", `{"Message":"User: x is not authorized to perform: es:ESHttpDelete"}`)
		}
		return nil
	}
	var said *steps.Error
	err := b.kind(steps.KindRepository).Write(b.ctx, repositoryRef(), steps.Absent, wantedRepository())
	if !asError(err, &said) || !strings.Contains(said.Summary.String(), "left behind") || !strings.Contains(said.Fix.String(), "DELETE _snapshot/snapferry") {
		t.Fatalf("%v", err)
	}
	if f := failure.Of(err); f.Code == "" || f.Kind != failure.Denied {
		t.Errorf("the engine's own words are gone: %+v", f)
	}
	// One that was there before is left as the failed change made it.
	b.between = nil
	before, err := b.kind(steps.KindRepository).Read(b.ctx, repositoryRef())
	b.must(err)
	if err := b.kind(steps.KindRepository).Write(b.ctx, repositoryRef(), before, wantedRepository()); err == nil {
		t.Error("a registration that cannot be verified was taken for done")
	}
	b.reads(repositoryRef(), before)
}

// TestRoleIsSeenLate: IAM does not show a role at once that it has just made. That
// passes, says the failure, and a second try goes on with the role.
func TestRoleIsSeenLate(t *testing.T) {
	b := newBench(t)
	late := 1
	b.between = func(req *http.Request) *http.Response {
		if !strings.HasPrefix(req.URL.Host, "iam.") || late == 0 {
			return nil
		}
		body, err := io.ReadAll(req.Body)
		if err != nil {
			t.Error(err)
		}
		req.Body = io.NopCloser(strings.NewReader(string(body)))
		if !strings.Contains(string(body), "Action=PutRolePolicy") {
			return nil
		}
		late--
		return answer(404, "text/xml", `<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>The role cannot be found.</Message></Error></ErrorResponse>`)
	}
	kind := b.kind(steps.KindRole)
	f := failure.Of(kind.Write(b.ctx, roleRef(), steps.Absent, wantedRole().Doc()))
	if f == nil || !f.Transient || !strings.Contains(f.Message, roleName) {
		t.Fatalf("a role that is not shown yet: %+v", f)
	}
	half, err := kind.Read(b.ctx, roleRef())
	b.must(err)
	b.goes(roleRef(), half, wantedRole().Doc())
}
