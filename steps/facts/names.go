package facts

import (
	"strings"

	"snapferry/steps"
)

// Name names a fact.
type Name string

// The facts.
const (
	FactIdentity     Name = "identity"
	FactPrincipal    Name = "principal"
	FactPolicies     Name = "policies"
	FactBoundary     Name = "permissions-boundary"
	FactDomains      Name = "domains"
	FactDomain       Name = "domain"
	FactAuthInfo     Name = "auth-info"
	FactFGACRole     Name = "fgac-role"
	FactRoleMapping  Name = "role-mapping"
	FactEngine       Name = "engine"
	FactClock        Name = "clock"
	FactIndices      Name = "indices"
	FactAliases      Name = "aliases"
	FactDataStreams  Name = "data-streams"
	FactHealth       Name = "health"
	FactNodes        Name = "nodes"
	FactSettings     Name = "settings"
	FactRunning      Name = "running-snapshots"
	FactRepositories Name = "repositories"
	FactRepository   Name = "repository"
	FactSnapshot     Name = "snapshot"
	FactLeft         Name = "left-behind"
	FactBucket       Name = "bucket"
	FactBucketPolicy Name = "bucket-policy"
	FactBucketCrypto Name = "bucket-encryption"
	FactBucketOwning Name = "bucket-ownership"
	FactBucketPublic Name = "bucket-public-access"
	FactPermissions  Name = "mapper-permissions"
	FactRole         Name = "role"
	FactKey          Name = "key"
	FactKeyPolicy    Name = "key-policy"
)

// source says how a fact is learned: an operation of an AWS API, or a method and
// path on the domain; needs is the permission for it.
type source struct{ how, needs string }

var sources = map[Name]source{
	FactIdentity:     {"STS GetCallerIdentity", ""},
	FactPrincipal:    {"IAM GetRole", "iam:GetRole"},
	FactPolicies:     {"IAM GetRolePolicy, ListAttachedRolePolicies, GetPolicyVersion (users: GetUserPolicy …)", "iam:Get* and iam:List* on the signer"},
	FactBoundary:     {"IAM GetPolicy, GetPolicyVersion", "iam:GetPolicy and iam:GetPolicyVersion"},
	FactDomains:      {"OpenSearch ListDomainNames", "es:ListDomainNames"},
	FactDomain:       {"OpenSearch DescribeDomain", "es:DescribeDomain"},
	FactBucket:       {"S3 HeadBucket", "s3:ListBucket"},
	FactBucketPolicy: {"S3 GetBucketPolicy", "s3:GetBucketPolicy"},
	FactBucketCrypto: {"S3 GetBucketEncryption", "s3:GetEncryptionConfiguration"},
	FactBucketOwning: {"S3 GetBucketOwnershipControls", "s3:GetBucketOwnershipControls"},
	FactBucketPublic: {"S3 GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"},
	FactPermissions:  {"GET /_plugins/_security/api/permissionsinfo", "es:ESHttpGet"},
	FactRole:         {"IAM GetRole", "iam:GetRole and iam:List* on the snapshot role"},
	FactKey:          {"KMS DescribeKey", "kms:DescribeKey"},
	FactKeyPolicy:    {"KMS GetKeyPolicy", "kms:GetKeyPolicy"},
	FactAuthInfo:     {"GET /_plugins/_security/authinfo", "es:ESHttpGet"},
	FactFGACRole:     {"GET /_plugins/_security/api/roles", "es:ESHttpGet, and security_manager on the domain"},
	FactRoleMapping:  {"GET /_plugins/_security/api/rolesmapping", "es:ESHttpGet, and security_manager on the domain"},
	FactEngine:       {"GET /", "es:ESHttpGet"},
	FactClock:        {"GET /", "es:ESHttpGet"},
	FactIndices:      {"GET /_cat/indices", "es:ESHttpGet; with fine-grained access control also indices:monitor/* and cluster:monitor/*"},
	FactAliases:      {"GET /_alias", "es:ESHttpGet; with fine-grained access control also indices:admin/aliases/get"},
	FactDataStreams:  {"GET /_data_stream", "es:ESHttpGet; with fine-grained access control also indices:admin/data_stream/get"},
	FactHealth:       {"GET /_cluster/health", "es:ESHttpGet; with fine-grained access control also cluster:monitor/health"},
	FactNodes:        {"GET /_nodes/stats", "es:ESHttpGet; with fine-grained access control also cluster:monitor/nodes/stats"},
	FactSettings:     {"GET /_cluster/settings", "es:ESHttpGet; with fine-grained access control also cluster:monitor/state"},
	FactRunning:      {"GET /_snapshot/_status", "es:ESHttpGet; with fine-grained access control also manage_snapshots"},
	FactRepositories: {"GET /_snapshot", "es:ESHttpGet; with fine-grained access control also manage_snapshots"},
	FactRepository:   {"GET /_snapshot/REPOSITORY", "es:ESHttpGet; with fine-grained access control also manage_snapshots"},
	FactSnapshot:     {"GET /_snapshot/REPOSITORY/SNAPSHOT", "es:ESHttpGet; with fine-grained access control also manage_snapshots"},
	FactArrivals:     {"GET /_recovery", "es:ESHttpGet; with fine-grained access control also indices:monitor/recovery"},
	FactTemplates:    {"GET /_index_template", "es:ESHttpGet; with fine-grained access control also indices:admin/index_template/get and cluster:admin/component_template/get"},
	FactLeft:         {"GET /_template, /_index_template, /_component_template, /_ingest/pipeline", "es:ESHttpGet; with fine-grained access control also cluster:monitor/*"},
}

// How says how a fact of a side is learned: "GET https://HOST/_cat/indices" or
// "IAM GetRole". It makes no call.
func (f *Facts) How(name Name, side steps.Side) steps.Text {
	how := sources[name].how
	if name == FactDomain && f.spec.Side(side).Domain == "" {
		how = sources[FactEngine].how
	}
	path, onDomain := strings.CutPrefix(how, "GET ")
	if !onDomain {
		return steps.T("%s", how)
	}
	host := f.host(side)
	if host == "" {
		return steps.T("GET %s on the %s domain", path, string(side))
	}
	return steps.T("GET https://%s%s", host, path)
}
