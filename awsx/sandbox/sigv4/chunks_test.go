package sigv4

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// documentedChunks is the upload of AWS's documentation: 66560 times "a" in two
// chunks, in the plain and the trailer form.
func documentedChunks(trailer bool) (head, body string) {
	kind, length, extra, signed, seed := chunked, 66824, "", "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
		"4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
	sigs := []string{
		"ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
		"0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
		"b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
	}
	end := "\r\n"
	if trailer {
		kind, extra = chunkedTrailer, "x-amz-trailer:x-amz-checksum-crc32c\n"
		signed = "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer"
		seed = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
		sigs = []string{
			"b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
			"1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
			"2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
		}
		end = "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "10000;chunk-signature=%s\r\n%s\r\n", sigs[0], strings.Repeat("a", 65536))
	fmt.Fprintf(&b, "400;chunk-signature=%s\r\n%s\r\n", sigs[1], strings.Repeat("a", 1024))
	fmt.Fprintf(&b, "0;chunk-signature=%s\r\n%s", sigs[2], end)
	if trailer {
		length = b.Len()
	}
	head = fmt.Sprintf("PUT /examplebucket/chunkObject.txt HTTP/1.1\nHost: s3.amazonaws.com\nx-amz-date: 20130524T000000Z\nx-amz-storage-class: REDUCED_REDUNDANCY\n"+
		"Authorization: AWS4-HMAC-SHA256 Credential=%s/20130524/us-east-1/s3/aws4_request,SignedHeaders=%s,Signature=%s\n"+
		"x-amz-content-sha256: %s\nContent-Encoding: aws-chunked\nx-amz-decoded-content-length: 66560\n%sContent-Length: %d", docKey, signed, seed, kind, extra, length)
	return head, b.String()
}

func TestDocumentedChunks(t *testing.T) {
	for _, trailer := range []bool{false, true} {
		head, body := documentedChunks(trailer)
		r := wire(t, head, body)
		got, err := verifier("s3", "us-east-1", "20130524T000000Z").Verify(r)
		if err != nil {
			t.Fatalf("trailer %v: %v", trailer, err)
		}
		payload, err := io.ReadAll(r.Body)
		if err != nil || !bytes.Equal(payload, bytes.Repeat([]byte("a"), 66560)) {
			t.Errorf("trailer %v: %d bytes, %v", trailer, len(payload), err)
		}
		if got.Length != 66560 || r.ContentLength != int64(len(body)) {
			t.Errorf("length %d, on the wire %d", got.Length, r.ContentLength)
		}
		want := ""
		if trailer {
			want = "sOO8/Q=="
		}
		if sum := got.Trailer().Get("x-amz-checksum-crc32c"); sum != want {
			t.Errorf("trailer %q, want %q", sum, want)
		}
	}
}

// TestBadChunkStopsTheReader changes one byte at a time, at each edge and inside
// each part of the stream, and cuts it off there.
func TestBadChunkStopsTheReader(t *testing.T) {
	for _, trailer := range []bool{false, true} {
		head, body := documentedChunks(trailer)
		var spots []int
		for i := 0; i < len(body); i++ {
			if i < 200 || i > 65500 && i < 65800 || i > len(body)-320 {
				spots = append(spots, i)
			}
		}
		for _, i := range spots {
			flipped := []byte(body)
			flipped[i] ^= 1
			if got, err := drain(t, head, string(flipped)); err == nil && !harmless(body, i) {
				t.Fatalf("trailer %v: byte %d (%q) flipped: read %d bytes without an error", trailer, i, body[i], got)
			}
			if got, err := drain(t, head, body[:i]); err == nil && !closing(body, i) {
				t.Fatalf("trailer %v: cut at %d: read %d bytes without an error", trailer, i, got)
			}
		}
	}
}

// harmless is true for bytes that carry nothing: the blank line at the end.
func harmless(body string, i int) bool { return i >= len(body)-2 }

// closing is true where everything but the final line break arrived.
func closing(body string, i int) bool { return i >= len(body)-4 }

func drain(t *testing.T, head, body string) (int64, error) {
	t.Helper()
	r := wire(t, head, "")
	r.Body = io.NopCloser(strings.NewReader(body))
	if _, err := verifier("s3", "us-east-1", "20130524T000000Z").Verify(r); err != nil {
		t.Fatal(err)
	}
	return io.Copy(io.Discard, r.Body)
}

func TestUnsignedChunks(t *testing.T) {
	tests := map[string]struct {
		body, length string
		want, code   string
	}{
		"good":            {body: "3\r\nabc\r\n2\r\nde\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", length: "5", want: "abcde"},
		"no last break":   {body: "5\r\nabcde\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n", length: "5", want: "abcde"},
		"bare line feed":  {body: "5\r\nabcde\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\n\r\n", length: "5", want: "abcde"},
		"empty":           {body: "0\r\n\r\n", length: "0"},
		"something after": {body: "1\r\na\r\n0\r\n\r\nx", length: "1", code: "InvalidRequest"},
		"more than said":  {body: "5\r\nabcde\r\n0\r\n\r\n", length: "4", code: "InvalidRequest"},
		"less than said":  {body: "5\r\nabcde\r\n0\r\n\r\n", length: "6", code: "IncompleteBody"},
		"cut in chunk":    {body: "5\r\nabc", length: "5", code: "IncompleteBody"},
		"cut at line":     {body: "5\r\nabcde\r\n", length: "5", code: "IncompleteBody"},
		"no size":         {body: "zz\r\nabcde\r\n0\r\n\r\n", length: "5", code: "InvalidRequest"},
		"chunk too long":  {body: "3\r\nabcde\r\n0\r\n\r\n", length: "5", code: "InvalidRequest"},
		"endless line":    {body: strings.Repeat("1", maxLine+1), length: "5", code: "InvalidRequest"},
		"many trailers":   {body: "0\r\n" + strings.Repeat("a:b\r\n", maxTrailers+1) + "\r\n", length: "0", code: "InvalidRequest"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r, _ := http.NewRequest("PUT", "http://b.s3.amazonaws.com/k", strings.NewReader(tt.body))
			r.Header.Set(contentHash, unsignedTrailer)
			r.Header.Set(decodedLengthKey, tt.length)
			v := verifier("s3", "", "20130524T000000Z")
			v.AllowAnonymous = true
			if _, err := v.Verify(r); err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r.Body)
			if tt.code != "" {
				if code := refusal(t, err).Code; code != tt.code {
					t.Errorf("got %s, want %s", code, tt.code)
				}
				return
			}
			if err != nil || string(got) != tt.want {
				t.Errorf("got %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

// TestSlowBody feeds the stream byte by byte: nothing may depend on how the
// network cuts it.
func TestSlowBody(t *testing.T) {
	head, body := documentedChunks(true)
	r := wire(t, head, "")
	r.Body = io.NopCloser(oneByte{strings.NewReader(body)})
	if _, err := verifier("s3", "us-east-1", "20130524T000000Z").Verify(r); err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, r.Body); n != 66560 || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
}

type oneByte struct{ r io.Reader }

func (o oneByte) Read(p []byte) (int, error) {
	if len(p) > 1 {
		p = p[:1]
	}
	return o.r.Read(p)
}
