package memory

import "slices"

// Parameters that families of APIs share.
const (
	pIndices  = " ignore_unavailable allow_no_indices expand_wildcards "
	pManager  = " master_timeout cluster_manager_timeout timeout local "
	pCat      = " v h s help bytes time ts size " + pManager
	pSettings = " flat_settings include_defaults " + pIndices + pManager
)

// table lists every API, a family a file.
func (c *Cluster) table() []route {
	return slices.Concat(
		c.rootRoutes(), c.indexRoutes(), c.settingRoutes(), c.mappingRoutes(), c.aliasRoutes(),
		c.documentRoutes(), c.searchRoutes(), c.templateRoutes(), c.pipelineRoutes(), c.streamRoutes(), c.rolloverRoutes(),
		c.catRoutes(), c.clusterRoutes(), c.nodeRoutes(), c.statRoutes(),
		c.repositoryRoutes(), c.snapshotRoutes(), c.restoreRoutes(), c.securityRoutes(),
	)
}
