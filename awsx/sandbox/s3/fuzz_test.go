package s3

import (
	"bufio"
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"snapferry/awsx/sandbox/store"
)

// FuzzStrangers sends arbitrary requests to a private bucket. Nobody of them can
// sign, so none may succeed, whatever else is wrong with it, and none may bring
// the service down.
func FuzzStrangers(f *testing.F) {
	for _, s := range []string{
		"GET / HTTP/1.1\r\nHost: s3.amazonaws.com\r\n\r\n",
		"PUT /bkt HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n",
		"GET /bkt?list-type=2&continuation-token=%00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
		"PUT /bkt/k HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n\r\nx",
		"PUT /bkt/%2E%2E/%2E%2E/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n\r\nx",
		"PUT /bkt/k HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Amz-Copy-Source: bkt/k\r\nX-Amz-Copy-Source-Range: bytes=0-0\r\n\r\n",
		"PUT /bkt/k HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Amz-Content-Sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\nX-Amz-Decoded-Content-Length: 1\r\nContent-Length: 13\r\n\r\n1\r\nx\r\n0\r\n\r\n",
		"POST /bkt?delete HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-MD5: AAAAAAAAAAAAAAAAAAAAAA==\r\nContent-Length: 9\r\n\r\n<Delete/>",
		"GET /k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a/20260102/eu-west-1/s3/aws4_request&X-Amz-Date=20260102T120000Z&X-Amz-Expires=9&X-Amz-SignedHeaders=host&X-Amz-Signature=0 HTTP/1.1\r\nHost: bkt.s3.eu-west-1.amazonaws.com\r\n\r\n",
		"HEAD /bkt/k?partNumber=1&uploadId=x HTTP/1.1\r\nHost: [::1]:1\r\nAuthorization: AWS4-HMAC-SHA256 Credential=a\r\n\r\n",
		"PUT /new HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n\r\n",
		"OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
	} {
		f.Add([]byte(s))
	}
	st, err := store.Open(f.TempDir(), time.Now)
	if err != nil {
		f.Fatal(err)
	}
	defer st.Close()
	register := &memoryRegister{byID: map[string]BucketConfig{"bkt": {Name: "bkt", Owner: source, Region: "eu-west-1", Ownership: ownerEnforced}}}
	service := New(Options{Store: st, Gate: &gate{}, Buckets: register, Now: func() time.Time { return noon }})
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
		if err != nil {
			return
		}
		r.Header.Del("Expect") // the recorder takes 100 Continue for the answer
		w := httptest.NewRecorder()
		service.ServeHTTP(w, r)
		if w.Code < 300 {
			t.Errorf("%d for\n%s", w.Code, raw)
		}
		if w.Code == http.StatusInternalServerError {
			t.Errorf("the service failed over\n%s", raw)
		}
		if len(register.byID) != 1 {
			t.Fatalf("a bucket was made by\n%s", raw)
		}
	})
}
