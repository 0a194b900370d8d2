package cli

import (
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/ui/ask"
)

// TestRouteKeepsTheEncryption: a run forgets what was known of a bucket that it makes, and
// the report's route is that of the run. It is not taken for another bucket's, nor for
// that of other answers.
func TestRouteKeepsTheEncryption(t *testing.T) {
	s := seated(t, t.TempDir(), small)
	p := s.planned()
	at := func(when, want string) {
		t.Helper()
		if got := s.desk.Route().Bucket; got.Encryption != want {
			t.Errorf("%s: %+v", when, got)
		}
	}
	at("planned", "SSE-KMS")
	_, done := follow(t, p)
	if err := s.desk.Run(t.Context(), "typed the target account id"); err != nil {
		t.Fatal(err)
	}
	<-done
	at("moved", "SSE-KMS")
	named := s.desk.spec.Bucket.Name
	s.desk.spec.Bucket.Name = "acme-another"
	s.desk.learn()
	at("another bucket", "")
	s.desk.spec.Bucket.Name = named
	s.looked()
	at("looked again", "SSE-KMS")
	s.desk.facts.DropAll()
	s.desk.learned = nil // as with a view of other answers
	s.desk.learn()
	at("other answers", "")
}

// TestRouteTellsTheBucketsEncryption: that of the bucket which is there, whatever was
// answered, and of the answers where it is to be made.
func TestRouteTellsTheBucketsEncryption(t *testing.T) {
	dir := t.TempDir()
	plain := keyLine.ReplaceAllString(small, "")
	look := func(answers, before, after string) *seat {
		s := seated(t, dir, answers)
		s.desk.spec, _ = s.a.Draft().Partial(s.desk.began())
		if s.desk.learn(); s.desk.Route().Bucket.Encryption != before {
			t.Errorf("before anybody looked: %+v", s.desk.Route().Bucket)
		}
		if s.looked(); s.desk.Route().Bucket.Encryption != after {
			t.Errorf("looked: %+v", s.desk.Route().Bucket)
		}
		return s
	}
	look(plain, "", "SSE-S3").leave()
	look(small, "", "SSE-KMS").leave()
	moved(t, dir)
	s := look(plain, "", "SSE-KMS")
	o, err := s.desk.Fetch(t.Context(), s.a, ask.Request{What: ask.Crypto, Side: steps.Source, Slot: "control"})
	if err != nil || o.Default != sandbox.CustomerKey.String() {
		t.Errorf("%+v, %v", o, err)
	}
}
