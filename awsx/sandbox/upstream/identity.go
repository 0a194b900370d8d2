package upstream

import (
	"net"
	"net/http"
	"slices"
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

// claims are how headers begin by which a client could say who it is, to the
// proxy authentication or past it to the plugin itself.
var claims = []string{"x-proxy-", "x-forwarded-", "x-amz-", "x-opendistro-security", "_opendistro_security"}

// identify makes out carry the identity of in's context and nothing a client
// claimed about itself.
func identify(out, in *http.Request) {
	for name := range out.Header {
		lower := strings.ToLower(name)
		if lower == "forwarded" || slices.ContainsFunc(claims, func(prefix string) bool { return strings.HasPrefix(lower, prefix) }) {
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
// is how a secured node can be asked what it is. password is an internal user's;
// rt nil means directly.
func Identified(id backend.Identity, password string, rt http.RoundTripper) http.RoundTripper {
	if rt == nil {
		rt = &http.Transport{}
	}
	return identified{id, password, rt}
}

type identified struct {
	id       backend.Identity
	password string
	rt       http.RoundTripper
}

func (i identified) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.Clone(backend.WithIdentity(r.Context(), i.id))
	if i.id.InternalUser {
		in.SetBasicAuth(i.id.Name, i.password)
	}
	out := in.Clone(in.Context())
	identify(out, in)
	return i.rt.RoundTrip(out)
}
