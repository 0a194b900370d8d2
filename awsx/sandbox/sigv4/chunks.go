package sigv4

import (
	"bufio"
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
	// maxLine bounds a chunk or trailer line, maxTrailers their number.
	maxLine     = 8 << 10
	maxTrailers = 16
	emptyHash   = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

// chain carries the signatures of an aws-chunked body: each is over the one
// before, so chunks can neither be left out nor change places.
type chain struct {
	key   []byte
	stamp string
	scope string
	last  string
}

func (c *chain) check(kind, hashes, given string) bool {
	want := sign(c.key, algorithm+"-"+kind+"\n"+c.stamp+"\n"+c.scope+"\n"+c.last+"\n"+hashes)
	c.last = given
	return equal(want, given)
}

// chunkReader decodes an aws-chunked body and checks it as it goes by: with a
// chain every chunk's signature, always the promised length. The first thing
// that is wrong ends it with a *access.Refusal instead of io.EOF.
type chunkReader struct {
	src   *bufio.Reader
	close func() error
	// chain is nil where chunks are not signed.
	chain      *chain
	hasTrailer bool
	trailer    http.Header

	left      int64 // of the current chunk
	promised  int64 // of the whole body, still to come
	sum       hash.Hash
	signature string
	inChunk   bool
	err       error
}

// newChunkReader decodes body; length is what the request promises, trailer whether
// headers may follow the last chunk.
func newChunkReader(body io.ReadCloser, c *chain, length int64, trailer bool) *chunkReader {
	return &chunkReader{
		src: bufio.NewReaderSize(body, maxLine), close: body.Close, chain: c,
		hasTrailer: trailer, trailer: http.Header{}, promised: length, sum: sha256.New(),
	}
}

func (r *chunkReader) trailers() http.Header { return r.trailer }

// Close closes the raw body.
func (r *chunkReader) Close() error { return r.close() }

func (r *chunkReader) Read(p []byte) (int, error) {
	for r.err == nil && r.left == 0 {
		r.err = r.next()
	}
	if r.err != nil {
		return 0, r.err
	}
	if len(p) == 0 {
		return 0, nil
	}
	if int64(len(p)) > r.left {
		p = p[:r.left]
	}
	n, err := r.src.Read(p)
	if r.chain != nil {
		r.sum.Write(p[:n])
	}
	r.left -= int64(n)
	if err != nil {
		r.err = brokenOff(err)
	}
	// Bytes of a chunk that was not checked yet may be handed out: the check
	// comes before the next Read gives anything, EOF included.
	return n, nil
}

// next ends the current chunk and opens the one after; io.EOF after the last.
func (r *chunkReader) next() error {
	if r.inChunk {
		if err := r.endChunk(); err != nil {
			return err
		}
	}
	line, err := r.line()
	if err != nil {
		return brokenOff(err)
	}
	size, extension, _ := strings.Cut(line, ";")
	// 40 bits are a terabyte: no chunk is that long, and nothing overflows.
	n, err := strconv.ParseUint(size, 16, 40)
	if err != nil {
		return malformedBody()
	}
	if r.chain != nil {
		name, value, _ := strings.Cut(extension, "=")
		if name != "chunk-signature" {
			return malformedBody()
		}
		r.signature = value
	}
	// More than was promised is refused before it is read: the length is signed.
	r.promised -= int64(n)
	if r.promised < 0 {
		return malformedBody()
	}
	if n == 0 {
		return r.finish()
	}
	r.left, r.inChunk = int64(n), true
	r.sum.Reset()
	return nil
}

// endChunk reads the line break behind a chunk's bytes and judges them.
func (r *chunkReader) endChunk() error {
	r.inChunk = false
	if line, err := r.line(); err != nil {
		return brokenOff(err)
	} else if line != "" {
		return malformedBody()
	}
	if r.chain == nil {
		return nil
	}
	if !r.chain.check("PAYLOAD", emptyHash+"\n"+hex.EncodeToString(r.sum.Sum(nil)), r.signature) {
		return s3Refusal(badSignature, "")
	}
	return nil
}

// finish reads what follows the last chunk.
func (r *chunkReader) finish() error {
	if r.promised != 0 {
		return brokenOff(io.ErrUnexpectedEOF)
	}
	if r.chain != nil && !r.chain.check("PAYLOAD", emptyHash+"\n"+emptyHash, r.signature) {
		return s3Refusal(badSignature, "")
	}
	var signed strings.Builder
	var signature string
	for range maxTrailers {
		line, err := r.line()
		if err == io.EOF || err == nil && line == "" {
			return r.seal(signed.String(), signature)
		}
		name, value, ok := strings.Cut(line, ":")
		if err != nil || !ok || !r.hasTrailer {
			return first(err, malformedBody())
		}
		name, value = strings.ToLower(name), strings.Trim(value, " \t")
		if name == "x-amz-trailer-signature" {
			signature = value
			continue
		}
		signed.WriteString(name + ":" + value + "\n")
		r.trailer.Add(name, value)
	}
	return malformedBody()
}

// seal checks the trailer and sees that nothing follows it. Reading the raw body
// to its end also leaves the connection ready for the next request.
func (r *chunkReader) seal(signed, signature string) error {
	if r.chain != nil && r.hasTrailer && !r.chain.check("TRAILER", hexHash([]byte(signed)), signature) {
		return s3Refusal(badSignature, "")
	}
	if _, err := r.src.ReadByte(); err == nil {
		return malformedBody()
	} else if err != io.EOF {
		return brokenOff(err)
	}
	return io.EOF
}

// line reads up to CRLF (some clients end trailers with a bare LF). Where the
// body ends with nothing read it gives io.EOF, which only finish lets pass.
func (r *chunkReader) line() (string, error) {
	b, err := r.src.ReadSlice('\n')
	switch {
	case err == io.EOF && len(b) == 0:
		return "", io.EOF
	case err == bufio.ErrBufferFull:
		return "", malformedBody()
	case err != nil:
		return "", brokenOff(err)
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r"), nil
}

func first(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// brokenOff words an early end; other errors of the connection stay what they are.
func brokenOff(err error) error {
	if err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	return &access.Refusal{Status: http.StatusBadRequest, Code: "IncompleteBody", Message: "The request body terminated unexpectedly"}
}

// malformedBody is for what no client of S3 sends. S3's own words for it are not known.
func malformedBody() error {
	return &access.Refusal{Status: http.StatusBadRequest, Code: "InvalidRequest", Message: "The body is not a valid aws-chunked stream"}
}
