//go:build judges

package awsid

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestJudgeRegions: botocore knows all of ours. One that it knows besides is newer than
// our list, which is no fault: it is asked about once more.
func TestJudgeRegions(t *testing.T) {
	const script = `
import boto3
s = boto3.session.Session(region_name="eu-west-1")
for p in ("aws", "aws-cn", "aws-us-gov"):
    print(" ".join(s.get_available_regions("opensearch", p)))`
	out, err := exec.Command("python3", "-c", script).Output()
	if err != nil {
		t.Fatal(err)
	}
	theirs := strings.Fields(string(out))
	for _, r := range Regions() {
		if !slices.Contains(theirs, r) {
			t.Errorf("there is no region %s", r)
		}
	}
	for _, r := range theirs {
		if !Region(r).Known() {
			t.Logf("not known yet: %s", r)
		}
	}
}
