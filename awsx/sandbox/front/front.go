// Package front is what stands before a managed domain's cluster: it verifies
// the signature, judges the access policy together with the caller's own
// policies, keeps closed what the service does not offer, decides whether a
// snapshot role may be passed, and tells the cluster who asks.
//
// It speaks with the service's voice only. Fine-grained access control and
// everything the engine says belong to the backend; so does trying the bucket.
package front

import (
	"net/http"
	"strings"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/sigv4"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// tolerance of clocks, as the service's refusals state it: "- 5 min.".
const tolerance = 5 * time.Minute

// maxBody is the largest request a domain of the common instance sizes takes
// [OpenSearch Service quotas, network limits].
const maxBody = 100 << 20

// Key names a domain.
type Key struct {
	Account awsid.AccountID
	Region  awsid.Region
	Name    awsid.DomainName
}

// KeyOf is the key of a domain.
func KeyOf(d *world.Domain) Key { return Key{d.Account, d.Region, d.Name} }

// Front is the front of one domain.
type Front struct {
	World   *world.World
	Gate    access.Gate
	Domain  Key
	Backend http.Handler
}

// domain is the domain's configuration as it is now.
func (f *Front) domain() (world.Domain, bool) {
	var out world.Domain
	found := false
	f.World.Read(func(s *world.State) {
		if d := s.Domain(f.Domain.Account, f.Domain.Region, f.Domain.Name); d != nil {
			out, found = *d, true
		}
	})
	return out, found
}

// ServeHTTP takes a request through the layers in the order in which the
// service has them.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call := wire.CallOf(r.Context())
	call.Operation, call.Mutates = httpAction(r.Method), mutates(r)
	d, ok := f.domain()
	if !ok {
		http.Error(w, "", http.StatusServiceUnavailable)
		return
	}
	caller, err := f.verify(r)
	if err != nil {
		wire.JSONFault(w, err)
		return
	}
	call.Caller = caller
	if text := f.judge(r, d, caller); text != "" {
		message(w, http.StatusForbidden, text)
		return
	}
	if closed(r, d) {
		message(w, http.StatusUnauthorized, "Your request: '"+r.URL.Path+"' is not allowed by Amazon Elasticsearch Service.")
		return
	}
	if name, ok := registers(r); ok {
		if refusal := f.register(r, d, caller, name); refusal != nil {
			message(w, refusal.status, refusal.text)
			return
		}
	}
	f.Backend.ServeHTTP(w, handOver(r, d, caller))
}

// verify checks the signature. A request that has none is anonymous; whether it
// has a password is the backend's to look at.
func (f *Front) verify(r *http.Request) (access.Caller, error) {
	v := sigv4.Verifier{
		Service: "es", Region: f.Domain.Region, Tolerance: tolerance, Now: f.World.Now, Lookup: f.Gate.Key,
		AllowAnonymous: true, MaxBody: maxBody,
	}
	verified, err := v.Verify(r)
	return verified.Caller, err
}

// httpAction is the IAM action of an HTTP method: ESHttpGet, ESHttpPut, …
func httpAction(method string) string {
	return "ESHttp" + strings.ToUpper(method[:1]) + strings.ToLower(method[1:])
}

// handOver makes the request as the cluster sees it: with an identity, and
// without anything by which a client could claim one.
func handOver(r *http.Request, d world.Domain, caller access.Caller) *http.Request {
	id := backend.Anonymous()
	user, _, basic := r.BasicAuth()
	switch {
	case !caller.Anonymous:
		id = backend.IAM(caller.Principal.String())
	case basic && d.Security.Enabled:
		id = backend.Internal(user)
	}
	out := r.Clone(backend.WithIdentity(r.Context(), id))
	for name := range out.Header {
		lower := strings.ToLower(name)
		claims := strings.HasPrefix(lower, "x-proxy-") || strings.HasPrefix(lower, "x-forwarded-") || lower == "forwarded" ||
			strings.HasPrefix(lower, "x-amz-") || strings.HasPrefix(lower, "x-opendistro-security")
		if claims || lower == "authorization" && !id.InternalUser {
			out.Header.Del(name)
		}
	}
	return out
}

// message answers with a capital M, by which the service's own refusals of
// policy are told from those of the signature and from the engine's.
func message(w http.ResponseWriter, status int, text string) {
	wire.JSON(w, status, map[string]string{"Message": text})
}
