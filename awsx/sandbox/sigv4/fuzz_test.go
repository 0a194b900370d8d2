package sigv4

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
)

// FuzzVerify feeds requests that were tampered with at will. Whatever comes in,
// the verifier must not fall over, and must accept nothing but what was signed:
// the same canonical request, that is.
func FuzzVerify(f *testing.F) {
	t := &testing.T{}
	signed := map[string]string{"es": "/_snapshot/repo%20one?verify=true&q=a%2Fb&v", "s3": "/bucket/base/index-0%2Bx?partNumber=1&uploadId=u~1"}
	meaning := map[string]string{}
	for service, target := range signed {
		raw := rawSigned(t, service, target)
		f.Add(raw, service == "s3")
		f.Add(bytes.ReplaceAll(raw, []byte("Signature="), []byte("Signature=,")), service == "s3")
		f.Add(bytes.ReplaceAll(raw, []byte("SignedHeaders="), []byte("SignedHeaders=;;")), service == "s3")
		f.Add(bytes.ReplaceAll(raw, []byte("Credential="), []byte("Credential=////////")), service == "s3")
		f.Add(bytes.ReplaceAll(raw, []byte("AWS4-HMAC-SHA256"), []byte("AWS4-")), service == "s3")
		meaning[service] = meaningOf(raw, service == "s3")
	}
	f.Add([]byte("GET /?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a/b/c/d/e&X-Amz-Date=20260102T120000Z&X-Amz-Expires=1&X-Amz-SignedHeaders=host&X-Amz-Signature=00 HTTP/1.1\r\nHost: h\r\n\r\n"), true)
	f.Fuzz(func(t *testing.T, raw []byte, s3 bool) {
		service := map[bool]string{true: "s3", false: "es"}[s3]
		if accepted(verifier(service, "eu-west-1", noon), raw) && meaningOf(raw, s3) != meaning[service] {
			t.Errorf("accepted:\n%s", raw)
		}
	})
}

// meaningOf is the canonical request of raw bytes, "" where they hold none.
func meaningOf(raw []byte, s3 bool) string {
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		return ""
	}
	v := Verifier{Service: map[bool]string{true: "s3", false: "es"}[s3]}
	cl, err := v.claim(r)
	if err != nil || cl == nil {
		return ""
	}
	body, _ := io.ReadAll(r.Body)
	canonical, _ := canonicalRequest(r, cl, hexHash(body), s3)
	return canonical
}

// FuzzChunks feeds arbitrary aws-chunked streams: the reader must end, must not
// give more than was promised, and may say "done" only after exactly that much.
func FuzzChunks(f *testing.F) {
	for _, s := range []string{
		"5\r\nhello\r\n0\r\n\r\n", "0\r\n\r\n", "5\r\nhel", "ffffffffff\r\n", "5;chunk-signature=00\r\nhello\r\n0;chunk-signature=00\r\n\r\n",
		"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", "-1\r\n", "0\r\na\r\n\r\n", "1\r\na\r\n1\r\nb\r\n3\r\ncde\r\n0\r\n\r\n",
	} {
		f.Add([]byte(s), int64(5), true)
		f.Add([]byte(s), int64(0), false)
	}
	f.Fuzz(func(t *testing.T, raw []byte, promised int64, trailer bool) {
		if promised < 0 || promised > 1<<20 {
			return
		}
		r := newChunkReader(io.NopCloser(bytes.NewReader(raw)), nil, promised, trailer)
		n, err := io.Copy(io.Discard, r)
		if n > promised || n > int64(len(raw)) || err == nil && n != promised {
			t.Errorf("%q promised %d, gave %d, %v", raw, promised, n, err)
		}
		if _, again := r.Read(make([]byte, 1)); again == nil {
			t.Error("it goes on after its end")
		}
	})
}

// TestChainIsOfOneBody moves whole, validly signed chunks: between places, out,
// and in twice.
func TestChainIsOfOneBody(t *testing.T) {
	head, body := documentedChunks(false)
	first := body[:strings.Index(body, "400;")]
	second := body[len(first):strings.Index(body, "0;chunk-signature=b6")]
	last := body[len(first)+len(second):]
	for name, stream := range map[string]string{
		"as sent": first + second + last, "swapped": second + first + last, "first left out": second + last, "second left out": first + last,
		"second twice": first + second + second + last, "last alone": last, "no last": first + second,
	} {
		n, err := drain(t, head, stream)
		if (err == nil) != (name == "as sent") {
			t.Errorf("%s: %d bytes, %v", name, n, err)
		}
	}
}
