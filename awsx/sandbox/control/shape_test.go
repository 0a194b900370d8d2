package control_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"

	"snapferry/awsx/sandbox/fixture"
	"snapferry/awsx/sandbox/world"
)

// TestPlainDomain has none of what is optional: absent parts must read as
// switched off, not as unknown.
func TestPlainDomain(t *testing.T) {
	f := domains(t)
	f.Write(func(s *world.State) {
		d := s.Domains[0]
		d.Security, d.EBS, d.Tags, d.AccessPolicy = world.Security{}, world.EBS{}, nil, ""
		d.Cluster = world.ClusterConfig{InstanceType: "i3.large", Instances: 1}
		d.EncryptedAtRest, d.NodeToNode, d.EnforceHTTPS = false, false, false
	})
	c := client(f, fixture.Admin)
	ctx := context.Background()
	out, err := c.DescribeDomain(ctx, &opensearch.DescribeDomainInput{DomainName: aws.String("logs")})
	must(t, err)
	d := out.DomainStatus
	for name, on := range map[string]*bool{
		"EBS": d.EBSOptions.EBSEnabled, "encryption": d.EncryptionAtRestOptions.Enabled, "node to node": d.NodeToNodeEncryptionOptions.Enabled,
		"HTTPS": d.DomainEndpointOptions.EnforceHTTPS, "access control": d.AdvancedSecurityOptions.Enabled, "zones": d.ClusterConfig.ZoneAwarenessEnabled,
		"standby": d.ClusterConfig.MultiAZWithStandbyEnabled, "warm": d.ClusterConfig.WarmEnabled, "masters": d.ClusterConfig.DedicatedMasterEnabled,
		"cold": d.ClusterConfig.ColdStorageOptions.Enabled, "custom endpoint": d.DomainEndpointOptions.CustomEndpointEnabled,
	} {
		if on == nil || *on {
			t.Errorf("%s: %v", name, on)
		}
	}
	if *d.AccessPolicies != "" || d.VPCOptions != nil || d.EBSOptions.VolumeSize != nil || d.ClusterConfig.ZoneAwarenessConfig != nil || d.ClusterConfig.DedicatedMasterCount != nil {
		t.Errorf("%+v", d)
	}
	tags, err := c.ListTags(ctx, &opensearch.ListTagsInput{ARN: aws.String(logs)})
	if err != nil || len(tags.TagList) != 0 {
		t.Errorf("%+v, %v", tags, err)
	}
}

// TestResourceTagsGateTheControlPlane: owners of many domains delegate by tag.
func TestResourceTagsGateTheControlPlane(t *testing.T) {
	f := domains(t)
	tagged := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"es:DescribeDomain","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"ops"}}}]}`
	c := client(f, tagged)
	ask := func() error {
		_, err := c.DescribeDomain(context.Background(), &opensearch.DescribeDomainInput{DomainName: aws.String("logs")})
		return err
	}
	must(t, ask())
	f.Write(func(s *world.State) { s.Domains[0].Tags["team"] = "dev" })
	wants(t, ask(), "AccessDeniedException", "User: arn:aws:iam::111111111111:user/ann is not authorized to perform: es:DescribeDomain on resource: "+logs)
}

// TestDomainPolicyReachesTheControlPlane: a domain's own policy counts for its
// bare ARN as for its paths.
func TestDomainPolicyReachesTheControlPlane(t *testing.T) {
	f := domains(t)
	policy := func(effect string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"` + effect + `","Principal":{"AWS":"*"},"Action":"es:DescribeDomain","Resource":"` + logs + `"}]}`
	}
	c := client(f)
	ask := func() error {
		_, err := c.DescribeDomain(context.Background(), &opensearch.DescribeDomainInput{DomainName: aws.String("logs")})
		return err
	}
	wants(t, ask(), "AccessDeniedException", "User: ")
	f.Write(func(s *world.State) { s.Domains[0].AccessPolicy = policy("Allow") })
	must(t, ask())
	c = client(f, fixture.Admin)
	f.Write(func(s *world.State) { s.Domains[0].AccessPolicy = policy("Deny") })
	wants(t, ask(), "AccessDeniedException", "User: arn:aws:iam::111111111111:user/ann is not authorized to perform: es:DescribeDomain on resource: "+logs+" with an explicit deny in a resource-based policy")
}
