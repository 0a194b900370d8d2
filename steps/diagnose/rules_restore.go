package diagnose

import "snapferry/steps"

// restoreRules are what the engine says when indices are brought back.
var restoreRules = []rule{
	{all: []string{"an open index with same name already exists"}, layer: layerRestore, causes: []steps.Cause{cause("name-taken", "The target has an index of that name", "GET _cat/indices", "Rename on the way, leave it out, or delete the target's")}},
	{all: []string{"are renamed into the same index"}, layer: layerRestore, causes: []steps.Cause{cause("names-collide", "The renaming gives two indices one name", "", "Keep what tells them apart in the replacement ($1)")}},
	{all: []string{"because of conflict with an alias with the same name"}, layer: layerRestore, causes: []steps.Cause{cause("alias-is-name", "An index would get the name of an alias that comes along", "", "Rename otherwise, or leave aliases behind")}},
	{all: []string{"but the following duplicates were found"}, layer: layerRestore, causes: []steps.Cause{cause("alias-is-index", "An alias that comes along has the name of an index or data stream of the target", "GET _alias on the source", "Rename or remove one of the two, or leave aliases behind")}},
	{all: []string{"already exists as alias"}, layer: layerRestore, causes: []steps.Cause{cause("name-is-alias", "The target has an alias of that name", "GET _alias", "Rename on the way, or remove the alias")}},
	{all: []string{"has more than one write index"}, layer: layerRestore, causes: []steps.Cause{cause("two-write-indices", "The alias has a write index on the target already", "GET _alias", "Take is_write_index from one of the two, or leave aliases behind")}},
	{all: []string{"higher than the version of this node"}, layer: layerVersion, causes: []steps.Cause{cause("snapshot-newer", "The snapshot was made by a newer engine than the target's; the minor version counts, too", "GET / on both", "Upgrade the target")}},
	{all: []string{"must contain opensearch mask"}, layer: layerVersion, causes: []steps.Cause{cause("elasticsearch-on-3", "OpenSearch 3 cannot read repositories of Elasticsearch", "", "Go through an OpenSearch 2 domain")}},
	{all: []string{"minimum compatible version"}, layer: layerVersion, causes: []steps.Cause{cause("index-too-old", "An index was created by a version the target cannot read, whatever the domain's version is today", "GET index/_settings?human=true shows it", "Reindex it on the source")}},
	{all: []string{"unsupported snapshot state ["}, layer: layerRestore, causes: []steps.Cause{cause("snapshot-not-whole", "The snapshot still runs, or has failed", "GET _snapshot/REPOSITORY/NAME shows its state", "Wait, or restore another one")}},
	{all: []string{"wasn't fully snapshotted"}, layer: layerRestore, causes: []steps.Cause{cause("snapshot-partial", "The snapshot is PARTIAL and lacks shards of this index", "GET _snapshot/REPOSITORY/NAME lists them under failures", "Take a new snapshot when the source is green, or leave the index out; with partial its missing shards come back empty")}},
	{all: []string{"shards from a snapshot of index ["}, layer: layerRestore, causes: []steps.Cause{cause("shards-differ", "A closed index of that name has another number of shards", "GET _cat/indices", "Delete it, or rename on the way")}},
	{all: []string{"snapshot does not exist"}, layer: layerRestore, causes: []steps.Cause{cause("snapshot-missing", "The repository has no snapshot of that name", "GET _snapshot/REPOSITORY/_all lists them", "Check name and base path")}},
	{all: []string{"this action would add [", "maximum"}, layer: layerCapacity, causes: []steps.Cause{cause("shard-limit", "The target has no room for that many shards", "GET _cluster/health counts them, cluster.max_shards_per_node bounds them", "Fewer replicas, fewer indices, or more nodes")}},
	{all: []string{"expected total copies needs to be a multiple of total awareness attributes"}, layer: layerCapacity, causes: []steps.Cause{cause("standby-copies", "With Multi-AZ with standby the copies of a shard must be a multiple of three", "DescribeDomain tells MultiAZWithStandbyEnabled", "Restore with number_of_replicas 2")}},
	{all: []string{"setting [", "on restore"}, layer: layerRestore, causes: []steps.Cause{cause("setting-fixed", "This setting cannot be changed or left out on the way", "", "Leave it out of index_settings and ignore_index_settings")}},
	{all: []string{"unknown setting ["}, layer: layerClient, causes: []steps.Cause{cause("setting-unknown", "The engine does not know this setting: another version, or a plugin that is not there", "", "Leave it out, on a restore with ignore_index_settings")}},
	{all: []string{"forbidden/12/index read-only"}, layer: layerCapacity, causes: writeBlocked},
	{all: []string{"forbidden/10/cluster create-index blocked"}, layer: layerCapacity, causes: writeBlocked},
	{all: []string{"forbidden/8/index write"}, layer: layerClient, causes: writeSwitchedOff},
	{all: []string{"forbidden/5/index read-only"}, layer: layerClient, causes: writeSwitchedOff},
	{all: []string{"failed to be restored from the snapshot"}, layer: layerRestore, causes: []steps.Cause{
		cause("shard-unread", "The engine has given up reading a shard of the snapshot: files that are missing or refused in the bucket, a key that refuses, or no room", "GET _cluster/allocation/explain names the reason between the brackets", "Mend that, then delete the red index and restore it again"),
	}},
	{all: []string{"node does not match index setting [index.routing.allocation"}, layer: layerRestore, causes: []steps.Cause{cause("allocation-filter", "The index brought a setting along that only admits nodes of the source", "See its index.routing.allocation settings", "Delete it and restore it again without them (ignore_index_settings)")}},
	{all: []string{"invalid_index_name_exception"}, layer: layerClient, causes: []steps.Cause{cause("index-name", "No index can have this name", "The text says what is wrong with it", "Choose a replacement that makes other names")}},
}

