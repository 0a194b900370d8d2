package control

import (
	"fmt"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/world"
)

// option is one configurable part of a domain under its name in the API.
type option struct {
	name  string
	value any
}

// options are those both DomainStatus and DomainConfig have. The older API has
// other names for version and cluster, and other suffixes of instance types.
func (c *call) options(d world.Domain) []option {
	var shown string
	c.world.Read(func(s *world.State) { shown = s.Show(d.AccessPolicy) })
	advanced := map[string]string{"rest.action.multi.allow_explicit_index": "true", "override_main_response_version": "false"}
	for k, v := range d.AdvancedOptions {
		advanced[k] = v
	}
	out := []option{
		{"AccessPolicies", shown},
		{"AdvancedOptions", advanced},
		{"AdvancedSecurityOptions", security(d)},
		{"CognitoOptions", object{"Enabled": false}},
		{"DomainEndpointOptions", object{"EnforceHTTPS": d.EnforceHTTPS, "TLSSecurityPolicy": "Policy-Min-TLS-1-2-PFS-2023-10", "CustomEndpointEnabled": false}},
		{"EBSOptions", storage(d.EBS)},
		{"EncryptionAtRestOptions", object{"Enabled": d.EncryptedAtRest}},
		{"LogPublishingOptions", object{}},
		{"NodeToNodeEncryptionOptions", object{"Enabled": d.NodeToNode}},
		{"SnapshotOptions", object{"AutomatedSnapshotStartHour": 0}},
	}
	if c.old {
		return append(out, option{"ElasticsearchVersion", oldVersion(d.Version)}, option{"ElasticsearchClusterConfig", cluster(d.Cluster, "elasticsearch", false)})
	}
	return append(out,
		option{"EngineVersion", newVersion(d.Version)}, option{"ClusterConfig", cluster(d.Cluster, "search", true)},
		option{"IPAddressType", "ipv4"}, option{"SoftwareUpdateOptions", object{"AutoSoftwareUpdateEnabled": false}},
	)
}

// newVersion is "OpenSearch_2.19": the control plane does not tell the patch.
func newVersion(v awsid.EngineVersion) string {
	return fmt.Sprintf("%s_%d.%d", v.Family, v.Major, v.Minor)
}

// oldVersion is "7.10" for Elasticsearch and the long form for OpenSearch.
func oldVersion(v awsid.EngineVersion) string {
	return strings.TrimPrefix(newVersion(v), string(awsid.Elasticsearch)+"_")
}

// security never tells the master user.
func security(d world.Domain) object {
	return object{
		"Enabled": d.Security.Enabled, "InternalUserDatabaseEnabled": d.Security.InternalUsers,
		"AnonymousAuthEnabled": d.Security.Anonymous,
	}
}

// storage is EBSOptions; a size of 0 stands for instance storage.
func storage(e world.EBS) object {
	if e.SizeGiB == 0 {
		return object{"EBSEnabled": false}
	}
	out := object{"EBSEnabled": true, "VolumeType": e.VolumeType, "VolumeSize": e.SizeGiB}
	if e.IOPS > 0 {
		out["Iops"] = e.IOPS
	}
	if e.Throughput > 0 {
		out["Throughput"] = e.Throughput
	}
	return out
}

// cluster is ClusterConfig. Instance types carry the name of the API's family:
// r6g.large.search in the one, r6g.large.elasticsearch in the other.
func cluster(c world.ClusterConfig, suffix string, standby bool) object {
	out := object{
		"InstanceType": c.InstanceType + "." + suffix, "InstanceCount": c.Instances,
		"DedicatedMasterEnabled": c.DedicatedMaster, "ZoneAwarenessEnabled": c.AvailabilityZones > 1,
		"WarmEnabled": c.WarmNodes > 0, "ColdStorageOptions": object{"Enabled": false},
	}
	if c.DedicatedMaster {
		out["DedicatedMasterType"], out["DedicatedMasterCount"] = c.MasterType+"."+suffix, c.Masters
	}
	if c.AvailabilityZones > 1 {
		out["ZoneAwarenessConfig"] = object{"AvailabilityZoneCount": c.AvailabilityZones}
	}
	if c.WarmNodes > 0 {
		out["WarmCount"], out["WarmType"] = c.WarmNodes, "ultrawarm1.medium."+suffix
	}
	if standby {
		out["MultiAZWithStandbyEnabled"] = c.Standby
	}
	return out
}

// changeID is made from the configuration's revision, so that it stays the same
// while nothing changes.
func changeID(d world.Domain) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", d.Revision) }
