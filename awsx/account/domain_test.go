package account_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
)

const describe = "GET es.eu-west-1.amazonaws.com/2021-01-01/opensearch/domain/logs"

// TestEveryFieldOfADomain has a domain with everything switched on.
func TestEveryFieldOfADomain(t *testing.T) {
	a, _ := scripted(t, map[string]reply{describe: {status: 200, body: `{"DomainStatus":{
		"ARN":"arn:aws:es:eu-west-1:111111111111:domain/logs","DomainName":"logs","DomainId":"111111111111/logs","EngineVersion":"Elasticsearch_7.10",
		"Endpoints":{"vpc":"vpc-logs-x.eu-west-1.es.amazonaws.com","vpcv2":"vpc-logs-x.aos.eu-west-1.on.aws"},
		"DomainEndpointOptions":{"EnforceHTTPS":true,"TLSSecurityPolicy":"Policy-Min-TLS-1-2-2019-07","CustomEndpointEnabled":true,"CustomEndpoint":"logs.acme.example"},
		"Created":true,"Processing":true,"UpgradeProcessing":true,"DomainProcessingStatus":"UpgradingEngineVersion",
		"ServiceSoftwareOptions":{"CurrentVersion":"R20211203-P2","NewVersion":"R2026","UpdateAvailable":true,"UpdateStatus":"ELIGIBLE"},
		"AccessPolicies":"{\"Version\":\"2012-10-17\"}",
		"AdvancedSecurityOptions":{"Enabled":true,"InternalUserDatabaseEnabled":true,"AnonymousAuthEnabled":true,"AnonymousAuthDisableDate":1763798400,"SAMLOptions":{"Enabled":true},"JWTOptions":{"Enabled":true},"IAMFederationOptions":{"Enabled":true}},
		"EncryptionAtRestOptions":{"Enabled":true,"KmsKeyId":"arn:aws:kms:eu-west-1:111111111111:key/k"},"NodeToNodeEncryptionOptions":{"Enabled":true},
		"ClusterConfig":{"InstanceType":"or1.large.search","InstanceCount":6,"DedicatedMasterEnabled":true,"DedicatedMasterType":"m6g.large.search","DedicatedMasterCount":3,
			"WarmEnabled":true,"WarmType":"ultrawarm1.medium.search","WarmCount":2,"ColdStorageOptions":{"Enabled":true},"ZoneAwarenessEnabled":true,"ZoneAwarenessConfig":{"AvailabilityZoneCount":3},"MultiAZWithStandbyEnabled":true},
		"EBSOptions":{"EBSEnabled":true,"VolumeSize":512,"VolumeType":"gp3","Iops":3000,"Throughput":125},
		"VPCOptions":{"VPCId":"vpc-1","SubnetIds":["s-1"],"SecurityGroupIds":["sg-1"],"AvailabilityZones":["eu-west-1a"]},
		"AutomatedSnapshotPauseOptions":{"Enabled":true,"StartTime":1763798400,"EndTime":1763802000,"State":"Active"},
		"SnapshotOptions":{"AutomatedSnapshotStartHour":3},"AdvancedOptions":{"override_main_response_version":"true"}}}`}})
	got, err := a.Domain(ctx, "logs")
	must(t, err)
	at := time.Unix(1763798400, 0).UTC()
	want := &account.Domain{
		ARN: awsid.DomainARN("aws", "eu-west-1", "111111111111", "logs"), Name: "logs", ID: "111111111111/logs",
		Version:  awsid.EngineVersion{Family: awsid.Elasticsearch, Major: 7, Minor: 10, Patch: awsid.NoPatch},
		Endpoint: "vpc-logs-x.eu-west-1.es.amazonaws.com", DualStack: "vpc-logs-x.aos.eu-west-1.on.aws", CustomEndpoint: "logs.acme.example",
		EnforceHTTPS: true, TLSPolicy: "Policy-Min-TLS-1-2-2019-07", Created: true, Processing: true, Upgrading: true, State: "UpgradingEngineVersion",
		Software:        account.Software{Current: "R20211203-P2", New: "R2026", Available: true, Status: "ELIGIBLE"},
		AccessPolicy:    account.Document(`{"Version":"2012-10-17"}`),
		Security:        account.Security{Enabled: true, InternalUsers: true, Anonymous: true, AnonymousUntil: at, SAML: true, JWT: true, IAMFederation: true},
		EncryptedAtRest: true, DomainKey: "arn:aws:kms:eu-west-1:111111111111:key/k", NodeToNode: true,
		Nodes: account.Nodes{
			Type: "or1.large.search", Count: 6, DedicatedManagers: true, ManagerType: "m6g.large.search", ManagerCount: 3,
			Warm: true, WarmType: "ultrawarm1.medium.search", WarmCount: 2, Cold: true, Zones: 3, Standby: true, RemoteBacked: true,
		},
		Volume:          account.Volume{EBS: true, SizeGiB: 512, Type: "gp3", IOPS: 3000, Throughput: 125},
		VPC:             &account.VPC{ID: "vpc-1", Subnets: []string{"s-1"}, SecurityGroups: []string{"sg-1"}, Zones: []string{"eu-west-1a"}},
		SnapshotPause:   &account.SnapshotPause{Enabled: true, Start: at, End: at.Add(time.Hour), State: "Active"},
		OverrideVersion: true, AdvancedOptions: map[string]string{"override_main_response_version": "true"}, AutomatedHourUTC: 3,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestBareDomains(t *testing.T) {
	for name, tc := range map[string]struct {
		status string
		want   account.Domain
	}{
		"being made":    {`"Created":false`, account.Domain{}},
		"public":        {`"Endpoint":"search-x","EndpointV2":"search-y","ClusterConfig":{"InstanceType":"r6g.large.search","ZoneAwarenessEnabled":true}`, account.Domain{Endpoint: "search-x", DualStack: "search-y", Nodes: account.Nodes{Type: "r6g.large.search", Zones: 2}}},
		"one zone":      {`"ClusterConfig":{"InstanceCount":1},"AccessPolicies":""`, account.Domain{Nodes: account.Nodes{Count: 1, Zones: 1}}},
		"future engine": {`"EngineVersion":"Something_9"`, account.Domain{}},
		"custom off":    {`"DomainEndpointOptions":{"CustomEndpointEnabled":false,"CustomEndpoint":"x"}`, account.Domain{}},
	} {
		t.Run(name, func(t *testing.T) {
			a, _ := scripted(t, map[string]reply{describe: {status: 200, body: `{"DomainStatus":{` + tc.status + `}}`}})
			got, err := a.Domain(ctx, "logs")
			must(t, err)
			if d := cmp.Diff(&tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestDomainHealth: the service's words are those of the cluster, and what it does not
// know, or says in words nobody has heard of, is not known.
func TestDomainHealth(t *testing.T) {
	for said, want := range map[string]string{
		`{"ClusterHealth":"Green","DomainState":"Active"}`: "green", `{"ClusterHealth":"Yellow"}`: "yellow",
		`{"ClusterHealth":"Red"}`: "red", `{"ClusterHealth":"NotAvailable"}`: "", `{"ClusterHealth":"Mauve"}`: "", `{}`: "",
	} {
		a, _ := scripted(t, map[string]reply{describe + "/health": {status: 200, body: said}})
		if got, err := a.DomainHealth(ctx, "logs"); got != want || err != nil {
			t.Errorf("%s: %q, %v", said, got, err)
		}
	}
	if got, err := as(t, world(t), "target").DomainHealth(ctx, "logs-prod"); got != "green" || err != nil {
		t.Errorf("the embedded one: %q, %v", got, err)
	}
}
