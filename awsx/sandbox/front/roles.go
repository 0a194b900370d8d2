package front

import (
	"net/http"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// servicePrincipal is what trust policies name the service by.
const servicePrincipal = "es.amazonaws.com"

// confusedDeputy is the first service software that sends aws:SourceAccount and
// aws:SourceArn when it assumes a role.
const confusedDeputy = "R20211203"

// TrustGate judges the trust of a role in a service.
type TrustGate interface {
	ServiceMayAssume(service, trust, roleARN string, owner awsid.AccountID, ctx map[string][]string) policy.Decision
}

// Assume gives the session the service has of a role on behalf of a domain, as
// it would get it from STS at this moment. Its refusal is STS's, with the
// service's own identity as the one refused.
func Assume(w *world.World, gate TrustGate, domain Key, roleARN string) (access.Caller, *backend.StoreError) {
	var d world.Domain
	var trust string
	var owner awsid.AccountID
	var caller access.Caller
	w.Read(func(s *world.State) {
		if found := s.Domain(domain.Account, domain.Region, domain.Name); found != nil {
			d = *found
		}
		if account, role := s.RoleByARN(roleARN); role != nil {
			owner, trust = account.ID, role.Trust
			caller = access.SessionCaller(account, role, "snapshot-"+string(d.Name), "")
		}
	})
	ctx := map[string][]string{"aws:RequestedRegion": {string(domain.Region)}}
	if release(d.Software) >= confusedDeputy {
		ctx["aws:SourceAccount"] = []string{string(domain.Account)}
		ctx["aws:SourceArn"] = []string{d.ARN().String()}
	}
	if trust != "" && gate.ServiceMayAssume(servicePrincipal, trust, roleARN, owner, ctx).Allowed() {
		return caller, nil
	}
	return access.Caller{}, &backend.StoreError{
		Service: "Sts", Code: "AccessDenied", Status: http.StatusForbidden, RequestID: wire.NewID(),
		Message: "User: " + serviceIdentity(domain) + " is not authorized to perform: sts:AssumeRole on resource: " + roleARN,
	}
}

// release is the R… part of a service software version.
func release(software string) string {
	if i := strings.LastIndex(software, "_R"); i >= 0 {
		return software[i+1:]
	}
	return software
}

// serviceAccounts are accounts of AWS by which the service assumed roles where
// somebody published it.
var serviceAccounts = map[awsid.Region]string{
	"ap-northeast-2": "832035452523", "ap-southeast-3": "480756163420", "eu-west-1": "671402871606",
}

// otherServiceAccount stands for the service in regions nobody told of.
const otherServiceAccount = "000000000000"

// serviceIdentity is who asks STS on behalf of a domain: an account of AWS, with
// the customer's at the end of the session's name.
func serviceIdentity(domain Key) string {
	account := serviceAccounts[domain.Region]
	if account == "" {
		account = otherServiceAccount
	}
	return "arn:aws:sts::" + account + ":assumed-role/cp-sts-grant-role/swift-" + string(domain.Region) + "-prod-" + string(domain.Account)
}
