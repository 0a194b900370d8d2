package diagnose

import "snapferry/steps"

// snapshotRules are what the engine says when a snapshot is taken or looked for.
var snapshotRules = []rule{
	{all: []string{"snapshot with the same name already exists"}, layer: layerSnapshot, causes: nameTaken},
	{all: []string{"snapshot with the same name is already in-progress"}, layer: layerSnapshot, causes: nameTaken},
	{all: []string{"invalid_snapshot_name_exception"}, layer: layerSnapshot, causes: []steps.Cause{cause("snapshot-name", "No snapshot can have this name", "The text says what is wrong with it", "Use lower-case letters, digits and hyphens, for example mig-20261122-1")}},
	{all: []string{"don't have primary shards"}, layer: layerSnapshot, causes: []steps.Cause{
		cause("index-red", "An index has lost a primary shard, and cannot be taken whole", "GET _cluster/health?level=indices, GET _cluster/allocation/explain", "Repair the index, or leave it out"),
	}},
	{all: []string{"indices that are being snapshotted"}, layer: layerSnapshot, causes: []steps.Cause{cause("index-being-taken", "The index is in a snapshot that runs", "GET _snapshot/_status", "Wait; suspend rollover and deletion by policy for the time")}},
	{all: []string{"cannot delete snapshot during a restore"}, layer: layerSnapshot, causes: []steps.Cause{cause("snapshot-in-use", "The snapshot is being restored", "GET _recovery", "Wait until the restore has ended")}},
	{all: []string{"concurrent_snapshot_execution_exception"}, layer: layerSnapshot, causes: []steps.Cause{
		cause("slot-taken", "Another snapshot runs, often the service's own hourly one, or one is being deleted", "GET _snapshot/_status", "Wait; it ends by itself. Never delete somebody else's"),
	}},
	{all: []string{"prior snapshot operation has not yet completed"}, layer: layerSnapshot, causes: []steps.Cause{cause("slot-taken", "A snapshot runs while the domain is to be changed", "GET _snapshot/_status", "Wait until it has ended")}},
	{all: []string{"snapshot_missing_exception"}, layer: layerSnapshot, causes: []steps.Cause{
		cause("snapshot-missing", "The repository has no snapshot of that name", "GET _snapshot/REPOSITORY/_all lists them", "Check the name"),
		cause("other-folder", "The repository is registered for another base path than the snapshot was taken to", "Compare GET _snapshot on both domains; look for index-N and index.latest in the bucket", "Register with the same base path"),
	}},
	{all: []string{"no such index [-"}, layer: layerClient, causes: []steps.Cause{cause("leading-exclusion", "On taking a snapshot a list that begins with an exclusion is read as names", "", "Name the indices, or begin with *")}},
}

var nameTaken = []steps.Cause{
	cause("taken-before", "The snapshot was taken already, perhaps by a try that was answered with 504", "GET _snapshot/REPOSITORY/NAME shows its state and its indices", "Go on with it, or choose another name"),
}
