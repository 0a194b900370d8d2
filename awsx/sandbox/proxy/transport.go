package proxy

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"sync"
)

// Transport reaches the services of a route without sockets or TLS, for tests
// and for the sandbox's own services among each other. Plain, if there is one, is
// asked first about requests without TLS.
type Transport struct {
	Route Route
	Plain Plain
}

// RoundTrip implements http.RoundTripper. A host without a route fails, as a
// refused CONNECT fails a client of the proxy.
func (t Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	var handler http.Handler
	if r.URL.Scheme == "http" && t.Plain != nil {
		handler = t.Plain(HostName(host), r)
	}
	if handler == nil {
		handler = t.Route(HostName(host))
	}
	if handler == nil {
		closeBody(r)
		return nil, fmt.Errorf("%s", refusal(host))
	}
	ctx, cancel := context.WithCancel(r.Context())
	in := r.Clone(ctx)
	in.Host, in.RequestURI, in.RemoteAddr = host, r.URL.RequestURI(), "127.0.0.1:0"
	in.Proto, in.ProtoMajor, in.ProtoMinor = "HTTP/1.1", 1, 1
	// A server sees these two in fields of the request, not among the headers.
	in.Header.Del("Host")
	in.Header.Del("Content-Length")
	if in.Body == nil {
		in.Body = http.NoBody
	}
	pr, pw := io.Pipe()
	w := &pipeWriter{header: http.Header{}, body: pw, head: make(chan struct{})}
	go func() {
		defer closeBody(r)
		defer w.finish()
		handler.ServeHTTP(w, in)
	}()
	select {
	case <-w.head:
	case <-r.Context().Done():
	}
	// Both may have come: whoever gave up gets no answer, as from a socket.
	if err := r.Context().Err(); err != nil {
		cancel()
		_ = pr.CloseWithError(err)
		return nil, err
	}
	resp := w.response(r)
	resp.Body = &cancelBody{ReadCloser: pr, cancel: cancel}
	if r.Method == http.MethodHead {
		_ = resp.Body.Close()
		resp.Body = http.NoBody
	}
	return resp, nil
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
}

// cancelBody ends the handler's request when the reader is done with it.
type cancelBody struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (b *cancelBody) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}

// pipeWriter is the handler's side of an answer. Like a server it sends the head
// with the first bytes of the body or at the end, so that whoever gets an answer
// without a body knows the handler is through.
type pipeWriter struct {
	header http.Header
	sent   http.Header
	status int
	body   *io.PipeWriter
	once   sync.Once
	head   chan struct{}
}

func (w *pipeWriter) Header() http.Header { return w.header }

func (w *pipeWriter) WriteHeader(status int) {
	if status < 200 {
		return // informational: the client does not wait for it here
	}
	if w.status == 0 {
		w.status, w.sent = status, maps.Clone(w.header)
	}
}

// send lets the client have the head.
func (w *pipeWriter) send() {
	w.WriteHeader(http.StatusOK)
	w.once.Do(func() { close(w.head) })
}

func (w *pipeWriter) Write(b []byte) (int, error) {
	w.send()
	if w.status == http.StatusNoContent || w.status == http.StatusNotModified {
		return 0, http.ErrBodyNotAllowed
	}
	return w.body.Write(b)
}

// finish ends the answer; a handler that panicked breaks it off, as a server
// would break off the connection.
func (w *pipeWriter) finish() {
	if v := recover(); v != nil {
		_ = w.body.CloseWithError(fmt.Errorf("the service broke off: %v", v))
	}
	w.send()
	_ = w.body.Close()
}

// response is what was sent before the body.
func (w *pipeWriter) response(r *http.Request) *http.Response {
	length := int64(-1)
	if n, err := strconv.ParseInt(w.sent.Get("Content-Length"), 10, 64); err == nil {
		length = n
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: w.sent, ContentLength: length, Request: r,
	}
}
