package access

import (
	"slices"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox/world"
)

// OpenSearchService is the principal of the OpenSearch service in trust
// policies, for both of its engines.
const OpenSearchService = "es.amazonaws.com"

// trusted are the principals under which the service is let in. The second one is
// not documented for snapshots, but a cross-account migration with it alone was
// published and worked.
var trusted = []string{OpenSearchService, "opensearchservice.amazonaws.com"}

// confusedDeputy is the first service software that sends aws:SourceAccount and
// aws:SourceArn when it assumes a role [OpenSearch Service, "Cross-service
// confused deputy prevention"].
const confusedDeputy = "R20211203"

// ServiceMayAssume judges whether a role's trust lets an AWS service assume it.
// ctx holds what the service sends along: aws:SourceAccount, aws:SourceArn. The
// service has no identity policies of ours, so the trust policy decides alone.
func (g *WorldGate) ServiceMayAssume(service, trust, roleARN string, owner awsid.AccountID, ctx map[string][]string) policy.Decision {
	q := Question{Action: "sts:AssumeRole", Resource: roleARN, Owner: owner, Context: ctx}
	r := q.request()
	r.Who = policy.Who{Service: service}
	g.world.Read(func(s *world.State) { g.globals(s, q, r.Context) })
	r.Context["aws:PrincipalIsAWSService"] = []string{"true"}
	r.Context["aws:PrincipalServiceName"] = []string{service}
	return parse(trust).Evaluate(policy.LayerTrust, r)
}

// ServiceSession is the session the OpenSearch service gets of a role at this
// moment on behalf of a domain; false where the role does not exist under
// exactly this ARN or does not trust the service.
func (g *WorldGate) ServiceSession(account awsid.AccountID, region awsid.Region, name awsid.DomainName, roleARN string) (Caller, bool) {
	var trust, software string
	var owner awsid.AccountID
	var caller Caller
	g.world.Read(func(s *world.State) {
		if d := s.Domain(account, region, name); d != nil {
			software = d.Software
		}
		if a, role := s.RoleByARN(roleARN); role != nil {
			owner, trust = a.ID, role.Trust
			caller = SessionCaller(a, role, "snapshot-"+string(name), "")
		}
	})
	ctx := map[string][]string{"aws:RequestedRegion": {string(region)}}
	if release(software) >= confusedDeputy {
		ctx["aws:SourceAccount"] = []string{string(account)}
		ctx["aws:SourceArn"] = []string{awsid.DomainARN(awsid.PartitionAWS, region, account, name).String()}
	}
	may := func(service string) bool { return g.ServiceMayAssume(service, trust, roleARN, owner, ctx).Allowed() }
	if trust == "" || !slices.ContainsFunc(trusted, may) {
		return Caller{}, false
	}
	return caller, true
}

// release is the R… part of a service software version.
func release(software string) string {
	if i := strings.LastIndex(software, "_R"); i >= 0 {
		return software[i+1:]
	}
	return software
}

// slot finds the S3 client of a real node by its key.
func (g *WorldGate) slot(key string) (out world.Slot, ok bool) {
	g.world.Read(func(s *world.State) {
		if slot := s.Slot(key); slot != nil {
			out, ok = *slot, true
		}
	})
	return out, ok
}

// slotCaller takes what a node signs with a slot's key for the service acting as
// the slot's role, asking the trust policy each time.
func (g *WorldGate) slotCaller(slot world.Slot, token string) (Caller, string, error) {
	caller, ok := g.ServiceSession(slot.Account, slot.Region, slot.Domain, slot.Role)
	if !ok || token != "" {
		return Caller{}, "", invalidToken()
	}
	return caller, slot.Secret, nil
}
