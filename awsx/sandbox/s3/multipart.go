package s3

import (
	"encoding/xml"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/store"
)

// Limits of multipart uploads: parts per upload, and bytes of all but the last.
const (
	maxParts  = 10000
	leastPart = 5 << 20
)

// createUpload begins an upload. All rights are asked now as well as at each part, and
// what the object will carry is fixed here. The checksum's kind is decided here too:
// SHA sums can only be composed of the parts' sums, CRC64NVME only be over the whole,
// the others either way.
func (c *call) createUpload() error {
	attr, err := c.admit()
	if err != nil {
		return err
	}
	algorithm := strings.ToLower(c.r.Header.Get(checksumAlgorithm))
	kind := c.r.Header.Get(checksumType)
	switch {
	case algorithm != "" && !slices.Contains(algorithms, algorithm):
		return invalidRequest("Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")
	case algorithm == "" && kind != "":
		return invalidRequest("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.")
	case kind != "" && kind != fullObject && kind != composite,
		kind == fullObject && strings.HasPrefix(algorithm, "sha"), kind == composite && algorithm == defaultAlgorithm:
		return invalidRequest("The " + kind + " checksum type cannot be used with the " + algorithm + " checksum algorithm.")
	case kind == "" && algorithm != "" && algorithm != defaultAlgorithm:
		kind = composite
	}
	if algorithm != "" {
		if kind == "" {
			kind = fullObject
		}
		attr[checksumAlgorithm], attr[checksumType] = algorithm, kind
		c.w.Header().Set(checksumAlgorithm, strings.ToUpper(algorithm))
		c.w.Header().Set(checksumType, kind)
	}
	u, err := c.s.Store.Begin(c.at.bucket, c.at.key, attr)
	if err != nil {
		return err
	}
	showEncryption(c.w.Header(), attr)
	return c.answer(struct {
		XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ InitiateMultipartUploadResult"`
		Bucket   string
		Key      string
		UploadID string `xml:"UploadId"`
	}{Bucket: c.at.bucket, Key: c.at.key, UploadID: u.ID})
}

// partOf finds the upload and the part a request is about, once the caller may
// write the object.
func (c *call) partOf() (store.Upload, int, error) {
	var none store.Upload
	if err := c.may("s3:PutObject", c.resource(), nil); err != nil {
		return none, 0, err
	}
	q := c.r.URL.Query()
	n, err := strconv.Atoi(q.Get("partNumber"))
	if err != nil || n < 1 || n > maxParts {
		return none, 0, invalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", q.Get("partNumber"))
	}
	u, err := c.s.Store.Upload(c.at.bucket, c.at.key, q.Get("uploadId"))
	if err == nil {
		err = c.s.mayDecrypt(c.who, c.cfg, c.at.key, u.Attr)
	}
	return u, n, err
}

// uploadPart stores one part; parts come in any order and may be sent again. Where the
// upload declared no checksum, one that comes with a part is checked and forgotten.
func (c *call) uploadPart() error {
	u, n, err := c.partOf()
	if err != nil {
		return err
	}
	// Composing needs the same sum of every part.
	declared := u.Attr[checksumAlgorithm]
	sums, err := c.digests(declared)
	if err != nil {
		return err
	}
	if declared != "" && sums.algorithm != declared {
		return invalidRequest("Checksum Type mismatch occurred, expected checksum Type: " + declared + ", actual checksum Type: " + sums.algorithm)
	}
	w, err := c.receive(sums)
	if err != nil {
		return err
	}
	defer w.Discard()
	attr := map[string]string{}
	if sums.algorithm != "" {
		attr[checksumPrefix+sums.algorithm] = sums.value()
		c.w.Header().Set(checksumPrefix+sums.algorithm, sums.value())
	}
	p, err := w.CommitPart(c.at.bucket, c.at.key, u.ID, n, attr)
	if err != nil {
		return err
	}
	c.w.Header().Set("ETag", quoted(p.ETag))
	showEncryption(c.w.Header(), u.Attr)
	c.w.WriteHeader(http.StatusOK)
	return nil
}

// abortUpload throws the parts away.
func (c *call) abortUpload() error {
	if err := c.s.Store.Abort(c.at.bucket, c.at.key, c.r.URL.Query().Get("uploadId")); err != nil {
		return err
	}
	return c.noContent()
}

// sums are checksum elements of parts and objects in XML.
type sums struct {
	CRC32     string `xml:"ChecksumCRC32,omitempty"`
	CRC32C    string `xml:"ChecksumCRC32C,omitempty"`
	CRC64NVME string `xml:"ChecksumCRC64NVME,omitempty"`
	SHA1      string `xml:"ChecksumSHA1,omitempty"`
	SHA256    string `xml:"ChecksumSHA256,omitempty"`
}

