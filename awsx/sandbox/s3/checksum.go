package s3

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"net/http"
	"slices"
	"strings"
)

const (
	checksumPrefix = "x-amz-checksum-"
	// defaultAlgorithm is computed for objects that come without a checksum, as
	// S3 has done since December 2024.
	defaultAlgorithm = "crc64nvme"
)

var (
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	nvme       = crc64.MakeTable(0x9a6c9329ac4bc9b5)
)

var algorithms = []string{"crc32", "crc32c", "crc64nvme", "sha1", "sha256"}

// newHash makes one of the algorithms, nil for any other name. CRC64NVME has init and
// final XOR of all ones, as has everything in hash/crc64.
func newHash(algorithm string) hash.Hash {
	switch algorithm {
	case "crc32":
		return crc32.NewIEEE()
	case "crc32c":
		return crc32.New(castagnoli)
	case "crc64nvme":
		return crc64.New(nvme)
	case "sha1":
		return sha1.New()
	case "sha256":
		return sha256.New()
	}
	return nil
}

// digests compute what a request promises about its body, and one checksum to
// keep. They are an io.Writer for the body.
type digests struct {
	algorithm string
	sum       hash.Hash
	// want is the checksum from the header, "" where it comes behind the body or
	// was not promised.
	want    string
	trailer bool
	md5     hash.Hash
	wantMD5 []byte
}

// digests reads the request's promises. algorithm is computed where there are
// none; "" means none is needed then.
func (c *call) digests(algorithm string) (*digests, error) {
	d := &digests{algorithm: algorithm}
	promised := 0
	for _, a := range algorithms {
		header := c.r.Header.Get(checksumPrefix + a)
		behind := c.announces(checksumPrefix + a)
		if header == "" && !behind {
			continue
		}
		promised++
		d.algorithm, d.want, d.trailer = a, header, behind
		if raw, err := base64.StdEncoding.DecodeString(header); header != "" && (err != nil || len(raw) != newHash(a).Size()) {
			return nil, invalidRequest("Value for " + checksumPrefix + a + " header is invalid.")
		}
	}
	if promised > 1 {
		return nil, invalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
	}
	if promised == 0 && c.r.Header.Get("X-Amz-Sdk-Checksum-Algorithm") != "" {
		return nil, invalidRequest("x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.")
	}
	if header := c.r.Header.Get("Content-Md5"); header != "" {
		var err error
		if d.wantMD5, err = base64.StdEncoding.DecodeString(header); err != nil || len(d.wantMD5) != md5.Size {
			return nil, newError(http.StatusBadRequest, "InvalidDigest", "The Content-MD5 you specified was invalid.", Detail{"Content-MD5", header})
		}
		d.md5 = md5.New()
	}
	if d.algorithm != "" {
		d.sum = newHash(d.algorithm)
	}
	return d, nil
}

// announces says that the header comes as a trailer.
func (c *call) announces(header string) bool {
	names := strings.Split(c.r.Header.Get("X-Amz-Trailer"), ",")
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(strings.TrimSpace(n), header) })
}

// promised says that the request covers its body by a digest of its own.
func (d *digests) promised() bool { return d.want != "" || d.trailer || d.md5 != nil }

func (d *digests) Write(p []byte) (int, error) {
	if d.sum != nil {
		d.sum.Write(p)
	}
	if d.md5 != nil {
		d.md5.Write(p)
	}
	return len(p), nil
}

// value is the checksum of what was written.
func (d *digests) value() string { return base64.StdEncoding.EncodeToString(d.sum.Sum(nil)) }

// check compares, once the body is through.
func (d *digests) check(trailer http.Header) error {
	if d.md5 != nil && !slices.Equal(d.md5.Sum(nil), d.wantMD5) {
		return newError(http.StatusBadRequest, "BadDigest", "The Content-MD5 you specified did not match what we received.")
	}
	want := d.want
	if d.trailer {
		if want = trailer.Get(checksumPrefix + d.algorithm); want == "" {
			return newError(http.StatusBadRequest, "MalformedTrailerError", "The request contained trailing data that was not well-formed or did not conform to our published schema.")
		}
	}
	if want != "" && want != d.value() {
		return newError(http.StatusBadRequest, "BadDigest", "The "+strings.ToUpper(d.algorithm)+" you specified did not match the calculated checksum.")
	}
	return nil
}

// showChecksum sets the headers for a kept checksum, if there is one.
func showChecksum(h http.Header, attr map[string]string) {
	for _, a := range algorithms {
		if v := attr[checksumPrefix+a]; v != "" {
			h.Set(checksumPrefix+a, v)
			kind := attr[checksumType]
			if kind == "" {
				kind = fullObject
			}
			h.Set(checksumType, kind)
		}
	}
}

// How an object's checksum was made: over all bytes, or over its parts' sums.
const (
	checksumType      = "x-amz-checksum-type"
	checksumAlgorithm = "x-amz-checksum-algorithm"
	fullObject        = "FULL_OBJECT"
	composite         = "COMPOSITE"
)
