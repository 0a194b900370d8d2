//go:build judges

package sandbox_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// healthByBoto3 asks as the model of botocore has it: what it does not know of the
// answer it drops, and what is not of its type it does not read.
const healthByBoto3 = `
import boto3, json
out = boto3.client("opensearch").describe_domain_health(DomainName="logs-prod")
out.pop("ResponseMetadata")
print(json.dumps(out, sort_keys=True))
`

// TestJudgeDomainHealth: AWS CLI and boto3 read the answer to its last field.
func TestJudgeDomainHealth(t *testing.T) {
	i := open(t, t.TempDir()).Info()
	got := cli(t, i, "opensearch", "describe-domain-health", "--domain-name", "logs-prod")
	shards, _ := at(got, "TotalShards").(string)
	want := map[string]any{
		"DomainState": "Active", "AvailabilityZoneCount": "3", "ActiveAvailabilityZoneCount": "3", "StandByAvailabilityZoneCount": "0",
		"DataNodeCount": "3", "DedicatedMaster": false, "MasterEligibleNodeCount": "3", "WarmNodeCount": "0", "MasterNode": "Available",
		"ClusterHealth": "Green", "TotalShards": shards, "TotalUnAssignedShards": "0",
	}
	if d := cmp.Diff(want, got); d != "" || shards == "" || shards == "0" {
		t.Errorf("AWS CLI: %s", d)
	}
	out, errs, err := foreign(t, i, "python3", "-c", healthByBoto3)
	if err != nil || !strings.Contains(out, `"ClusterHealth": "Green"`) || strings.Count(out, `":`) != len(want) {
		t.Errorf("boto3: %v %s %s", err, out, errs)
	}
	_, errs, err = foreign(t, i, "aws", "opensearch", "describe-domain-health", "--domain-name", "ghost")
	if err == nil || !strings.Contains(errs, "(ResourceNotFoundException) when calling the DescribeDomainHealth operation: Domain not found: ghost") {
		t.Errorf("%v %s", err, errs)
	}
}
