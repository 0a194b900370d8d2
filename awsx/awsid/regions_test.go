package awsid

import "testing"

// TestKnownRegions: a name of the right shape may be a region, may be a new one, or is
// none.
func TestKnownRegions(t *testing.T) {
	for region, want := range map[Region][2]bool{
		"eu-west-1": {true, true}, "us-gov-east-1": {true, true}, "cn-northwest-1": {true, true},
		"eu-west-4": {false, true}, "eu-west-6": {false, true}, "eu-west-7": {false, false}, "eu-west-11": {false, false},
		"nz-north-1": {false, true}, "nz-north-4": {false, false}, "eusc-de-east-1": {false, true},
		"eu-west-0": {false, false}, "eu-west-": {false, false}, "eu": {false, false}, "": {false, false},
	} {
		if got := [2]bool{region.Known(), region.Possible()}; got != want {
			t.Errorf("%s: known and possible are %v", region, got)
		}
	}
	for _, r := range Regions() {
		if _, err := ParseRegion(r); err != nil || !Region(r).Known() || !Region(r).Possible() {
			t.Errorf("%s: %v", r, err)
		}
	}
}
