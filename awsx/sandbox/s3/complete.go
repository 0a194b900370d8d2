package s3

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/store"
)

type completedPart struct {
	PartNumber int
	ETag       string
	sums
}

// completeUpload makes the object of the parts the caller names; stored parts that
// are not named are dropped with the upload. A refused completion leaves the upload
// as it was, so that the caller can try again.
func (c *call) completeUpload() error {
	if err := c.may("s3:PutObject", c.resource(), nil); err != nil {
		return err
	}
	id := c.r.URL.Query().Get("uploadId")
	u, err := c.s.Store.Upload(c.at.bucket, c.at.key, id)
	if err == nil {
		err = c.s.mayDecrypt(c.who, c.cfg, c.at.key, u.Attr)
	}
	if err != nil {
		return err
	}
	parts, err := c.chosenParts(id)
	if err != nil {
		return err
	}
	cond, err := c.writeCondition()
	if err != nil {
		return err
	}
	f := finishing{c: c, upload: u, parts: parts}
	o, err := c.s.Store.Complete(c.at.bucket, c.at.key, id, parts, f.whole(), f.attr, cond)
	if err != nil {
		return err
	}
	showEncryption(c.w.Header(), o.Attr)
	return c.answer(struct {
		XMLName      xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ CompleteMultipartUploadResult"`
		Location     string
		Bucket, Key  string
		ETag         string
		ChecksumType string `xml:",omitempty"`
		sums
	}{
		Location: "https://" + c.at.bucket + ".s3." + string(c.cfg.Region) + ".amazonaws.com/" + urlEncode(c.at.key),
		Bucket:   c.at.bucket, Key: c.at.key, ETag: quoted(o.ETag), ChecksumType: o.Attr[checksumType], sums: sumsOf(o.Attr),
	})
}

// chosenParts reads which parts make the object. The checksum headers of this
// request are about the object, not about its body.
func (c *call) chosenParts(id string) ([]store.Part, error) {
	body, err := c.body(io.Discard)
	if err != nil {
		return nil, err
	}
	var in struct{ Part []completedPart }
	if xml.Unmarshal(body, &in) != nil || len(in.Part) == 0 {
		return nil, malformedXML()
	}
	stored, err := c.s.Store.Parts(c.at.bucket, c.at.key, id)
	if err != nil {
		return nil, err
	}
	want := make([]store.Wanted, len(in.Part))
	for i, p := range in.Part {
		want[i] = store.Wanted{Number: p.PartNumber, ETag: strings.Trim(p.ETag, `"`)}
	}
	parts, err := store.Select(stored, want, leastPart)
	if err != nil {
		return nil, partError(err)
	}
	// Checksums in the list are a second opinion on the parts beside their ETags.
	for i, p := range parts {
		for algorithm, v := range in.Part[i].attr() {
			if kept := p.Attr[checksumPrefix+algorithm]; kept != v {
				return nil, partError(store.ErrInvalidPart)
			}
		}
	}
	return parts, nil
}

// partError words what is wrong with the list. EntityTooSmall names the part, which
// is the first that the SDKs print.
func partError(err error) error {
	var small *store.TooSmallError
	switch {
	case errors.Is(err, store.ErrPartOrder):
		return newError(http.StatusBadRequest, "InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.")
	case errors.Is(err, store.ErrInvalidPart):
		return newError(http.StatusBadRequest, "InvalidPart", "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.")
	case errors.As(err, &small):
		return newError(http.StatusBadRequest, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size",
			Detail{"ETag", small.ETag}, Detail{"MinSizeAllowed", strconv.FormatInt(small.Least, 10)},
			Detail{"ProposedSize", strconv.FormatInt(small.Size, 10)}, Detail{"PartNumber", strconv.Itoa(small.Number)})
	}
	return err
}

// finishing makes the checksum of an object that comes in parts.
type finishing struct {
	c      *call
	upload store.Upload
	parts  []store.Part
	all    *digests
}

// whole is what all bytes pass through where the checksum is over all of them.
func (f *finishing) whole() io.Writer {
	if f.upload.Attr[checksumType] == composite {
		return nil
	}
	algorithm := f.upload.Attr[checksumAlgorithm]
	if algorithm == "" {
		algorithm = defaultAlgorithm
	}
	f.all = &digests{algorithm: algorithm, sum: newHash(algorithm)}
	return f.all
}

// attr is what is kept with the object, once its bytes went by.
func (f *finishing) attr() (map[string]string, error) {
	attr := maps.Clone(f.upload.Attr)
	// It was the upload's; the object has the checksum itself.
	delete(attr, checksumAlgorithm)
	algorithm, value, err := f.checksum()
	if err != nil {
		return nil, err
	}
	if want := f.c.r.Header.Get(checksumPrefix + algorithm); want != "" && want != value {
		return nil, newError(http.StatusBadRequest, "BadDigest", "The "+strings.ToUpper(algorithm)+" you specified did not match the calculated checksum.")
	}
	// A client that lost count would otherwise never learn.
	if want := f.c.r.Header.Get("X-Amz-Mp-Object-Size"); want != "" {
		var size int64
		for _, p := range f.parts {
			size += p.Size
		}
		if want != fmt.Sprint(size) {
			return nil, invalidRequest("The provided 'x-amz-mp-object-size' header does not match what was computed.")
		}
	}
	attr[checksumPrefix+algorithm] = value
	if f.all != nil {
		attr[checksumType] = fullObject
	}
	return attr, nil
}

func (f *finishing) checksum() (algorithm, value string, err error) {
	if f.all != nil {
		return f.all.algorithm, f.all.value(), nil
	}
	// A composite checksum is the checksum of the parts' checksums.
	algorithm = f.upload.Attr[checksumAlgorithm]
	sum := newHash(algorithm)
	for _, p := range f.parts {
		raw, err := base64.StdEncoding.DecodeString(p.Attr[checksumPrefix+algorithm])
		if err != nil {
			return "", "", err
		}
		sum.Write(raw)
	}
	return algorithm, fmt.Sprintf("%s-%d", base64.StdEncoding.EncodeToString(sum.Sum(nil)), len(f.parts)), nil
}
