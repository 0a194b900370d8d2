package migrate

import (
	"bytes"
	"io"
	"net/http"
	"strings"
)

// reply is an answer of somebody in between.
func reply(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body))}
}

func body(req *http.Request) string {
	b, _ := io.ReadAll(req.Body)
	req.Body = io.NopCloser(bytes.NewReader(b))
	return string(b)
}

// refuseCalls answers for the sandbox where method and the path's end match.
func refuseCalls(method, suffix string, status int, body string) func(*http.Request) *http.Response {
	return func(req *http.Request) *http.Response {
		if req.Method == method && strings.HasSuffix(req.URL.Path, suffix) {
			return reply(status, body)
		}
		return nil
	}
}

// rewrite lets the sandbox answer and changes words of the answer.
func (r *road) rewrite(method, suffix string, words ...string) {
	r.between = r.rewriting(func(req *http.Request) bool {
		return req.Method == method && strings.HasSuffix(req.URL.Path, suffix)
	}, words...)
}

// count counts the calls of a method and path since the last look.
func count(calls []string, call string) int {
	n := 0
	for _, c := range calls {
		if c == call {
			n++
		}
	}
	return n
}

// rewriting changes words of the sandbox's answers to the requests of a kind.
func (r *road) rewriting(matches func(*http.Request) bool, words ...string) func(*http.Request) *http.Response {
	return func(req *http.Request) *http.Response {
		if !matches(req) {
			return nil
		}
		answer, err := r.box.Transport().RoundTrip(req)
		if err != nil {
			return nil
		}
		defer func() { _ = answer.Body.Close() }()
		b, _ := io.ReadAll(answer.Body)
		return reply(answer.StatusCode, strings.NewReplacer(words...).Replace(string(b)))
	}
}
