package sigv4

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// rawSigned is a signed request as bytes on the wire, every header of it under
// the signature.
func rawSigned(t *testing.T, service, target string) []byte {
	t.Helper()
	body := []byte(`{"type":"s3","settings":{"bucket":"b"}}`)
	req, err := http.NewRequest("PUT", "http://search-logs.eu-west-1.es.amazonaws.com"+target, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Amz-Content-Sha256", hexHash(body))
	err = signer.NewSigner().SignHTTP(context.Background(), aws.Credentials{AccessKeyID: docKey, SecretAccessKey: docSecret, SessionToken: "token"},
		req, hexHash(body), service, "eu-west-1", at(noon)(), func(o *signer.SignerOptions) { o.DisableURIPathEscaping = service == "s3" })
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "")
	var raw bytes.Buffer
	if err := req.Write(&raw); err != nil {
		t.Fatal(err)
	}
	return raw.Bytes()
}

// accepted parses and verifies as a server does, body included.
func accepted(v Verifier, raw []byte) bool {
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		return false
	}
	if _, err := v.Verify(r); err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, r.Body)
	return err == nil
}

// TestAnyFlippedByteIsRefused changes every byte of a signed request: method,
// path, query, header names and values, date, scope, signature, body.
func TestAnyFlippedByteIsRefused(t *testing.T) {
	for service, target := range map[string]string{
		"es": "/_snapshot/repo%20one?verify=true&q=a%2Fb&v",
		"s3": "/bucket/base/index-0%2Bx?partNumber=1&uploadId=u~1",
	} {
		v := verifier(service, "eu-west-1", noon)
		raw := rawSigned(t, service, target)
		if !accepted(v, raw) {
			t.Fatalf("%s: the request itself is refused:\n%s", service, raw)
		}
		version := bytes.Index(raw, []byte(" HTTP/1.1"))
		for i, b := range raw {
			if b == '\r' || b == '\n' || i >= version && i < version+len(" HTTP/1.1") {
				continue // framing, not content
			}
			for _, bit := range []byte{1, 2, 4, 8, 0x40} {
				flipped := bytes.Clone(raw)
				flipped[i] ^= bit
				if accepted(v, flipped) {
					t.Errorf("%s: byte %d of %q became %q and was accepted", service, i, around(raw, i), flipped[i])
				}
			}
		}
	}
}

func around(raw []byte, i int) string {
	return string(raw[max(0, i-12):min(len(raw), i+12)])
}

// TestMovedPartsAreRefused tries changes that keep each byte but not its place.
func TestMovedPartsAreRefused(t *testing.T) {
	raw := string(rawSigned(t, "es", "/a/b?x=1&y=2"))
	v := verifier("es", "eu-west-1", noon)
	for _, c := range []struct{ from, to string }{
		{"/a/b", "/b/a"},
		{"x=1&y=2", "x=2&y=1"},
		{"x=1&y=2", "x=1&y=2&z="},
		{"x=1&y=2", "x=1"},
		{"X-Amz-Security-Token: token\r\n", ""},
		{"X-Amz-Security-Token: token", "X-Amz-Security-Token: token\r\nX-Amz-Security-Token: other"},
		{"Content-Type: application/json\r\n", ""},
		{"PUT /", "POST /"},
	} {
		if !strings.Contains(raw, c.from) {
			t.Fatalf("%q is not in\n%s", c.from, raw)
		}
		if accepted(v, []byte(strings.Replace(raw, c.from, c.to, 1))) {
			t.Errorf("%q → %q was accepted", c.from, c.to)
		}
	}
	// What changes place without changing meaning is still the same request.
	for _, c := range []struct{ from, to string }{
		{"x=1&y=2", "y=2&x=1"},
		{"/a/b", "//a/./c/../b"},
		{"application/json", "  application/json  "},
	} {
		if !accepted(v, []byte(strings.Replace(raw, c.from, c.to, 1))) {
			t.Errorf("%q → %q was refused", c.from, c.to)
		}
	}
}
