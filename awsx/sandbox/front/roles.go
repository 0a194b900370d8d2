package front

import (
	"net/http"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/wire"
)

// Sessions gives the service's session of a role, as STS would at this moment.
type Sessions interface {
	ServiceSession(account awsid.AccountID, region awsid.Region, name awsid.DomainName, roleARN string) (access.Caller, bool)
}

// Assume gives the session the service has of a role on behalf of a domain. Its
// refusal is STS's, with the service's own identity as the one refused.
func Assume(s Sessions, domain Key, roleARN string) (access.Caller, error) {
	if caller, ok := s.ServiceSession(domain.Account, domain.Region, domain.Name, roleARN); ok {
		return caller, nil
	}
	return access.Caller{}, &backend.StoreError{
		Service: "Sts", Code: "AccessDenied", Status: http.StatusForbidden, RequestID: wire.NewID(),
		Message: "User: " + serviceIdentity(domain) + " is not authorized to perform: sts:AssumeRole on resource: " + roleARN,
	}
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
