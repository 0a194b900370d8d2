package s3

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/store"
)

// getObject serves GET and HEAD.
func (c *call) getObject() error {
	if err := c.may("s3:GetObject", c.resource(), nil); err != nil {
		return err
	}
	query := c.r.URL.Query()
	// Buckets here are not versioned: the one version is called null.
	if v := query.Get("versionId"); v != "" && v != "null" {
		return newError(http.StatusNotFound, "NoSuchVersion", "The specified version does not exist.", Detail{"Key", c.at.key}, Detail{"VersionId", v})
	}
	f, o, err := c.s.Store.Open(c.at.bucket, c.at.key)
	if errors.Is(err, store.ErrNoKey) {
		return c.s.missing(c.who, c.cfg, c.at.key, c.context())
	}
	if err != nil {
		return err
	}
	defer f.Close()
	// Who owns it stands with the object, so this can only be decided now.
	if err := mayRead(c.who, c.cfg, o.Attr); err != nil {
		return err
	}
	// The head of an object tells nothing that is encrypted but its checksum.
	if c.r.Method != http.MethodHead || c.r.Header.Get("X-Amz-Checksum-Mode") == "ENABLED" {
		if err := c.s.mayDecrypt(c.who, c.cfg, c.at.key, o.Attr); err != nil {
			return err
		}
	}
	h := c.w.Header()
	h.Set("ETag", quoted(o.ETag))
	h.Set("Last-Modified", o.Modified.Format(http.TimeFormat))
	if done, err := c.unchanged(o); done || err != nil {
		return err
	}
	part, err := rangeOf(c.r.Header.Get("Range"), o.Size)
	if err != nil {
		return err
	}
	c.objectHeaders(o, part)
	if c.r.Method == http.MethodHead {
		return nil
	}
	// A client that went away is its own affair: the status is already out.
	_, _ = io.Copy(c.w, io.NewSectionReader(f, part.first, part.length))
	return nil
}

// missing words the absence of a key: only who may list the bucket may learn
// that the key is not there.
func (s *Service) missing(who access.Caller, cfg BucketConfig, key string, ctx map[string][]string) error {
	if err := s.may(who, cfg, "s3:ListBucket", bucketARN(cfg.Name), ctx); err != nil {
		return err
	}
	return noSuchKey(key)
}

// overrides are query parameters by which a signed request sets headers of its
// answer.
var overrides = []string{"cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "expires"}

// objectHeaders writes the head of an answer with an object. The checksum goes along
// only when it is asked for, and never with a range: it is over the whole object, and
// clients check it against what they got.
func (c *call) objectHeaders(o store.Object, part span) {
	h := c.w.Header()
	h.Set("Accept-Ranges", "bytes")
	h.Set("Content-Type", "binary/octet-stream")
	h.Set("Content-Length", fmt.Sprint(part.length))
	for name, v := range o.Attr {
		// "STANDARD" is the class nobody hears of.
		if slices.Contains(keptHeaders, name) && v != "STANDARD" || name == "content-encoding" || strings.HasPrefix(name, metaPrefix) {
			h.Set(name, v)
		}
	}
	if tags, err := url.ParseQuery(o.Attr["x-amz-tagging"]); err == nil && len(tags) > 0 {
		h.Set("X-Amz-Tagging-Count", fmt.Sprint(len(tags)))
	}
	showEncryption(h, o.Attr)
	if c.r.Header.Get("X-Amz-Checksum-Mode") == "ENABLED" && !part.partial {
		showChecksum(h, o.Attr)
	}
	query := c.r.URL.Query()
	for _, name := range overrides {
		if v := query.Get("response-" + name); v != "" && !c.who.Anonymous {
			h.Set(name, v)
		}
	}
	status := http.StatusOK
	if part.partial {
		h.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", part.first, part.first+part.length-1, o.Size))
		status = http.StatusPartialContent
	}
	c.w.WriteHeader(status)
}

// getObjectTagging gives the tags that came with the upload, in the order of names.
func (c *call) getObjectTagging() error {
	o, err := c.s.Store.Stat(c.at.bucket, c.at.key)
	if err != nil {
		return err
	}
	tags, err := url.ParseQuery(o.Attr["x-amz-tagging"])
	if err != nil {
		return err
	}
	out := tagsXML{}
	for key, values := range tags {
		out.TagSet.Tag = append(out.TagSet.Tag, Tag{key, values[0]})
	}
	slices.SortFunc(out.TagSet.Tag, func(a, b Tag) int { return strings.Compare(a.Key, b.Key) })
	return c.answer(out)
}

// getObjectAcl names the owner alone; see ownerOnly.
func (c *call) getObjectAcl() error {
	o, err := c.s.Store.Stat(c.at.bucket, c.at.key)
	if err != nil {
		return err
	}
	return c.ownerOnly(canonicalID(objectOwner(c.cfg, o)))
}

func objectOwner(cfg BucketConfig, o store.Object) awsid.AccountID {
	if a := o.Attr[ownerKey]; a != "" {
		return awsid.AccountID(a)
	}
	return cfg.Owner
}

// deleteObject succeeds where there is no object, too.
func (c *call) deleteObject() error {
	if err := c.s.Store.Delete(c.at.bucket, c.at.key); err != nil {
		return err
	}
	return c.noContent()
}

// maxDelete is the number of keys one DeleteObjects may name.
const maxDelete = 1000

// deleteObjects answers 200 even if every key was refused: each key has its own
// verdict in the body, and a client that looks at the status alone is wrong. The body
// must be covered by a digest, of whichever kind; SDKs send CRC32 where the older
// ones sent Content-MD5.
func (c *call) deleteObjects() error {
	type object struct {
		Key       string
		VersionID string `xml:"VersionId"`
	}
	var in struct {
		Object []object
		Quiet  bool
	}
	sums, err := c.digests("")
	if err != nil {
		return err
	}
	if !sums.promised() {
		return invalidRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
	}
	if err := c.read(&in); err != nil {
		return err
	}
	if len(in.Object) == 0 || len(in.Object) > maxDelete {
		return malformedXML()
	}
	type deleted struct{ Key string }
	type failed struct{ Key, Code, Message string }
	var out struct {
		XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ DeleteResult"`
		Deleted []deleted
		Error   []failed
	}
	for _, o := range in.Object {
		// Each key is decided by itself; a refused one does not stop the others.
		err := c.may("s3:DeleteObject", objectARN(c.at.bucket, o.Key), nil)
		if err == nil {
			err = c.s.Store.Delete(c.at.bucket, o.Key)
		}
		if err != nil {
			e := c.asError(err)
			out.Error = append(out.Error, failed{o.Key, e.Code, e.Message})
		} else if !in.Quiet {
			out.Deleted = append(out.Deleted, deleted{o.Key})
		}
	}
	return c.answer(out)
}
