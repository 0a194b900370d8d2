package s3

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"
)

func TestListPages(t *testing.T) {
	f := newFixture(t)
	var keys []string
	for i := range 25 {
		keys = append(keys, fmt.Sprintf("d%d/%02d", i%3, i))
	}
	keys = append(keys, "a b+c", "ü", "z&<>")
	slices.Sort(keys)
	for _, k := range keys {
		f.put("bkt", k, k)
	}
	ctx, c, b := context.Background(), f.client(admin), aws.String("bkt")
	var got []string
	pages := 0
	for p := sdk.NewListObjectsV2Paginator(c, &sdk.ListObjectsV2Input{Bucket: b, MaxKeys: aws.Int32(7)}); p.HasMorePages(); pages++ {
		page, err := p.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if int(*page.KeyCount) != len(page.Contents) || *page.MaxKeys != 7 {
			t.Errorf("page %d says %d keys, has %d", pages, *page.KeyCount, len(page.Contents))
		}
		for _, o := range page.Contents {
			got = append(got, *o.Key)
			if *o.Size != int64(len(*o.Key)) || o.ETag == nil || o.StorageClass != "STANDARD" || !o.LastModified.Equal(noon) || o.Owner != nil {
				t.Errorf("%+v", o)
			}
		}
	}
	if d := cmp.Diff(keys, got); d != "" || pages != 4 {
		t.Errorf("%d pages\n%s", pages, d)
	}
	// The older form: markers, and the last key as the marker of the next page.
	got = nil
	for marker := ""; ; {
		page, err := c.ListObjects(ctx, &sdk.ListObjectsInput{Bucket: b, Marker: aws.String(marker), MaxKeys: aws.Int32(9)})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Contents {
			got = append(got, *o.Key)
		}
		if !*page.IsTruncated {
			break
		}
		marker = *page.Contents[len(page.Contents)-1].Key
	}
	if d := cmp.Diff(keys, got); d != "" {
		t.Errorf("markers\n%s", d)
	}
}

func TestListFolders(t *testing.T) {
	f := newFixture(t)
	for _, k := range []string{"a/1", "a/2", "a-b", "b/c/1", "b/d", "z"} {
		f.put("bkt", k, "x")
	}
	ctx, c, b := context.Background(), f.client(admin), aws.String("bkt")
	walk := func(prefix string) (out []string) {
		for token := (*string)(nil); ; {
			page, err := c.ListObjectsV2(ctx, &sdk.ListObjectsV2Input{Bucket: b, Delimiter: aws.String("/"), Prefix: aws.String(prefix), MaxKeys: aws.Int32(1), ContinuationToken: token})
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range page.Contents {
				out = append(out, *o.Key)
			}
			for _, p := range page.CommonPrefixes {
				out = append(out, *p.Prefix)
			}
			if token = page.NextContinuationToken; token == nil {
				return out
			}
		}
	}
	for prefix, want := range map[string][]string{"": {"a-b", "a/", "b/", "z"}, "b/": {"b/c/", "b/d"}, "a": {"a-b", "a/"}, "none": nil} {
		if d := cmp.Diff(want, walk(prefix)); d != "" {
			t.Errorf("%q\n%s", prefix, d)
		}
	}
	v1, err := c.ListObjects(ctx, &sdk.ListObjectsInput{Bucket: b, Delimiter: aws.String("/"), MaxKeys: aws.Int32(2)})
	if err != nil || *v1.NextMarker != "a/" {
		t.Fatalf("%+v, %v", v1, err)
	}
	v1, err = c.ListObjects(ctx, &sdk.ListObjectsInput{Bucket: b, Delimiter: aws.String("/"), Marker: v1.NextMarker})
	if err != nil || len(v1.CommonPrefixes) != 1 || *v1.CommonPrefixes[0].Prefix != "b/" || *v1.Contents[0].Key != "z" || v1.Contents[0].Owner == nil {
		t.Errorf("%+v, %v", v1, err)
	}
	after, err := c.ListObjectsV2(ctx, &sdk.ListObjectsV2Input{Bucket: b, StartAfter: aws.String("b/c/1"), FetchOwner: aws.Bool(true)})
	if err != nil || len(after.Contents) != 2 || *after.StartAfter != "b/c/1" || *after.Contents[0].Owner.ID != canonicalID(source) {
		t.Errorf("%+v, %v", after, err)
	}
}

func TestListParameters(t *testing.T) {
	f := newFixture(t)
	f.put("bkt", "a\x01b +", "x")
	tests := []struct{ query, code, contains string }{
		{"list-type=2&encoding-type=url", "", "<Key>a%01b%20%2B</Key>"},
		{"list-type=2&encoding-type=url", "", "<EncodingType>url</EncodingType>"},
		{"list-type=2&encoding-type=x", "InvalidArgument", ""},
		{"list-type=3", "InvalidArgument", ""},
		{"list-type=2&max-keys=0", "", "<IsTruncated>false</IsTruncated>"},
		{"list-type=2&max-keys=x", "InvalidArgument", ""},
		{"list-type=2&max-keys=-1", "InvalidArgument", ""},
		{"list-type=2&max-keys=5000", "", "<MaxKeys>1000</MaxKeys>"},
		{"list-type=2&continuation-token=%21", "InvalidArgument", ""},
		{"list-type=2&continuation-token=", "InvalidArgument", ""},
		{"prefix=none", "", "<Marker></Marker>"},
	}
	for _, tt := range tests {
		r := f.do(ask{who: admin, method: "GET", target: "/bkt?" + tt.query})
		if r.code != tt.code || !strings.Contains(r.body, tt.contains) {
			t.Errorf("%s: %d %s", tt.query, r.status, r.body)
		}
	}
}

// TestEmptyingABucket does what tools do before they delete one.
func TestEmptyingABucket(t *testing.T) {
	f := newFixture(t)
	for i := range 5 {
		f.put("bkt", fmt.Sprintf("k%d", i), "x")
	}
	ctx, c, b := context.Background(), f.client(admin), aws.String("bkt")
	for p := sdk.NewListObjectVersionsPaginator(c, &sdk.ListObjectVersionsInput{Bucket: b, MaxKeys: aws.Int32(2)}); p.HasMorePages(); {
		page, err := p.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var ids []types.ObjectIdentifier
		for _, v := range page.Versions {
			if *v.VersionId != "null" || !*v.IsLatest {
				t.Errorf("%+v", v)
			}
			ids = append(ids, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
		}
		out, err := c.DeleteObjects(ctx, &sdk.DeleteObjectsInput{Bucket: b, Delete: &types.Delete{Objects: ids}})
		if err != nil || len(out.Deleted) != len(ids) || len(out.Errors) != 0 {
			t.Fatalf("%+v, %v", out, err)
		}
	}
	if _, err := c.DeleteBucket(ctx, &sdk.DeleteBucketInput{Bucket: b}); err != nil {
		t.Error(err)
	}
}
