package session

import (
	"crypto/x509"
	"io"
	"net"
	"net/url"
	"testing"
	"time"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

func TestWhatIsTriedAgain(t *testing.T) {
	r := retryer()
	lost := func(err error) error {
		return &smithyhttp.RequestSendError{Err: &url.Error{Op: "Post", URL: "https://h/", Err: err}}
	}
	for name, tc := range map[string]struct {
		err   error
		again bool
	}{
		"cut off":      {lost(io.ErrUnexpectedEOF), true},
		"throttled":    {&smithy.GenericAPIError{Code: "Throttling"}, true},
		"no such host": {lost(&net.DNSError{Err: "no such host", Name: "sts", IsNotFound: true}), false},
		"no trust":     {lost(x509.UnknownAuthorityError{}), false},
		"denied":       {&smithy.GenericAPIError{Code: "AccessDenied"}, false},
	} {
		if got := r.IsErrorRetryable(tc.err); got != tc.again {
			t.Errorf("%s is tried again: %v", name, got)
		}
	}
	if n := r.MaxAttempts(); n != 3 {
		t.Errorf("%d attempts", n)
	}
	if d, err := r.RetryDelay(20, io.EOF); err != nil || d > 5*time.Second {
		t.Errorf("a wait of %s, %v", d, err)
	}
}
