package s3

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox/world"
)

func TestWorldRegister(t *testing.T) {
	dir := t.TempDir()
	now := func() time.Time { return noon }
	w, err := world.Open(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	r := WorldRegister{World: w}
	a := BucketConfig{
		Name: "b-bucket", Owner: source, Region: "eu-west-1", Created: noon, Policy: `{"odd": "text" }`, Ownership: ownerEnforced,
		PublicAccess: &PublicAccess{BlockPublicPolicy: true}, Encryption: Encryption{Algorithm: "aws:kms", Key: "k", BucketKey: true},
		Tags: []Tag{{"k", "v"}}, Lifecycle: "<x/>",
	}
	b := BucketConfig{Name: "a-bucket", Owner: target, Region: "us-east-1", Created: noon}
	for _, cfg := range []BucketConfig{a, b} {
		if err := r.Put(cfg); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if w, err = world.Open(dir, now); err != nil { // it outlives the process
		t.Fatal(err)
	}
	defer w.Close()
	r = WorldRegister{World: w}
	if d := cmp.Diff([]BucketConfig{b, a}, r.Buckets()); d != "" {
		t.Error(d)
	}
	if got, ok := r.Bucket("b-bucket"); !ok || cmp.Diff(a, got) != "" {
		t.Errorf("%+v", got)
	}
	if err := r.Delete("b-bucket"); err != nil {
		t.Fatal(err)
	}
	if _, ok := r.Bucket("b-bucket"); ok || len(r.Buckets()) != 1 {
		t.Error("it is still there")
	}
}

// TestPrincipalsOfTheWorld binds a policy to a user, and shows the id when the
// user is gone: the dead principal people find in bucket policies.
func TestPrincipalsOfTheWorld(t *testing.T) {
	w, err := world.Open(t.TempDir(), func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	const id = "AIDAEXAMPLEEXAMPLE000"
	_ = w.Write(func(s *world.State) error {
		s.AddAccount(target, "target").Users["foreign"] = &world.User{Name: "foreign", Path: "/", ID: id}
		return nil
	})
	r := WorldRegister{World: w}
	doc := statement(readAll)
	bound, err := r.Bind(doc)
	if err != nil || !strings.Contains(bound, id) {
		t.Fatalf("%s, %v", bound, err)
	}
	if shown := r.Show(bound); shown != doc {
		t.Errorf("shown %s", shown)
	}
	_ = w.Write(func(s *world.State) error { delete(s.Accounts[target].Users, "foreign"); return nil })
	if shown := r.Show(bound); !strings.Contains(shown, id) {
		t.Errorf("after the deletion: %s", shown)
	}
	if _, err := r.Bind(doc); err == nil {
		t.Error("a principal that does not exist was bound")
	}
}
