package diagnose

import "snapferry/steps"

// accessRules are the refusals on the way to the engine: the service's front,
// signatures, roles, and the security plugin.
var accessRules = []rule{
	{[]string{"user: anonymous is not authorized to perform: iam:passrole"}, layerPassRole, "signer", []steps.Cause{
		cause("unsigned", "The registration was not signed with IAM keys: the console of the dashboards and basic authentication cannot do it", "The text names anonymous", "Send it signed, for example by this program"),
		cause("signature-lost", "A proxy on the way removed the signature", "Send the same request past the proxy", "Connect to the domain directly, or give the way as via"),
	}},
	{[]string{"is not authorized to perform: iam:passrole"}, layerPassRole, "signer", []steps.Cause{
		cause("pass-role-missing", "The signer has no iam:PassRole for exactly this role", "See the signer's own policies, not the snapshot role's", "Add iam:PassRole on the role's ARN to the signer"),
		cause("pass-role-spelling", "The role's ARN is spelt differently from the one in the signer's policy", "Compare with what iam:GetRole says, letter by letter", "Register with the ARN that GetRole gives"),
		cause("passed-to-service", "A condition iam:PassedToService names another service", "See the conditions of the signer's statement", "Let it name es.amazonaws.com"),
		cause("unsigned", "The request was not signed with IAM keys", "The text says: or anonymous", "Send it signed, for example by this program"),
		cause("signer-young", "The right was given a moment ago and is not known everywhere yet", "It goes away within minutes", "Try again in a minute"),
	}},
	{[]string{"is not authorized to perform: sts:assumerole"}, layerAssume, "the service", []steps.Cause{
		cause("role-spelling", "The role ARN is not letter by letter the role's: names are unique without regard to case, and assumed with regard to it", "iam:GetRole shows the true spelling and path", "Register again with that ARN"),
		cause("trust-principal", "The role's trust does not name es.amazonaws.com", "See its trust policy. The foreign account in the message is the service's own; the last number is yours", "Let es.amazonaws.com assume it"),
		cause("trust-conditions", "The trust's conditions name another account or domain, as in a role copied from the other side", "Compare aws:SourceAccount and aws:SourceArn with the domain", "Correct the conditions"),
		cause("role-young", "The role was made a moment ago, or again under its old name, and is not known everywhere yet", "It goes away within minutes", "Try again in a minute, or use a fresh name"),
		cause("organisation-policy", "A policy of the organisation keeps the service from assuming it", "CloudTrail shows the denied AssumeRole in the role's account", "Except AWS services from that policy"),
	}},
	{[]string{"user: anonymous is not authorized to perform: es:eshttp"}, layerAccess, "signer", []steps.Cause{
		cause("unsigned", "The request was not signed, though the domain's access policy names IAM principals", "Look for a header Authorization that starts with AWS4-HMAC-SHA256", "Sign it for the service es"),
		cause("signature-lost", "A proxy on the way removed the signature", "Send the same request past the proxy", "Connect to the domain directly, or give the way as via"),
		cause("other-address", "The access policy admits addresses, and yours is another one", "See the conditions of AccessPolicies", "Sign, or add the address"),
	}},
	{[]string{"because no resource-based policy allows the es:eshttp"}, layerAccess, "signer", []steps.Cause{
		cause("access-policy", "The domain's access policy does not name the caller, who is of another account or narrowed by a boundary", "See AccessPolicies of DescribeDomain", "Add the caller's role or user to it; across accounts both sides have to allow"),
	}},
	{[]string{"is not authorized to perform: es:eshttp"}, layerAccess, "signer", []steps.Cause{
		cause("signer-method", "The signer may not use this HTTP method on the domain", "See es:ESHttp* in its policies: the resource must end in /*", "Allow it on the domain's ARN followed by /*"),
		cause("access-policy", "The domain's access policy does not let the signer in", "See AccessPolicies of DescribeDomain", "Add the signer's role or user to it"),
		cause("denied-outright", "A policy denies it: of identity, organisation, boundary or session, as the text says", "Look for Deny statements there", "Ask the owner of that policy"),
	}},
	{[]string{"settings.role_arn is needed"}, layerRepository, "", []steps.Cause{cause("role-arn-missing", "The registration names no role_arn inside settings, or its body was lost", "The status 401 has nothing to do with a login", "Send settings.role_arn")}},
	{[]string{"your request:", "is not allowed by amazon"}, layerService, "", []steps.Cause{
		cause("not-offered", "The managed service does not offer this call, or not on this version, or not on a domain without fine-grained access control", "See the list of supported operations of the version", "Choose another way: delete or rename in place of closing, for example"),
	}},
	{[]string{"request signature we calculated does not match"}, layerSignature, "signer", []steps.Cause{
		cause("signed-host", "The host that was signed is not the one that was sent: a tunnel, a custom endpoint, an explicit port", "Ask for GET / under the domain's own name", "Sign for the domain's real name; give a tunnel as via"),
		cause("path-encoding", "Path or query were encoded differently for signing: * = , blanks, parameters without value", "If GET / works, this is it", "Use plain names, and values for all parameters; or a newer curl"),
		cause("wrong-secret", "The secret key is not this access key's, or was pasted with a blank", "Does GetCallerIdentity work with it?", "Correct the secret key"),
		cause("body-changed", "The body was changed after it was signed", "", "Sign what is sent"),
	}},
	{[]string{"signature expired:"}, layerSignature, "", clockCauses},
	{[]string{"signature not yet current:"}, layerSignature, "", clockCauses},
	{[]string{"security token included in the request is expired"}, layerCreds, "signer", []steps.Cause{
		cause("expired", "The session has run out, or exported variables have outlived it", "Their expiry stands with the credentials", "Log in again; the run goes on"),
	}},
	{[]string{"security token included in the request is invalid"}, layerCreds, "signer", []steps.Cause{
		cause("token-missing", "Temporary keys (they begin with ASIA) were sent without their session token", "curl never adds it by itself", "Send X-Amz-Security-Token"),
		cause("key-unknown", "The key was deleted or is inactive, or is of another partition", "See the user's access keys", "Use another key"),
	}},
	{[]string{"request throttled due to too many requests"}, layerService, "", []steps.Cause{cause("throttled", "The domain protects its memory, or is asked too often", "See JVMMemoryPressure", "Wait, and ask less often")}},
	{[]string{"no permissions for []"}, layerProtected, "the content", protectedCauses},
	{[]string{"with 'include_global_state' enabled is not allowed"}, layerProtected, "the content", protectedCauses},
	{[]string{"no permissions for [indices:monitor/"}, layerFGAC, "signer's mapping", monitorCauses},
	{[]string{"no permissions for [cluster:monitor/"}, layerFGAC, "signer's mapping", monitorCauses},
	{[]string{"no permissions for ["}, layerFGAC, "signer's mapping", []steps.Cause{
		cause("not-mapped", "The signer is not mapped to a role of the domain that allows this", "GET _plugins/_security/authinfo shows its roles", "Map the name in the message, letter by letter, to manage_snapshots"),
		cause("mapped-otherwise", "Something else was mapped: the session's ARN, an ARN without its path, the snapshot role, or on the other domain", "Compare the mapping with the name and the backend_roles in the message", "Map what the message says"),
	}},
	{[]string{"no permission to access rest api"}, layerFGAC, "mapper", []steps.Cause{
		cause("security-manager-missing", "The caller may not use the security API: all_access alone is not enough", "GET _plugins/_security/api/permissionsinfo says has_api_access false", "Act as the master user, who can map the caller to security_manager, too"),
	}},
	{[]string{"authentication finally failed"}, layerFGAC, "", []steps.Cause{
		cause("wrong-login", "The password is wrong, or the domain's master is an IAM identity and no password works", "DescribeDomain tells InternalUserDatabaseEnabled", "Use the right kind of login"),
	}},
	{[]string{"the role with name", "cannot be found"}, layerIAM, "", []steps.Cause{cause("role-missing", "There is no role of that name in this account", "iam:ListRoles", "Correct the name, or make the role")}},
	{[]string{"role with name", "already exists"}, layerIAM, "", []steps.Cause{cause("role-exists", "There is a role of that name; names that differ in letter case only count as one", "iam:GetRole shows it", "Adopt it, or choose another name")}},
	{[]string{"invalid principal in policy"}, layerIAM, "", []steps.Cause{cause("principal-missing", "The policy names a user or role that does not exist (yet, or any more)", "iam:GetRole on each of them", "Make the role first, then save the policy")}},
}

var (
	clockCauses = []steps.Cause{cause("clock", "This host's clock is wrong; the text says by how much it may be", "Compare with the Date header of any answer", "Set the clock (NTP)")}

	monitorCauses = []steps.Cause{
		cause("monitoring-missing", "manage_snapshots has no right to look at health, recovery, settings or figures", "GET _plugins/_security/authinfo shows the caller's roles", "Map the caller to a role with cluster_monitor and indices_monitor as well"),
	}

	protectedCauses = []steps.Cause{
		cause("protected-content", "The security index, or another protected one, is among the restored indices; no right helps", "List the snapshot's indices, and compare with what was asked for", "Restore an explicit list of your own indices, without global state"),
		cause("everything-meant", "The selection means everything: it is empty, or made of exclusions only, or the snapshot's name is wrong", "Look at indices in the request", "Name the indices"),
		cause("global-state", "include_global_state is true", "Look at the request", "Send false"),
	}
)
