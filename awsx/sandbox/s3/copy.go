package s3

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"snapferry/awsx/sandbox/store"
)

// source opens the object a copy reads. The caller needs the right to read it
// under its own bucket's policy, as for a GET.
func (c *call) source() (*os.File, store.Object, error) {
	var none store.Object
	path, err := url.PathUnescape(c.r.Header.Get("X-Amz-Copy-Source"))
	path, version, _ := strings.Cut(strings.TrimPrefix(path, "/"), "?versionId=")
	bucket, key, ok := strings.Cut(path, "/")
	if err != nil || !ok || key == "" || version != "" && version != "null" {
		return nil, none, invalidArgument("Copy Source must mention the source bucket and key: sourcebucket/sourcekey", "x-amz-copy-source", path)
	}
	cfg, exists := c.s.Buckets.Bucket(bucket)
	if !exists {
		return nil, none, noSuchBucket(bucket)
	}
	ctx := c.context()
	// Headers such as x-amz-acl speak about the new object, not about reading the old.
	maps.DeleteFunc(ctx, func(k string, _ []string) bool { return strings.HasPrefix(k, "s3:x-amz-") })
	if err := c.s.may(c.who, cfg, "s3:GetObject", objectARN(bucket, key), ctx); err != nil {
		return nil, none, err
	}
	f, o, err := c.s.Store.Open(bucket, key)
	if errors.Is(err, store.ErrNoKey) {
		return nil, none, c.s.missing(c.who, cfg, key, ctx)
	}
	if err == nil {
		err = errors.Join(mayRead(c.who, cfg, o.Attr), c.s.mayDecrypt(c.who, cfg, key, o.Attr), c.sourceConditions(o))
	}
	if err == nil && o.Attr["x-amz-tagging"] != "" {
		err = c.s.may(c.who, cfg, "s3:GetObjectTagging", objectARN(bucket, key), ctx)
	}
	if err != nil {
		if f != nil {
			f.Close()
		}
		return nil, none, err
	}
	return f, o, nil
}

// sourceConditions evaluates the four conditions on the source. A copier pins the
// source with if-match, so that an object which changes under it is an error.
func (c *call) sourceConditions(o store.Object) error {
	h := func(name string) string { return c.r.Header.Get("X-Amz-Copy-Source-" + name) }
	changed := func(t time.Time) bool { return o.Modified.Truncate(time.Second).After(t) }
	since, hasSince := httpTime(h("If-Modified-Since"))
	before, hasBefore := httpTime(h("If-Unmodified-Since"))
	switch {
	case h("If-Match") != "" && !matches(h("If-Match"), o.ETag):
		return preconditionFailed("x-amz-copy-source-If-Match")
	case h("If-None-Match") != "" && matches(h("If-None-Match"), o.ETag):
		return preconditionFailed("x-amz-copy-source-If-None-Match")
	case hasSince && !changed(since):
		return preconditionFailed("x-amz-copy-source-If-Modified-Since")
	case hasBefore && h("If-Match") == "" && changed(before):
		return preconditionFailed("x-amz-copy-source-If-Unmodified-Since")
	}
	return nil
}

// describing are the attributes that a copy takes over from its source.
func describing(name string) bool {
	return slices.Contains(keptHeaders, name) && name != "x-amz-storage-class" || name == "content-encoding" || name == "x-amz-tagging" || strings.HasPrefix(name, metaPrefix)
}

