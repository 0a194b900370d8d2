package diagnose

import "crypto/x509"

const (
	user     = "User: arn:aws:iam::111122223333:user/jo"
	session  = "User: arn:aws:sts::111122223333:assumed-role/r/s"
	key      = "arn:aws:kms:eu-west-1:111122223333:key/x"
	article2 = `[REPO] path [BASE] is not accessible on cluster-manager node; Unable to upload object [BASE/tests-x/master.dat] using a single upload; User: arn:aws:sts::832035452523:assumed-role/cp-sts-grant-role/swift-ap-northeast-2-prod-111122223333 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/os-repo-prg-OPENSEARCHRepositoryRole (Service: Sts, Status Code: 403, Request ID: x)`
)

// examples are in the order of the rules.
var examples = []example{
	{text: "User: anonymous is not authorized to perform: es:ESHttpGet", layer: layerAccess, id: "unsigned"},
	{text: user + " is not authorized to perform: es:ESHttpPut with an explicit deny in an identity-based policy", layer: layerAccess, id: "denied-outright"},
	{text: session + " is not authorized to perform: es:ESHttpPost because no resource-based policy allows the es:ESHttpPost action", layer: layerAccess, id: "access-policy"},
	{text: user + " is not authorized to perform: es:ESHttpPut because no identity-based policy allows the es:ESHttpPut action", layer: layerAccess, id: "signer-method"},
	{text: user + " is not authorized to perform: es:ESHttpPut on resource: logs", layer: layerAccess, id: "signer-method"},
	{text: "settings.role_arn is needed for snapshot registration.", layer: layerRepository, id: "role-arn-missing"},
	{text: "Your request: '/_snapshot/r' is not allowed by Amazon Elasticsearch Service.", layer: layerService, id: "not-offered"},
	{text: "Your request: '/_cluster/reroute' is not allowed.", layer: layerService, id: "not-offered"},          // a field report
	{text: "Your request: '/_cluster/settings' payload is not allowed.", layer: layerService, id: "not-offered"}, // another
	{text: "Credential should be scoped to a valid region, not 'us-east-1'.", layer: layerSignature, id: "signed-scope"},
	{text: "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.", layer: layerSignature, id: "signed-host"},
	{text: "Signature expired: 20261122T060000Z is now earlier than 20261122T061000Z (20261122T061500Z - 5 min.)", layer: layerSignature, id: "clock"},
	{text: "Signature not yet current: 20261122T061000Z is still later than 20261122T060500Z (20261122T060000Z + 5 min.)", layer: layerSignature, id: "clock"},
	{text: "The difference between the request time and the current time is too large.", layer: layerSignature, id: "clock"},
	{text: "The security token included in the request is expired", layer: layerCreds, id: "expired"},
	{text: "The provided token has expired.", layer: layerCreds, id: "expired"},
	{text: "The security token included in the request is invalid", layer: layerCreds, id: "token-missing"},
	{text: "The AWS Access Key Id you provided does not exist in our records.", layer: layerCreds, id: "key-unknown"},
	{text: "failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata", layer: layerCreds, id: "no-instance-role"}, // source of the SDK
	{text: "operation error STS: GetCallerIdentity, get identity: get credentials: failed to refresh cached credentials, static credentials are empty", layer: layerCreds, id: "credentials"},
	{text: "Request throttled due to too many requests", layer: layerService, id: "throttled"},
	{text: "Too Many Requests", layer: layerService, id: "throttled"},
	{text: "GATEWAY_TIMEOUT", layer: layerService, id: "no-answer"},
	{text: "dial tcp: lookup vpc-logs.eu-west-1.es.amazonaws.com: no such host", layer: layerNetwork, id: "name-unknown"},
	{text: "dial tcp 10.0.3.17:443: i/o timeout", layer: layerNetwork, id: "unreachable"},
	{text: "curl: (28) Failed to connect: connection timed out", layer: layerNetwork, id: "unreachable"},
	{text: "dial tcp 127.0.0.1:9200: connect: connection refused", layer: layerNetwork, id: "wrong-port"},
	{text: x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"*.eu-west-1.es.amazonaws.com"}}, Host: "localhost"}.Error(), layer: layerTLS, id: "tunnel-name"},
	{text: "Domain not found: logs", layer: layerClient, id: "domain-missing"},

	{text: "User: anonymous is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/TheSnapshotRole", layer: layerPassRole, id: "unsigned"}, // article 0, pain 1
	{text: user + " is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/R with an explicit deny in a permissions boundary", layer: layerPassRole, id: "denied-outright"},
	{text: user + " or anonymous is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/TheSnapshotRole", layer: layerPassRole, id: "pass-role-missing"}, // article 0, pain 1
	{text: user + " is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/R", layer: layerPassRole, id: "pass-role-missing"},
	{text: user + " is not authorized to perform: iam:PassRole on resource: arn:aws:iam::444455556666:role/R", layer: layerPassRole, id: "pass-role-foreign"},
	{text: article2, layer: layerAssume, id: "role-name-case"},
	{text: session + " is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/r (Service: Sts, Status Code: 403, Request ID: x)", layer: layerAssume, id: "role-name-case"},
	{text: session + " is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/r (Service: AWSSecurityTokenService; Status Code: 403; Error Code: AccessDenied; Request ID: x)", layer: layerAssume, id: "role-name-case"},
	{text: user + " is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/r with an explicit deny in the role trust policy", layer: layerAssume, id: "denied-outright"},
	{text: user + " is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/r because no identity-based policy allows the sts:AssumeRole action", layer: layerAssume, id: "assume-right-missing"},
	{text: user + " is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/r", layer: layerAssume, id: "trust-silent"},
	{text: "The role with name acme cannot be found.", layer: layerIAM, id: "role-missing"},
	{text: "Role with name acme already exists.", layer: layerIAM, id: "role-exists"},
	{text: "Invalid principal in policy", layer: layerIAM, id: "principal-missing"},
	{text: "Policy contains a statement with one or more invalid principals.", layer: layerIAM, id: "principal-missing"},
	{text: "MalformedPolicyDocument: Syntax errors in policy.", layer: layerIAM, id: "policy-malformed"},

	{file: "sec-restore-signer-security-index", layer: layerProtected, id: "security-index-in-restore"}, // article 0, pain 2
	{file: "sec-restore-master-star", layer: layerProtected, id: "security-index-in-restore"},
	{file: "sec-restore-signer-dash-exclusion", layer: layerProtected, id: "security-index-in-restore"},
	{text: "Restoring snapshot with 'include_global_state' enabled is not allowed", layer: layerProtected, id: "global-state"},
	{text: "Could not retrieve information for snapshot r/s", layer: layerProtected, id: "snapshot-named-wrong"},
	{text: "no permissions for [cluster:admin/snapshot/restore] and User [name=x, backend_roles=[y], requestedTenant=null]", layer: layerProtected, id: "global-state"}, // sec-restore-master-global-state of 3.4.0
	{file: "sec-snapshots-signer-recovery", layer: layerFGAC, id: "monitoring-missing"},
	{file: "sec-snapshots-signer-health", layer: layerFGAC, id: "monitoring-missing"},
	{file: "sec-observer-signer-count", layer: layerFGAC, id: "reading-missing"},
	{file: "sec-restore-names-signer-not-allowed", layer: layerFGAC, id: "names-not-covered"},
	{file: "sec-restore-names-signer-half-allowed", layer: layerFGAC, id: "names-not-covered"},
	{file: "sec-unmapped-signer-close-index", layer: layerFGAC, id: "managing-missing"},
	{file: "sec-unmapped-signer-register", layer: layerFGAC, id: "unmapped-signer"},
	{text: "no permissions for [cluster:admin/repository/put] and User [name=arn:aws:sts::111122223333:assumed-role/r/s, backend_roles=[], requestedTenant=null]", layer: layerFGAC, id: "mapped-otherwise"},
	{file: "sec-all-access-admin-map", layer: layerFGAC, id: "security-manager-missing"}, // article 3
	{file: "sec-locked-out-mapping-too", layer: layerFGAC, id: "not-the-master"},
	{file: "sec-mapping-none-yet", layer: layerFGAC, id: "no-mapping-yet"},
	{text: "Resource 'manage_snapshots' not found.", layer: layerFGAC, id: "no-mapping-yet"},
	{file: "sec-mapping-unknown-role", layer: layerFGAC, id: "fgac-role-missing"},
	{file: "sec-roles-delete-reserved", layer: layerFGAC, id: "reserved"},
	{file: "sec-roles-delete-static", layer: layerFGAC, id: "reserved"},
	{file: "sec-old-paths-unknown", layer: layerFGAC, id: "security-path"},
	{text: "Authentication finally failed", layer: layerFGAC, id: "wrong-login"},
	{file: "sec-internal-master-mistyped-authinfo", layer: layerFGAC, id: "wrong-login"},

	{text: session + " is not authorized to perform: kms:Decrypt on resource: " + key + " with an explicit deny in a resource-based policy", layer: layerKMS, id: "denied-outright"},
	{text: session + " is not authorized to perform: kms:Decrypt on resource: " + key + " because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access", layer: layerKMS, id: "key-not-shared"},
	{text: session + " is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-west-1:111122223333:alias/x because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access", layer: layerKMS, id: "key-elsewhere"},
	{text: session + " is not authorized to perform: kms:Decrypt on resource: " + key + " because no resource-based policy allows the kms:Decrypt action", layer: layerKMS, id: "key-not-shared"},
	{text: session + " is not authorized to perform: kms:GenerateDataKey on resource: " + key + " because no identity-based policy allows the kms:GenerateDataKey action (Service: S3, Status Code: 403, Request ID: x)", layer: layerKMS, id: "role-key-rights"},
	{text: session + " is not authorized to perform: kms:GenerateDataKey on resource: " + key, layer: layerKMS, id: "role-key-rights"},
	{text: "DisabledException: arn:aws:kms:eu-west-1:111122223333:key/x is disabled.", layer: layerKMS, id: "key-disabled"},
	{text: "KMS.KMSInvalidStateException: arn:aws:kms:eu-west-1:111122223333:key/x is pending deletion.", layer: layerKMS, id: "key-disabled"},

	{text: user + ` is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::b/k" with an explicit deny in a resource-based policy`, layer: layerS3, id: "bucket-denies"},
	{text: session + ` is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::b/k" because no resource-based policy allows the s3:PutObject action`, layer: layerS3, id: "bucket-policy-missing"},
	{text: session + ` is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::b/k" because no identity-based policy allows the s3:PutObject action`, layer: layerS3, id: "caller-lacks"},
	{text: session + ` is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::b/k"`, layer: layerS3, id: "role-s3-rights"},
	{text: "An error occurred (403) when calling the HeadBucket operation: Forbidden", layer: layerS3, id: "head-refused"},
	{text: "An error occurred (403) when calling the HeadObject operation: Forbidden", layer: layerS3, id: "head-refused"},
	{text: "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.", layer: layerS3, id: "bucket-region"},
	{text: "PermanentRedirect", layer: layerS3, id: "bucket-region"},
	{text: "[r] Could not determine repository generation from root blobs", layer: layerRepository, id: "root-unread"}, // the engine's source, a field report
	{text: "The bucket is in this region: eu-central-1. Please use this region to retry the request (Service: Amazon S3; Status Code: 301; Error Code: PermanentRedirect; Request ID: x)", layer: layerS3, id: "bucket-region"},
	{text: "The specified key does not exist. (Service: S3, Status Code: 404, Request ID: x)", layer: layerS3, id: "files-lost"},
	{text: "failed to update snapshot in repository", layer: layerS3, id: "files-lost"},
	{file: "store-refuses-bucket-missing", layer: layerS3, id: "bucket-missing"},
	{file: "store-refuses-no-bucket-named", layer: layerRepository, id: "bucket-unnamed"},
	{text: "No bucket defined for s3 repository", layer: layerRepository, id: "bucket-unnamed"},
	{text: "The bucket does not allow ACLs (Service: S3, Status Code: 400, Request ID: x)", layer: layerS3, id: "acl-sent"},
	{file: "store-refuses-put", layer: layerS3, id: "role-s3-rights"},
	{file: "store-refuses-everything-readonly", layer: layerS3, id: "role-s3-rights"},
	{file: "store-refuses-get-list", layer: layerS3, id: "role-s3-rights"},
	{file: "store-refuses-put-create", layer: layerS3, id: "role-s3-rights"},
	{text: "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: x)", layer: layerS3, id: "role-s3-rights"},
	{text: "repository_verification_exception: [r] path [p] is not accessible on master node: Access Denied", layer: layerS3, id: "role-s3-rights"},
	{text: "a file written by cluster-manager to the store [p] cannot be accessed on the node [n]. This might indicate that the store [x] is not shared between this node and the cluster-manager node or that permissions on the store don't allow reading files written by the cluster-manager node", layer: layerS3, id: "write-only"},
	{file: "repositories-unknown-type", layer: layerRepository, id: "type-unknown"},
	{text: "chunk_size (5mb) can't be lower than buffer_size (100mb).", layer: layerRepository, id: "chunk-size"},
	{text: "cannedACL is not valid: [frosty]", layer: layerRepository, id: "canned-acl"},
	{text: "`frosty` is not a valid S3 Storage Class.", layer: layerRepository, id: "storage-class"},
	{text: "Glacier storage class is not supported", layer: layerRepository, id: "storage-class"},
	{file: "snapshot-refused-readonly-create", layer: layerRepository, id: "repository-readonly"},
	{file: "snapshot-refused-readonly-delete", layer: layerRepository, id: "repository-readonly"},
	{file: "restore-running-delete-repository", layer: layerRepository, id: "repository-used"},
	{file: "repositories-get-missing", layer: layerRepository, id: "repository-missing"},
	{file: "repositories-name-hash", layer: layerRepository, id: "repository-name"},

	{file: "snapshot-refused-taken", layer: layerSnapshot, id: "taken-before"},
	{file: "snapshot-running-taken", layer: layerSnapshot, id: "taken-before"},
	{file: "snapshot-refused-capitals", layer: layerSnapshot, id: "snapshot-name"},
	{file: "red-create", layer: layerSnapshot, id: "index-red"},
	{file: "snapshot-running-delete-index", layer: layerSnapshot, id: "index-being-taken"},
	{file: "restore-running-delete-snapshot", layer: layerSnapshot, id: "snapshot-in-use"},
	{text: "concurrent_snapshot_execution_exception: [r:s] a snapshot is already running", layer: layerSnapshot, id: "slot-taken"},
	{text: "Prior snapshot operation has not yet completed", layer: layerSnapshot, id: "slot-taken"},
	{file: "snapshot-refused-get-missing", layer: layerSnapshot, id: "snapshot-missing"},
	{file: "snapshot-refused-leading-exclusion", layer: layerClient, id: "leading-exclusion"}, // article 0

	{file: "restore-refused-open-index", layer: layerRestore, id: "name-taken"},
	{file: "restore-refused-two-into-one", layer: layerRestore, id: "names-collide"},
	{file: "restore-aliases-renamed-to-its-alias", layer: layerRestore, id: "alias-is-name"},
	{file: "restore-aliases-alias-is-an-index", layer: layerRestore, id: "alias-is-index"},
	{file: "restore-refused-alias-stands-there", layer: layerRestore, id: "name-is-alias"},
	{file: "restore-refused-two-write-indices", layer: layerRestore, id: "two-write-indices"},
	{file: "too-new-for-3-restore", layer: layerVersion, id: "snapshot-newer"},
	{file: "too-old-list", layer: layerVersion, id: "elasticsearch-on-3"},
	{text: "The index [[old/u]] was created with version [5.6.17] but the minimum compatible version is [6.0.0-beta1]. It should be re-indexed in OpenSearch 6.x before upgrading to 1.3.2.", layer: layerVersion, id: "index-too-old"},
	{text: "[r:s/u] unsupported snapshot state [IN_PROGRESS]", layer: layerRestore, id: "snapshot-not-whole"},
	{file: "red-restore", layer: layerRestore, id: "snapshot-partial"},
	{file: "restore-refused-shards-differ", layer: layerRestore, id: "shards-differ"},
	{file: "restore-refused-snapshot-missing", layer: layerRestore, id: "snapshot-missing"},
	{file: "restore-refused-too-many-shards", layer: layerCapacity, id: "shard-limit"},
	{text: "Validation Failed: 1: expected total copies needs to be a multiple of total awareness attributes [3];", layer: layerCapacity, id: "standby-copies"},
	{file: "restore-refused-shards-modified", layer: layerRestore, id: "setting-fixed"},
	{file: "indices-settings-put-unknown", layer: layerClient, id: "setting-unknown"},
	{text: "blocked by: [FORBIDDEN/12/index read-only / allow delete (api)];", layer: layerCapacity, id: "disk-full"},
	{text: "blocked by: [FORBIDDEN/10/cluster create-index blocked (api)];", layer: layerCapacity, id: "disk-full"},
	{text: "index [orders] blocked by: [FORBIDDEN/8/index write (api)];", layer: layerClient, id: "write-block"},                                          // the engine's tests
	{text: "index [orders] blocked by: [FORBIDDEN/5/index read-only (api)];", layer: layerClient, id: "write-block"},                                      // the engine's source
	{text: "shard has failed to be restored from the snapshot [r:s1/u] because of [failed shard]", layer: layerRestore, id: "shard-unread"},               // damaged snapshots of real nodes
	{text: `node does not match index setting [index.routing.allocation.require] filters [_name:"nobody"]`, layer: layerRestore, id: "allocation-filter"}, // red-explain of real nodes
	{file: "restore-refused-bad-name", layer: layerClient, id: "index-name"},

	{text: user + " is not authorized to perform: es:UpdateDomainConfig on resource: arn:aws:es:eu-west-1:111122223333:domain/logs with an explicit deny in a service control policy", layer: layerIAM, id: "denied-outright"},
	{text: user + " is not authorized to perform: iam:GetRole on resource: role r because no identity-based policy allows the iam:GetRole action", layer: layerIAM, id: "action-missing"},
	{text: user + " is not authorized to perform: es:DescribeDomain on resource: arn:aws:es:eu-west-1:111122223333:domain/logs", layer: layerIAM, id: "action-missing"},
	{file: "restore-refused-blank-after-comma", layer: layerClient, id: "blank-in-list"}, // article 0
	{file: "sec-restore-signer-blank-after-comma", layer: layerClient, id: "blank-in-list"},
	{file: "restore-refused-not-in-snapshot", layer: layerClient, id: "index-missing"},
	{file: "sec-stream-all-by-name", layer: layerClient, id: "index-missing"},
	{text: "process_cluster_event_timeout_exception: failed to process cluster event (put_repository [r]) within 30s", layer: layerService, id: "cluster-unsteady"},
	{text: "cluster_manager_not_discovered_exception", layer: layerService, id: "cluster-unsteady"},
	{text: "master_not_discovered_exception", layer: layerService, id: "cluster-unsteady"},
	{text: "403 Forbidden", id: "no-words"},
	{text: "elastic: Error 403 (Forbidden)", id: "no-words"}, // a field report of the Terraform provider
}
