package failure_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/failure"
)

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func newReader(s string) io.Reader { return strings.NewReader(s) }

func TestSystemClockWaits(t *testing.T) {
	c := failure.SystemClock()
	if c.Now().IsZero() || c.Wait(context.Background(), 0) != nil {
		t.Error("the system clock does not run")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := c.Wait(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("a wait outlived its context: %v", err)
	}
}
