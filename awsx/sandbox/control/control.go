// Package control is the control plane of the OpenSearch service: describing
// domains and changing their configuration, in the current API (2021-01-01) and
// in the older Elasticsearch one (2015-01-01), over REST with JSON.
//
// It tells what a domain is configured as. What goes on inside a cluster it does not
// know; how one is, it asks whoever has them.
package control

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/sigv4"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// tolerance of clocks, as the service's refusals state it.
const tolerance = 5 * time.Minute

type service struct {
	world  *world.World
	gate   access.Gate
	region awsid.Region
	// appoint tells a domain's cluster who its master is from now on.
	appoint func(world.Domain) error
	health  Asks
}

// New makes the control plane of one region. appoint is called when the master of
// a domain was set, also to who he was before; health is asked of a domain's cluster.
func New(w *world.World, gate access.Gate, region awsid.Region, appoint func(world.Domain) error, health Asks) http.Handler {
	return &service{w, gate, region, appoint, health}
}

// call is one verified request.
type call struct {
	*service
	r      *http.Request
	caller access.Caller
	body   []byte
	// old says that the Elasticsearch API was asked.
	old bool
	op  operation
	// domain is the name in the path, "" for operations without one.
	domain awsid.DomainName
}

// absent is the old name of an operation that the Elasticsearch API does not have.
const absent = "-"

// operation is one action. old is its name in the Elasticsearch API, "" for the same.
type operation struct {
	name, old string
	mutates   bool
	run       func(*call) (any, error)
}

// ServeHTTP verifies, finds the operation and answers. Unlike a domain's own
// endpoint the control plane takes nobody without a signature.
func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	record := wire.CallOf(r.Context())
	v := sigv4.Verifier{Service: "es", Region: s.region, Tolerance: tolerance, Now: s.world.Now, Lookup: s.gate.Key}
	verified, err := v.Verify(r)
	if err != nil {
		wire.JSONFault(w, err)
		return
	}
	record.Caller = verified.Caller
	c := &call{service: s, r: r, caller: verified.Caller}
	known := c.route()
	record.Operation, record.Mutates = c.action(), c.op.mutates
	if !known {
		w.Header().Set("X-Amzn-Errortype", "UnknownOperationException")
		wire.JSON(w, http.StatusNotFound, struct{}{})
		return
	}
	if c.body, err = io.ReadAll(r.Body); err != nil {
		wire.JSONFault(w, invalid("the body could not be read"))
		return
	}
	out, err := c.op.run(c)
	if err != nil {
		wire.JSONFault(w, err)
		return
	}
	wire.JSON(w, http.StatusOK, out)
}

// action is the operation's name, which is its IAM action too.
func (c *call) action() string {
	if c.old && c.op.old != "" {
		return c.op.old
	}
	return c.op.name
}

// route finds the operation of method and path: VERSION/…, where what is about
// domains stands below opensearch/ or es/.
func (c *call) route() bool {
	path := strings.Split(strings.Trim(c.r.URL.Path, "/"), "/")
	switch path[0] {
	case "2021-01-01":
	case "2015-01-01":
		c.old = true
	default:
		return false
	}
	rest := path[1:]
	if len(rest) > 1 && (rest[0] == "opensearch" || rest[0] == "es") {
		rest = rest[1:]
		if len(rest) > 1 && rest[0] == "domain" {
			c.domain = awsid.DomainName(rest[1])
			rest[1] = "*"
		}
	}
	op, known := operations[c.r.Method+" "+strings.Join(rest, "/")]
	if !known || c.old && op.old == absent {
		return false
	}
	c.op = op
	return true
}

// operations are by method and path, with * for the domain's name.
var operations = map[string]operation{
	"GET domain":             {"ListDomainNames", "", false, (*call).listNames},
	"GET domain/*":           {"DescribeDomain", "DescribeElasticsearchDomain", false, (*call).describe},
	"POST domain-info":       {"DescribeDomains", "DescribeElasticsearchDomains", false, (*call).describeMany},
	"GET domain/*/health":    {"DescribeDomainHealth", absent, false, (*call).describeHealth},
	"GET domain/*/config":    {"DescribeDomainConfig", "DescribeElasticsearchDomainConfig", false, (*call).describeConfig},
	"POST domain/*/config":   {"UpdateDomainConfig", "UpdateElasticsearchDomainConfig", true, (*call).updateConfig},
	"GET compatibleVersions": {"GetCompatibleVersions", "GetCompatibleElasticsearchVersions", false, (*call).compatible},
	"GET tags":               {"ListTags", "", false, (*call).listTags},
	"POST tags":              {"AddTags", "", true, (*call).addTags},
	"POST tags-removal":      {"RemoveTags", "", true, (*call).removeTags},
}

// allow asks whether the caller may do this on a domain, or on all ("*").
func (c *call) allow(action, resource string, d *world.Domain) error {
	q := access.Question{
		Caller: c.caller, Action: "es:" + action, Resource: resource, Owner: c.caller.Account,
		Context: wire.Facts(c.r, string(c.region)),
	}
	if d != nil {
		q.Owner = d.Account
		for k, v := range d.Tags {
			q.Context["aws:ResourceTag/"+k] = []string{v}
		}
		if doc, err := policy.Parse([]byte(d.AccessPolicy)); err == nil && d.AccessPolicy != "" {
			q.ResourcePolicy = &doc
		}
	}
	if decision := c.gate.Decide(q); !decision.Allowed() {
		return wire.NewFault(http.StatusForbidden, "AccessDeniedException", q.Words(decision))
	}
	return nil
}

// find gives a copy of a domain of the caller's account, after asking whether
// he may do this to it: who may not, does not learn whether it exists.
func (c *call) find(action string, name awsid.DomainName) (world.Domain, error) {
	var d *world.Domain
	c.world.Read(func(s *world.State) {
		if found := s.Domain(c.caller.Account, c.region, name); found != nil {
			copied := *found
			d = &copied
		}
	})
	arn := awsid.DomainARN(awsid.PartitionAWS, c.region, c.caller.Account, name).String()
	if err := c.allow(action, arn, d); err != nil {
		return world.Domain{}, err
	}
	if d == nil {
		return world.Domain{}, wire.NewFault(http.StatusConflict, "ResourceNotFoundException", "Domain not found: "+string(name))
	}
	return *d, nil
}

// into reads the JSON body.
func (c *call) into(v any) error {
	if err := json.Unmarshal(c.body, v); err != nil {
		return wire.NewFault(http.StatusBadRequest, "SerializationException", "Unexpected JSON: "+err.Error())
	}
	return nil
}

// invalid is a value the service does not take.
func invalid(message string) error {
	return wire.NewFault(http.StatusBadRequest, "ValidationException", message)
}
