// Package probe sends one request to a domain as one of the migration's
// identities, and understands the answer: who asked, what came back, why it was
// refused, and the same as curl for somebody else.
//
// It only looks: what could change something is refused before it is sent. It knows
// neither the plan nor what the answer means for it.
package probe

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/diagnose"
	"snapferry/steps/facts"
)

// Request is what is asked, and as whom.
type Request struct {
	Side steps.Side
	// Role is facts.Signer or facts.Mapper.
	Role facts.Role
	// Method is GET or HEAD; Path is path and query as a person types them.
	Method, Path string
}

// Identity is who asked. What could not be learned is empty, and Why says why.
type Identity struct {
	Account  awsid.AccountID `json:"account,omitempty"`
	ARN      string          `json:"arn,omitempty"`
	Provider string          `json:"provider,omitempty"`
	// Principal is how policies and role mappings name it: of a session, its role.
	Principal string `json:"principal,omitempty"`
	// User is an internal user of the domain, whom AWS does not know.
	User    string    `json:"user,omitempty"`
	Expires time.Time `json:"expires,omitzero"`
	// Unsigned says that nobody signed it.
	Unsigned bool       `json:"unsigned,omitempty"`
	Why      steps.Text `json:"why"`
}

// Result is the answer, or why there is none.
type Result struct {
	Side     steps.Side `json:"side"`
	Identity Identity   `json:"identity"`
	Method   string     `json:"method"`
	URL      string     `json:"url"`
	// Status is 0 where no answer came.
	Status    int    `json:"status"`
	RequestID string `json:"request_id,omitempty"`
	// Milliseconds is how long the answer took.
	Milliseconds int64  `json:"milliseconds"`
	Body         string `json:"body"`
	// Truncated says that the body was longer than 64 MiB.
	Truncated bool `json:"truncated,omitempty"`
	// Diagnosis is nil where the answer is a success.
	Diagnosis *steps.Diagnosis `json:"diagnosis,omitempty"`
	// Curl is the equal line for a POSIX shell, which has no secret in it;
	// CurlSince is the oldest curl that signs it rightly.
	Curl      string `json:"curl"`
	CurlSince string `json:"curl_since"`
}

// OK says that the domain did as it was asked.
func (r Result) OK() bool { return r.Diagnosis == nil }

// ErrNotSent is the cause of an error about the request itself: it is none, or it
// could change something.
var ErrNotSent = errors.New("the request was not sent")

// Do sends the request. An error means that it was not sent; where only its being
// harmless was in the way, the Result has the equal curl.
func Do(ctx context.Context, f *facts.Facts, q Request) (Result, error) {
	client := f.Signer
	if q.Role == facts.Mapper {
		client = f.Mapper
	}
	c, err := client(ctx, q.Side)
	if err != nil {
		return Result{}, err
	}
	r, err := c.Request(q.Method, q.Path, nil)
	var bad *cluster.TargetError
	if errors.As(err, &bad) {
		return Result{}, &steps.Error{Summary: bad.Summary, Fix: bad.Fix, Cause: ErrNotSent}
	}
	if err != nil {
		return Result{}, err
	}
	out := Result{Side: q.Side, Method: r.Method, URL: r.URL(), Curl: r.Curl(), CurlSince: r.CurlSince()}
	if err := looks(r); err != nil {
		return out, err
	}
	out.Identity = who(ctx, f, q, c.Auth())
	answer, err := c.Send(ctx, r)
	if err != nil {
		d := diagnose.Error(err)
		out.Diagnosis = &d
		return out, ctx.Err()
	}
	out.Status, out.RequestID, out.Milliseconds = answer.Status, answer.RequestID, answer.Took.Milliseconds()
	out.Body, out.Truncated = string(answer.Body), answer.Truncated
	if answer.Status < 200 || answer.Status > 299 {
		out.Body = failure.Silent(out.Body) // a refused signature is told with the token it was made with
	}
	if bad := answer.Failure(); bad != nil {
		d := diagnose.Error(bad)
		d.Body = "" // it stands above
		out.Diagnosis = &d
	}
	return out, nil
}

// acts are paths that do something even when they are only got: engines take GET
// for them too.
var acts = []string{"_refresh", "_flush", "_forcemerge", "_upgrade", "_cache"}

// looks refuses a request that could change something.
func looks(r cluster.Request) error {
	// Decoded as the engine does it; no index name begins with an underscore.
	path, err := url.PathUnescape(r.Path)
	acting := err != nil || slices.ContainsFunc(strings.Split(path, "/"), func(s string) bool { return slices.Contains(acts, s) })
	if (r.Method == "GET" || r.Method == "HEAD") && !acting {
		return nil
	}
	return &steps.Error{
		Summary: steps.T("%s could change something, and a probe only looks", r.String()),
		Fix:     steps.T("Send it yourself, and give the answer to snapferry explain"),
		Cause:   ErrNotSent,
	}
}

// who asks, as far as it can be told; a probe goes on where STS is out of reach.
func who(ctx context.Context, f *facts.Facts, q Request, auth cluster.AuthKind) Identity {
	switch auth {
	case cluster.AuthBasic:
		return Identity{User: f.Spec().Side(q.Side).Mapper.User}
	case cluster.AuthSigned:
	default:
		return Identity{Unsigned: true}
	}
	w, err := f.Identity(ctx, q.Side, q.Role)
	if err != nil {
		return Identity{Why: diagnose.Error(err).Summary}
	}
	return Identity{Account: w.Account, ARN: w.ARN.String(), Provider: w.Provider, Principal: w.Principal.String(), Expires: w.Expires}
}
