package diagnose

import "snapferry/steps"

// storeRules are what goes wrong between the engine, the bucket and its key.
var storeRules = []rule{
	{[]string{"is not authorized to perform: kms:", "because the resource does not exist in this region"}, layerKMS, "snapshot role", []steps.Cause{
		cause("key-elsewhere", "The key is of another region, or was named by an alias, which is looked up in the caller's own account", "DescribeKey in the bucket's region", "Name the key by its full ARN, in the bucket's region"),
		cause("key-policy", "The key's policy does not name the role's account", "GetKeyPolicy", "Let the key's policy allow the role"),
	}},
	{[]string{"is not authorized to perform: kms:"}, layerKMS, "snapshot role", []steps.Cause{
		cause("role-key-rights", "The snapshot role may not use the bucket's key", "Writing needs kms:GenerateDataKey and kms:Decrypt, reading kms:Decrypt", "Add them to the role, on the key's full ARN"),
		cause("key-policy", "The key's policy is silent about the role; across accounts both have to allow", "GetKeyPolicy", "Let the key's policy allow the role"),
		cause("aws-managed-key", "The key is aws/s3, which cannot be used from another account", "DescribeKey says KeyManager AWS", "Give the bucket a customer key, then take a new snapshot"),
		cause("key-conditions", "A condition on encryption context or kms:ViaService does not hold; with a bucket key the context is the bucket's ARN", "See the conditions of the key's policy", "Correct them"),
	}},
	{[]string{"the bucket is in this region"}, layerS3, "", []steps.Cause{cause("bucket-region", "The repository names another region than the bucket's", "HeadBucket tells the region", "Register with the bucket's region; for a bucket of another region than the domain, with endpoint s3.amazonaws.com in its place")}},
	{[]string{"specified key does not exist"}, layerS3, "", []steps.Cause{
		cause("files-lost", "Files of the snapshot are not in the bucket any more", "Look for lifecycle rules that expire objects, and for clean-ups by hand", "Bring the files back (older versions, if the bucket keeps them), or take a new snapshot"),
		cause("copied-too-early", "The bucket is a copy that was made while the snapshot ran, or is not complete", "Compare the lists of objects", "Copy again; shard data may lie outside the base path"),
		cause("two-writers", "Another domain writes to the same repository and has tidied up", "GET _snapshot on every domain: one may write, the others are readonly", "Register all but one readonly, then take a new snapshot"),
	}},
	{[]string{"specified bucket does not exist"}, layerS3, "", []steps.Cause{cause("bucket-missing", "There is no bucket of that name", "HeadBucket", "Correct the name, or make it")}},
	{[]string{"bucket cannot be empty"}, layerRepository, "", []steps.Cause{bucketUnnamed}},
	{[]string{"no bucket defined for s3 repository"}, layerRepository, "", []steps.Cause{bucketUnnamed}},
	{[]string{"does not allow acls"}, layerS3, "snapshot role", []steps.Cause{
		cause("acl-sent", "An ACL was sent to a bucket that takes none: from another account than the bucket's, or by canned_acl", "See the repository's settings and the bucket's object ownership", "Leave canned_acl out, or let the bucket's own account write"),
	}},
	{[]string{"service: s3, status code: 403"}, layerS3, "snapshot role", deniedCauses},
	{[]string{"service: amazon s3; status code: 403"}, layerS3, "snapshot role", deniedCauses},
	{[]string{"repository_verification_exception", "access denied"}, layerS3, "snapshot role", deniedCauses},
	{[]string{"permissions on the store don't allow reading files written by"}, layerS3, "snapshot role", []steps.Cause{
		cause("write-only", "The snapshot role may write and not read: s3:GetObject, or kms:Decrypt beside kms:GenerateDataKey, is missing", "See the role's policies and the key's", "Add what is missing"),
	}},
	{[]string{"repository type [", "does not exist"}, layerRepository, "", []steps.Cause{cause("type-unknown", "The engine has no such type of repository", "On the managed service it is always s3", "Register with type s3")}},
	{[]string{"chunk_size (", "can't be lower than buffer_size ("}, layerRepository, "", []steps.Cause{cause("chunk-size", "chunk_size is smaller than buffer_size", "", "Leave both out, or raise chunk_size")}},
	{[]string{"is not a valid s3 storage class"}, layerRepository, "", []steps.Cause{storageClass}},
	{[]string{"glacier storage class is not supported"}, layerRepository, "", []steps.Cause{storageClass}},
	{[]string{"readonly repository"}, layerRepository, "", []steps.Cause{cause("repository-readonly", "The repository is registered readonly on this domain", "GET _snapshot shows its settings", "Take and delete snapshots on the domain that writes it")}},
	{[]string{"trying to modify or unregister repository that is currently used"}, layerRepository, "", []steps.Cause{cause("repository-used", "A snapshot, a restore or a deletion runs on this repository", "GET _snapshot/_status and GET _recovery", "Wait until it has ended")}},
	{[]string{"repository_missing_exception"}, layerRepository, "", []steps.Cause{cause("repository-missing", "No repository of that name is registered on this domain", "GET _snapshot lists them", "Register it; names differ by letter case, and each domain has its own")}},
	{[]string{"repository_exception", "must not contain"}, layerRepository, "", []steps.Cause{cause("repository-name", "The repository's name holds a character that is not allowed", "", "Use lower-case letters, digits and hyphens")}},
}

var (
	bucketUnnamed = cause("bucket-unnamed", "The registration names no bucket inside settings", "", "Send settings.bucket")
	storageClass  = cause("storage-class", "The repository's storage class is none that snapshots can be read from", "", "Leave storage_class out")

	deniedCauses = []steps.Cause{
		cause("role-s3-rights", "The snapshot role lacks rights on the bucket or its objects", "ListBucket belongs on the bucket, the others on the bucket followed by /*", "Add what is missing to the role"),
		cause("bucket-silent", "The bucket is another account's, and its policy does not name the role: both have to allow", "See the bucket's policy", "Let it allow exactly this role"),
		cause("bucket-denies", "The bucket's policy denies the role", "Look for Deny statements (VPC endpoint, address, organisation, missing encryption header)", "Except the snapshot role from the denial"),
		cause("not-readonly", "The repository is not readonly, and the role may only read", "Verifying writes a file", "Register it readonly from the first time on"),
		cause("role-recreated", "The role was deleted and made again, and the bucket's policy still names the old one", "The policy shows AROA… in place of an ARN", "Save the policy anew"),
		cause("key-disguised", "The bucket's key refuses, and S3 says no more than that", "See the bucket's default encryption and the key's policy", "Let role and key allow it"),
	}
)
