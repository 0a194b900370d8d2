package diagnose

import (
	"slices"

	"snapferry/awsx/policy"
	"snapferry/steps"
)

// storeRules are what goes wrong between the engine and the bucket.
var storeRules = []rule{
	{all: []string{"is not authorized to perform: s3:", "with an explicit deny in"}, layer: layerS3, refused: "caller", causes: []steps.Cause{bucketDenies, deniedOutright}},
	{all: []string{"is not authorized to perform: s3:", "because no resource-based policy"}, layer: layerS3, refused: "caller", causes: []steps.Cause{bucketPolicyMissing, roleRecreated}},
	{all: []string{"is not authorized to perform: s3:", "because no identity-based policy"}, layer: layerS3, refused: "caller", causes: []steps.Cause{callerLacks}},
	{all: []string{"is not authorized to perform: s3:"}, layer: layerS3, refused: "caller", causes: slices.Concat(deniedCauses, []steps.Cause{callerLacks})},
	{all: []string{"(403) when calling the headbucket operation"}, layer: layerS3, refused: "caller", causes: headCauses},
	{all: []string{"(403) when calling the headobject operation"}, layer: layerS3, refused: "caller", causes: headCauses},
	{all: []string{"the bucket is in this region"}, layer: layerS3, causes: []steps.Cause{cause("bucket-region", "The repository names another region than the bucket's", "HeadBucket tells the region", "Register with the bucket's region; for a bucket of another region than the domain, with endpoint s3.amazonaws.com in its place")}},
	{all: []string{"must be addressed using the specified endpoint"}, layer: layerS3, causes: []steps.Cause{bucketElsewhere}},
	{all: []string{"permanentredirect"}, layer: layerS3, causes: []steps.Cause{bucketElsewhere}},
	{all: []string{"specified key does not exist"}, layer: layerS3, causes: filesLost},
	{all: []string{"failed to update snapshot in repository"}, layer: layerS3, causes: filesLost},
	{all: []string{"specified bucket does not exist"}, layer: layerS3, causes: []steps.Cause{cause("bucket-missing", "There is no bucket of that name", "HeadBucket", "Correct the name, or make it")}},
	{all: []string{"bucket cannot be empty"}, layer: layerRepository, causes: []steps.Cause{bucketUnnamed}},
	{all: []string{"no bucket defined for s3 repository"}, layer: layerRepository, causes: []steps.Cause{bucketUnnamed}},
	{all: []string{"does not allow acls"}, layer: layerS3, refused: "snapshot role", causes: []steps.Cause{
		cause("acl-sent", "An ACL was sent to a bucket that takes none: from another account than the bucket's, or by canned_acl", "See the repository's settings and the bucket's object ownership", "Leave canned_acl out, or let the bucket's own account write"),
	}},
	{all: []string{"service: s3, status code: 403"}, layer: layerS3, refused: "snapshot role", causes: deniedCauses},
	{all: []string{"service: amazon s3; status code: 403"}, layer: layerS3, refused: "snapshot role", causes: deniedCauses},
	{all: []string{"repository_verification_exception", "access denied"}, layer: layerS3, refused: "snapshot role", causes: deniedCauses},
	{all: []string{"permissions on the store don't allow reading files written by"}, layer: layerS3, refused: "snapshot role", causes: []steps.Cause{
		cause("write-only", "The snapshot role may write and not read: s3:GetObject, or kms:Decrypt beside kms:GenerateDataKey, is missing", "See the role's policies and the key's", "Add what is missing"),
	}},
	{all: []string{"could not determine repository generation from root blobs"}, layer: layerRepository, refused: "snapshot role", causes: []steps.Cause{
		cause("root-unread", "The engine could not look into the folder of the repository in the bucket", "The innermost caused_by of the whole answer says who refused it: STS, S3 or KMS", "Give the whole answer to snapferry explain; what refuses there has a cause of its own"),
		roleRights, bucketPolicyMissing, bucketElsewhere,
	}},
	{all: []string{"repository type [", "does not exist"}, layer: layerRepository, causes: []steps.Cause{cause("type-unknown", "The engine has no such type of repository", "On the managed service it is always s3", "Register with type s3")}},
	{all: []string{"chunk_size (", "can't be lower than buffer_size ("}, layer: layerRepository, causes: []steps.Cause{cause("chunk-size", "chunk_size is smaller than buffer_size", "", "Leave both out, or raise chunk_size")}},
	{all: []string{"cannedacl is not valid"}, layer: layerRepository, causes: []steps.Cause{cause("canned-acl", "The repository's canned_acl is none that S3 has", "", "Leave canned_acl out")}},
	{all: []string{"is not a valid s3 storage class"}, layer: layerRepository, causes: []steps.Cause{storageClass}},
	{all: []string{"glacier storage class is not supported"}, layer: layerRepository, causes: []steps.Cause{storageClass}},
	{all: []string{"readonly repository"}, layer: layerRepository, causes: []steps.Cause{cause("repository-readonly", "The repository is registered readonly on this domain", "GET _snapshot shows its settings", "Take and delete snapshots on the domain that writes it")}},
	{all: []string{"trying to modify or unregister repository that is currently used"}, layer: layerRepository, causes: []steps.Cause{cause("repository-used", "A snapshot, a restore or a deletion runs on this repository", "GET _snapshot/_status and GET _recovery", "Wait until it has ended")}},
	{all: []string{"repository_missing_exception"}, layer: layerRepository, causes: []steps.Cause{cause("repository-missing", "No repository of that name is registered on this domain", "GET _snapshot lists them", "Register it; names differ by letter case, and each domain has its own")}},
	{all: []string{"repository_exception", "must not contain"}, layer: layerRepository, causes: []steps.Cause{cause("repository-name", "The repository's name holds a character that is not allowed", "", "Use lower-case letters, digits and hyphens")}},
}

