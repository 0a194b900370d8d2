package diagnose

import "snapferry/steps"

// securityRules are what fine-grained access control says: of rights, of content
// that nobody may restore, and of the security API itself.
var securityRules = []rule{
	{all: []string{"no permissions for []"}, layer: layerProtected, refused: "the content", causes: protectedCauses},
	{all: []string{"with 'include_global_state' enabled is not allowed"}, layer: layerProtected, refused: "the content", causes: []steps.Cause{globalState}},
	{all: []string{"could not retrieve information for snapshot"}, layer: layerProtected, refused: "the content", causes: []steps.Cause{snapshotNamedWrong}},
	{all: []string{"no permissions for [cluster:admin/snapshot/restore]"}, layer: layerProtected, refused: "the content", causes: []steps.Cause{globalState, unmapped, mappedOtherwise}},
	{all: []string{"no permissions for [indices:monitor/"}, layer: layerFGAC, refused: "signer's mapping", causes: monitorCauses},
	{all: []string{"no permissions for [cluster:monitor/"}, layer: layerFGAC, refused: "signer's mapping", causes: monitorCauses},
	{all: []string{"no permissions for [indices:data/read/"}, layer: layerFGAC, refused: "signer's mapping", causes: []steps.Cause{
		cause("reading-missing", "The caller may not read these indices; manage_snapshots cannot read any", "GET _plugins/_security/authinfo shows the caller's roles", "Map the caller to a role that reads these indices, as the observer role of this program does"),
	}},
	{all: []string{"no permissions for [indices:admin/create"}, layer: layerFGAC, refused: "signer's mapping", causes: newNames},
	{all: []string{"no permissions for [indices:data/write/"}, layer: layerFGAC, refused: "signer's mapping", causes: newNames},
	{all: []string{"no permissions for [indices:"}, layer: layerFGAC, refused: "signer's mapping", causes: []steps.Cause{
		cause("managing-missing", "The caller may not do this with indices: manage_snapshots neither shows, changes nor deletes them", "GET _plugins/_security/authinfo shows the caller's roles", "Act as somebody with all_access, or map the caller to a role that may"),
	}},
	{all: []string{"no permissions for ["}, layer: layerFGAC, refused: "signer's mapping", causes: []steps.Cause{unmapped, mappedOtherwise}},

	{all: []string{"no permission to access rest api"}, layer: layerFGAC, refused: "mapper", causes: []steps.Cause{
		run(cause("security-manager-missing", "The caller may not use the security API: all_access alone is not enough, and that there is no ssl info is noise", "GET _plugins/_security/api/permissionsinfo says has_api_access false", "Act as the master user, who can map the caller to security_manager, too; PATCH adds, PUT would replace everybody else"), mapping("security_manager")),
		cause("not-the-master", "The caller has no role at all on this domain: another master was set, or its mapping was replaced by a PUT that forgot it", "The text lists the caller's security roles in brackets", "Act as the master user; where nobody is left, set a new master with UpdateDomainConfig"),
	}},
	{all: []string{"rolesmapping '", "' not found"}, layer: layerFGAC, causes: []steps.Cause{cause("no-mapping-yet", "Nobody is mapped to this role yet; the role itself may well be there", "GET _plugins/_security/api/roles", "Make the mapping with PUT: there is nothing to replace")}},
	{all: []string{"resource '", "' not found"}, layer: layerFGAC, causes: []steps.Cause{cause("no-mapping-yet", "The security plugin has no such thing yet: of a mapping, nobody is mapped to the role", "GET _plugins/_security/api/roles", "Make it with PUT: there is nothing to replace")}},
	{all: []string{"role '", "' not found"}, layer: layerFGAC, causes: []steps.Cause{cause("fgac-role-missing", "The domain has no role of that name; letter case counts", "GET _plugins/_security/api/roles lists them", "Correct the name, or make the role first")}},
	{all: []string{"resource '", "is reserved."}, layer: layerFGAC, causes: reserved},
	{all: []string{"resource '", "is static."}, layer: layerFGAC, causes: reserved},
	{all: []string{"no handler found for uri [", "_security"}, layer: layerFGAC, causes: []steps.Cause{
		cause("security-path", "There is no such call: before OpenSearch the path begins with _opendistro/_security, and without fine-grained access control there is none", "GET / tells the version, DescribeDomain whether it is on", "Use the path of the version; leave mappings alone where it is off"),
	}},
	{all: []string{"authentication finally failed"}, layer: layerFGAC, causes: []steps.Cause{wrongLogin}},
	{all: []string{"unauthorized"}, whole: true, layer: layerFGAC, causes: []steps.Cause{
		wrongLogin,
		cause("no-identity", "The engine was given no identity: the request was neither signed nor had it a login, or had both", "See the header Authorization", "Send one of the two"),
	}},
}

