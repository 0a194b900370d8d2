package diagnose

import (
	"strings"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

// rule recognises one error by the fixed words in it. Names, ARNs and ids vary
// and are never matched on.
type rule struct {
	// all must stand in the folded text, each in small letters.
	all     []string
	layer   string
	refused string
	causes  []steps.Cause
}

func (r rule) matches(text string) bool {
	for _, w := range r.all {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func cause(id string, summary, confirm, fix string) steps.Cause {
	c := steps.Cause{ID: id, Summary: steps.T(summary), Fix: steps.T(fix)}
	if confirm != "" {
		c.Confirm = steps.T(confirm)
	}
	return c
}

// rules stand from the particular to the general: the first that matches wins.
// Wordings are those of real nodes and of field reports.
var rules = []rule{
	{[]string{"is not authorized to perform: iam:passrole"}, layerPassRole, "signer", []steps.Cause{
		cause("pass-role-missing", "The signer has no iam:PassRole for exactly this role", "See the signer's own policies, not the snapshot role's", "Add iam:PassRole on the role's ARN to the signer"),
		cause("pass-role-spelling", "The role's ARN is spelt differently from the one in the signer's policy", "Compare with what iam:GetRole says, letter by letter", "Register with the ARN that GetRole gives"),
		cause("unsigned", "The request was not signed with IAM keys (the console of the dashboards cannot do it)", "The text says anonymous", "Send it signed, for example by this program"),
	}},
	{[]string{"is not authorized to perform: sts:assumerole"}, layerAssume, "the service", []steps.Cause{
		cause("role-spelling", "The role ARN is not letter by letter the role's", "iam:GetRole shows the true spelling", "Register again with that ARN"),
		cause("trust-principal", "The role's trust does not name es.amazonaws.com", "See its trust policy", "Let es.amazonaws.com assume it"),
		cause("trust-conditions", "The trust's conditions name another account or domain", "Compare aws:SourceAccount and aws:SourceArn with the domain", "Correct the conditions"),
		cause("role-young", "The role was made a moment ago and is not known everywhere yet", "It goes away within minutes", "Try again in a minute"),
	}},
	{[]string{"is not authorized to perform: es:eshttp"}, layerAccess, "signer", []steps.Cause{
		cause("signer-method", "The signer may not use this HTTP method on the domain", "See es:ESHttp* in its policies: the resource must end in /*", "Allow it on the domain's ARN followed by /*"),
		cause("access-policy", "The domain's access policy does not let the signer in", "See AccessPolicies of DescribeDomain", "Add the signer's role or user to it"),
	}},
	{[]string{"settings.role_arn is needed"}, layerRepository, "", []steps.Cause{cause("role-arn-missing", "The registration names no role_arn inside settings", "", "Send settings.role_arn")}},
	{[]string{"no permissions for []"}, layerProtected, "the content", []steps.Cause{cause("protected-content", "The security index is among the restored indices; no right helps", "List the snapshot's indices", "Restore an explicit list of your own indices, without global state")}},
	{[]string{"no permissions for ["}, layerFGAC, "signer's mapping", []steps.Cause{cause("not-mapped", "The signer is not mapped to a role of the domain that allows this", "GET _plugins/_security/authinfo shows its roles", "Map the name in the message to manage_snapshots")}},
	{[]string{"the bucket is in this region"}, layerS3, "", []steps.Cause{cause("bucket-region", "The repository names another region than the bucket's", "HeadBucket tells the region", "Register with the bucket's region")}},
	{[]string{"specified key does not exist"}, layerS3, "", []steps.Cause{
		cause("files-lost", "Files of the snapshot are not in the bucket any more", "Look for lifecycle rules that expire objects, and for clean-ups by hand", "Bring the files back (older versions, if the bucket keeps them), or take a new snapshot"),
		cause("copied-too-early", "The bucket is a copy that was made while the snapshot ran, or is not complete", "Compare the lists of objects", "Copy again; shard data may lie outside the base path"),
		cause("two-writers", "Another domain writes to the same repository and has tidied up", "GET _snapshot on every domain: one may write, the others are readonly", "Register all but one readonly, then take a new snapshot"),
	}},
	{[]string{"specified bucket does not exist"}, layerS3, "", []steps.Cause{cause("bucket-missing", "There is no bucket of that name", "", "Correct the name, or make it")}},
	{[]string{"repository_verification_exception", "access denied"}, layerS3, "snapshot role", []steps.Cause{
		cause("role-s3-rights", "The snapshot role lacks rights on the bucket or its objects", "ListBucket belongs on the bucket, the others on the bucket followed by /*", "Add what is missing to the role"),
		cause("bucket-denies", "The bucket's policy denies the role", "Look for Deny statements (TLS, VPC endpoint, organisation)", "Except the snapshot role from the denial"),
	}},
	{[]string{"an open index with same name already exists"}, layerRestore, "", []steps.Cause{cause("name-taken", "The target has an index of that name", "", "Rename on the way, leave it out, or delete the target's")}},
	{[]string{"higher than the version of this node"}, layerVersion, "", []steps.Cause{cause("snapshot-newer", "The snapshot was made by a newer engine than the target's", "", "Upgrade the target")}},
	{[]string{"must contain opensearch mask"}, layerVersion, "", []steps.Cause{cause("elasticsearch-on-3", "OpenSearch 3 cannot read repositories of Elasticsearch", "", "Go through an OpenSearch 2 domain")}},
	{[]string{"minimum compatible version"}, layerVersion, "", []steps.Cause{cause("index-too-old", "An index was created by a version the target cannot read", "GET index/_settings?human=true shows it", "Reindex it on the source")}},
	{[]string{"maximum shards open"}, layerCapacity, "", []steps.Cause{cause("shard-limit", "The target has no room for that many shards", "", "Fewer replicas, or more nodes")}},
	{[]string{"repository_missing_exception"}, layerRepository, "", []steps.Cause{cause("repository-missing", "No repository of that name is registered on this domain", "GET _snapshot lists them", "Register it; names differ by letter case")}},
	{[]string{"snapshot_missing_exception"}, layerSnapshot, "", []steps.Cause{cause("snapshot-missing", "The repository has no snapshot of that name", "GET _snapshot/REPOSITORY/_all lists them", "Check name and base path")}},
	{[]string{"concurrent_snapshot_execution_exception"}, layerSnapshot, "", []steps.Cause{cause("slot-taken", "Another snapshot runs, often the service's own hourly one", "GET _snapshot/_status", "Wait; it ends by itself")}},
	{[]string{"index_not_found_exception"}, layerClient, "", []steps.Cause{cause("index-missing", "An index named is not there", "A blank after a comma belongs to the next name", "Correct the list")}},
}

// general is what can be said by the kind of an error alone.
var general = map[failure.Kind]steps.Cause{
	failure.Unreachable: cause("unreachable", "This host does not reach the endpoint", "A domain inside a VPC answers only from there", "Run on a host inside, or give a way with via"),
	failure.Timeout:     cause("no-answer", "No answer came in time; the work may go on", "", "Run again: what is running is gone on with"),
	failure.TLS:         cause("tls", "The certificate does not belong to the name that was called", "", "Keep the domain's real name and give the tunnel as via"),
	failure.Signature:   cause("signature", "The signature is not what the service calculates", "Wrong secret key, wrong clock, or a proxy that changes the request", "Check them in this order"),
	failure.Expired:     cause("expired", "The credentials have expired", "", "Log in again; the run goes on"),
	failure.Credentials: cause("credentials", "There are no usable credentials", "", "Check the profile or the role"),
	failure.Throttled:   cause("throttled", "The service asks for fewer requests", "", "Try again in a moment"),
}

// Entry is one known error, for the documentation.
type Entry struct {
	Layer   string
	Refused string
	// Words are what the error is recognised by.
	Words  []string
	Causes []steps.Cause
}

// Catalogue lists the errors that are known by their words.
func Catalogue() []Entry {
	list := make([]Entry, 0, len(rules))
	for _, r := range rules {
		list = append(list, Entry{r.layer, r.refused, r.all, r.causes})
	}
	return list
}
