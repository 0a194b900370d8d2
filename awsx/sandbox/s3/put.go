package s3

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"snapferry/awsx/sandbox/store"
)

// maxPut is the greatest object one request may bring, in bytes.
const maxPut = 5 << 30

// keptHeaders are stored with an object and given back as they came.
var keptHeaders = []string{
	"cache-control", "content-disposition", "content-language", "content-type", "expires",
	"x-amz-storage-class", "x-amz-website-redirect-location",
}

const metaPrefix = "x-amz-meta-"

// putObject takes one object. The order matters: rights, then promises, then bytes,
// and the name last, so that a refused upload leaves nothing and replaces nothing.
func (c *call) putObject() error {
	attr, err := c.admit()
	if err != nil {
		return err
	}
	cond, err := c.writeCondition()
	if err != nil {
		return err
	}
	sums, err := c.digests(defaultAlgorithm)
	if err != nil {
		return err
	}
	w, err := c.receive(sums)
	if err != nil {
		return err
	}
	defer w.Discard()
	attr[checksumPrefix+sums.algorithm] = sums.value()
	o, err := w.Commit(c.at.bucket, c.at.key, attr, cond)
	if err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("ETag", quoted(o.ETag))
	showEncryption(h, attr)
	showChecksum(h, attr)
	c.w.WriteHeader(http.StatusOK)
	return nil
}

// admit decides about a new object and gathers what is to be kept with it.
func (c *call) admit() (map[string]string, error) {
	if err := c.s.mayWrite(c.who, c.cfg, c.at.key, c.context()); err != nil {
		return nil, err
	}
	if err := c.grants(); err != nil {
		return nil, err
	}
	attr, err := c.encryption()
	if err != nil {
		return nil, err
	}
	for _, name := range keptHeaders {
		if v := c.r.Header.Get(name); v != "" {
			attr[name] = v
		}
	}
	for name, values := range c.r.Header {
		if low := strings.ToLower(name); strings.HasPrefix(low, metaPrefix) {
			attr[low] = strings.Join(values, ",")
		}
	}
	if v := withoutChunked(c.r.Header.Get("Content-Encoding")); v != "" {
		attr["content-encoding"] = v
	}
	// Tags need a right of their own even when they come with the object.
	if tags := c.r.Header.Get("X-Amz-Tagging"); tags != "" {
		if err := c.may("s3:PutObjectTagging", c.resource(), nil); err != nil {
			return nil, err
		}
		if _, err := url.ParseQuery(tags); err != nil {
			return nil, invalidArgument("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.", "x-amz-tagging", tags)
		}
		attr["x-amz-tagging"] = tags
	}
	// The owner is written down only where it is not the bucket's.
	acl := c.r.Header.Get("X-Amz-Acl")
	if owner := c.cfg.ownerOf(c.who.Account, acl); owner != c.cfg.Owner {
		attr[ownerKey], attr["x-amz-acl"] = string(owner), acl
	}
	return attr, nil
}

// withoutChunked takes aws-chunked out of a Content-Encoding: it is the form of
// the request, not of the object.
func withoutChunked(encoding string) string {
	var kept []string
	for _, part := range strings.Split(encoding, ",") {
		if part = strings.TrimSpace(part); part != "" && part != "aws-chunked" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ",")
}

const (
	sseHeader    = "x-amz-server-side-encryption"
	sseKeyHeader = "x-amz-server-side-encryption-aws-kms-key-id"
	sseBucketKey = "x-amz-server-side-encryption-bucket-key-enabled"
)

// encryption is what the object is encrypted with: as the request wishes, or
// as the bucket does by default.
func (c *call) encryption() (map[string]string, error) {
	for name := range c.r.Header {
		if strings.HasPrefix(name, "X-Amz-Server-Side-Encryption-Customer-") {
			return nil, notImplemented()
		}
	}
	wish, key := c.r.Header.Get(sseHeader), c.r.Header.Get(sseKeyHeader)
	e := c.cfg.Encryption
	switch {
	case wish == "" && key != "":
		return nil, invalidArgument("Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms", sseHeader, "null")
	case wish != "" && !knownEncryption(wish):
		return nil, invalidArgument("The encryption method specified is not supported", sseHeader, wish)
	case wish != "":
		e.Algorithm, e.Key = wish, key
	}
	// The bucket's default for this counts where the request is silent.
	if v := c.r.Header.Get(sseBucketKey); v != "" {
		e.BucketKey = v == "true"
	}
	e, err := c.s.mayEncrypt(c.who, c.cfg, c.at.key, e)
	return encryptionAttr(e), err
}

// encryptionAttr is what an object remembers of its encryption. Nothing is encrypted
// here; what counts for a migration is which key the object would need.
func encryptionAttr(e Encryption) map[string]string {
	attr := map[string]string{sseHeader: e.algorithm()}
	if e.Key != "" {
		attr[sseKeyHeader] = e.Key
	}
	if e.BucketKey && e.algorithm() != "AES256" {
		attr[sseBucketKey] = "true"
	}
	return attr
}

func showEncryption(h http.Header, attr map[string]string) {
	for _, name := range []string{sseHeader, sseKeyHeader, sseBucketKey} {
		if v := attr[name]; v != "" {
			h.Set(name, v)
		}
	}
	if attr[sseHeader] == "" {
		h.Set(sseHeader, "AES256") // a file a node wrote: whatever lies in S3 is encrypted
	}
}

// writeCondition reads the two conditions S3 knows for writing: not there yet, and
// still the one with this ETag.
func (c *call) writeCondition() (store.Condition, error) {
	var cond store.Condition
	if v := c.r.Header.Get("If-None-Match"); v != "" {
		if v != "*" {
			return cond, notImplemented()
		}
		cond.IfAbsent = true
	}
	cond.IfMatch = strings.Trim(c.r.Header.Get("If-Match"), `"`)
	return cond, nil
}

// receive takes the body into the store, checked in every way the request
// promises. Nothing is visible before the writer is committed.
func (c *call) receive(sums *digests) (*store.Writer, error) {
	length := c.sign.Length
	switch {
	case length < 0:
		return nil, newError(http.StatusLengthRequired, "MissingContentLength", "You must provide the Content-Length HTTP header.")
	case length > maxPut:
		return nil, newError(http.StatusBadRequest, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size",
			Detail{"ProposedSize", fmt.Sprint(length)}, Detail{"MaxSizeAllowed", fmt.Sprint(int64(maxPut))})
	}
	w, err := c.s.Store.Create()
	if err != nil {
		return nil, err
	}
	// The reader refuses in place of the end where signature or hash are wrong.
	n, err := io.Copy(io.MultiWriter(w, sums), c.r.Body)
	if err == nil && n != length {
		err = io.ErrUnexpectedEOF
	}
	if err == nil {
		err = sums.check(c.sign.Trailer())
	}
	if err != nil {
		w.Discard()
		return nil, err
	}
	return w, nil
}

func quoted(etag string) string { return `"` + etag + `"` }
