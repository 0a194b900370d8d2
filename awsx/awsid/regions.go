package awsid

import (
	"slices"
	"strconv"
	"strings"
)

// regions are those that had the OpenSearch service when this was written, of the
// partitions named here [AWS SDKs, endpoints of the OpenSearch Service].
var regions = strings.Fields(`
	af-south-1
	ap-east-1 ap-east-2
	ap-northeast-1 ap-northeast-2 ap-northeast-3
	ap-south-1 ap-south-2
	ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7
	ca-central-1 ca-west-1
	eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2
	eu-west-1 eu-west-2 eu-west-3
	il-central-1
	me-central-1 me-south-1
	mx-central-1
	sa-east-1
	us-east-1 us-east-2 us-west-1 us-west-2
	us-gov-east-1 us-gov-west-1 cn-north-1 cn-northwest-1`)

// Regions are the names of the regions that are known, by continent. AWS
// may have made others since.
func Regions() []string { return slices.Clone(regions) }

// Known says whether the region is one of Regions. One that is not may be new.
func (r Region) Known() bool { return slices.Contains(regions, string(r)) }

// ahead is how many numbers a new region may be ahead of those that are known: they
// are counted up, and not always taken in their order.
const ahead = 3

// Possible says whether AWS may have made the region since: its number is one of the
// next, or the first ones of a name nobody has heard of.
func (r Region) Possible() bool {
	name, number := r.parts()
	highest := 0
	for _, known := range regions {
		if other, n := Region(known).parts(); other == name {
			highest = max(highest, n)
		}
	}
	return number > 0 && number <= highest+ahead
}

// parts are the name without its number, and that.
func (r Region) parts() (name string, number int) {
	at := strings.LastIndexByte(string(r), '-')
	if at < 0 {
		return string(r), 0
	}
	number, _ = strconv.Atoi(string(r[at+1:])) // what is no number is none
	return string(r[:at]), number
}
