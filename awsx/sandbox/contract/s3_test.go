//go:build realengine

package contract

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"snapferry/awsx/sandbox/backend"
)

// plainS3 serves a folder to the engine's S3 plugin without checking signatures,
// and refuses on demand. What is judged here is the engine; S3 itself is judged
// elsewhere.
type plainS3 struct {
	root folder

	mu   sync.Mutex
	deny *denial
}

// denial refuses requests of a method; "" is every one.
type denial struct {
	method  string
	status  int
	code    string
	message string
}

func (s *plainS3) refuse(d *denial) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deny = d
}

func (s *plainS3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("x-amz-request-id", "REQ")
	s.mu.Lock()
	d := s.deny
	s.mu.Unlock()
	if d != nil && (d.method == "" || d.method == r.Method) {
		fail(w, d.status, d.code, d.message)
		return
	}
	// Credential=KEY/date/…: a client of another name would be another role.
	if !strings.Contains(r.Header.Get("Authorization"), "Credential="+slot+"/") {
		fail(w, http.StatusForbidden, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
		return
	}
	name, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	blobs, err := s.root.Open(r.Context(), backend.Place{Bucket: name})
	var missing *backend.StoreError
	if errors.As(err, &missing) {
		fail(w, missing.Status, missing.Code, missing.Message)
		return
	}
	switch {
	case r.Method == http.MethodPost && r.URL.Query().Has("delete"):
		s.deleteMany(w, r, blobs)
	case r.Method == http.MethodGet && key == "":
		s.list(w, r, name, blobs)
	case r.Method == http.MethodPut:
		err = blobs.Put(r.Context(), key, unchunk(r))
		w.Header().Set("ETag", `"e"`)
	case r.Method == http.MethodDelete:
		err = blobs.Delete(r.Context(), []string{key})
		w.WriteHeader(http.StatusNoContent)
	default:
		s.get(w, r, key, blobs)
	}
	if err != nil {
		fail(w, http.StatusInternalServerError, "InternalError", err.Error())
	}
}

func (s *plainS3) get(w http.ResponseWriter, r *http.Request, key string, blobs backend.Blobs) {
	body, err := blobs.Get(r.Context(), key)
	if err != nil {
		fail(w, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
		return
	}
	w.Header().Set("ETag", `"e"`)
	w.Header().Set("Last-Modified", "Sun, 22 Nov 2026 06:00:00 GMT")
	status := http.StatusOK
	if from, to, ok := strings.Cut(strings.TrimPrefix(r.Header.Get("Range"), "bytes="), "-"); ok {
		first, _ := strconv.Atoi(from)
		last, err := strconv.Atoi(to)
		if err != nil || last >= len(body) {
			last = len(body) - 1
		}
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, last, len(body)))
		body, status = body[first:last+1], http.StatusPartialContent
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

type listing struct {
	XMLName        xml.Name `xml:"ListBucketResult"`
	Name           string
	KeyCount       int
	MaxKeys        int
	IsTruncated    bool
	Contents       []listed
	CommonPrefixes []struct{ Prefix string }
}

type listed struct {
	Key          string
	LastModified string
	ETag         string
	Size         int64
	StorageClass string
}

func (s *plainS3) list(w http.ResponseWriter, r *http.Request, name string, blobs backend.Blobs) {
	prefix, delimiter := r.URL.Query().Get("prefix"), r.URL.Query().Get("delimiter")
	found, err := blobs.List(r.Context(), prefix)
	if err != nil {
		fail(w, http.StatusInternalServerError, "InternalError", err.Error())
		return
	}
	out := listing{Name: name, MaxKeys: 1000}
	folders := map[string]bool{}
	for _, b := range found {
		rest := strings.TrimPrefix(b.Key, prefix)
		if i := strings.Index(rest, delimiter); delimiter != "" && i >= 0 {
			folder := prefix + rest[:i+1]
			if !folders[folder] {
				folders[folder] = true
				out.CommonPrefixes = append(out.CommonPrefixes, struct{ Prefix string }{folder})
			}
			continue
		}
		out.Contents = append(out.Contents, listed{Key: b.Key, LastModified: "2026-11-22T06:00:00.000Z", ETag: `"e"`, Size: b.Size, StorageClass: "STANDARD"})
	}
	out.KeyCount = len(out.Contents) + len(out.CommonPrefixes)
	answer(w, http.StatusOK, out)
}

func (s *plainS3) deleteMany(w http.ResponseWriter, r *http.Request, blobs backend.Blobs) {
	var ask struct {
		Object []struct{ Key string }
	}
	if err := xml.NewDecoder(r.Body).Decode(&ask); err != nil {
		fail(w, http.StatusBadRequest, "MalformedXML", err.Error())
		return
	}
	for _, o := range ask.Object {
		// A key that is not there is no error to S3.
		_ = blobs.Delete(r.Context(), []string{o.Key})
	}
	answer(w, http.StatusOK, struct {
		XMLName xml.Name `xml:"DeleteResult"`
	}{})
}

// unchunk reads a body, taking the chunk framing off a streamed one.
func unchunk(r *http.Request) []byte {
	in := bufio.NewReader(r.Body)
	if !strings.HasPrefix(r.Header.Get("x-amz-content-sha256"), "STREAMING-") {
		b, _ := io.ReadAll(in)
		return b
	}
	var out []byte
	for {
		line, err := in.ReadString('\n')
		size, _, _ := strings.Cut(line, ";")
		n, perr := strconv.ParseInt(strings.TrimSpace(size), 16, 64)
		if err != nil || perr != nil || n == 0 {
			return out
		}
		chunk := make([]byte, n)
		_, _ = io.ReadFull(in, chunk)
		out = append(out, chunk...)
		_, _ = in.ReadString('\n')
	}
}

func fail(w http.ResponseWriter, status int, code, message string) {
	answer(w, status, struct {
		XMLName   xml.Name `xml:"Error"`
		Code      string
		Message   string
		RequestID string `xml:"RequestId"`
	}{Code: code, Message: message, RequestID: "REQ"})
}

func answer(w http.ResponseWriter, status int, v any) {
	b, err := xml.Marshal(v)
	if err != nil {
		panic(err) // structs of strings
	}
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = w.Write(append([]byte(xml.Header), b...))
}
