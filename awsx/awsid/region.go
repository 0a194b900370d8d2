package awsid

import (
	"regexp"
	"slices"
	"strings"

	"snapferry/awsx/text"
)

// Partition is the first part of an ARN: aws, aws-cn, aws-us-gov.
type Partition string

// The partitions that have the OpenSearch service.
const (
	PartitionAWS   Partition = "aws"
	PartitionChina Partition = "aws-cn"
	PartitionGov   Partition = "aws-us-gov"
)

// DNSSuffix is the domain the partition's endpoints live under.
func (p Partition) DNSSuffix() string {
	if p == PartitionChina {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}

// Region is a region name such as eu-west-1.
type Region string

var regionShape = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$`)

// directions are what the name of every region has before its number.
var directions = []string{"central", "east", "north", "northeast", "northwest", "south", "southeast", "southwest", "west"}

// ParseRegion accepts any name of the right shape: new regions appear faster
// than releases of this program, so that Known is another question. What has no
// direction in it is a slip of the finger, which would be met as a host that nobody
// knows.
func ParseRegion(s string) (Region, error) {
	t := strings.TrimSpace(s)
	if !regionShape.MatchString(t) {
		return "", refuse("region", s, text.New("%q is not a region name", s), text.New("Type a region such as eu-west-1"))
	}
	if parts := strings.Split(t, "-"); !slices.Contains(directions, parts[len(parts)-2]) {
		return "", refuse("region", s, text.New("no region is called %s: %s is no direction", t, parts[len(parts)-2]), text.New("Type a region such as eu-west-1"))
	}
	return Region(t), nil
}

// Partition is the partition the region belongs to.
func (r Region) Partition() Partition {
	switch {
	case strings.HasPrefix(string(r), "cn-"):
		return PartitionChina
	case strings.HasPrefix(string(r), "us-gov-"):
		return PartitionGov
	}
	return PartitionAWS
}
