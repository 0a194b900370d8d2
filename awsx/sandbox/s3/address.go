package s3

import (
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strings"

	"snapferry/awsx/awsid"
)

// address is what a request names by its host and path.
type address struct {
	bucket, key string
	// region is the endpoint's; "" where the host does not tell, as with an IP
	// address.
	region awsid.Region
	// global is the endpoint without a region, s3.amazonaws.com: DNS leads its
	// bucket names to the right region, so any bucket may be named through it.
	global bool
}

// hostShape takes BUCKET.s3.REGION.amazonaws.com and its relatives: without
// bucket, without region, with a dash before it, dual-stack, China.
var hostShape = regexp.MustCompile(`^(?:(.+)\.)?s3(?:\.dualstack)?(?:[.-]([a-z]{2}(?:-[a-z]+)+-[0-9]+))?\.amazonaws\.com(?:\.cn)?$`)

func addressOf(r *http.Request) address {
	var at address
	path := strings.TrimPrefix(r.URL.Path, "/")
	m := hostShape.FindStringSubmatch(strings.ToLower(hostName(r.Host)))
	if m != nil {
		at.region = awsid.Region(m[2])
		if at.region == "" {
			at.region, at.global = "us-east-1", true
		}
		if m[1] != "" {
			at.bucket, at.key = m[1], path
			return at
		}
	}
	at.bucket, at.key, _ = strings.Cut(path, "/")
	return at
}

// hostName is the host without a port, which may be any on loopback.
func hostName(host string) string {
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return host
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}
