package failure_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/failure"
)

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func newReader(s string) io.Reader { return strings.NewReader(s) }

// clock stands still but for the waits.
type clock struct {
	now   time.Time
	waits []time.Duration
}

func (c *clock) Now() time.Time { return c.now }

func (c *clock) Wait(ctx context.Context, d time.Duration) error {
	c.waits = append(c.waits, d)
	c.now = c.now.Add(d)
	return ctx.Err()
}

func status(n int) error { return failure.FromResponse("GET /", "h", n, nil, nil) }

func TestRetry(t *testing.T) {
	const s = time.Second
	for name, tc := range map[string]struct {
		policy failure.Policy
		fail   []error // then success
		calls  int
		waits  []time.Duration
		ok     bool
	}{
		"at once":           {failure.Policy{}, nil, 1, nil, true},
		"transient":         {failure.Policy{First: s}, []error{status(429), status(503)}, 3, []time.Duration{s, 2 * s}, true},
		"for good":          {failure.Policy{}, []error{status(400)}, 1, nil, false},
		"used up":           {failure.Policy{Attempts: 2, First: s}, []error{status(429), status(429), status(429)}, 2, []time.Duration{s}, false},
		"longest wait":      {failure.Policy{First: s, Max: s}, []error{status(429), status(429), status(429)}, 4, []time.Duration{s, s, s}, true},
		"time bound":        {failure.Policy{First: s, Within: 2 * s, Attempts: 9}, []error{status(429), status(429), status(429)}, 2, []time.Duration{s}, false},
		"widened":           {failure.Policy{First: s, Also: func(f *failure.Failure) bool { return f.Kind == failure.Denied }}, []error{status(403)}, 2, []time.Duration{s}, true},
		"shortened":         {failure.Policy{First: s, Jitter: func() float64 { return 0.5 }}, []error{status(429)}, 2, []time.Duration{750 * time.Millisecond}, true},
		"default first":     {failure.Policy{}, []error{status(504)}, 2, []time.Duration{500 * time.Millisecond}, true},
		"default attempts":  {failure.Policy{First: s}, []error{status(429), status(429), status(429), status(429), status(429)}, 5, []time.Duration{s, 2 * s, 4 * s, 8 * s}, false},
		"plain error, once": {failure.Policy{}, []error{errors.New("odd")}, 1, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := &clock{now: time.Unix(0, 0)}
			var told []failure.Wait
			tc.policy.OnWait = func(w failure.Wait) { told = append(told, w) }
			calls := 0
			err := failure.Retry(context.Background(), c, tc.policy, func(context.Context) error {
				calls++
				if calls <= len(tc.fail) {
					return tc.fail[calls-1]
				}
				return nil
			})
			if calls != tc.calls || (err == nil) != tc.ok {
				t.Errorf("%d calls, error %v", calls, err)
			}
			if d := cmp.Diff(tc.waits, c.waits); d != "" {
				t.Error(d)
			}
			for i, w := range told {
				if w.Attempt != i+1 || w.For != c.waits[i] || w.Reason.IsZero() || w.Because == nil {
					t.Errorf("wait %d told as %+v", i, w)
				}
			}
			if len(told) != len(c.waits) {
				t.Errorf("%d of %d waits were told", len(told), len(c.waits))
			}
		})
	}
}

func TestRetryEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	c := &clock{}
	err := failure.Retry(ctx, c, failure.Policy{OnWait: func(failure.Wait) { cancel() }}, func(context.Context) error { return status(503) })
	if !errors.Is(err, context.Canceled) || failure.Of(err).Kind != failure.Interrupted {
		t.Errorf("got %v", err)
	}
	calls := 0
	err = failure.Retry(ctx, c, failure.Policy{}, func(context.Context) error { calls++; return status(503) })
	if calls != 1 || !failure.Is(err, failure.Service) {
		t.Errorf("%d calls after the end, error %v", calls, err)
	}
}

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
