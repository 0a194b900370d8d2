package s3

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// threeParts is an object in three parts, the first two of the least size.
func threeParts() [][]byte {
	return [][]byte{bytes.Repeat([]byte("a"), leastPart), bytes.Repeat([]byte("b"), leastPart+1), []byte("end")}
}

func TestMultipartUpload(t *testing.T) {
	f := newFixture(t)
	ctx, c, b, k := context.Background(), f.client(admin), aws.String("bkt"), aws.String("big/object")
	tests := []struct {
		algorithm types.ChecksumAlgorithm
		kind      types.ChecksumType
		wantKind  string
	}{
		{types.ChecksumAlgorithmCrc32, "", composite},
		{types.ChecksumAlgorithmCrc32, types.ChecksumTypeFullObject, fullObject},
		{types.ChecksumAlgorithmSha256, "", composite},
		{types.ChecksumAlgorithmCrc64nvme, "", fullObject},
	}
	for _, tt := range tests {
		u, err := c.CreateMultipartUpload(ctx, &sdk.CreateMultipartUploadInput{
			Bucket: b, Key: k, ChecksumAlgorithm: tt.algorithm, ChecksumType: tt.kind, ContentType: aws.String("x/y"), Metadata: map[string]string{"m": "1"},
		})
		if err != nil {
			t.Fatal(err)
		}
		var done []types.CompletedPart
		md5s, whole := md5.New(), newHash(strings.ToLower(string(tt.algorithm)))
		compositeSum := newHash(strings.ToLower(string(tt.algorithm)))
		for i, body := range threeParts() {
			p, err := c.UploadPart(ctx, &sdk.UploadPartInput{Bucket: b, Key: k, UploadId: u.UploadId, PartNumber: aws.Int32(int32(i + 1)), Body: bytes.NewReader(body), ChecksumAlgorithm: tt.algorithm})
			if err != nil {
				t.Fatalf("%s part %d: %v", tt.algorithm, i+1, err)
			}
			sum := md5.Sum(body)
			md5s.Write(sum[:])
			whole.Write(body)
			one := newHash(strings.ToLower(string(tt.algorithm)))
			one.Write(body)
			compositeSum.Write(one.Sum(nil))
			done = append(done, types.CompletedPart{PartNumber: aws.Int32(int32(i + 1)), ETag: p.ETag, ChecksumCRC32: p.ChecksumCRC32, ChecksumSHA256: p.ChecksumSHA256, ChecksumCRC64NVME: p.ChecksumCRC64NVME})
		}
		out, err := c.CompleteMultipartUpload(ctx, &sdk.CompleteMultipartUploadInput{Bucket: b, Key: k, UploadId: u.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: done}})
		if err != nil {
			t.Fatalf("%s: %v", tt.algorithm, err)
		}
		if want := fmt.Sprintf(`"%x-3"`, md5s.Sum(nil)); *out.ETag != want || string(out.ChecksumType) != tt.wantKind {
			t.Errorf("%s: etag %s, want %s; %s", tt.algorithm, *out.ETag, want, out.ChecksumType)
		}
		want := base64.StdEncoding.EncodeToString(whole.Sum(nil))
		if tt.wantKind == composite {
			want = base64.StdEncoding.EncodeToString(compositeSum.Sum(nil)) + "-3"
		}
		head := f.do(ask{who: admin, method: "HEAD", target: "/bkt/big/object", header: map[string]string{"X-Amz-Checksum-Mode": "ENABLED"}}).header
		if got := head.Get(checksumPrefix + strings.ToLower(string(tt.algorithm))); got != want || head.Get("X-Amz-Meta-M") != "1" || head.Get("Content-Type") != "x/y" {
			t.Errorf("%s: checksum %q, want %q; %v", tt.algorithm, got, want, head)
		}
		body, err := c.GetObject(ctx, &sdk.GetObjectInput{Bucket: b, Key: k})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(body.Body); err != nil || !bytes.Equal(got, bytes.Join(threeParts(), nil)) {
			t.Errorf("%s: %d bytes back, %v", tt.algorithm, len(got), err)
		}
	}
}

func TestPartsListed(t *testing.T) {
	f := newFixture(t)
	id, _ := begun(t, f, "a", "bb", "ccc")
	listed, err := f.client(admin).ListParts(context.Background(), &sdk.ListPartsInput{Bucket: aws.String("bkt"), Key: aws.String("k"), UploadId: aws.String(id), MaxParts: aws.Int32(2)})
	if err != nil || len(listed.Parts) != 2 || !*listed.IsTruncated || *listed.NextPartNumberMarker != "2" || *listed.Parts[1].Size != 2 {
		t.Errorf("%+v, %v", listed, err)
	}
	rest, err := f.client(admin).ListParts(context.Background(), &sdk.ListPartsInput{Bucket: aws.String("bkt"), Key: aws.String("k"), UploadId: aws.String(id), PartNumberMarker: aws.String("2")})
	if err != nil || len(rest.Parts) != 1 || *rest.IsTruncated || *rest.Parts[0].PartNumber != 3 {
		t.Errorf("%+v, %v", rest, err)
	}
}

// begun starts an upload without declared checksums and sends parts.
func begun(t *testing.T, f *fixture, parts ...string) (id string, etags []string) {
	t.Helper()
	u, err := f.client(admin).CreateMultipartUpload(context.Background(), &sdk.CreateMultipartUploadInput{Bucket: aws.String("bkt"), Key: aws.String("k")},
		func(o *sdk.Options) { o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired })
	if err != nil {
		t.Fatal(err)
	}
	for i, body := range parts {
		r := f.do(ask{who: admin, method: "PUT", target: fmt.Sprintf("/bkt/k?partNumber=%d&uploadId=%s", i+1, *u.UploadId), body: body})
		if r.status != 200 {
			t.Fatalf("part %d: %+v", i+1, r)
		}
		etags = append(etags, r.header.Get("ETag"))
	}
	return *u.UploadId, etags
}