var writeBlocked = []steps.Cause{
	cause("disk-full", "The service blocks writes: less disk is free than min(20 %%, 20 GB) on a node", "FreeStorageSpace, GET _cat/allocation", "More or larger volumes; then clear index.blocks.read_only_allow_delete"),
	cause("heap-full", "The service blocks writes: the heap has been above 92 %% for half an hour", "JVMMemoryPressure", "Fewer shards, or more memory"),
}

var writeSwitchedOff = []steps.Cause{
	cause("write-block", "Somebody, an index policy or a shrink has set the index to take no writes; a restore brings that setting along", "GET INDEX/_settings shows index.blocks", "Take the setting out (index.blocks.write or index.blocks.read_only to null), or restore without it (ignore_index_settings)"),
}

// lastRules are too general to stand before any other.
var lastRules = []rule{
	{all: []string{"is not authorized to perform: ", "with an explicit deny in"}, layer: layerIAM, refused: "caller", causes: []steps.Cause{deniedOutright}},
	{all: []string{"is not authorized to perform: "}, layer: layerIAM, refused: "caller", causes: mayNot},
	{all: []string{"no such index [ "}, layer: layerClient, causes: []steps.Cause{blankInList}},
	{all: []string{"index_not_found_exception"}, layer: layerClient, causes: []steps.Cause{
		cause("index-missing", "An index named is not there; in a restore, not in the snapshot", "GET _cat/indices, or the snapshot's own list", "Correct the list"),
		cause("stream-by-name", "It is a data stream: with fine-grained access control only its backing indices count as being in the snapshot", "GET _snapshot/REPOSITORY/NAME lists data_streams beside indices", "Name both patterns, NAME* and .ds-NAME-*"),
		blankInList,
	}},

	{all: []string{"process_cluster_event_timeout_exception"}, layer: layerService, causes: unstable},
	{all: []string{"cluster_manager_not_discovered_exception"}, layer: layerService, causes: unstable},
	{all: []string{"master_not_discovered_exception"}, layer: layerService, causes: unstable},

	{all: []string{"403", "forbidden", "403 forbidden", "http 403", "http 403 forbidden", "http/1.1 403", "http/1.1 403 forbidden", "http/2 403"}, whole: true, causes: statusAlone},
	{all: []string{"error 403 (forbidden)"}, causes: statusAlone},
}

// statusAlone is all that a HEAD, or a tool that swallows the answer, leaves.
var statusAlone = []steps.Cause{
	cause("no-words", "The status alone does not tell who refused, let alone why: the service's front, the security plugin, S3 or a proxy on the way", "The body of the answer does: curl -i shows it, or snapferry probe with the method GET", "Give the whole answer to snapferry explain"),
}

var blankInList = cause("blank-in-list", "A blank after a comma belongs to the next name", "The text shows the name in brackets", "Leave blanks out")

var unstable = []steps.Cause{cause("cluster-unsteady", "The cluster has no steady manager just now, or is overloaded, or is being changed", "GET _cluster/health; Processing in DescribeDomain", "Wait; it passes by itself")}
