package cluster

import (
	"context"

	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
)

// Info is what GET / says. Version is true even where the domain pretends to be
// 7.10 (compatibility.override_main_response_version); it is zero where the true
// one could not be had.
type Info struct {
	Version      awsid.EngineVersion
	Distribution string // "opensearch", or "" for Elasticsearch
	Pretends     bool
	ClusterName  string
	ClusterUUID  string
	NodeName     string
}

// Info asks the domain what it is.
// With fine-grained access control: cluster:monitor/main.
func (c *Cluster) Info(ctx context.Context) (Info, error) {
	var out struct {
		Name        string `json:"name"`
		ClusterName string `json:"cluster_name"`
		ClusterUUID string `json:"cluster_uuid"`
		Version     struct {
			Number       string `json:"number"`
			Distribution string `json:"distribution"`
		} `json:"version"`
	}
	if err := c.get(ctx, "/", nil, &out); err != nil {
		return Info{}, err
	}
	info := Info{Distribution: out.Version.Distribution, ClusterName: out.ClusterName, ClusterUUID: out.ClusterUUID, NodeName: out.Name}
	family := awsid.Elasticsearch
	if info.Distribution == "opensearch" {
		family = awsid.OpenSearch
	}
	v, err := awsid.ParseEngineVersion(string(family) + "_" + out.Version.Number)
	if err != nil {
		return Info{}, &failure.Failure{
			Kind: failure.Unknown, Operation: "GET /", Host: c.host,
			Message: "the domain does not say which engine it is: " + err.Error(),
		}
	}
	info.Version = v
	if family == awsid.OpenSearch && v.Major == 7 {
		info.Pretends = true
		info.Version, err = c.trueVersion(ctx)
	}
	return info, err
}

// trueVersion asks the nodes, who do not pretend. While a domain is being
// upgraded the oldest counts. Without the right to ask, what the control plane
// said stands.
func (c *Cluster) trueVersion(ctx context.Context) (awsid.EngineVersion, error) {
	var nodes []struct {
		Version string `json:"version"`
	}
	err := c.get(ctx, "/_cat/nodes", options("format", "json", "h", "version"), &nodes)
	if failure.Is(err, failure.Denied) {
		return c.opts.Version, nil
	}
	var oldest awsid.EngineVersion
	for _, n := range nodes {
		v, err := awsid.ParseEngineVersion(string(awsid.OpenSearch) + "_" + n.Version)
		if err == nil && (oldest.IsZero() || v.Compare(oldest) < 0) {
			oldest = v
		}
	}
	return oldest, err
}

// openSearchMask is the bit that marks OpenSearch in a version id (Version.MASK
// of OpenSearch).
const openSearchMask = 0x08000000

// versionID reads the engine's numeric version: MMmmrrbb in decimal digits, e.g.
// 7100299 is 7.10.2, with the mask for OpenSearch.
func versionID(id int64) awsid.EngineVersion {
	if id <= 0 {
		return awsid.EngineVersion{}
	}
	family := awsid.Elasticsearch
	if id&openSearchMask != 0 {
		family, id = awsid.OpenSearch, id&^openSearchMask
	}
	return awsid.EngineVersion{Family: family, Major: int(id / 1_000_000), Minor: int(id / 10_000 % 100), Patch: int(id / 100 % 100)}
}