// mapping adds the caller to a role's mapping and leaves everybody else in it.
// The node knows the operations add, replace and remove, and no test. Elasticsearch
// knows this path alone, OpenSearch both.
func mapping(role string) string {
	return `curl --user MASTER -H 'Content-Type: application/json' -X PATCH 'https://ENDPOINT/_opendistro/_security/api/rolesmapping/` + role +
		`' -d '[{"op":"add","path":"/{mapping-list}/-","value":"{caller}"}]'`
}

var (
	unmapped = run(cause("unmapped-signer", "The signer is not mapped to a role of the domain that allows this", "GET _plugins/_security/authinfo shows its roles", "As the master user, map the name in the message, letter by letter, to manage_snapshots; a master with an IAM identity signs in place of --user. PATCH adds; PUT replaces, and is for a mapping that is not there yet"),
		mapping("manage_snapshots"))
	mappedOtherwise = cause("mapped-otherwise", "Something else was mapped: the session's ARN, an ARN without its path, the snapshot role, or on the other domain", "Compare the mapping with the name and the backend_roles in the message", "Map what the message says")
	wrongLogin      = cause("wrong-login", "The password is wrong, or the domain's master is an IAM identity and no password works", "DescribeDomain tells InternalUserDatabaseEnabled", "Give the password of the user that source.mapper or target.mapper names anew, or name the IAM identity there that is the master")
	reserved        = []steps.Cause{cause("reserved", "This role or mapping is the service's own and cannot be changed", "", "Make one of your own")}

	monitorCauses = []steps.Cause{
		cause("monitoring-missing", "manage_snapshots has no right to look at health, recovery, settings or figures", "GET _plugins/_security/authinfo shows the caller's roles", "Map the caller to a role with cluster_monitor and indices_monitor as well"),
		unmapped,
	}
	newNames = []steps.Cause{
		cause("names-not-covered", "The caller may restore, but not make indices of these (new) names: its role is for other patterns", "Compare the names with the role's index patterns", "Add the names to the role, or map the caller to manage_snapshots"),
		unmapped,
	}

	globalState        = cause("global-state", "include_global_state is true, which nobody may restore here, the master neither", "Look at the request", "Send include_global_state false")
	snapshotNamedWrong = cause("snapshot-named-wrong", "The snapshot is not in the repository: the security plugin then judges it as everything", "GET _snapshot/REPOSITORY/_all lists them", "Correct the name")

	// protectedCauses all leave empty brackets: it is the content that is refused,
	// and the master is refused alike.
	protectedCauses = []steps.Cause{
		cause("security-index-in-restore", "The security index is among what would be restored: no list of indices was given, or one whose exclusions miss it (-.opendistro-* does)", "List the snapshot's indices, and compare with what was asked for", "Restore an explicit list of your own indices, without global state; no right helps"),
		cause("nothing-matches", "The names and patterns match no index of the snapshot; a data stream counts as its backing indices", "Compare with GET _snapshot/REPOSITORY/NAME", "Name what is there; for a stream both patterns, NAME* and .ds-NAME-*"),
		snapshotNamedWrong, globalState,
		cause("protected-touched", "The request changes a protected index itself: deletes, closes or writes it, or renames another into it", "Look at the names in the request", "Leave protected indices alone"),
	}
)