var (
	// callerLacks is for whoever calls S3 themselves; told puts in who and what.
	callerLacks = run(steps.Cause{
		ID: "caller-lacks", Summary: steps.T("%s lacks %s: none of its own policies allows it", "{caller-short}", "{action}"),
		Confirm: steps.T("See the policies of the one behind User:"), Fix: steps.T("Allow it, or let whoever may do it do this part"),
	}, `aws iam put-{caller-kind}-policy --{caller-kind}-name {caller-name} --policy-name snapferry-s3-{right-mark} --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"{action}","Resource":"{resource}"}]}'`)
	headCauses = []steps.Cause{
		cause("head-refused", "S3 refuses it, and an answer to HEAD has no words for why: s3:ListBucket on the bucket, or s3:GetObject on the object, is missing or denied", "aws s3api list-objects-v2 on the same bucket gives the reason in words", "Allow it in the caller's policy, and across accounts in the bucket's, too"),
		bucketOfAnother,
	}
	bucketElsewhere = cause("bucket-region", "The bucket is in another region than the one it was asked for in", "HeadBucket tells the region", "Ask in the bucket's region: in a registration its region setting, for a tool --region")
	bucketOfAnother = cause("bucket-of-another", "The bucket belongs to somebody else: names are the whole world's", "Ask for it with its expected owner", "Correct the name")

	bucketUnnamed = cause("bucket-unnamed", "The registration names no bucket inside settings", "", "Send settings.bucket")
	storageClass  = cause("storage-class", "The repository's storage class is none that snapshots can be read from", "", "Leave storage_class out")

	roleRights = adds(cause("role-s3-rights", "The snapshot role lacks rights on the bucket or its objects", "ListBucket belongs on the bucket, the others on the bucket followed by /*", "Add what is missing to the role; reading alone needs neither PutObject nor DeleteObject"),
		policy.Statement{Effect: policy.EffectAllow, Action: []string{"s3:ListBucket", "s3:GetBucketLocation"}, Resource: []string{"arn:aws:s3:::BUCKET"}},
		policy.Statement{Effect: policy.EffectAllow, Action: []string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject"}, Resource: []string{"arn:aws:s3:::BUCKET/*"}})
	bucketPolicyMissing = adds(cause("bucket-policy-missing", "The bucket is another account's, and its policy does not name the role: both have to allow", "See the bucket's policy", "Let it allow exactly this role, on the bucket and on its objects"),
		policy.Statement{Effect: policy.EffectAllow, Principal: policy.AWS("ROLE-ARN"), Action: []string{"s3:ListBucket", "s3:GetBucketLocation"}, Resource: []string{"arn:aws:s3:::BUCKET"}},
		policy.Statement{Effect: policy.EffectAllow, Principal: policy.AWS("ROLE-ARN"), Action: []string{"s3:GetObject"}, Resource: []string{"arn:aws:s3:::BUCKET/*"}})
	bucketDenies  = cause("bucket-denies", "The bucket's policy denies it to whoever is refused", "Look for Deny statements (VPC endpoint, address, organisation, missing encryption header)", "Except the one who is refused, mostly the snapshot role, from the denial")
	roleRecreated = cause("role-recreated", "The role was deleted and made again, and the bucket's policy still names the old one", "The policy shows AROA… in place of an ARN", "Save the policy anew with the role's ARN")

	filesLost = []steps.Cause{
		cause("files-lost", "Files of the snapshot are not in the bucket any more", "Look for lifecycle rules that expire objects, and for clean-ups by hand", "Bring the files back (older versions, if the bucket keeps them), or take a new snapshot"),
		cause("copied-too-early", "The bucket is a copy that was made while the snapshot ran, or is not complete", "Compare the lists of objects", "Copy again; shard data may lie outside the base path"),
		cause("two-writers", "Another domain writes to the same repository and has tidied up", "GET _snapshot on every domain: one may write, the others are readonly", "Register all but one readonly, then take a new snapshot"),
	}

	deniedCauses = []steps.Cause{
		roleRights, bucketPolicyMissing, bucketDenies,
		cause("not-readonly", "The repository is not readonly, and the role may only read", "Verifying writes a file", "Register it readonly from the first time on"),
		roleRecreated,
		cause("key-disguised", "The bucket's key refuses, and S3 says no more than that", "See the bucket's default encryption and the key's policy", "Let role and key allow it"),
		bucketOfAnother,
	}
)
