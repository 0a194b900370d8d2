package s3

import (
	"bufio"
	"bytes"
	"context"
	"crypto/md5"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// TestChecksumsOfTheStandardText compares with the published check values of
// "123456789".
func TestChecksumsOfTheStandardText(t *testing.T) {
	for algorithm, want := range map[string]string{
		"crc32": "cbf43926", "crc32c": "e3069283", "crc64nvme": "ae8b14860a799888",
		"sha1": "f7c3bc1d808e04732adf679965ccc34ca7ae3441", "sha256": "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
	} {
		h := newHash(algorithm)
		h.Write([]byte("123456789"))
		if got := fmt.Sprintf("%x", h.Sum(nil)); got != want {
			t.Errorf("%s: %s, want %s", algorithm, got, want)
		}
	}
}

func sumOf(algorithm, body string) string {
	h := newHash(algorithm)
	h.Write([]byte(body))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

func TestDigestsOfABody(t *testing.T) {
	f := newFixture(t)
	good := md5.Sum([]byte("body"))
	goodMD5 := base64.StdEncoding.EncodeToString(good[:])
	tests := []struct {
		name   string
		header map[string]string
		code   string
		kept   string
	}{
		{"none", nil, "", "crc64nvme"},
		{"md5", map[string]string{"Content-Md5": goodMD5}, "", "crc64nvme"},
		{"crc32", map[string]string{"X-Amz-Checksum-Crc32": sumOf("crc32", "body")}, "", "crc32"},
		{"crc32c", map[string]string{"X-Amz-Checksum-Crc32c": sumOf("crc32c", "body")}, "", "crc32c"},
		{"sha1", map[string]string{"X-Amz-Checksum-Sha1": sumOf("sha1", "body"), "Content-Md5": goodMD5}, "", "sha1"},
		{"sha256", map[string]string{"X-Amz-Checksum-Sha256": sumOf("sha256", "body")}, "", "sha256"},
		{"wrong md5", map[string]string{"Content-Md5": base64.StdEncoding.EncodeToString(make([]byte, 16))}, "BadDigest", ""},
		{"no md5", map[string]string{"Content-Md5": "xyz"}, "InvalidDigest", ""},
		{"wrong crc32", map[string]string{"X-Amz-Checksum-Crc32": "AAAAAA=="}, "BadDigest", ""},
		{"short crc32", map[string]string{"X-Amz-Checksum-Crc32": "AAAA"}, "InvalidRequest", ""},
		{"two", map[string]string{"X-Amz-Checksum-Crc32": sumOf("crc32", "body"), "X-Amz-Checksum-Sha1": sumOf("sha1", "body")}, "InvalidRequest", ""},
		{"announced, not given", map[string]string{"X-Amz-Sdk-Checksum-Algorithm": "CRC32"}, "InvalidRequest", ""},
		{"other hash signed", map[string]string{"X-Amz-Content-Sha256": strings.Repeat("0", 64)}, "XAmzContentSHA256Mismatch", ""},
		{"unsigned payload", map[string]string{"X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD"}, "", "crc64nvme"},
	}
	for i, tt := range tests {
		target := fmt.Sprintf("/bkt/%d", i)
		r := f.do(ask{who: admin, method: "PUT", target: target, body: "body", header: tt.header})
		if r.code != tt.code {
			t.Errorf("%s: %d %s %s", tt.name, r.status, r.code, r.message)
		}
		got := f.do(ask{who: admin, method: "HEAD", target: target, header: map[string]string{"X-Amz-Checksum-Mode": "ENABLED"}})
		if tt.code != "" {
			if got.status != 404 {
				t.Errorf("%s: the object is there", tt.name)
			}
			continue
		}
		if v := got.header.Get(checksumPrefix + tt.kept); v != sumOf(tt.kept, "body") || got.header.Get(checksumType) != fullObject {
			t.Errorf("%s: kept %q (%s)", tt.name, v, got.header.Get(checksumType))
		}
	}
}

// TestSDKUploads sends bodies in the forms the SDK chooses: a trailer over TLS,
// a signed hash without.
func TestSDKUploads(t *testing.T) {
	f := newFixture(t)
	for _, over := range []string{"TLS", "nothing"} {
		if over == "nothing" {
			f.plain()
		}
		for _, algorithm := range []types.ChecksumAlgorithm{"", types.ChecksumAlgorithmCrc32, types.ChecksumAlgorithmCrc32c, types.ChecksumAlgorithmCrc64nvme, types.ChecksumAlgorithmSha1, types.ChecksumAlgorithmSha256} {
			body := strings.Repeat("content ", 20000)
			_, err := f.client(admin).PutObject(context.Background(), &sdk.PutObjectInput{Bucket: aws.String("bkt"), Key: aws.String("k"), Body: strings.NewReader(body), ChecksumAlgorithm: algorithm})
			if err != nil {
				t.Errorf("%s over %s: %v", algorithm, over, err)
				continue
			}
			out, err := f.client(admin).GetObject(context.Background(), &sdk.GetObjectInput{Bucket: aws.String("bkt"), Key: aws.String("k"), ChecksumMode: types.ChecksumModeEnabled})
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(out.Body)
			if err != nil || string(got) != body {
				t.Errorf("%s over %s: %d bytes back, %v", algorithm, over, len(got), err)
			}
			if out.ContentEncoding != nil {
				t.Errorf("%s over %s: encoding %q was kept", algorithm, over, *out.ContentEncoding)
			}
		}
	}
}

// TestUnsignedTrailerWithoutLength is what botocore sends over TLS: a chunked
// transfer whose length only x-amz-decoded-content-length tells.
func TestUnsignedTrailerWithoutLength(t *testing.T) {
	f := newFixture(t)
	f.bucket("bkt", BucketConfig{Owner: source, Region: "eu-west-1", Policy: statement(`"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::bkt/*"`)})
	h := crc32.NewIEEE()
	h.Write([]byte("hello"))
	good := base64.StdEncoding.EncodeToString(h.Sum(nil))
	for trailer, want := range map[string]int{"x-amz-checksum-crc32:" + good + "\r\n": 200, "x-amz-checksum-crc32:AAAAAA==\r\n": 400, "": 400} {
		req, err := http.NewRequest("PUT", f.server.URL+"/bkt/k", io.NopCloser(strings.NewReader("5\r\nhello\r\n0\r\n"+trailer+"\r\n")))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Amz-Content-Sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
		req.Header.Set("X-Amz-Decoded-Content-Length", "5")
		req.Header.Set("X-Amz-Trailer", "x-amz-checksum-crc32")
		req.Header.Set("Content-Encoding", "aws-chunked")
		resp, err := f.server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("trailer %q: %d, want %d", trailer, resp.StatusCode, want)
		}
	}
}

// TestLengthIsNeededAndHeld speaks raw HTTP: a client library would not send
// such bodies.
func TestLengthIsNeededAndHeld(t *testing.T) {
	f := newFixture(t)
	f.bucket("bkt", BucketConfig{Owner: source, Region: "eu-west-1", Policy: statement(`"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::bkt/*"`)})
	tests := map[string]string{
		"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n": "MissingContentLength",
		"Content-Length: 9\r\n\r\nhello":                            "IncompleteBody",
		"Content-Length: 5368709121\r\n\r\nhello":                   "EntityTooLarge",
		"Content-Length: 0\r\nExpect: 100-continue\r\n\r\n":         "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK",
		"Content-Length: 5\r\nExpect: 100-continue\r\n\r\nhello":    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK",
	}
	for rest, want := range tests {
		conn, err := tls.Dial("tcp", f.server.Listener.Addr().String(), &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "PUT /bkt/k HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s", rest)
		_ = conn.CloseWrite()
		got, _ := io.ReadAll(bufio.NewReader(conn))
		conn.Close()
		if !bytes.Contains(got, []byte(want)) {
			t.Errorf("%q: %s", rest, got)
		}
	}
}
