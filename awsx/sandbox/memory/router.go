package memory

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"snapferry/awsx/sandbox/memory/wire"
)

// route is one API: method, path, the engine's name for the action, the query
// parameters it knows, and what it does.
type route struct {
	method string
	// path has placeholders in braces: /{index}/_count.
	path   string
	action string
	params string
	serve  func(*call) (reply, *wire.Error)
}

// everywhere are the parameters any call may carry.
var everywhere = []string{"pretty", "human", "error_trace", "filter_path", "format", "source", "source_content_type"}

// checkParameters refuses a parameter the API does not know, as the engine does,
// so that a misspelt one does not pass in silence.
func (rt *route) checkParameters(r *call) *wire.Error {
	var unknown []string
	known := strings.Fields(rt.params)
	for name := range r.query {
		if !slices.Contains(everywhere, name) && !slices.Contains(known, name) {
			unknown = append(unknown, "["+name+"]"+didYouMean(name, known, " -> "))
		}
	}
	if unknown == nil {
		return nil
	}
	slices.Sort(unknown)
	word := "parameter"
	if len(unknown) > 1 {
		word = "parameters"
	}
	return wire.IllegalArgument("request [%s] contains unrecognized %s: %s", r.http.URL.EscapedPath(), word, strings.Join(unknown, ", "))
}

// router finds routes; a fixed segment goes before a placeholder.
type router struct{ root *place }

type place struct {
	fixed   map[string]*place
	any     *place
	methods map[string]*route
}

// newRouter builds the tree of paths.
func newRouter(table []route) *router {
	r := &router{root: &place{}}
	for i := range table {
		rt := &table[i]
		at := r.root
		for _, s := range segments(rt.path) {
			at = at.child(s)
		}
		if at.methods == nil {
			at.methods = map[string]*route{}
		}
		at.methods[rt.method] = rt
	}
	return r
}

// child finds or makes the next place.
func (p *place) child(segment string) *place {
	if strings.HasPrefix(segment, "{") {
		if p.any == nil {
			p.any = &place{}
		}
		return p.any
	}
	if p.fixed == nil {
		p.fixed = map[string]*place{}
	}
	if p.fixed[segment] == nil {
		p.fixed[segment] = &place{}
	}
	return p.fixed[segment]
}

// segments cuts a path.
func segments(path string) []string {
	path = strings.Trim(path, "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

// places collects what matches a path, the most exact first.
func (p *place) places(parts []string) []*place {
	if len(parts) == 0 {
		if p.methods == nil {
			return nil
		}
		return []*place{p}
	}
	var out []*place
	if next := p.fixed[parts[0]]; next != nil {
		out = next.places(parts[1:])
	}
	if p.any != nil {
		out = append(out, p.any.places(parts[1:])...)
	}
	return out
}

// find gives the route of a call, or the answer for a path or method that does
// not exist. The path is cut before it is unescaped, so that a name may hold %2F.
func (rt *router) find(r *call) (*route, reply) {
	path := r.http.URL.EscapedPath()
	parts := segments(path)
	method := r.http.Method
	places := rt.root.places(parts)
	allowed := map[string]bool{}
	for _, p := range places {
		for _, m := range candidates(method) {
			if found := p.methods[m]; found != nil {
				r.vars = variables(found.path, parts)
				return found, reply{}
			}
		}
		for m := range p.methods {
			allowed[m] = true
		}
	}
	if len(places) == 0 {
		return nil, reply{status: http.StatusBadRequest, body: wire.Obj("error", "no handler found for uri ["+r.http.URL.RequestURI()+"] and method ["+method+"]")}
	}
	list := strings.Join(slices.Sorted(maps.Keys(allowed)), ", ")
	text := "Incorrect HTTP method for uri [" + r.http.URL.RequestURI() + "] and method [" + method + "], allowed: [" + list + "]"
	return nil, reply{status: http.StatusMethodNotAllowed, body: wire.Obj("error", text, "status", 405)}
}

// candidates: HEAD is served by GET's route where it has none of its own.
func candidates(method string) []string {
	if method == http.MethodHead {
		return []string{http.MethodHead, http.MethodGet}
	}
	return []string{method}
}

// variables reads the placeholders of a path that matched.
func variables(path string, parts []string) map[string]string {
	vars := map[string]string{}
	for i, s := range segments(path) {
		if strings.HasPrefix(s, "{") {
			v, err := url.PathUnescape(parts[i])
			if err != nil {
				v = parts[i]
			}
			vars[strings.Trim(s, "{}")] = v
		}
	}
	return vars
}
