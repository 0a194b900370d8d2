package network

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/middleware"
)

// logged makes one call and tells OnCall about it when the answer's header is in.
func (n *Network) logged(r *http.Request, do func(*http.Request) (*http.Response, error)) (*http.Response, error) {
	if n.problem != nil {
		return nil, n.problem
	}
	start := n.opts.Now()
	answer, err := do(r)
	n.record(r, start, answer, err)
	return answer, err
}

func (n *Network) record(r *http.Request, start time.Time, answer *http.Response, err error) {
	if n.opts.OnCall == nil {
		return
	}
	c := Call{
		At: start, Took: n.opts.Now().Sub(start),
		Method: r.Method, Host: host(r), Path: r.URL.EscapedPath(),
		Operation: strings.TrimSpace(middleware.GetServiceID(r.Context()) + " " + middleware.GetOperationName(r.Context())),
	}
	if err != nil {
		c.Err = withoutURL(err).Error()
	}
	if answer != nil {
		c.Status = answer.StatusCode
		c.RequestID = either(answer.Header.Get, "X-Amzn-Requestid", "X-Amz-Request-Id")
	}
	n.opts.OnCall(c)
}

func host(r *http.Request) string {
	if r.Host != "" {
		return r.Host
	}
	return r.URL.Host
}

// withoutURL takes the URL off a client's error, for its query.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
