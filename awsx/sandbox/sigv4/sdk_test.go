package sigv4

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// asked is what the server made of a request: what it verified and read.
type asked struct {
	err     error
	path    string
	body    []byte
	trailer http.Header
}

// listen verifies everything it gets and reports it on the channel.
func listen(t *testing.T, v Verifier) (*httptest.Server, chan asked) {
	t.Helper()
	out := make(chan asked, 16)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := asked{path: r.URL.Path}
		got, err := v.Verify(r)
		if a.err = err; err == nil {
			a.body, a.err = io.ReadAll(r.Body)
			a.trailer = got.Trailer()
		}
		w.Header().Set("ETag", `"x"`)
		out <- a
	})
	server := httptest.NewServer(handler)
	if v.s3() {
		server.Close()
		server = httptest.NewTLSServer(handler)
	}
	t.Cleanup(server.Close)
	return server, out
}

func s3Client(server *httptest.Server) *s3.Client {
	return s3.New(s3.Options{
		Region: "eu-west-1", BaseEndpoint: aws.String(server.URL), UsePathStyle: true, HTTPClient: server.Client(),
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		Credentials:                credentials.NewStaticCredentialsProvider(docKey, docSecret, "token/+=="),
	})
}

// TestSDKClientAgrees drives the SDK's own S3 client over TLS with keys, and so
// paths, that encoders get wrong.
func TestSDKClientAgrees(t *testing.T) {
	v := Verifier{Service: "s3", Region: "eu-west-1", Tolerance: time.Minute, Now: time.Now, Lookup: lookup}
	server, out := listen(t, v)
	client := s3Client(server)
	keys := []string{
		"plain", "a b", "a+b", "a%2Fb", "ü/ж/漢字", "a//b", "./../x", "~tilde", "q?x=1#frag", "semi;colon,comma", "(paren)'\"*!$&=@:",
		"trailing/", "{brace}|\\^`<>[]", "tab\tnl\n", "%", "100%25", "index-0", "a&b=c",
	}
	for _, key := range keys {
		body := []byte("content of " + key)
		_, err := client.PutObject(context.Background(), &s3.PutObjectInput{
			Bucket: aws.String("bkt"), Key: aws.String(key), Body: bytes.NewReader(body),
			Metadata: map[string]string{"spaces": "a   b", "name": "value"}, ContentType: aws.String("text/plain; charset=utf-8"),
		})
		got := <-out
		if err != nil || got.err != nil {
			t.Errorf("put %q: client %v, verifier %v", key, err, got.err)
			continue
		}
		if !bytes.Equal(got.body, body) || got.path != "/bkt/"+key {
			t.Errorf("put %q arrived as %q with %q", key, got.path, got.body)
		}
		if got.trailer.Get("x-amz-checksum-crc32") == "" {
			t.Errorf("put %q: no checksum trailer", key)
		}
		_, err = client.ListObjectsV2(context.Background(), &s3.ListObjectsV2Input{Bucket: aws.String("bkt"), Prefix: aws.String(key), Delimiter: aws.String("/")})
		if got := <-out; got.err != nil {
			t.Errorf("list with prefix %q: client %v, verifier %v", key, err, got.err)
		}
	}
}

func TestSDKPresignAgrees(t *testing.T) {
	v := Verifier{Service: "s3", Region: "eu-west-1", Tolerance: time.Minute, Now: time.Now, Lookup: lookup}
	server, out := listen(t, v)
	req, err := s3.NewPresignClient(s3Client(server)).PresignGetObject(context.Background(), &s3.GetObjectInput{Bucket: aws.String("bkt"), Key: aws.String("a b+c")})
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range []string{"", "&more=1"} {
		resp, err := server.Client().Get(req.URL + change)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := <-out; (got.err == nil) != (change == "") {
			t.Errorf("with %q: %v", change, got.err)
		}
	}
}