func partList(etags ...string) string {
	b := "<CompleteMultipartUpload>"
	for _, e := range etags {
		n, etag, _ := strings.Cut(e, " ")
		b += "<Part><PartNumber>" + n + "</PartNumber><ETag>" + etag + "</ETag></Part>"
	}
	return b + "</CompleteMultipartUpload>"
}

func TestCompleteRefuses(t *testing.T) {
	f := newFixture(t)
	id, etags := begun(t, f, "small", "end")
	one, two := "1 "+etags[0], "2 "+etags[1]
	tests := []struct {
		name, body, code string
		header           map[string]string
	}{
		{"small part", partList(one, two), "EntityTooSmall", nil},
		{"order", partList(two, one), "InvalidPartOrder", nil},
		{"other etag", partList("1 " + etags[1]), "InvalidPart", nil},
		{"missing part", partList(one, "7 "+etags[1]), "InvalidPart", nil},
		{"no part", partList(), "MalformedXML", nil},
		{"no XML", "x", "MalformedXML", nil},
		{"checksum of the whole", partList(two), "BadDigest", map[string]string{"X-Amz-Checksum-Crc64nvme": sumOf("crc64nvme", "other")}},
		{"size of the whole", partList(two), "InvalidRequest", map[string]string{"X-Amz-Mp-Object-Size": "4"}},
		{"not there yet", partList(two), "NoSuchKey", map[string]string{"If-Match": `"x"`}},
	}
	for _, tt := range tests {
		r := f.do(ask{who: admin, method: "POST", target: "/bkt/k?uploadId=" + id, body: tt.body, header: tt.header})
		if r.code != tt.code {
			t.Errorf("%s: %d %s %s", tt.name, r.status, r.code, r.message)
		}
		if tt.code == "EntityTooSmall" && !strings.Contains(r.body, "<MinSizeAllowed>5242880</MinSizeAllowed>") {
			t.Error(r.body)
		}
	}
	// The upload outlived all of that.
	r := f.do(ask{who: admin, method: "POST", target: "/bkt/k?uploadId=" + id, body: partList(two), header: map[string]string{"X-Amz-Checksum-Crc64nvme": sumOf("crc64nvme", "end"), "If-None-Match": "*"}})
	if r.status != 200 || !strings.Contains(r.body, "<Location>https://bkt.s3.eu-west-1.amazonaws.com/k</Location>") {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if r := f.do(ask{who: admin, method: "GET", target: "/bkt/k"}); r.body != "end" {
		t.Errorf("body %q", r.body)
	}
	if r := f.do(ask{who: admin, method: "POST", target: "/bkt/k?uploadId=" + id, body: partList(two)}); r.status != 404 || r.code != "NoSuchUpload" {
		t.Errorf("again: %d %s", r.status, r.code)
	}
}

func TestPartsRefused(t *testing.T) {
	f := newFixture(t)
	id, _ := begun(t, f, "x")
	for target, want := range map[string]string{
		"/bkt/k?partNumber=0&uploadId=" + id:     "InvalidArgument",
		"/bkt/k?partNumber=10001&uploadId=" + id: "InvalidArgument",
		"/bkt/k?partNumber=x&uploadId=" + id:     "InvalidArgument",
		"/bkt/k?partNumber=1&uploadId=00":        "NoSuchUpload",
		"/bkt/other?partNumber=1&uploadId=" + id: "NoSuchUpload",
	} {
		if r := f.do(ask{who: admin, method: "PUT", target: target, body: "x"}); r.code != want {
			t.Errorf("%s: %d %s", target, r.status, r.code)
		}
	}
	r := f.do(ask{who: admin, method: "POST", target: "/bkt/k?uploads", header: map[string]string{"X-Amz-Checksum-Algorithm": "SHA1", "X-Amz-Checksum-Type": "FULL_OBJECT"}})
	if r.code != "InvalidRequest" {
		t.Errorf("a full-object SHA1: %d %s", r.status, r.code)
	}
}

func TestUploadsListedAndAborted(t *testing.T) {
	f := newFixture(t)
	first, _ := begun(t, f, "x")
	begun(t, f)
	var seen int
	p := sdk.NewListMultipartUploadsPaginator(f.client(admin), &sdk.ListMultipartUploadsInput{Bucket: aws.String("bkt"), MaxUploads: aws.Int32(1)})
	for p.HasMorePages() {
		page, err := p.NextPage(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		seen += len(page.Uploads)
	}
	if seen != 2 {
		t.Errorf("%d uploads listed", seen)
	}
	if r := f.do(ask{who: admin, method: "GET", target: "/bkt?uploads&prefix=other"}); strings.Contains(r.body, "<Upload>") {
		t.Errorf("other prefix: %s", r.body)
	}
	for _, want := range []int{204, 404} {
		if r := f.do(ask{who: admin, method: "DELETE", target: "/bkt/k?uploadId=" + first}); r.status != want {
			t.Errorf("abort: %d, want %d", r.status, want)
		}
	}
	if r := f.do(ask{who: admin, method: "GET", target: "/bkt?list-type=2"}); strings.Contains(r.body, "<Key>") {
		t.Errorf("parts are listed as objects: %s", r.body)
	}
}
