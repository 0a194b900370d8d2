package s3

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"

	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/store"
)

// Error is a refusal in S3's words. Details are elements that go along, such as
// the bucket's region.
type Error struct {
	Status        int
	Code, Message string
	Details       []Detail
}

// Detail is one further element of an error.
type Detail struct{ Name, Value string }

func (e *Error) Error() string { return e.Code + ": " + e.Message }

func newError(status int, code, message string, details ...Detail) *Error {
	return &Error{status, code, message, details}
}

// accessDenied has the code for every refusal by policy; the sentence tells the rest.
func accessDenied(message string) *Error {
	return newError(http.StatusForbidden, "AccessDenied", message)
}

func noSuchBucket(name string) *Error {
	return newError(http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist", Detail{"BucketName", name})
}

func noSuchKey(key string) *Error {
	return newError(http.StatusNotFound, "NoSuchKey", "The specified key does not exist.", Detail{"Key", key})
}

// notImplemented is what S3 says of what it does not do, and what we say of what S3
// does and we do not: never a false success.
func notImplemented() *Error {
	return newError(http.StatusNotImplemented, "NotImplemented", "A header you provided implies functionality that is not implemented")
}

func malformedXML() *Error {
	return newError(http.StatusBadRequest, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
}

func invalidRequest(message string) *Error {
	return newError(http.StatusBadRequest, "InvalidRequest", message)
}

func invalidArgument(message, name, value string) *Error {
	return newError(http.StatusBadRequest, "InvalidArgument", message, Detail{"ArgumentName", name}, Detail{"ArgumentValue", value})
}

// redirect tells where a bucket of another region is to be asked for.
func (c *call) redirect() *Error {
	return newError(http.StatusMovedPermanently, "PermanentRedirect",
		"The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
		Detail{"Endpoint", c.at.bucket + ".s3." + string(c.cfg.Region) + ".amazonaws.com"}, Detail{"Bucket", c.at.bucket})
}

// asError words whatever went wrong. What is no fault of the request is logged
// and shown as S3 shows it: without a reason.
func (c *call) asError(err error) *Error {
	var own *Error
	var refusal *access.Refusal
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &refusal):
		e := newError(refusal.Status, refusal.Code, refusal.Message)
		if refusal.Code == "AuthorizationHeaderMalformed" && c.cfg.Region != "" {
			e.Details = []Detail{{"Region", string(c.cfg.Region)}}
		}
		return e
	case errors.Is(err, store.ErrNoKey):
		return noSuchKey(c.at.key)
	case errors.Is(err, store.ErrNoUpload):
		return newError(http.StatusNotFound, "NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
			Detail{"UploadId", c.r.URL.Query().Get("uploadId")})
	case errors.Is(err, io.ErrUnexpectedEOF):
		return newError(http.StatusBadRequest, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header")
	case errors.Is(err, store.ErrCondition):
		return preconditionFailed(conditionNamed(c.r.Header))
	// The client left or the sandbox is closing; nobody reads this.
	case c.r.Context().Err() != nil:
		return newError(http.StatusBadRequest, "RequestTimeout", "Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.")
	}
	c.s.Logger.Error("s3 failed", "operation", c.op.name, "bucket", c.at.bucket, "key", c.at.key, "error", err)
	return newError(http.StatusInternalServerError, "InternalError", "We encountered an internal error. Please try again.")
}

// fail writes an error. HEAD has no body, so there the status and the headers are all
// a client gets, the bucket's region among them.
func (c *call) fail(err error) {
	e := c.asError(err)
	h := c.w.Header()
	if c.cfg.Region != "" {
		h.Set("X-Amz-Bucket-Region", string(c.cfg.Region))
	}
	// What was set for a success that did not come about.
	h.Del("Content-Length")
	h.Del("ETag")
	if c.r.Method == http.MethodHead {
		c.w.WriteHeader(e.Status)
		return
	}
	h.Set("Content-Type", "application/xml")
	var b bytes.Buffer
	b.WriteString(xml.Header + "<Error>")
	for _, d := range append(append([]Detail{{"Code", e.Code}, {"Message", e.Message}}, e.Details...), Detail{"RequestId", c.id}, Detail{"HostId", hostID(c.id)}) {
		b.WriteString("<" + d.Name + ">")
		_ = xml.EscapeText(&b, []byte(d.Value)) // a bytes.Buffer takes everything
		b.WriteString("</" + d.Name + ">")
	}
	b.WriteString("</Error>")
	c.w.WriteHeader(e.Status)
	_, _ = c.w.Write(b.Bytes()) // a client that went away is its own affair
}
