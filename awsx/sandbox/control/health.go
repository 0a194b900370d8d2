package control

import (
	"context"
	"strconv"

	"snapferry/awsx/sandbox/world"
)

// Health is how a domain's cluster is, in the words of its own _cluster/health.
type Health struct {
	// Status is green, yellow or red.
	Status string
	// Shards are all copies, Unassigned those that no node has.
	Shards, Unassigned int
}

// Asks tells how a domain's cluster is just now. An error means that it does not
// answer.
type Asks func(context.Context, world.Domain) (Health, error)

// unavailable is what the API says of what it could not learn.
const unavailable = "NotAvailable"

// describeHealth is DescribeDomainHealth, which the current API alone has. Nodes and
// zones are told as configured: nothing here ever loses one. What lies in which zone
// (EnvironmentInformation) nobody here knows.
func (c *call) describeHealth() (any, error) {
	d, err := c.find(c.action(), c.domain)
	if err != nil {
		return nil, err
	}
	zones, standby := max(1, d.Cluster.AvailabilityZones), 0
	if d.Cluster.Standby {
		standby = 1 // of the three one only takes over
	}
	eligible := d.Cluster.Instances
	if d.Cluster.DedicatedMaster {
		eligible = d.Cluster.Masters
	}
	out := object{
		"DomainState": "Active", "AvailabilityZoneCount": strconv.Itoa(zones),
		"ActiveAvailabilityZoneCount": strconv.Itoa(zones - standby), "StandByAvailabilityZoneCount": strconv.Itoa(standby),
		"DataNodeCount": strconv.Itoa(d.Cluster.Instances), "DedicatedMaster": d.Cluster.DedicatedMaster,
		"MasterEligibleNodeCount": strconv.Itoa(eligible), "WarmNodeCount": strconv.Itoa(d.Cluster.WarmNodes),
		"MasterNode": "UnAvailable", "ClusterHealth": unavailable, "TotalShards": unavailable, "TotalUnAssignedShards": unavailable,
	}
	h, err := c.health(c.r.Context(), d)
	if colour := colours[h.Status]; err == nil && colour != "" {
		out["MasterNode"], out["ClusterHealth"] = "Available", colour
		out["TotalShards"], out["TotalUnAssignedShards"] = strconv.Itoa(h.Shards), strconv.Itoa(h.Unassigned)
	}
	return out, nil
}

// colours are the API's words for the cluster's.
var colours = map[string]string{"green": "Green", "yellow": "Yellow", "red": "Red"}
