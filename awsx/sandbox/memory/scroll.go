package memory

import (
	"encoding/base64"
	"maps"
	"strings"
	"time"

	"snapferry/awsx/sandbox/memory/wire"
)

// scroll is a search whose further pages are kept. It lives in memory alone, as
// it does on a node: a restart ends it.
type scroll struct {
	page  page
	left  []*hit
	until time.Time
}

// keepScroll remembers the rest of a search and sweeps what has run out.
func (c *Cluster) keepScroll(r *call, p page, left []*hit) string {
	keep, err := r.span("scroll", time.Minute)
	if err != nil {
		keep = time.Minute
	}
	now := c.now()
	maps.DeleteFunc(c.scrolls, func(_ string, s *scroll) bool { return now.After(s.until) })
	id := base64.URLEncoding.EncodeToString([]byte(scrollMark + c.uuid()))
	c.scrolls[id] = &scroll{page: p, left: left, until: now.Add(keep)}
	return id
}

// scrollMark is what our scroll ids begin with inside, so that others are told
// apart from those that have run out.
const scrollMark = "scroll:"

type scrollBody struct {
	ID     any    `json:"scroll_id"`
	Scroll string `json:"scroll"`
}

// nextPage gives the next window, in the end an empty one.
func (c *Cluster) nextPage(r *call) (reply, *wire.Error) {
	body := scrollBody{}
	if err := r.decode(&body); err != nil {
		return reply{}, err
	}
	if v := r.query.Get("scroll_id"); v != "" {
		body.ID = v
	}
	id, _ := body.ID.(string)
	if raw, err := base64.URLEncoding.DecodeString(id); err != nil || !strings.HasPrefix(string(raw), scrollMark) {
		return reply{}, wire.IllegalArgument("Cannot parse scroll id")
	}
	s := c.scrolls[id]
	if s == nil || c.now().After(s.until) {
		cause := wire.New(404, "search_context_missing_exception", "No search context found for id [%s]", id)
		return reply{}, c.shardsFailed(404, nil, cause)
	}
	keep := body.Scroll
	if v := r.query.Get("scroll"); v != "" {
		keep = v
	}
	if d, ok := parseSpan(keep); ok {
		s.until = c.now().Add(d)
	}
	window := cut(s.left, 0, s.page.size())
	s.left = s.left[len(window):]
	return ok(append(wire.Obj("_scroll_id", id), s.page.answer(window)...))
}

// clearScroll ends scrolls before their time.
func (c *Cluster) clearScroll(r *call) (reply, *wire.Error) {
	body := scrollBody{}
	if err := r.decode(&body); err != nil {
		return reply{}, err
	}
	freed := 0
	for _, id := range append(stringList(body.ID), splitList(r.query.Get("scroll_id"))...) {
		if c.scrolls[id] != nil {
			delete(c.scrolls, id)
			freed++
		}
	}
	status := 200
	if freed == 0 {
		status = 404
	}
	return reply{status: status, body: wire.Obj("succeeded", true, "num_freed", freed)}, nil
}
