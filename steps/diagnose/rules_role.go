package diagnose

import (
	"snapferry/awsx/policy"
	"snapferry/steps"
)

// roleRules are who may hand the snapshot role over, who may take it on, and what
// IAM says about roles and policies.
var roleRules = []rule{
	{all: []string{"user: anonymous is not authorized to perform: iam:passrole"}, layer: layerPassRole, refused: "signer", causes: []steps.Cause{
		cause("unsigned", "The registration was not signed with IAM keys: the console of the dashboards and basic authentication cannot do it", "The text names anonymous", "Send it signed with IAM keys: curl --aws-sigv4 aws:amz:REGION:es does it, and snapferry run when it registers"),
		cause("signature-lost", "A proxy on the way removed the signature", "Send the same request past the proxy", "Connect to the domain directly, or through a tunnel that leaves requests as they are (source.via or target.via)"),
		unmappedToo,
	}},
	{all: []string{"is not authorized to perform: iam:passrole", "with an explicit deny in"}, layer: layerPassRole, refused: "signer", causes: []steps.Cause{deniedOutright}},
	{all: []string{"or anonymous is not authorized to perform: iam:passrole"}, layer: layerPassRole, refused: "signer", causes: []steps.Cause{
		passRoleMissing, passRoleForeign, passRoleSpelling, passedToService,
		cause("unsigned", "The request was not signed with IAM keys: the text comes for a login by password, too", "Look for a header Authorization that starts with AWS4-HMAC-SHA256", "Send it signed with IAM keys: curl --aws-sigv4 aws:amz:REGION:es does it, and snapferry run when it registers"),
		unmappedToo, signerYoung,
	}},
	{all: []string{"is not authorized to perform: iam:passrole"}, layer: layerPassRole, refused: "signer", causes: []steps.Cause{
		passRoleMissing, passRoleForeign, passRoleSpelling, passedToService, signerYoung,
	}},
	{all: []string{"cp-sts-grant-role", "is not authorized to perform: sts:assumerole"}, layer: layerAssume, refused: "the service", causes: byServiceCauses},
	{all: []string{"is not authorized to perform: sts:assumerole", "service: sts, status code: 403"}, layer: layerAssume, refused: "the service", causes: byServiceCauses},
	{all: []string{"is not authorized to perform: sts:assumerole", "service: awssecuritytokenservice"}, layer: layerAssume, refused: "the service", causes: byServiceCauses},
	{all: []string{"is not authorized to perform: sts:assumerole", "with an explicit deny in"}, layer: layerAssume, refused: "caller", causes: []steps.Cause{deniedOutright}},
	{all: []string{"is not authorized to perform: sts:assumerole", "because no identity-based policy"}, layer: layerAssume, refused: "caller", causes: []steps.Cause{assumeRight}},
	{all: []string{"is not authorized to perform: sts:assumerole"}, layer: layerAssume, refused: "caller", causes: []steps.Cause{
		adds(cause("trust-silent", "The role's trust does not name the caller, or its conditions (external id, second factor) do not hold", "See its trust policy; a name that reads AROA… or AIDA… there is of somebody deleted", "Let it name the caller's role or user; give the external id where it asks for one"),
			policy.Statement{Effect: policy.EffectAllow, Principal: policy.AWS("{caller}"), Action: []string{"sts:AssumeRole"}}),
		assumeRight, roleNameCase,
	}},

	{all: []string{"the role with name", "cannot be found"}, layer: layerIAM, causes: []steps.Cause{cause("role-missing", "There is no role of that name in this account", "iam:ListRoles", "Correct the name, or make the role")}},
	{all: []string{"role with name", "already exists"}, layer: layerIAM, causes: []steps.Cause{cause("role-exists", "There is a role of that name; names that differ in letter case only count as one", "iam:GetRole shows it", "Adopt it, or choose another name")}},
	{all: []string{"invalid principal in policy"}, layer: layerIAM, causes: principalMissing},
	{all: []string{"one or more invalid principals"}, layer: layerIAM, causes: principalMissing},
	{all: []string{"malformedpolicy"}, layer: layerIAM, causes: []steps.Cause{cause("policy-malformed", "The policy is not one of its kind: the text says what is wrong with it", "", "Correct the document")}},
}

