package diagnose

import (
	"snapferry/awsx/failure"
	"snapferry/awsx/policy"
	"snapferry/steps"
)

// frontRules are the refusals of the service's front before anybody looks at
// roles: access policies, signatures, credentials, calls that are not offered.
var frontRules = []rule{
	{all: []string{"user: anonymous is not authorized to perform: es:eshttp"}, layer: layerAccess, refused: "signer", causes: []steps.Cause{
		cause("unsigned", "The request was not signed, though the domain's access policy names IAM principals", "Look for a header Authorization that starts with AWS4-HMAC-SHA256", "Sign it for the service es"),
		cause("signature-lost", "A proxy on the way removed the signature", "Send the same request past the proxy", "Connect to the domain directly, or through a tunnel that leaves requests as they are (source.via or target.via)"),
		cause("other-address", "The access policy admits addresses, and yours is another one", "See the conditions of AccessPolicies", "Sign, or add the address"),
	}},
	{all: []string{"is not authorized to perform: es:eshttp", "with an explicit deny in"}, layer: layerAccess, refused: "signer", causes: []steps.Cause{deniedOutright}},
	{all: []string{"because no resource-based policy allows the es:eshttp"}, layer: layerAccess, refused: "signer", causes: []steps.Cause{
		adds(cause("access-policy", "The domain's access policy does not name the caller, who is of another account or narrowed by a boundary", "See AccessPolicies of DescribeDomain", "Add the caller's role or user to it; across accounts both sides have to allow"), toDomain),
		cause("session-named", "The access policy names another session of the role", "See AccessPolicies: a principal with :assumed-role/ in it", "Name the role itself"),
	}},
	{all: []string{"is not authorized to perform: es:eshttp"}, layer: layerAccess, refused: "signer", causes: []steps.Cause{
		run(cause("signer-method", "The signer may not use this HTTP method on the domain", "See es:ESHttp* in its policies: the resource must end in /*", "Allow it on the domain's ARN followed by /*"),
			`aws iam put-{caller-kind}-policy --{caller-kind}-name {caller-name} --policy-name snapferry-domain-DOMAIN-NAME --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["es:ESHttpGet","es:ESHttpHead","es:ESHttpPost","es:ESHttpPut","es:ESHttpDelete"],"Resource":"DOMAIN-ARN/*"}]}'`),
		adds(cause("access-policy", "The domain's access policy does not let the signer in", "See AccessPolicies of DescribeDomain", "Add the signer's role or user to it"), toDomain),
		deniedOutright,
	}},
	{all: []string{"settings.role_arn is needed"}, layer: layerRepository, causes: []steps.Cause{cause("role-arn-missing", "The registration names no role_arn inside settings, or its body was lost", "The status 401 has nothing to do with a login", "Send settings.role_arn")}},
	{all: []string{"your request:", "is not allowed"}, layer: layerService, causes: []steps.Cause{
		cause("not-offered", "The managed service does not offer this call, or not on this version, or not on a domain without fine-grained access control", "See the list of supported operations of the version", "Choose another way: delete or rename in place of closing, for example"),
	}},
	{all: []string{"credential should be scoped to"}, layer: layerSignature, refused: "signer", causes: []steps.Cause{
		cause("signed-scope", "It was signed for another region or service than the one that was called; a domain is the service es", "The text says which", "Sign for that region and service"),
	}},
	{all: []string{"request signature we calculated does not match"}, layer: layerSignature, refused: "signer", causes: []steps.Cause{
		cause("signed-host", "The host that was signed is not the one that was sent: a tunnel, a custom endpoint, an explicit port", "Ask for GET / under the domain's own name", "Sign for the domain's real name; say a tunnel's address in source.via or target.via, for this program to do so"),
		cause("path-encoding", "Path or query were encoded differently for signing: * = , blanks, parameters without value", "If GET / works, this is it", "Use plain names, and values for all parameters; or a newer curl"),
		cause("wrong-secret", "The secret key is not this access key's, or was pasted with a blank", "See whether GetCallerIdentity works with it", "Correct the secret key"),
		cause("body-changed", "The body was changed after it was signed", "", "Sign what is sent"),
	}},
	{all: []string{"signature expired:"}, layer: layerSignature, causes: clockCauses},
	{all: []string{"signature not yet current:"}, layer: layerSignature, causes: clockCauses},
	{all: []string{"difference between the request time and the current time"}, layer: layerSignature, causes: clockCauses},
	{all: []string{"security token included in the request is expired"}, layer: layerCreds, refused: "signer", causes: tokenExpired},
	{all: []string{"the provided token has expired"}, layer: layerCreds, causes: tokenExpired},
	{all: []string{"security token included in the request is invalid"}, layer: layerCreds, refused: "signer", causes: []steps.Cause{
		cause("token-missing", "Temporary keys (they begin with ASIA) were sent without their session token", "curl never adds it by itself", "Send X-Amz-Security-Token"),
		keyUnknown,
	}},
	{all: []string{"access key id you provided does not exist"}, layer: layerCreds, causes: []steps.Cause{keyUnknown}},
	{all: []string{"no ec2 imds role found"}, layer: layerCreds, causes: []steps.Cause{
		cause("no-instance-role", "There are no credentials here but those of the instance, and it has none: no EC2, or no instance profile", "aws configure list", "Choose a profile, or attach a role to the instance"),
		cause("hop-limit", "This is a container, and the instance's metadata answers the host only (hop limit 1)", "The same works on the host itself", "Set the hop limit to 2, or give the task a role"),
	}},
	{all: []string{"failed to refresh cached credentials"}, layer: layerCreds, causes: []steps.Cause{general[failure.Credentials]}},
	{all: []string{"too many requests"}, layer: layerService, causes: []steps.Cause{cause("throttled", "The domain protects its memory, or is asked too often", "See JVMMemoryPressure", "Wait, and ask less often")}},
	{all: []string{"gateway_timeout"}, layer: layerService, causes: noAnswer},
	{all: []string{"no such host"}, layer: layerNetwork, causes: []steps.Cause{
		cause("name-unknown", "Nobody knows the host: a typo, a deleted domain, or a resolver that does not ask AWS", "aws opensearch describe-domain shows Endpoint or Endpoints", "Copy the endpoint from there; a domain inside a VPC resolves from inside"),
	}},
	{all: []string{"i/o timeout"}, layer: layerNetwork, causes: silent},
	{all: []string{"connection timed out"}, layer: layerNetwork, causes: silent},
	{all: []string{"connection refused"}, layer: layerNetwork, causes: []steps.Cause{cause("wrong-port", "Nothing listens there: the tunnel is down, or the port is wrong; domains answer on 443 and 80 only", "See the port in the URL, and whether the tunnel runs", "Leave 9200 out, or start the tunnel")}},
	{all: []string{"certificate is valid for", ", not "}, layer: layerTLS, causes: []steps.Cause{
		cause("tunnel-name", "The domain was called by the name of a tunnel or an address, which its certificate does not hold", "See the host in the URL", "Keep the domain's real name, and say the tunnel's address in source.via or target.via; never switch verification off"),
	}},
	{all: []string{"domain not found:"}, layer: layerClient, causes: []steps.Cause{cause("domain-missing", "There is no domain of that name in this account and region", "aws opensearch list-domain-names", "Correct the name, the region or the account")}},
}

