package kms

import (
	"errors"

	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// policyName is the one name a key policy can have.
const policyName = "default"

func (s *service) policyOperations() map[string]wire.TargetOperation {
	return map[string]wire.TargetOperation{
		"GetKeyPolicy":    operation(s, false, call.getPolicy),
		"PutKeyPolicy":    operation(s, true, call.putPolicy),
		"ListKeyPolicies": operation(s, false, call.listPolicies),
	}
}

// defaultPolicy leaves the key to the policies of its account.
func defaultPolicy(account awsid.AccountID) string {
	return `{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "` + world.RootARN(account).String() + `"
    },
    "Action" : "kms:*",
    "Resource" : "*"
  } ]
}`
}

// bindPolicy checks a key policy and binds its principals. One that does not
// exist is refused, so a role must be there before a key names it.
func bindPolicy(s *world.State, doc string) (string, error) {
	d, err := policy.Parse([]byte(doc))
	if err == nil {
		err = d.Validate(policy.KindKey)
	}
	const unknown = "Policy contains a statement with one or more invalid principals."
	var principal *world.PrincipalError
	if err == nil {
		var bound string
		if bound, err = s.Bind(doc); err == nil {
			return bound, nil
		}
	}
	if errors.As(err, &principal) || namesGone(d) {
		return "", fault("MalformedPolicyDocumentException", "%s", unknown)
	}
	return "", fault("MalformedPolicyDocumentException", "%s", err)
}

// namesGone says that the policy holds the unique id of somebody who was deleted:
// KMS shows such ids and does not take them back.
func namesGone(d policy.Document) bool {
	for _, s := range d.Statements {
		for _, p := range append(s.Principal["AWS"], s.NotPrincipal["AWS"]...) {
			if policy.IsUniqueID(p) {
				return true
			}
		}
	}
	return false
}

// lockedOut refuses a policy by which its author could never change it again.
func (c call) lockedOut(k world.KMSKey, bound string) error {
	doc, err := policy.Parse([]byte(bound))
	if err != nil {
		return err
	}
	q := access.Question{Caller: c.caller, Action: "kms:PutKeyPolicy", Resource: k.ARN().String(), Owner: k.Account, ResourcePolicy: &doc, Context: c.context(k)}
	if !c.gate.Decide(q).Allowed() {
		return fault("MalformedPolicyDocumentException", "The new key policy will not allow you to update the key policy in the future.")
	}
	return nil
}

type policyInput struct{ KeyId, PolicyName string }

func (in policyInput) check() error {
	if in.PolicyName != "" && in.PolicyName != policyName {
		return fault("NotFoundException", "No such policy exists")
	}
	return nil
}

// getPolicy gives the text back as it was sent, apart from principals that are gone.
func (c call) getPolicy(in policyInput) (any, error) {
	k, err := c.ask(in.KeyId, false)
	if err == nil {
		err = in.check()
	}
	if err != nil {
		return nil, err
	}
	var shown string
	c.world.Read(func(s *world.State) { shown = s.Show(k.Policy) })
	return map[string]string{"Policy": shown, "PolicyName": policyName}, nil
}

// putPolicy replaces the whole document.
func (c call) putPolicy(in struct {
	policyInput
	Policy                         string
	BypassPolicyLockoutSafetyCheck bool
},
) (any, error) {
	k, err := c.ask(in.KeyId, false)
	if err == nil {
		err = in.check()
	}
	var bound string
	if err == nil {
		c.world.Read(func(s *world.State) { bound, err = bindPolicy(s, in.Policy) })
	}
	if err == nil && !in.BypassPolicyLockoutSafetyCheck {
		err = c.lockedOut(k, bound)
	}
	if err != nil {
		return nil, err
	}
	return nil, c.write(k, func(_ *world.State, live *world.KMSKey) error {
		live.Policy = bound
		return living(live)
	})
}

func (c call) listPolicies(in pageInput) (any, error) {
	if _, err := c.ask(in.KeyId, false); err != nil {
		return nil, err
	}
	return paged(in, "PolicyNames", []string{policyName}), nil
}