// copyObject copies inside the store. The new object has an ETag of its own bytes:
// that of a source uploaded in parts differs from its copy's, as on S3.
func (c *call) copyObject() error {
	attr, err := c.admit()
	if err != nil {
		return err
	}
	f, o, err := c.source()
	if err != nil {
		return err
	}
	defer f.Close()
	replace := c.r.Header.Get("X-Amz-Metadata-Directive") == "REPLACE"
	if !replace {
		maps.DeleteFunc(attr, func(name, _ string) bool { return describing(name) })
		for name, v := range o.Attr {
			if describing(name) {
				attr[name] = v
			}
		}
	}
	// Only now: a copy onto itself is judged after the right to read and the conditions.
	switch {
	case c.sameObject() && !replace && c.r.Header.Get(sseHeader) == "" && c.r.Header.Get("X-Amz-Storage-Class") == "":
		return invalidRequest("This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.")
	case o.Size > maxPut:
		return invalidRequest(fmt.Sprintf("The specified copy source is larger than the maximum allowable size for a copy source: %d", int64(maxPut)))
	}
	w, sum, err := c.copyBytes(f, span{length: o.Size}, c.copyAlgorithm(o))
	if err != nil {
		return err
	}
	defer w.Discard()
	attr[checksumPrefix+sum.algorithm] = sum.value()
	made, err := w.Commit(c.at.bucket, c.at.key, attr, store.Condition{})
	if err != nil {
		return err
	}
	showEncryption(c.w.Header(), attr)
	return c.answer(struct {
		XMLName      xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ CopyObjectResult"`
		LastModified string
		ETag         string
		ChecksumType string
		sums
	}{LastModified: timeText(made.Modified), ETag: quoted(made.ETag), ChecksumType: fullObject, sums: sumsOf(attr)})
}

// sameObject finds copies onto themselves, which must change something.
func (c *call) sameObject() bool {
	path, err := url.PathUnescape(c.r.Header.Get("X-Amz-Copy-Source"))
	path, _, _ = strings.Cut(strings.TrimPrefix(path, "/"), "?versionId=")
	return err == nil && path == c.at.bucket+"/"+c.at.key
}

// copyAlgorithm is the checksum a copy gets: as asked, or the source's.
func (c *call) copyAlgorithm(o store.Object) string {
	// The same kind on both sides makes transport provable without reading data.
	if a := strings.ToLower(c.r.Header.Get(checksumAlgorithm)); slices.Contains(algorithms, a) {
		return a
	}
	for _, a := range algorithms {
		if o.Attr[checksumPrefix+a] != "" {
			return a
		}
	}
	return defaultAlgorithm
}

func (c *call) copyBytes(f *os.File, part span, algorithm string) (*store.Writer, *digests, error) {
	sum := &digests{algorithm: algorithm, sum: newHash(algorithm)}
	w, err := c.s.Store.Create()
	if err != nil {
		return nil, nil, err
	}
	if _, err := io.Copy(io.MultiWriter(w, sum), io.NewSectionReader(f, part.first, part.length)); err != nil {
		w.Discard()
		return nil, nil, err
	}
	return w, sum, nil
}

// copyPart fills a part from an object or a range of it: the way objects over 5 GiB
// are copied. The range must lie wholly inside the object.
func (c *call) copyPart() error {
	u, n, err := c.partOf()
	if err != nil {
		return err
	}
	f, o, err := c.source()
	if err != nil {
		return err
	}
	defer f.Close()
	part := span{length: o.Size}
	if header := c.r.Header.Get("X-Amz-Copy-Source-Range"); header != "" {
		part, err = rangeOf(header, o.Size)
		if err != nil || !part.partial || !strings.HasSuffix(header, fmt.Sprintf("-%d", part.first+part.length-1)) {
			return newError(http.StatusBadRequest, "InvalidArgument", fmt.Sprintf("Range specified is not valid for source object of size: %d", o.Size),
				Detail{"ArgumentName", "x-amz-copy-source-range"}, Detail{"ArgumentValue", header})
		}
	}
	algorithm := u.Attr[checksumAlgorithm]
	if algorithm == "" {
		algorithm = defaultAlgorithm
	}
	w, sum, err := c.copyBytes(f, part, algorithm)
	if err != nil {
		return err
	}
	defer w.Discard()
	attr := map[string]string{checksumPrefix + algorithm: sum.value()}
	p, err := w.CommitPart(c.at.bucket, c.at.key, u.ID, n, attr)
	if err != nil {
		return err
	}
	showEncryption(c.w.Header(), u.Attr)
	return c.answer(struct {
		XMLName      xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ CopyPartResult"`
		LastModified string
		ETag         string
		sums
	}{LastModified: timeText(p.Modified), ETag: quoted(p.ETag), sums: sumsOf(attr)})
}
