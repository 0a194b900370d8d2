package s3

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/backend"
)

func storeError(err error) string {
	var e *backend.StoreError
	switch {
	case err == nil:
		return ""
	case !errors.As(err, &e):
		return "no StoreError: " + err.Error()
	case e.Service != "S3" || len(e.RequestID) != 16:
		return fmt.Sprintf("%+v", e)
	}
	return fmt.Sprintf("%d %s %s", e.Status, e.Code, e.Message)
}

func TestBlobs(t *testing.T) {
	f := newFixture(t)
	ctx := context.Background()
	b := f.service.Blobs(callerOf(admin), backend.Place{Bucket: "bkt", Region: "eu-west-1"})
	for _, k := range []string{"base/b", "base/a-1", "base/a/1", "base//odd", "other"} {
		if err := b.Put(ctx, k, []byte("body of "+k)); err != nil {
			t.Fatal(err)
		}
	}
	body, err := b.Get(ctx, "base//odd")
	if err != nil || string(body) != "body of base//odd" {
		t.Errorf("%q, %v", body, err)
	}
	list, err := b.List(ctx, "base/")
	if err != nil {
		t.Fatal(err)
	}
	want := []backend.Blob{{Key: "base//odd", Size: 17}, {Key: "base/a-1", Size: 16}, {Key: "base/a/1", Size: 16}, {Key: "base/b", Size: 14}}
	if d := cmp.Diff(want, list); d != "" {
		t.Error(d)
	}
	// The same objects over HTTP, with what an upload there would have kept.
	r := f.do(ask{who: admin, method: "GET", target: "/bkt/other", header: map[string]string{"X-Amz-Checksum-Mode": "ENABLED"}})
	if r.body != "body of other" || r.header.Get("X-Amz-Checksum-Crc64nvme") != sumOf("crc64nvme", "body of other") || r.header.Get(sseHeader) != "AES256" {
		t.Errorf("%+v", r)
	}
	if err := b.Delete(ctx, []string{"base/b", "base/none", "other"}); err != nil {
		t.Fatal(err)
	}
	if list, _ := b.List(ctx, ""); len(list) != 3 {
		t.Errorf("%v", list)
	}
}

func TestBlobsAreDecidedLikeRequests(t *testing.T) {
	f := newFixture(t)
	f.put("bkt", "k", "x")
	f.gate.grants[nobody] = statement(`"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::bkt/*"`)
	ctx := context.Background()
	denied := func(action, resource string) string {
		return `403 AccessDenied User: arn:aws:iam::111111111111:user/nobody is not authorized to perform: ` + action + ` on resource: "` + resource + `" because no identity-based policy allows the ` + action + ` action`
	}
	tests := []struct {
		name, who, bucket string
		region            awsid.Region
		do                func(backend.Blobs) error
		want              string
	}{
		{"get", nobody, "bkt", "", func(b backend.Blobs) error { _, err := b.Get(ctx, "k"); return err }, ""},
		{"get of nothing", nobody, "bkt", "", func(b backend.Blobs) error { _, err := b.Get(ctx, "none"); return err }, denied("s3:ListBucket", "arn:aws:s3:::bkt")},
		{"get of nothing by one who may list", admin, "bkt", "", func(b backend.Blobs) error { _, err := b.Get(ctx, "none"); return err }, "404 NoSuchKey The specified key does not exist."},
		{"put", nobody, "bkt", "", func(b backend.Blobs) error { return b.Put(ctx, "k", nil) }, denied("s3:PutObject", "arn:aws:s3:::bkt/k")},
		{"list", nobody, "bkt", "", func(b backend.Blobs) error { _, err := b.List(ctx, ""); return err }, denied("s3:ListBucket", "arn:aws:s3:::bkt")},
		{"delete", nobody, "bkt", "", func(b backend.Blobs) error { return b.Delete(ctx, []string{"k"}) }, denied("s3:DeleteObject", "arn:aws:s3:::bkt/k")},
		{"another account", foreign, "bkt", "", func(b backend.Blobs) error { _, err := b.Get(ctx, "k"); return err }, "403 AccessDenied Access Denied"},
		{"no bucket", admin, "none", "", func(b backend.Blobs) error { return b.Put(ctx, "k", nil) }, "404 NoSuchBucket The specified bucket does not exist"},
		{"other region", admin, "bkt", "us-east-1", func(b backend.Blobs) error { return b.Put(ctx, "k", nil) }, "301 PermanentRedirect The bucket is in this region: eu-west-1. Please use this region to retry the request"},
	}
	for _, tt := range tests {
		if got := storeError(tt.do(f.service.Blobs(callerOf(tt.who), backend.Place{Bucket: tt.bucket, Region: string(tt.region)}))); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// TestBlobsSendTheListPrivate as the engine's plugin does: an enforced bucket of
// another account refuses it.
func TestBlobsSendTheListPrivate(t *testing.T) {
	f := newFixture(t)
	put := func() string {
		return storeError(f.service.Blobs(callerOf(foreign), backend.Place{Bucket: "bkt"}).Put(context.Background(), "k", nil))
	}
	f.bucket("bkt", BucketConfig{Owner: source, Region: "eu-west-1", Ownership: ownerEnforced, Policy: statement(shared)})
	if got := put(); got != "400 AccessControlListNotSupported The bucket does not allow ACLs" {
		t.Errorf("enforced: %s", got)
	}
	control := backend.Place{Bucket: "bkt", CannedACL: "bucket-owner-full-control"}
	if err := f.service.Blobs(callerOf(foreign), control).Put(context.Background(), "k", nil); err != nil {
		t.Errorf("enforced, the owner in control: %v", err)
	}
	f.bucket("bkt", BucketConfig{Owner: source, Region: "eu-west-1", Ownership: objectWriter, Policy: statement(shared)})
	if got := put(); got != "" {
		t.Errorf("object writer: %s", got)
	}
	if _, err := f.service.Blobs(callerOf(admin), backend.Place{Bucket: "bkt"}).Get(context.Background(), "k"); storeError(err) != "403 AccessDenied Access Denied" {
		t.Errorf("the bucket's owner reads: %v", err)
	}
}

func TestBlobsEndWithTheContext(t *testing.T) {
	f := newFixture(t)
	f.put("bkt", "k", "x")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	b := f.service.Blobs(callerOf(admin), backend.Place{Bucket: "bkt"})
	_, get := b.Get(ctx, "k")
	_, list := b.List(ctx, "")
	for name, err := range map[string]error{"get": get, "list": list, "put": b.Put(ctx, "k", nil), "delete": b.Delete(ctx, []string{"k"})} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if r := f.do(ask{who: admin, method: "GET", target: "/bkt/k"}); r.body != "x" {
		t.Errorf("the object: %q", r.body)
	}
}
