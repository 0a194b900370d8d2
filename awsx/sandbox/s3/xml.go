package s3

import (
	"encoding/xml"
	"io"
	"net/http"
	"time"
)

const (
	// maxDocument bounds a configuration or a list in a request, in bytes:
	// a thousand keys to delete of the greatest length fit in.
	maxDocument = 4 << 20
	timeForm    = "2006-01-02T15:04:05.000Z"
)

func timeText(t time.Time) string { return t.UTC().Format(timeForm) }

// answer writes an XML document.
func (c *call) answer(v any) error {
	b, err := xml.Marshal(v)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", "application/xml")
	_, _ = io.WriteString(c.w, xml.Header)
	_, _ = c.w.Write(b)
	return nil
}

func (c *call) noContent() error {
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

// document reads the whole body, and so sees its signature and checksum checked.
func (c *call) document() ([]byte, error) {
	sums, err := c.digests("")
	if err != nil {
		return nil, err
	}
	b, err := c.body(sums)
	if err != nil {
		return nil, err
	}
	return b, sums.check(c.sign.Trailer())
}

func (c *call) body(also io.Writer) ([]byte, error) {
	b, err := io.ReadAll(io.TeeReader(io.LimitReader(c.r.Body, maxDocument+1), also))
	if err == nil && len(b) > maxDocument {
		err = newError(http.StatusBadRequest, "MaxMessageLengthExceeded", "Your request was too big.")
	}
	return b, err
}

// read parses the body into v.
func (c *call) read(v any) error {
	b, err := c.document()
	if err != nil {
		return err
	}
	if xml.Unmarshal(b, v) != nil {
		return malformedXML()
	}
	return nil
}

// owner is an account as S3 shows owners: by its canonical id.
type owner struct {
	ID          string
	DisplayName string `xml:",omitempty"`
}
