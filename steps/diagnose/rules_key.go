package diagnose

import (
	"snapferry/awsx/policy"
	"snapferry/steps"
)

// keyRules are what KMS says, mostly through S3 and the engine.
var keyRules = []rule{
	{all: []string{"is not authorized to perform: kms:", "with an explicit deny in"}, layer: layerKMS, refused: "snapshot role", causes: []steps.Cause{deniedOutright}},
	{all: []string{"is not authorized to perform: kms:", "because the resource does not exist in this region"}, layer: layerKMS, refused: "snapshot role", causes: []steps.Cause{
		keyNotShared, managedKey, keyConditions,
		cause("key-elsewhere", "The key is of another region, is gone, or was named by an alias, which is looked up in the caller's own account", "DescribeKey in the bucket's region", "Name the key by its full ARN, in the bucket's region"),
	}},
	{all: []string{"is not authorized to perform: kms:", "because no resource-based policy"}, layer: layerKMS, refused: "snapshot role", causes: []steps.Cause{keyNotShared, keyConditions, managedKey}},
	{all: []string{"is not authorized to perform: kms:", "because no identity-based policy"}, layer: layerKMS, refused: "snapshot role", causes: []steps.Cause{roleKeyRights, keyNotShared}},
	{all: []string{"is not authorized to perform: kms:"}, layer: layerKMS, refused: "snapshot role", causes: []steps.Cause{roleKeyRights, keyNotShared, managedKey, keyConditions}},
	{all: []string{"disabledexception"}, layer: layerKMS, causes: keyOff},
	{all: []string{"kmsinvalidstateexception"}, layer: layerKMS, causes: keyOff},
}

var (
	roleKeyRights = run(cause("role-key-rights", "The snapshot role may not use the bucket's key", "Writing needs kms:GenerateDataKey and kms:Decrypt, reading kms:Decrypt", "Add them to the role, on the key's full ARN"),
		`aws iam put-{caller-kind}-policy --{caller-kind}-name {caller-name} --policy-name snapferry-key-{key-mark} --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["kms:Decrypt","kms:GenerateDataKey"],"Resource":"{key}"}]}'`)
	keyNotShared = adds(cause("key-not-shared", "The key's policy is silent about the role; across accounts both have to allow", "GetKeyPolicy names neither the role nor its account", "Add this to the key's policy, the role spelt as iam:GetRole gives it, with its path"),
		policy.Statement{Effect: policy.EffectAllow, Principal: policy.AWS("{caller}"), Action: []string{"kms:Decrypt", "{key-action}"}, Resource: []string{"*"}})
	managedKey    = cause("aws-managed-key", "The key is aws/s3, which cannot be used from another account", "DescribeKey says KeyManager AWS", "Give the bucket a customer key, then take a new snapshot")
	keyConditions = cause("key-conditions", "A condition on encryption context or kms:ViaService does not hold; with a bucket key the context is the bucket's ARN", "See the conditions of the key's policy", "Correct them")
	keyOff        = []steps.Cause{cause("key-disabled", "The key is disabled or about to be deleted", "DescribeKey says KeyState", "Enable it, or cancel the deletion; without it the snapshot cannot be read")}
)
