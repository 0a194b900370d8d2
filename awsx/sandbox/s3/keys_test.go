package s3

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/kms"
	"snapferry/awsx/sandbox/wire"
)

const keyARN = "arn:aws:kms:eu-west-1:111111111111:key/k"

// keyring notes what it is asked and refuses what a test says.
type keyring struct {
	asked   []string
	refused error
	// refuse is the action to refuse, "" for all.
	refuse string
}

func (k *keyring) Use(w kms.Wish) (string, error) {
	k.asked = append(k.asked, fmt.Sprintf("%s %s %s %q %s", w.Caller.Principal.Name(), w.Region, w.Action, w.Key, w.Context["aws:s3:arn"]))
	if k.refused != nil && (k.refuse == "" || k.refuse == w.Action) {
		return "", k.refused
	}
	return keyARN, nil
}

func (k *keyring) take() []string {
	out := k.asked
	k.asked = nil
	return out
}

// keyed is a fixture whose bucket encrypts with a key by its alias.
func keyed(t *testing.T, e Encryption) (*fixture, *keyring) {
	f, ring := newFixture(t), &keyring{}
	f.service.Keys = ring
	f.bucket("bkt", BucketConfig{Owner: source, Region: "eu-west-1", Ownership: ownerEnforced, Encryption: e, Policy: statement(shared)})
	return f, ring
}

// TestWhatIsAskedOfAKey by each operation, with the caller's rights.
func TestWhatIsAskedOfAKey(t *testing.T) {
	f, ring := keyed(t, Encryption{Algorithm: "aws:kms", Key: "alias/mig"})
	write, read := `admin eu-west-1 kms:GenerateDataKey "alias/mig" arn:aws:s3:::bkt/k`, `admin eu-west-1 kms:Decrypt "`+keyARN+`" arn:aws:s3:::bkt/k`
	var upload string
	for _, tt := range []struct {
		ask  ask
		want []string
	}{
		{ask{method: "PUT", target: "/bkt/k", body: "x"}, []string{write}},
		{ask{method: "GET", target: "/bkt/k"}, []string{read}},
		{ask{method: "HEAD", target: "/bkt/k"}, nil},
		{ask{method: "HEAD", target: "/bkt/k", header: map[string]string{"X-Amz-Checksum-Mode": "ENABLED"}}, []string{read}},
		{ask{method: "GET", target: "/bkt?list-type=2"}, nil},
		{ask{method: "PUT", target: "/bkt/k2", header: map[string]string{"X-Amz-Copy-Source": "/bkt/k"}}, []string{strings.Replace(write, "/k", "/k2", 1), read}},
		{ask{method: "PUT", target: "/bkt/k", body: "x", header: map[string]string{"X-Amz-Server-Side-Encryption": "AES256"}}, nil},
		{ask{method: "PUT", target: "/bkt/k", body: "x", header: map[string]string{"X-Amz-Server-Side-Encryption": "aws:kms"}}, []string{strings.Replace(write, "alias/mig", "", 1)}},
		{ask{method: "PUT", target: "/bkt/k", body: "x", header: map[string]string{sseBucketKey: "true"}}, []string{strings.Replace(write, "bkt/k", "bkt", 1)}},
		{ask{method: "GET", target: "/bkt/k"}, []string{strings.Replace(read, "bkt/k", "bkt", 1)}},
		{ask{method: "POST", target: "/bkt/k?uploads"}, []string{write}},
		{ask{method: "PUT", target: "/bkt/k?partNumber=1&uploadId=", body: "x"}, []string{read}},
		{ask{method: "DELETE", target: "/bkt/k"}, nil},
	} {
		tt.ask.who = admin
		tt.ask.target = strings.Replace(tt.ask.target, "uploadId=", "uploadId="+upload, 1)
		r := f.do(tt.ask)
		if r.status/100 != 2 {
			t.Errorf("%s %s: %d %s", tt.ask.method, tt.ask.target, r.status, r.body)
		}
		if _, rest, ok := strings.Cut(r.body, "<UploadId>"); ok {
			upload, _, _ = strings.Cut(rest, "<")
		}
		if d := cmp.Diff(tt.want, ring.take()); d != "" {
			t.Errorf("%s %s: %s", tt.ask.method, tt.ask.target, d)
		}
	}
}

