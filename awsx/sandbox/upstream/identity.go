package upstream

import (
	"net"
	"net/http"
	"strings"

	"snapferry/awsx/sandbox/backend"
)

// The headers of the security plugin's proxy authentication, and how it
// separates several roles in one header.
const (
	headerUser      = "x-proxy-user"
	headerRoles     = "x-proxy-roles"
	headerForwarded = "X-Forwarded-For"
	roleSeparator   = "|"
)

// identify makes out carry the identity of in's context and nothing a client
// claimed about itself.
func identify(out, in *http.Request) {
	for name := range out.Header {
		lower := strings.ToLower(name)
		if strings.HasPrefix(lower, "x-proxy-") || strings.HasPrefix(lower, "x-amz-") || strings.HasPrefix(lower, "x-forwarded-") || lower == "forwarded" {
			out.Header.Del(name)
		}
	}
	id := backend.IdentityFrom(in.Context())
	if !id.InternalUser {
		// A signature is of no use to the engine, and a password that the front
		// did not accept as a login must not become one.
		out.Header.Del("Authorization")
	}
	host, _, err := net.SplitHostPort(in.RemoteAddr)
	if err != nil {
		host = in.RemoteAddr
	}
	if host == "" {
		host = "127.0.0.1"
	}
	// Without it the plugin skips the proxy headers and answers 401.
	out.Header.Set(headerForwarded, host)
	if id.None || id.InternalUser {
		return
	}
	out.Header.Set(headerUser, id.Name)
	out.Header.Set(headerRoles, strings.Join(id.BackendRoles, roleSeparator))
}

// Identified sends every request as an identity, in the words of the proxy: this
// is how a secured node can be asked what it is. rt nil means directly.
func Identified(id backend.Identity, rt http.RoundTripper) http.RoundTripper {
	if rt == nil {
		rt = &http.Transport{}
	}
	return identified{id, rt}
}

type identified struct {
	id backend.Identity
	rt http.RoundTripper
}

func (i identified) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.WithContext(backend.WithIdentity(r.Context(), i.id))
	out := in.Clone(in.Context())
	identify(out, in)
	return i.rt.RoundTrip(out)
}