// TestPresignedURLsEnd moves the clock: a URL may outlive the tolerance, but not
// its own end, and not come from the future.
func TestPresignedURLsEnd(t *testing.T) {
	creds := aws.Credentials{AccessKeyID: docKey, SecretAccessKey: docSecret}
	req, _ := http.NewRequest("GET", "https://bkt.s3.eu-west-1.amazonaws.com/k?X-Amz-Expires=3600", nil)
	url, _, err := signer.NewSigner().PresignHTTP(context.Background(), creds, req, unsignedPayload, "s3", "eu-west-1", at(noon)())
	if err != nil {
		t.Fatal(err)
	}
	for minute, want := range map[int]string{
		0: "", 59: "", 60: "", 61: "403 AccessDenied: Request has expired", -4: "",
		-6: "403 RequestTimeTooSkewed: The difference between the request time and the current time is too large.",
	} {
		v := verifier("s3", "eu-west-1", noon)
		v.Now = func() time.Time { return at(noon)().Add(time.Duration(minute) * time.Minute) }
		r, _ := http.NewRequest("GET", url, nil)
		if _, err := v.Verify(r); words(err) != want {
			t.Errorf("after %d minutes: %s, want %s", minute, words(err), want)
		}
	}
	for change, want := range map[string]string{"=604801": "must be less than a week", "=x": "should be a number"} {
		r, _ := http.NewRequest("GET", strings.Replace(url, "Expires=3600", "Expires"+change, 1), nil)
		if _, err := verifier("s3", "eu-west-1", noon).Verify(r); !strings.Contains(words(err), want) {
			t.Errorf("expires%s: %s", change, words(err))
		}
	}
}

// TestSDKSignerAgrees signs generated requests for services outside S3.
func TestSDKSignerAgrees(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 400 {
		service := []string{"es", "sts", "iam", "kms"}[i%4]
		v := Verifier{Service: service, Region: "eu-west-1", Tolerance: time.Minute, Now: at("20260102T030405Z"), Lookup: lookup}
		req, body := generated(rng)
		sum := hexHash(body)
		err := signer.NewSigner().SignHTTP(context.Background(), aws.Credentials{AccessKeyID: docKey, SecretAccessKey: docSecret, SessionToken: "tok"},
			req, sum, service, "eu-west-1", at("20260102T030405Z")())
		if err != nil {
			t.Fatal(err)
		}
		var raw bytes.Buffer
		if err := req.Write(&raw); err != nil {
			t.Fatal(err)
		}
		head, rest, _ := strings.Cut(raw.String(), "\r\n\r\n")
		got := wire(t, strings.ReplaceAll(head, "\r\n", "\n"), rest)
		if _, err := v.Verify(got); err != nil {
			t.Errorf("request %d: %v\n%s", i, err, head)
			continue
		}
		if back, err := io.ReadAll(got.Body); err != nil || !bytes.Equal(back, body) || got.ContentLength != int64(len(body)) {
			t.Errorf("request %d: body %q, %v", i, back, err)
		}
	}
}

// generated makes a request with odd but well-formed parts. Paths have no "."
// or empty segments: the SDK leaves those alone where AWS normalises.
func generated(rng *rand.Rand) (*http.Request, []byte) {
	const alphabet = "abzAZ019-_.~ !$'()*,;=:@&+%/?#ü漢\"<>[]^`{|}\\"
	word := func() string {
		letters := []rune(alphabet)
		out := []rune{'x'}
		for range rng.IntN(8) {
			c := letters[rng.IntN(len(letters))]
			if c == '/' && out[len(out)-1] == '/' || c == '.' {
				c = '-'
			}
			out = append(out, c)
		}
		return strings.TrimSuffix(string(out), "/")
	}
	u := &url.URL{Scheme: "https", Host: "search-logs.eu-west-1.es.amazonaws.com", Path: "/" + word() + "/" + word()}
	q := url.Values{}
	for range rng.IntN(4) {
		q.Add(word(), word())
		q.Add("dup", word())
	}
	u.RawQuery = q.Encode()
	body := []byte(strings.Repeat(word(), rng.IntN(50)))
	method := []string{"GET", "PUT", "POST", "DELETE"}[rng.IntN(4)]
	req, err := http.NewRequest(method, u.String(), bytes.NewReader(body))
	if err != nil {
		panic(fmt.Sprint(u, err))
	}
	for i := range rng.IntN(3) {
		req.Header.Add("X-Custom", strings.TrimSpace(fmt.Sprintf("v%d  %d", i, rng.IntN(9))))
	}
	req.Header.Set("Content-Type", "application/json")
	return req, body
}
