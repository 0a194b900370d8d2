package sandbox

import (
	"net/http"
	"regexp"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/control"
	"snapferry/awsx/sandbox/iam"
	"snapferry/awsx/sandbox/kms"
	"snapferry/awsx/sandbox/metadata"
	"snapferry/awsx/sandbox/sts"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// Hosts of the services. Domains' endpoints are looked up in the world.
var (
	regional = regexp.MustCompile(`^(sts|es|opensearch|kms)\.([a-z]{2}(?:-[a-z]+)+-[0-9]+)\.amazonaws\.com$`)
	s3Hosts  = regexp.MustCompile(`^(?:.+\.)?s3(?:\.dualstack)?(?:[.-][a-z]{2}(?:-[a-z]+)+-[0-9]+)?\.amazonaws\.com$`)
	// plainName is NAME.REGION.es.amazonaws.com, for people who type.
	plainName = regexp.MustCompile(`^([a-z][a-z0-9-]*)\.([a-z]{2}(?:-[a-z]+)+-[0-9]+)\.es\.amazonaws\.com$`)
)

// homeRegion answers for global endpoints.
const homeRegion = "us-east-1"

// router finds who answers for a host.
type router struct {
	world   *world.World
	gate    access.Gate
	log     *wire.Log
	iam, s3 http.Handler
	// domains are the fronts by label.
	domains map[string]http.Handler
	// machines answers for what every machine has without TLS.
	machines *metadata.Service
	// appoint gives a domain's cluster its master.
	appoint func(world.Domain) error
	// health asks a domain's cluster how it is.
	health control.Asks
}

func newRouter(w *world.World, gate access.Gate, log *wire.Log, s3 http.Handler) *router {
	return &router{
		world: w, gate: gate, log: log,
		iam: log.Serve("iam", iam.New(w, gate)), s3: log.Serve("s3", s3), domains: map[string]http.Handler{},
	}
}

// route implements proxy.Route: what is not here does not exist.
func (r *router) route(host string) http.Handler {
	switch host {
	case "iam.amazonaws.com", "iam.global.api.aws":
		return r.iam
	case "sts.amazonaws.com":
		return r.log.Serve("sts", sts.New(r.world, r.gate, homeRegion))
	case "127.0.0.1", "localhost":
		// Clients that cannot use a proxy reach S3 by its address.
		return r.s3
	}
	if m := regional.FindStringSubmatch(host); m != nil {
		region := awsid.Region(m[2])
		switch m[1] {
		case "sts":
			return r.log.Serve("sts", sts.New(r.world, r.gate, region))
		case "kms":
			return r.log.Serve("kms", kms.New(r.world, r.gate, region))
		}
		return r.log.Serve("es", control.New(r.world, r.gate, region, r.appoint, r.health))
	}
	if s3Hosts.MatchString(host) {
		return r.s3
	}
	return r.domain(host)
}

// plain implements proxy.Plain.
func (r *router) plain(host string, req *http.Request) http.Handler {
	if h := r.machines.Route(host, req); h != nil {
		return r.log.Serve("metadata", h)
	}
	return nil
}

// domain finds a domain by its endpoint, or by its plain name where that is
// not ambiguous.
func (r *router) domain(host string) http.Handler {
	var labels []string
	m := plainName.FindStringSubmatch(host)
	r.world.Read(func(s *world.State) {
		for _, d := range s.Domains {
			if strings.EqualFold(d.Endpoint, host) {
				labels = []string{d.Label}
				return
			}
			if m != nil && string(d.Name) == m[1] && string(d.Region) == m[2] {
				labels = append(labels, d.Label)
			}
		}
	})
	if len(labels) != 1 {
		return nil
	}
	return r.domains[labels[0]]
}
