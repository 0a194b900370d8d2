package memory

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"snapferry/awsx/sandbox/memory/wire"
)

// mostBody is the longest request body, like http.max_content_length.
const mostBody = 100 << 20

// ServeHTTP answers one call. Calls are answered one after the other: a cluster
// this small needs no more, and every answer is of one moment.
func (c *Cluster) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, mostBody))
	if err != nil {
		write(w, req, reply{status: http.StatusRequestEntityTooLarge})
		return
	}
	r := &call{http: req, ctx: req.Context(), query: req.URL.Query(), body: body}
	out, werr := c.answer(r)
	if werr != nil {
		out = reply{status: werr.Status, body: werr.Body()}
	}
	write(w, req, out)
}

// answer finds the route, refuses what is malformed before anybody's rights are
// looked at, and brings due work to its end.
func (c *Cluster) answer(r *call) (reply, *wire.Error) {
	route, out := c.routes.find(r)
	if route == nil {
		return out, nil
	}
	if out, bad := c.contentType(r); bad {
		return out, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if out, known := c.authenticate(route, r); !known {
		return out, nil
	}
	if err := route.checkParameters(r); err != nil {
		return reply{}, err
	}
	if err := c.settle(r.ctx); err != nil {
		return reply{}, storageError(err)
	}
	if err := c.authorize(route, r); err != nil {
		return reply{}, err
	}
	return route.serve(r)
}

// contentType refuses a body that does not say that it is JSON.
func (c *Cluster) contentType(r *call) (reply, bool) {
	if len(r.body) == 0 {
		return reply{}, false
	}
	kind, _, _ := strings.Cut(r.http.Header.Get("Content-Type"), ";")
	switch strings.TrimSpace(strings.ToLower(kind)) {
	case "application/json", "application/x-ndjson":
		return reply{}, false
	}
	text := "Content-Type header [" + r.http.Header.Get("Content-Type") + "] is not supported"
	return reply{status: http.StatusNotAcceptable, body: wire.Obj("error", text, "status", 406)}, true
}

// Settle brings to an end what is due: the snapshots whose time has come are
// entered into their repositories. Calls do it by themselves; a world calls it
// for clusters that nobody asks, so that another cluster sees their snapshots.
func (c *Cluster) Settle(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.settle(ctx)
}

// wait lets time pass until a moment, with the cluster open for others. It says
// whether it came to it; without a way to wait it does not.
func (c *Cluster) wait(r *call, until time.Time) bool {
	d := until.Sub(c.now())
	if d <= 0 {
		return true
	}
	if c.opt.Wait == nil {
		return false
	}
	c.mu.Unlock()
	err := c.opt.Wait(r.ctx, d)
	c.mu.Lock()
	r.waited = true
	return err == nil && c.settle(r.ctx) == nil
}

// cutOff is what a client sees of a call that outlives the load balancer.
func cutOff() (reply, *wire.Error) {
	return reply{status: http.StatusGatewayTimeout, plain: true}, nil
}

// write sends an answer; HEAD gets the headers of GET.
func write(w http.ResponseWriter, req *http.Request, out reply) {
	status := max(out.status, http.StatusOK)
	var body []byte
	kind := "application/json; charset=UTF-8"
	switch {
	case out.plain:
		body, kind = []byte(out.text), "text/plain; charset=UTF-8"
	case out.body != nil:
		var err error
		if body, err = render(out.body, req.URL.Query()); err != nil {
			status, body = http.StatusInternalServerError, []byte(strconv.Quote(err.Error()))
		}
	}
	if out.challenge != "" {
		w.Header().Set("WWW-Authenticate", out.challenge)
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if req.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// render is compact, unless ?pretty asks for a form to read.
func render(v any, query url.Values) ([]byte, error) {
	body, err := wire.Encode(v)
	if err != nil || !query.Has("pretty") || query.Get("pretty") == "false" {
		return body, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, body, "", "  "); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
