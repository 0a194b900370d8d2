package s3

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"snapferry/awsx/sandbox/store"
)

func hmacOf(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

func hexOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// signedChunks uploads as the engine's S3 plugin does: path style, the list
// private, and a body in signed chunks without a trailer.
func (f *fixture) signedChunks(who, target string, body []byte, chunk int) reply {
	f.Helper()
	const kind, region = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "eu-west-1"
	req, err := http.NewRequest("PUT", f.server.URL+target, nil)
	if err != nil {
		f.Fatal(err)
	}
	for name, v := range map[string]string{
		"X-Amz-Content-Sha256": kind, "X-Amz-Decoded-Content-Length": fmt.Sprint(len(body)), "X-Amz-Acl": "private", "Content-Encoding": "aws-chunked", "Content-Type": "application/octet-stream",
	} {
		req.Header.Set(name, v)
	}
	err = signer.NewSigner().SignHTTP(context.Background(), aws.Credentials{AccessKeyID: who, SecretAccessKey: secretOf(who)}, req, kind, "s3", region, noon,
		func(o *signer.SignerOptions) { o.DisableURIPathEscaping = true })
	if err != nil {
		f.Fatal(err)
	}
	key := []byte("AWS4" + secretOf(who))
	for _, part := range []string{noon.Format("20060102"), region, "s3", "aws4_request"} {
		key = hmacOf(key, part)
	}
	_, last, _ := strings.Cut(req.Header.Get("Authorization"), "Signature=")
	var stream bytes.Buffer
	for rest, done := body, false; !done; {
		piece := rest[:min(chunk, len(rest))]
		rest, done = rest[len(piece):], len(piece) == 0
		last = hex.EncodeToString(hmacOf(key, "AWS4-HMAC-SHA256-PAYLOAD\n"+noon.Format("20060102T150405Z")+"\n"+noon.Format("20060102")+"/"+region+"/s3/aws4_request\n"+last+"\n"+hexOf(nil)+"\n"+hexOf(piece)))
		fmt.Fprintf(&stream, "%x;chunk-signature=%s\r\n%s\r\n", len(piece), last, piece)
	}
	req.Body, req.ContentLength = io.NopCloser(&stream), int64(stream.Len())
	req.Header.Set("Expect", "100-continue")
	resp, err := f.server.Client().Do(req)
	if err != nil {
		f.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return reply{status: resp.StatusCode, header: resp.Header, body: string(b)}
}

// TestAsTheEnginesPluginCalls walks through what a node does with a repository:
// verify, write, list, delete.
func TestAsTheEnginesPluginCalls(t *testing.T) {
	f := newFixture(t)
	role := nobody
	f.gate.grants[role] = `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::bkt"},
		{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject"],"Resource":"arn:aws:s3:::bkt/*"}]}`
	for _, key := range []string{"mig/tests-Ab_c/master.dat", "mig/tests-Ab_c/data-n1.dat", "mig/index-0", "mig/index.latest", "s11011011011000/mig/indices/x/0/__1"} {
		for _, size := range []int{0, 1, 131072, 300000} {
			body := bytes.Repeat([]byte("x"), size)
			if r := f.signedChunks(role, "/bkt/"+key, body, 131072); r.status != 200 {
				t.Fatalf("%s of %d bytes: %d %s", key, size, r.status, r.body)
			}
			r := f.do(ask{who: role, method: "GET", target: "/bkt/" + key})
			if r.body != string(body) || r.header.Get("Content-Encoding") != "" {
				t.Errorf("%s of %d bytes: %d came back, encoding %q", key, size, len(r.body), r.header.Get("Content-Encoding"))
			}
		}
	}
	r := f.do(ask{who: role, method: "GET", target: "/bkt?list-type=2&prefix=mig%2Ftests-Ab_c%2F"})
	if strings.Count(r.body, "<Key>") != 2 {
		t.Errorf("list: %s", r.body)
	}
	doomed := "<Delete><Object><Key>mig/tests-Ab_c/master.dat</Key></Object><Object><Key>mig/tests-Ab_c/data-n1.dat</Key></Object></Delete>"
	r = f.do(ask{who: role, method: "POST", target: "/bkt?delete", body: doomed, header: map[string]string{"X-Amz-Checksum-Crc32": sumOf("crc32", doomed), "X-Amz-Sdk-Checksum-Algorithm": "CRC32"}})
	if r.status != 200 || strings.Contains(r.body, "<Error>") {
		t.Errorf("delete: %d %s", r.status, r.body)
	}
	if r := f.do(ask{who: role, method: "GET", target: "/bkt?list-type=2&delimiter=%2F&prefix=mig%2F"}); strings.Contains(r.body, "tests-") {
		t.Errorf("the test folder is still there: %s", r.body)
	}
	f.gate.grants[role] = ""
	if r := f.signedChunks(role, "/bkt/mig/tests-x/master.dat", []byte("x"), 10); r.status != 403 || !strings.Contains(r.body, "s3:PutObject") {
		t.Errorf("without rights: %d %s", r.status, r.body)
	}
}

// TestOneRepositoryTwoWays lets a node with a file repository and clients over
// S3 work on one bucket.
func TestOneRepositoryTwoWays(t *testing.T) {
	f := newFixture(t)
	root := t.TempDir()
	st, err := store.Open(root, f.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	f.service.Store = st
	at := func(key string) string { return filepath.Join(root, "bkt", filepath.FromSlash(key)) }
	node := func(key, body string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(at(key)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at(key), []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	node("mig/index-0", "from the node")
	node("mig/indices/AbC/0/__1", "shard")
	if err := os.MkdirAll(at("mig/indices/empty/0"), 0o755); err != nil {
		t.Fatal(err)
	}
	r := f.do(ask{who: admin, method: "GET", target: "/bkt/mig/index-0"})
	if r.body != "from the node" || r.header.Get("ETag") == "" || r.header.Get(sseHeader) != "AES256" || r.header.Get("Content-Type") != "binary/octet-stream" {
		t.Errorf("%+v", r)
	}
	r = f.do(ask{who: admin, method: "GET", target: "/bkt?list-type=2&delimiter=%2F&prefix=mig%2Findices%2F"})
	if strings.Count(r.body, "<CommonPrefixes>") != 1 || !strings.Contains(r.body, "mig/indices/AbC/") {
		t.Errorf("folders: %s", r.body)
	}
	f.put("bkt", "mig/index-1", "over S3")
	if b, err := os.ReadFile(at("mig/index-1")); err != nil || string(b) != "over S3" {
		t.Errorf("the node reads %q, %v", b, err)
	}
	if err := os.Remove(at("mig/index-0")); err != nil {
		t.Fatal(err)
	}
	if r := f.do(ask{who: admin, method: "GET", target: "/bkt/mig/index-0"}); r.status != 404 {
		t.Errorf("after the node's deletion: %d", r.status)
	}
	if r := f.do(ask{who: admin, method: "DELETE", target: "/bkt/mig/indices/AbC/0/__1"}); r.status != 204 {
		t.Errorf("delete: %d", r.status)
	}
	if _, err := os.Stat(at("mig/indices/AbC/0/__1")); !os.IsNotExist(err) {
		t.Errorf("the node still sees it: %v", err)
	}
}
