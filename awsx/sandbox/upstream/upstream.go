// Package upstream is a backend that is a real Elasticsearch or OpenSearch: a
// reverse proxy that turns the front's identity into the headers of the security
// plugin's proxy authentication, a role_arn into the S3 client of the node that
// stands for that role, and, where the node has no S3 plugin, an S3 repository
// into a file repository in the folder that is the bucket.
//
// It has no opinion on who may do what: the front decided before, the node's
// security plugin decides after. It knows the object store only through
// backend.RoleAccess.
package upstream

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/backend"
)

// Options says which node this is and how it reaches the store.
type Options struct {
	// URL is the node's, e.g. http://127.0.0.1:9200.
	URL string
	// Engine is what the node is; Detect finds out.
	Engine Engine
	// Slots binds roles to the node's S3 clients. Needed when Engine.S3.
	Slots Slots
	// StoreTLS says that the node's S3 clients speak TLS.
	StoreTLS bool
	// Roles reaches the store as a role, and Root is the folder whose
	// subfolders are the buckets. Both are needed unless Engine.S3.
	Roles backend.RoleAccess
	Root  string
	// State keeps the register of repositories as their callers wrote them.
	State State
	// NewID makes the random part of a verification's object names.
	NewID func() string
	// Transport reaches the node; nil means directly, past any proxy.
	Transport http.RoundTripper
}

// Engine is what matters about a node.
type Engine struct {
	Version awsid.EngineVersion
	// S3 says that the node has the repository type s3.
	S3 bool
}

// Slots binds a role to one of a node's S3 clients, for good: what the node
// signs with that client's keys, the store takes as coming from that role.
type Slots interface {
	Bind(roleARN string) (client string, err error)
}

// Proxy is the backend.
type Proxy struct {
	o        Options
	base     *url.URL
	register *register
	pass     *httputil.ReverseProxy
	client   *http.Client
}

// New makes the backend and reads its register back.
func New(o Options) (*Proxy, error) {
	base, err := url.Parse(o.URL)
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("upstream %q is not the address of a node", o.URL)
	}
	switch {
	case o.State == nil || o.NewID == nil:
		return nil, errors.New("upstream: State and NewID are needed")
	case o.Engine.S3 && o.Slots == nil:
		return nil, errors.New("upstream: a node with S3 needs Slots")
	case !o.Engine.S3 && (o.Roles == nil || o.Root == ""):
		return nil, errors.New("upstream: a node without S3 needs Roles and Root")
	}
	if o.Transport == nil {
		// The address was given by the person who started us: no proxy of the
		// environment stands between.
		o.Transport = &http.Transport{}
	}
	reg, err := loadRegister(o.State)
	if err != nil {
		return nil, err
	}
	p := &Proxy{o: o, base: base, register: reg, client: &http.Client{Transport: o.Transport}}
	p.pass = &httputil.ReverseProxy{
		Transport:     o.Transport,
		FlushInterval: -1,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(base)
			identify(r.Out, r.In)
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
			// A managed domain whose nodes are away answers so from its load
			// balancer: no body at all.
			w.WriteHeader(http.StatusServiceUnavailable)
		},
	}
	return p, nil
}

// ServeHTTP passes everything through but the few calls that name a repository's
// type and settings.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := segments(r.URL)
	switch {
	case len(path) == 2 && path[0] == "_cat" && path[1] == "repositories":
		p.catRepositories(w, r)
	case len(path) == 0 || path[0] != "_snapshot" || len(path) > 3:
		p.pass.ServeHTTP(w, r)
	case len(path) == 2 && (r.Method == http.MethodPut || r.Method == http.MethodPost):
		p.registerRepository(w, r, path[1])
	case len(path) <= 2 && r.Method == http.MethodGet:
		p.showRepositories(w, r)
	case len(path) == 2 && r.Method == http.MethodDelete:
		p.dropRepository(w, r)
	case len(path) == 3 && path[2] == "_verify":
		p.verifyRepository(w, r, path[1])
	default:
		p.pass.ServeHTTP(w, r)
	}
}

// segments are the decoded parts of a path. The engine takes no notice of empty
// ones, so neither may we: "//_snapshot/r" must not slip by.
func segments(u *url.URL) []string {
	var out []string
	for _, s := range strings.Split(u.EscapedPath(), "/") {
		if s == "" {
			continue
		}
		plain, err := url.PathUnescape(s)
		if err != nil {
			plain = s
		}
		out = append(out, plain)
	}
	return out
}
