package cli

import (
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/ui/ask"
)

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
