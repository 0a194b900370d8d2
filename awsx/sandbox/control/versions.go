package control

import (
	"snapferry/awsx/awsid"
)

// known are the versions the service offers in-place upgrades among, oldest
// first.
var known = []awsid.EngineVersion{
	es(5, 6), es(6, 8), es(7, 1), es(7, 4), es(7, 7), es(7, 8), es(7, 9), es(7, 10),
	os(1, 0), os(1, 1), os(1, 2), os(1, 3), os(2, 3), os(2, 5), os(2, 7), os(2, 9), os(2, 11), os(2, 13), os(2, 15), os(2, 17), os(2, 19),
	os(3, 1), os(3, 3), os(3, 4),
}

// es and os are versions as the control plane knows them, without a patch.
func es(major, minor int) awsid.EngineVersion {
	return awsid.EngineVersion{Family: awsid.Elasticsearch, Major: major, Minor: minor}
}

func os(major, minor int) awsid.EngineVersion {
	return awsid.EngineVersion{Family: awsid.OpenSearch, Major: major, Minor: minor}
}

// doors are the only versions from which the next major can be reached in place
// [OpenSearch Service, "Upgrading domains"]. From any Elasticsearch 7 OpenSearch
// 1 can be reached, from 6.8 both.
var doors = map[awsid.EngineVersion][]awsid.EngineVersion{
	es(5, 6): {es(6, 0)}, es(6, 8): {es(7, 0), os(1, 0)}, os(1, 3): {os(2, 0)}, os(2, 19): {os(3, 0)},
}

// upgrades are the versions a domain can be brought to in place. They are fewer
// than those a snapshot of it can be restored on.
func upgrades(from awsid.EngineVersion) []string {
	from.Patch = 0
	targets := []string{}
	for _, to := range known {
		later := to.Compare(from) > 0
		same := to.Family == from.Family && to.Major == from.Major
		through := from.Family == awsid.Elasticsearch && from.Major == 7 && to.Family == awsid.OpenSearch && to.Major == 1
		for _, next := range doors[from] {
			through = through || to.Family == next.Family && to.Major == next.Major
		}
		if later && (same || through) {
			targets = append(targets, newVersion(to))
		}
	}
	return targets
}

// compatible answers for one domain, or for all versions.
func (c *call) compatible() (any, error) {
	name := c.r.URL.Query().Get("domainName")
	action := c.action()
	key := "CompatibleVersions"
	if c.old {
		key = "CompatibleElasticsearchVersions"
	}
	list := []object{}
	if name != "" {
		d, err := c.find(action, awsid.DomainName(name))
		if err != nil {
			return nil, err
		}
		return object{key: append(list, object{"SourceVersion": newVersion(d.Version), "TargetVersions": upgrades(d.Version)})}, nil
	}
	if err := c.allow(action, "*", nil); err != nil {
		return nil, err
	}
	for _, v := range known {
		if targets := upgrades(v); len(targets) > 0 {
			list = append(list, object{"SourceVersion": newVersion(v), "TargetVersions": targets})
		}
	}
	return object{key: list}, nil
}