var (
	deniedOutright = cause("denied-outright", "A policy denies it: of identity, resource, organisation, boundary or session, as the text says", "Look for Deny statements there: regions, addresses, second factor, endpoints, tags", "Ask the owner of that policy to except this; no Allow lifts a Deny")
	keyUnknown     = cause("key-unknown", "The key was deleted or is inactive, or is of another partition", "See the user's access keys", "Use another key")

	toDomain = policy.Statement{Effect: policy.EffectAllow, Principal: policy.AWS("{caller}"), Action: []string{"es:ESHttp*"}, Resource: []string{"DOMAIN-ARN/*"}}

	clockCauses  = []steps.Cause{cause("clock", "This host's clock is wrong; the text says by how much it may be", "Compare with the Date header of any answer", "Set the clock (NTP)")}
	tokenExpired = []steps.Cause{cause("expired", "The session has run out, or exported variables have outlived it", "Their expiry stands with the credentials", "Log in again; the run goes on")}
	silent       = []steps.Cause{
		general[failure.Unreachable],
		cause("port-closed", "A security group between here and the domain does not let port 443 through", "See VPCOptions.SecurityGroupIds of DescribeDomain", "Let this host in on 443"),
		cause("address-moved", "The domain has moved to other addresses (blue/green), and the old ones are still remembered here", "Resolve the name anew", "Try again in a minute"),
	}
	noAnswer = []steps.Cause{general[failure.Timeout]}
)
