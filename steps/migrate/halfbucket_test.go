package migrate

import (
	"net/http"
	"strings"
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/resource"
	"snapferry/steps/spec"
)

// TestABucketHalfMade: a bucket that a start made and did not come to the end of is
// finished by the next one, with its key and its mark, and not taken for somebody
// else's because of what S3 gives every new bucket.
func TestABucketHalfMade(t *testing.T) {
	const denied = `<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`
	for _, setting := range []string{"publicAccessBlock", "encryption", "tagging"} {
		t.Run(setting, func(t *testing.T) {
			r := newRoad(t, options{spec: func(s *spec.Spec) { s.Bucket.KMSKey = sandbox.CustomerKey }})
			r.between = func(req *http.Request) *http.Response {
				if req.Method == http.MethodPut && strings.HasPrefix(req.URL.RawQuery, setting) {
					return reply(403, denied)
				}
				return nil
			}
			r.with(Catalogue(r.spec, r.facts)[:1])
			if err := r.run(); err == nil {
				t.Fatal("the refused setting was not missed")
			}
			r.between = nil
			r.start()
			r.upTo(StepBucket)
			doc, err := r.facts.Doc(r.ctx, steps.Ref{Kind: steps.KindBucket, Side: steps.Source, Name: "acme-os-migration"})
			r.must(err)
			b, _, err := resource.ParseBucket(doc)
			r.must(err)
			if b.Encryption == nil || b.Encryption.KeyARN != sandbox.CustomerKey.String() || b.Tags[resource.TagRun] != "run-1" {
				t.Errorf("left half made: %s", doc)
			}
			if n := len(r.tape.State().Changes); n != 2 {
				t.Errorf("%d changes: the policy is missing", n)
			}
		})
	}
}

// TestNobodysBucketWithoutSTS: a stranger's bucket that lets us in is not taken where
// STS cannot say whose account this is.
func TestNobodysBucketWithoutSTS(t *testing.T) {
	r := newRoad(t, options{})
	theirBucket(r)
	r.must(r.account(steps.Target).PutBucketPolicy(r.ctx, r.spec.Bucket.Name, []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"s3:*","Resource":["arn:aws:s3:::acme-os-migration","arn:aws:s3:::acme-os-migration/*"]}]}`)))
	r.spec.Target.Account = r.spec.Source.Account
	r.facts.DropAll()
	r.start()
	r.between = func(req *http.Request) *http.Response {
		if strings.HasPrefix(req.URL.Host, "sts.") {
			return reply(503, "")
		}
		return nil
	}
	if changes, err := r.planned(StepBucket); err == nil || !strings.Contains(err.Error(), "not this account's") {
		t.Errorf("%v %v", changes, err)
	}
}