// byServiceCauses are why the service may not take on the role: all leave the
// same words. The order is that of the field: the spelling first.
var byServiceCauses = []steps.Cause{
	roleNameCase,
	adds(cause("trust-mismatch", "The role's trust does not let the service assume it for this domain: it names another principal than es.amazonaws.com, or its conditions name another account or domain, as in a role copied from the other side",
		"See its trust policy, aws:SourceAccount and aws:SourceArn. The foreign account in the message is the service's own; the last number is yours",
		"Let es.amazonaws.com assume it for this account; domains with software before R20211203 send no source at all"),
		policy.Statement{
			Effect: policy.EffectAllow, Principal: policy.Service("es.amazonaws.com"), Action: []string{"sts:AssumeRole"},
			Condition: policy.Conditions{"StringEquals": {"aws:SourceAccount": {"{account}"}}},
		}),
	cause("role-path", "The role has a path, which the registration leaves out", "iam:GetRole shows the whole ARN", "Register again with that ARN"),
	cause("trust-denies", "The role's trust, or a policy of the organisation, denies it", "Look for Deny in the trust; CloudTrail shows the denied AssumeRole in the role's account", "Except AWS services from the denial"),
	cause("role-young", "The role or its trust was made a moment ago, or again under its old name, and is not known everywhere yet", "See its CreateDate; it goes away within minutes", "Try again in a minute, or use a fresh name"),
}

var (
	roleNameCase = run(cause("role-name-case", "The role's ARN is not letter by letter the role's own: names are unique without regard to case, and assumed with regard to it", "iam:GetRole gives another spelling than the registration", "Register again with the ARN that GetRole gives"),
		"aws iam get-role --role-name {role-name} --query Role.Arn --output text")
	passRoleMissing = run(cause("pass-role-missing", "The signer has no iam:PassRole for exactly this role", "See the signer's own policies, not the snapshot role's, where it is often put by mistake", "Add iam:PassRole on the role's ARN to the signer"),
		`aws iam put-{caller-kind}-policy --{caller-kind}-name {caller-name} --policy-name snapferry-pass-role-{role-mark} --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:PassRole","Resource":"{role}"}]}'`)
	passRoleSpelling = run(cause("pass-role-spelling", "The role's ARN is spelt differently from the one in the signer's policy: account, path, letter case", "Compare with what iam:GetRole says, letter by letter", "Register with the ARN that GetRole gives"),
		"aws iam get-role --role-name {role-name} --query Role.Arn --output text")
	passRoleForeign = cause("pass-role-foreign", "The role is of another account than the signer: roles cannot be passed across accounts", "Compare the account numbers in the message", "Use a snapshot role of the domain's own account")
	passedToService = cause("passed-to-service", "A condition iam:PassedToService names another service", "See the conditions of the signer's statement", "Let it name es.amazonaws.com")
	signerYoung     = cause("signer-young", "The right was given a moment ago and is not known everywhere yet", "It goes away within minutes", "Try again in a minute")
	unmappedToo     = cause("unmapped-signer", "On a domain with fine-grained access control the signer may not be mapped either; by itself that gives other words", "GET _plugins/_security/authinfo, signed, shows its roles", "Map the signer to manage_snapshots, after it signs")

	assumeRight = run(cause("assume-right-missing", "The caller's own policies do not let it assume the role; across accounts both sides have to allow", "See sts:AssumeRole in its policies", "Allow sts:AssumeRole on the role's ARN"),
		`aws iam put-{caller-kind}-policy --{caller-kind}-name {caller-name} --policy-name snapferry-assume-role-{role-mark} --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"{role}"}]}'`)

	mayNot = []steps.Cause{
		cause("action-missing", "The caller may not do this; it need not stop the migration where only a check wanted to look", "The text names the action", "Allow the action, or let somebody else do this part"),
		deniedOutright,
	}
	principalMissing = []steps.Cause{cause("principal-missing", "The policy names a user or role that does not exist (yet, or any more)", "iam:GetRole on each of them; AROA… or AIDA… is somebody deleted", "Make the role first, then save the policy")}
)