// TestObjectsRememberTheirKey by its ARN, whatever its alias means tomorrow.
func TestObjectsRememberTheirKey(t *testing.T) {
	f, _ := keyed(t, Encryption{Algorithm: "aws:kms", Key: "alias/mig", BucketKey: true})
	f.put("bkt", "k", "x")
	f.bucket("bkt", BucketConfig{Owner: source, Region: "eu-west-1", Ownership: ownerEnforced})
	r := f.do(ask{who: admin, method: "GET", target: "/bkt/k"})
	if r.header.Get(sseHeader) != "aws:kms" || r.header.Get(sseKeyHeader) != keyARN || r.header.Get(sseBucketKey) != "true" {
		t.Errorf("%v", r.header)
	}
}

// TestRefusedKeys is how S3 passes on what KMS says, on the wire and to the engine.
func TestRefusedKeys(t *testing.T) {
	for name, tt := range map[string]struct {
		fault        *wire.Fault
		status       int
		code, reason string
	}{
		"denied":   {wire.NewFault(400, "AccessDeniedException", "User: x is not authorized"), 403, "AccessDenied", "User: x is not authorized"},
		"disabled": {wire.NewFault(400, "DisabledException", keyARN+" is disabled."), 400, "KMS.DisabledException", keyARN + " is disabled."},
		"deleted":  {wire.NewFault(400, "KMSInvalidStateException", keyARN+" is pending deletion."), 400, "KMS.KMSInvalidStateException", keyARN + " is pending deletion."},
		"missing":  {wire.NewFault(400, "NotFoundException", "Invalid arn us-east-1"), 400, "KMS.NotFoundException", "Invalid arn us-east-1"},
	} {
		f, ring := keyed(t, Encryption{Algorithm: "aws:kms"})
		f.put("bkt", "k", "x")
		ring.refused = tt.fault
		for _, a := range []ask{{method: "PUT", target: "/bkt/k", body: "y"}, {method: "GET", target: "/bkt/k"}, {method: "POST", target: "/bkt/k?uploads"}} {
			a.who = admin
			if r := f.do(a); r.status != tt.status || r.code != tt.code || r.message != tt.reason {
				t.Errorf("%s: %s: %d %s %s", name, a.method, r.status, r.code, r.message)
			}
		}
		b := f.service.Blobs(callerOf(admin), backend.Place{Bucket: "bkt"})
		_, get := b.Get(context.Background(), "k")
		for _, err := range []error{get, b.Put(context.Background(), "k", nil)} {
			if got := storeError(err); got != fmt.Sprintf("%d %s %s", tt.status, tt.code, tt.reason) {
				t.Errorf("%s: %s", name, got)
			}
		}
		ring.refused = nil
		if r := f.do(ask{who: admin, method: "GET", target: "/bkt/k"}); r.body != "x" {
			t.Errorf("%s: a refused upload has left %q", name, r.body)
		}
	}
}

// TestKeysNeedAName: whoever does not sign has no rights on any key.
func TestKeysNeedAName(t *testing.T) {
	f, ring := keyed(t, Encryption{Algorithm: "aws:kms"})
	f.put("bkt", "k", "x")
	f.bucket("bkt", BucketConfig{Owner: source, Region: "eu-west-1", Policy: statement(`"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::bkt/*"`)})
	ring.refused = errors.New("not asked")
	if r := f.do(ask{who: unsigned, method: "GET", target: "/bkt/k"}); r.status != 400 || r.code != "InvalidArgument" {
		t.Errorf("%d %s", r.status, r.body)
	}
}
