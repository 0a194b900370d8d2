package security

import (
	"slices"
	"strings"
)

// Index is where the plugin keeps its configuration.
const Index = ".opendistro_security"

// systemIndices belong to plugins of a managed domain; the list is the one the
// security plugin's own set-up proposes, with the engine's task index.
var systemIndices = strings.Fields(Index + ` .tasks .plugins-ml-agent .plugins-ml-config .plugins-ml-connector .plugins-ml-controller .plugins-ml-model-group
	.plugins-ml-model .plugins-ml-task .plugins-ml-conversation-meta .plugins-ml-conversation-interactions .plugins-ml-memory-meta .plugins-ml-memory-message
	.plugins-ml-stop-words .opendistro-alerting-config .opendistro-alerting-alert* .opendistro-anomaly-results* .opendistro-anomaly-detector*
	.opendistro-anomaly-checkpoints .opendistro-anomaly-detection-state .opendistro-reports-* .opensearch-notifications-* .opensearch-notebooks
	.opensearch-observability .ql-datasources .opendistro-asynchronous-search-response* .replication-metadata-store .opensearch-knn-models
	.plugins-flow-framework-config .plugins-flow-framework-templates .plugins-flow-framework-state .opendistro-job-scheduler-lock .opendistro-ism-*`)

// Protected says that an index belongs to the plugins: nobody changes it through
// the API, and nobody sees its documents. Its metadata is like any other's.
func Protected(index string) bool { return matchesAny(systemIndices, index) }

// sealed are the actions that nobody does to a protected index, and so to all
// indices at once either. Opening, refreshing and flushing are not among them.
var sealed = strings.Fields(`indices:data/write* indices:admin/delete* indices:admin/mapping/delete* indices:admin/mapping/put* indices:admin/freeze*
	indices:admin/settings/update* indices:admin/aliases indices:admin/close* cluster:admin/snapshot/restore*`)

// sealedAction says that one of the actions is such.
func sealedAction(actions []string) bool {
	return slices.ContainsFunc(actions, func(a string) bool { return matchesAny(sealed, a) })
}