func sumsOf(attr map[string]string) sums {
	return sums{attr[checksumPrefix+"crc32"], attr[checksumPrefix+"crc32c"], attr[checksumPrefix+"crc64nvme"], attr[checksumPrefix+"sha1"], attr[checksumPrefix+"sha256"]}
}

func (s sums) attr() map[string]string {
	all := map[string]string{"crc32": s.CRC32, "crc32c": s.CRC32C, "crc64nvme": s.CRC64NVME, "sha1": s.SHA1, "sha256": s.SHA256}
	maps.DeleteFunc(all, func(_, v string) bool { return v == "" })
	return all
}

// listParts shows what is stored, for clients that go on with an upload.
func (c *call) listParts() error {
	q := c.r.URL.Query()
	stored, err := c.s.Store.Parts(c.at.bucket, c.at.key, q.Get("uploadId"))
	if err != nil {
		return err
	}
	limit, err := pageSize(q.Get("max-parts"), "max-parts")
	if err != nil {
		return err
	}
	marker, _ := strconv.Atoi(q.Get("part-number-marker")) // absent means from the first
	type part struct {
		PartNumber         int
		LastModified, ETag string
		Size               int64
		sums
	}
	var out struct {
		XMLName                                xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListPartsResult"`
		Bucket, Key                            string
		UploadID                               string `xml:"UploadId"`
		Initiator, Owner                       owner
		StorageClass                           string
		PartNumberMarker, NextPartNumberMarker int
		MaxParts                               int
		IsTruncated                            bool
		Part                                   []part
	}
	out.Bucket, out.Key, out.UploadID, out.StorageClass = c.at.bucket, c.at.key, q.Get("uploadId"), "STANDARD"
	out.Owner.ID, out.Initiator.ID = canonicalID(c.cfg.Owner), canonicalID(c.cfg.Owner)
	out.PartNumberMarker, out.MaxParts = marker, limit
	for _, p := range stored {
		if p.Number <= marker {
			continue
		}
		if len(out.Part) == limit {
			out.IsTruncated = true
			break
		}
		out.Part = append(out.Part, part{p.Number, timeText(p.Modified), quoted(p.ETag), p.Size, sumsOf(p.Attr)})
		out.NextPartNumberMarker = p.Number
	}
	return c.answer(out)
}

// listUploads shows the uploads nobody finished: they cost money and show in no other
// list.
func (c *call) listUploads() error {
	q := c.r.URL.Query()
	all, err := c.s.Store.Uploads(c.at.bucket)
	if err != nil {
		return err
	}
	limit, err := pageSize(q.Get("max-uploads"), "max-uploads")
	if err != nil {
		return err
	}
	type upload struct {
		Key              string
		UploadID         string `xml:"UploadId"`
		Initiator, Owner owner
		StorageClass     string
		Initiated        string
	}
	var out struct {
		XMLName            xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListMultipartUploadsResult"`
		Bucket             string
		KeyMarker          string
		UploadIDMarker     string `xml:"UploadIdMarker"`
		NextKeyMarker      string
		NextUploadIDMarker string `xml:"NextUploadIdMarker"`
		Prefix             string
		MaxUploads         int
		IsTruncated        bool
		Upload             []upload
	}
	out.Bucket, out.Prefix, out.MaxUploads = c.at.bucket, q.Get("prefix"), limit
	out.KeyMarker, out.UploadIDMarker = q.Get("key-marker"), q.Get("upload-id-marker")
	id := owner{ID: canonicalID(c.cfg.Owner)}
	for _, u := range uploadsAfter(all, out.KeyMarker, out.UploadIDMarker) {
		if !strings.HasPrefix(u.Key, out.Prefix) {
			continue
		}
		if len(out.Upload) == limit {
			out.IsTruncated = true
			break
		}
		out.Upload = append(out.Upload, upload{u.Key, u.ID, id, id, "STANDARD", timeText(u.Started)})
		out.NextKeyMarker, out.NextUploadIDMarker = u.Key, u.ID
	}
	return c.answer(out)
}

// uploadsAfter leaves out what came on earlier pages: all uploads of keys up to
// the marker, or up to the upload that the two markers name.
func uploadsAfter(all []store.Upload, key, id string) []store.Upload {
	if i := slices.IndexFunc(all, func(u store.Upload) bool { return u.Key == key && u.ID == id }); i >= 0 {
		return all[i+1:]
	}
	i := slices.IndexFunc(all, func(u store.Upload) bool { return key == "" || u.Key > key })
	if i < 0 {
		return nil
	}
	return all[i:]
}
