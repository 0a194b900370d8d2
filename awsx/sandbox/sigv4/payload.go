package sigv4

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"net/http"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/access"
)

const (
	unsignedPayload  = "UNSIGNED-PAYLOAD"
	chunked          = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	chunkedTrailer   = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
	unsignedTrailer  = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
	defaultMaxBody   = 100 << 20
	contentHash      = "X-Amz-Content-Sha256"
	hexHashLength    = 2 * sha256.Size
	decodedLengthKey = "X-Amz-Decoded-Content-Length"
)

// payload is how a body is covered: hash stands in the canonical request.
type payload struct {
	hash string
	// held is the whole body, of services that do not stream.
	held   []byte
	isHeld bool
	// length is the decoded body's, -1 where it is not known.
	length int64
}

func (p payload) signedChunks() bool { return p.hash == chunked || p.hash == chunkedTrailer }

// payload decides how the body is covered. Outside S3 the hash is always our
// own, of the bytes that arrived: a header that claims another one then makes a
// signature that does not match, as on AWS.
func (v Verifier) payload(r *http.Request, cl *claim) (payload, error) {
	if !v.s3() {
		held, err := v.hold(r)
		return payload{hash: hexHash(held), held: held, isHeld: true, length: int64(len(held))}, err
	}
	p := payload{hash: r.Header.Get(contentHash), length: r.ContentLength}
	if p.hash == "" && cl.presigned {
		p.hash = r.URL.Query().Get(contentHash)
	}
	switch {
	case p.hash == "" && (cl.presigned || cl.key == ""):
		p.hash = unsignedPayload
	case p.hash == "":
		return p, &access.Refusal{Status: http.StatusBadRequest, Code: "InvalidRequest", Message: "Missing required header for this request: x-amz-content-sha256"}
	case p.hash == unsignedPayload, isHash(p.hash):
	case p.signedChunks(), p.hash == unsignedTrailer:
		n, err := strconv.ParseInt(r.Header.Get(decodedLengthKey), 10, 64)
		if err != nil || n < 0 {
			return p, &access.Refusal{Status: http.StatusLengthRequired, Code: "MissingContentLength", Message: "You must provide the Content-Length HTTP header."}
		}
		p.length = n
	default:
		return p, &access.Refusal{Status: http.StatusBadRequest, Code: "InvalidArgument", Message: "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, or a valid sha256 value."}
	}
	return p, nil
}

// hold reads a whole body: without it the hash is not known, and nothing may be done
// for a request whose signature is not.
func (v Verifier) hold(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	limit := v.MaxBody
	if limit == 0 {
		limit = defaultMaxBody
	}
	held, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	if err == nil && int64(len(held)) > limit {
		err = v.refuse(bodyTooLong, "Request size exceeded "+strconv.FormatInt(limit, 10)+" bytes")
	}
	return held, err
}

// attach puts the checked body in place of the raw one.
func (p payload) attach(r *http.Request, c *chain) func() http.Header {
	none := func() http.Header { return http.Header{} }
	body := r.Body
	if body == nil {
		body = http.NoBody
	}
	switch {
	case p.isHeld:
		body.Close()
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(p.held)), p.length
	case p.hash == unsignedPayload:
		r.Body = body
	case isHash(p.hash):
		r.Body = &hashedBody{body: body, sum: sha256.New(), want: strings.ToLower(p.hash)}
	default:
		if !p.signedChunks() {
			c = nil
		}
		// The request's own length stays what it is on the wire: an HTTP server
		// goes by it when it looks for the next request.
		chunks := newChunkReader(body, c, p.length, p.hash != chunked)
		r.Body = chunks
		return chunks.trailers
	}
	return none
}

// isHash recognises a SHA-256 in hex, in either letter case.
func isHash(s string) bool {
	if len(s) != hexHashLength {
		return false
	}
	_, err := hex.DecodeString(s)
	return err == nil
}

// hashedBody turns the end of a body with another hash than promised into an
// error, so that a reader never sees io.EOF on it.
type hashedBody struct {
	body io.ReadCloser
	sum  hash.Hash
	want string
}

// Read hands bytes on at once; the judgement comes in place of io.EOF.
func (b *hashedBody) Read(p []byte) (int, error) {
	n, err := b.body.Read(p)
	b.sum.Write(p[:n])
	if err == io.EOF && hex.EncodeToString(b.sum.Sum(nil)) != b.want {
		err = &access.Refusal{
			Status: http.StatusBadRequest, Code: "XAmzContentSHA256Mismatch",
			Message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
		}
	}
	return n, err
}

func (b *hashedBody) Close() error { return b.body.Close() }
