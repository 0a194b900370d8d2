package spec

import (
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/steps"
)

// serviceHost is the name the service gives a domain: search- or vpc-, the
// domain's name, 26 characters, the region. The newer dual-stack form has the
// same first label.
var serviceHost = regexp.MustCompile(`^(?:search|vpc)-([a-z][a-z0-9-]{2,27})-[a-z0-9]{20,32}\.(?:([a-z0-9-]+)\.es\.amazonaws\.com(?:\.cn)?|aos\.([a-z0-9-]+)\.on\.aws)$`)

// hostTells reads domain and region out of a host name of the service; both are
// "" for custom endpoints.
func hostTells(host string) (awsid.DomainName, awsid.Region) {
	m := serviceHost.FindStringSubmatch(host)
	if m == nil {
		return "", ""
	}
	return awsid.DomainName(m[1]), awsid.Region(m[2] + m[3])
}

// browserPath says whether a path is what people copy with the host from a browser.
func browserPath(p string) bool {
	return p == "" || p == "/" || strings.HasPrefix(p, "/_dashboards") || strings.HasPrefix(p, "/_plugin/kibana")
}

// parseEndpoint takes a host name or an https URL and gives the host name in
// lower case.
func parseEndpoint(raw string) (string, error) {
	refused := func(summary, fix steps.Text) (string, error) {
		return "", &awsid.Error{Kind: "endpoint", Value: raw, Summary: summary, Fix: fix}
	}
	t := strings.TrimSpace(raw)
	if !strings.Contains(t, "://") {
		t = "https://" + t
	}
	u, err := url.Parse(t)
	if err != nil || u.Hostname() == "" || strings.ContainsAny(u.Host, " ,") {
		return refused(steps.T("%q is not a host name", raw), steps.T("Copy the domain's endpoint from the console, for example search-logs-abc123.eu-west-1.es.amazonaws.com"))
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	switch {
	case u.User != nil:
		return refused(steps.T("The endpoint holds a user name or password, and answers never do"), steps.T("Type the host name alone"))
	case u.Scheme != "https":
		return refused(steps.T("%q is not https; signed calls are made over TLS only", raw), steps.T("Type https://%s or the host name alone", host))
	case u.Port() != "" && u.Port() != "443":
		return refused(steps.T("The service answers on port 443 only, not on %s", u.Port()), steps.T("Type the domain's real host name here, and a tunnel's address as via"))
	case !browserPath(u.Path):
		return refused(steps.T("An endpoint has no path, this one has %q", u.RequestURI()), steps.T("Type the host name alone: %s", host))
	case host == "localhost" || net.ParseIP(host) != nil:
		return refused(steps.T("%q is not the domain's own name: the signature must carry that", host), steps.T("Type the domain's real host name here, and the tunnel's address as via"))
	case !strings.Contains(host, "."):
		return refused(steps.T("%q is not a full host name", host), steps.T("A domain is named by its name, under domain; an endpoint looks like search-logs-abc123.eu-west-1.es.amazonaws.com"))
	}
	return host, nil
}

// parseVia takes host:port, socks5://host:port or http://host:port.
func parseVia(raw string) (string, error) {
	refused := func(summary steps.Text) (string, error) {
		return "", &awsid.Error{
			Kind: "via", Value: raw, Summary: summary,
			Fix: steps.T("Type 127.0.0.1:9443 (a tunnel), socks5://host:port or http://host:port"),
		}
	}
	t := strings.TrimSpace(raw)
	scheme, address, ok := strings.Cut(t, "://")
	if !ok {
		scheme, address = "", t
	}
	if strings.Contains(address, "@") {
		return refused(steps.T("The way to the endpoint holds a user name or password, and answers never do"))
	}
	address = strings.TrimSuffix(address, "/")
	host, port, err := net.SplitHostPort(address)
	if n, perr := strconv.Atoi(port); err != nil || perr != nil || n < 1 || n > 65535 || host == "" || strings.ContainsAny(host, " /") {
		return refused(steps.T("%q is not a host and a port", raw))
	}
	switch scheme {
	case "":
		return address, nil
	case "socks5", "http":
		return scheme + "://" + address, nil
	}
	return refused(steps.T("%q is no way that can be taken: %s is not known", raw, scheme))
}

// Ways maps host names to the ways to them that were said, in the form
// network.Options.Via takes.
func (s *Spec) Ways() map[string]string {
	ways := map[string]string{}
	for _, side := range []SideSpec{s.Source, s.Target} {
		if side.Via != "" && side.Endpoint != "" {
			ways[side.Endpoint] = side.Via
		}
	}
	return ways
}
