package s3

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"snapferry/awsx/sandbox/store"
)

// span is the part of an object to send, in bytes.
type span struct {
	first, length int64
	partial       bool
}

// rangeOf reads a Range header. What is no single range of bytes is passed over,
// as HTTP wants it; S3 does not serve several ranges at once.
func rangeOf(header string, size int64) (span, error) {
	whole := span{length: size}
	spec, ok := strings.CutPrefix(header, "bytes=")
	if !ok || strings.Contains(spec, ",") {
		return whole, nil
	}
	from, to, ok := strings.Cut(strings.TrimSpace(spec), "-")
	if !ok {
		return whole, nil
	}
	unsatisfiable := newError(http.StatusRequestedRangeNotSatisfiable, "InvalidRange", "The requested range is not satisfiable",
		Detail{"RangeRequested", header}, Detail{"ActualObjectSize", fmt.Sprint(size)})
	if from == "" {
		n, err := strconv.ParseInt(to, 10, 64)
		switch {
		case err != nil || n < 0:
			return whole, nil
		case n == 0 || size == 0:
			return span{}, unsatisfiable
		}
		n = min(n, size)
		return span{size - n, n, true}, nil
	}
	// What is no number makes the header no range, and the object is sent whole.
	first, err := strconv.ParseInt(from, 10, 64)
	if err != nil || first < 0 {
		return whole, nil
	}
	last := size - 1
	if to != "" {
		if last, err = strconv.ParseInt(to, 10, 64); err != nil || last < first {
			return whole, nil
		}
		last = min(last, size-1)
	}
	if first >= size {
		return span{}, unsatisfiable
	}
	return span{first, last - first + 1, true}, nil
}

func preconditionFailed(condition string) *Error {
	return newError(http.StatusPreconditionFailed, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", Detail{"Condition", condition})
}

func conditionNamed(h http.Header) string {
	for _, name := range []string{"If-Match", "If-None-Match", "If-Unmodified-Since", "If-Modified-Since"} {
		if h.Get(name) != "" {
			return name
		}
	}
	return ""
}

// unchanged evaluates the conditions of a GET or HEAD in HTTP's order: an entity
// tag outweighs a time. done says that 304 was the answer.
func (c *call) unchanged(o store.Object) (done bool, err error) {
	h := c.r.Header
	// If-Match with a tag that fits overrides a time that does not.
	if v := h.Get("If-Match"); v != "" {
		if !matches(v, o.ETag) {
			return false, preconditionFailed("If-Match")
		}
	} else if t, ok := httpTime(h.Get("If-Unmodified-Since")); ok && o.Modified.Truncate(time.Second).After(t) {
		return false, preconditionFailed("If-Unmodified-Since")
	}
	same := false
	if v := h.Get("If-None-Match"); v != "" {
		same = matches(v, o.ETag)
	} else if t, ok := httpTime(h.Get("If-Modified-Since")); ok {
		same = !o.Modified.Truncate(time.Second).After(t)
	}
	if same {
		c.w.WriteHeader(http.StatusNotModified)
	}
	return same, nil
}

// matches compares an entity tag with a list of them, or with any.
func matches(header, etag string) bool {
	for _, v := range strings.Split(header, ",") {
		v = strings.TrimSpace(v)
		if v == "*" || strings.Trim(strings.TrimPrefix(v, "W/"), `"`) == etag {
			return true
		}
	}
	return false
}

func httpTime(s string) (time.Time, bool) {
	t, err := http.ParseTime(s)
	return t, err == nil
}
