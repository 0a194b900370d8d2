package cluster

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"snapferry/awsx/failure"
)

// maxBody bounds an answer that is read into memory.
const maxBody = 64 << 20

// Response is an HTTP answer of any status.
type Response struct {
	Status    int
	Header    http.Header
	Body      []byte
	RequestID string
	Took      time.Duration
	// Truncated says that the body was longer than 64 MiB.
	Truncated bool
	Request   Request
}

// Failure reads an answer that is not a success; nil for 2xx.
func (r *Response) Failure() *failure.Failure {
	if r.Status/100 == 2 {
		return nil
	}
	return failure.FromResponse(r.Request.String(), r.Request.host, r.Status, r.Header, r.Body)
}

// Do sends a call as typed and gives any answer; only the lack of one is an error.
func (c *Cluster) Do(ctx context.Context, method, target string, body []byte) (*Response, error) {
	r, err := c.Request(method, target, body)
	if err != nil {
		return nil, err
	}
	return c.Send(ctx, r)
}

// Send sends a request made by Request and gives any answer.
func (c *Cluster) Send(ctx context.Context, r Request) (*Response, error) {
	start := c.opts.Now()
	answer, err := c.exchange(ctx, r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	return c.whole(r, start, answer)
}

// whole reads an answer into memory.
func (c *Cluster) whole(r Request, start time.Time, answer *http.Response) (*Response, error) {
	got, err := io.ReadAll(io.LimitReader(answer.Body, maxBody+1))
	if err != nil {
		return nil, c.lost(r, err)
	}
	return &Response{
		Status: answer.StatusCode, Header: answer.Header, Body: got[:min(len(got), maxBody)], Truncated: len(got) > maxBody,
		RequestID: requestID(answer), Took: c.opts.Now().Sub(start), Request: r,
	}, nil
}

func requestID(answer *http.Response) string { return answer.Header.Get("X-Amzn-Requestid") }

// exchange sends a request; the answer's body is still to be read.
func (c *Cluster) exchange(ctx context.Context, r Request) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL(), bytes.NewReader(r.Body))
	if err != nil {
		return nil, c.lost(r, err)
	}
	if len(r.Body) == 0 {
		req.Body, req.GetBody, req.ContentLength = http.NoBody, nil, 0
	} else {
		req.Header.Set("Content-Type", r.contentType())
	}
	if err := c.authorize(ctx, req, r.Body); err != nil {
		return nil, c.lost(r, err)
	}
	answer, err := c.opts.Network.Client().Do(req)
	if err != nil {
		return nil, c.lost(r, err)
	}
	return answer, nil
}

// lost is an error without an answer.
func (c *Cluster) lost(r Request, err error) error {
	f := failure.Of(err)
	if f.Operation == "" {
		f.Operation = r.String()
	}
	if f.Host == "" {
		f.Host = c.host
	}
	return f
}

// authorize signs, or sets the password. The payload's hash goes into a header
// of its own: managed domains do without, Serverless does not, and a signature
// over it keeps proxies from touching the body.
func (c *Cluster) authorize(ctx context.Context, req *http.Request, body []byte) error {
	switch a := c.opts.Auth; a.kind {
	case AuthBasic:
		req.SetBasicAuth(a.user, a.password.Reveal())
	case AuthSigned:
		creds, err := a.creds.Retrieve(ctx)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		hash := hex.EncodeToString(sum[:])
		req.Header.Set("X-Amz-Content-Sha256", hash)
		return c.signer.SignHTTP(ctx, creds, req, hash, "es", string(c.opts.Region), c.opts.Now())
	}
	return nil
}

// call sends body as JSON, if there is one, and reads the answer into out, if
// that is wanted. Answers other than 2xx are failures.
func (c *Cluster) call(ctx context.Context, method, path string, query url.Values, body, out any) error {
	r := c.request(method, path, query)
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return err
		}
		r.Body = b
	}
	answer, err := c.Send(ctx, r)
	if err != nil {
		return err
	}
	if f := answer.Failure(); f != nil {
		return f
	}
	return answer.into(out)
}

// truncated is what is said of an answer that is longer than maxBody.
const truncated = "the answer is longer than 64 MiB"

func (r *Response) into(out any) error {
	why := truncated
	if !r.Truncated {
		if out == nil {
			return nil
		}
		err := json.Unmarshal(r.Body, out)
		if err == nil {
			return nil
		}
		why = "the answer is not what a domain says: " + err.Error()
	}
	return r.strange(why)
}

// strange is an answer of success that is none.
func (r *Response) strange(why string) *failure.Failure {
	return &failure.Failure{
		Kind: failure.Unknown, Message: why, Status: r.Status, RequestID: r.RequestID,
		Operation: r.Request.String(), Host: r.Request.host, Body: r.Body[:min(len(r.Body), 64<<10)],
	}
}

// get is call for reading.
func (c *Cluster) get(ctx context.Context, path string, query url.Values, out any) error {
	return c.call(ctx, http.MethodGet, path, query, nil, out)
}

// options makes a query of pairs.
func options(kv ...string) url.Values {
	q := url.Values{}
	for i := 0; i+1 < len(kv); i += 2 {
		q.Set(kv[i], kv[i+1])
	}
	return q
}

// missing drops a failure that says that the thing of this engine type is not there.
func missing(err error, engineType string) error {
	if f := failure.Of(err); f != nil && f.Kind == failure.Missing && f.Has(engineType) {
		return nil
	}
	return err
}

// only gives the one of a list that was asked for by name; nil where the engine
// does not have it.
func only[T any](list []T, err error, is func(T) bool) (*T, error) {
	i := slices.IndexFunc(list, is)
	if err != nil || i < 0 {
		return nil, err
	}
	return &list[i], nil
}
