package control_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/opensearch/types"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/control"
	"snapferry/awsx/sandbox/fixture"
	"snapferry/awsx/sandbox/proxy"
	"snapferry/awsx/sandbox/world"
)

// healthOver is a control plane whose clusters are as one says.
func healthOver(f *fixture.Fixture, health control.Asks) proxy.Transport {
	service := control.New(f.World, f.Gate, region, func(world.Domain) error { return nil }, health)
	return proxy.Transport{Route: func(string) http.Handler { return service }}
}

// TestDescribeDomainHealth: what was configured, and what the cluster itself says.
func TestDescribeDomainHealth(t *testing.T) {
	configured := opensearch.DescribeDomainHealthOutput{
		DomainState: types.DomainStateActive, AvailabilityZoneCount: aws.String("3"), ActiveAvailabilityZoneCount: aws.String("2"),
		StandByAvailabilityZoneCount: aws.String("1"), DataNodeCount: aws.String("3"), DedicatedMaster: aws.Bool(true),
		MasterEligibleNodeCount: aws.String("3"), WarmNodeCount: aws.String("2"),
	}
	for name, tc := range map[string]struct {
		told  control.Health
		err   error
		says  types.DomainHealth
		lead  types.MasterNodeStatus
		all   string
		apart string
	}{
		"green":       {control.Health{Status: "green", Shards: 6}, nil, "Green", "Available", "6", "0"},
		"yellow":      {control.Health{Status: "yellow", Shards: 6, Unassigned: 2}, nil, "Yellow", "Available", "6", "2"},
		"red":         {control.Health{Status: "red", Shards: 6, Unassigned: 4}, nil, "Red", "Available", "6", "4"},
		"no answer":   {control.Health{}, errors.New("refused"), "NotAvailable", "UnAvailable", "NotAvailable", "NotAvailable"},
		"other words": {control.Health{Status: "mauve"}, nil, "NotAvailable", "UnAvailable", "NotAvailable", "NotAvailable"},
	} {
		t.Run(name, func(t *testing.T) {
			f := domains(t)
			var asked awsid.DomainName
			c := clientOver(healthOver(f, func(_ context.Context, d world.Domain) (control.Health, error) {
				asked = d.Name
				return tc.told, tc.err
			}), f, fixture.Allow("es:DescribeDomainHealth", logs))
			got, err := c.DescribeDomainHealth(context.Background(), &opensearch.DescribeDomainHealthInput{DomainName: aws.String("logs")})
			must(t, err)
			want := configured
			want.ClusterHealth, want.MasterNode, want.TotalShards, want.TotalUnAssignedShards = tc.says, tc.lead, aws.String(tc.all), aws.String(tc.apart)
			if d := cmp.Diff(&want, got, cmpopts.IgnoreUnexported(want), cmpopts.IgnoreTypes(middleware.Metadata{})); d != "" || asked != "logs" {
				t.Errorf("of %s:\n%s", asked, d)
			}
		})
	}
}

// TestDomainHealthIsARightOfItsOwn: describing is another, and whoever has neither does
// not learn which domains there are.
func TestDomainHealthIsARightOfItsOwn(t *testing.T) {
	ask := func(f *fixture.Fixture, name string, policies ...string) error {
		_, err := client(f, policies...).DescribeDomainHealth(context.Background(), &opensearch.DescribeDomainHealthInput{DomainName: aws.String(name)})
		return err
	}
	refused := func(name string) string {
		return "User: arn:aws:iam::111111111111:user/ann is not authorized to perform: es:DescribeDomainHealth on resource: arn:aws:es:eu-west-1:111111111111:domain/" + name
	}
	f := domains(t)
	wants(t, ask(f, "logs", fixture.Allow("es:DescribeDomain", "*")), "AccessDeniedException", refused("logs"))
	wants(t, ask(f, "ghost", fixture.Allow("es:DescribeDomainHealth", logs)), "AccessDeniedException", refused("ghost"))
	wants(t, ask(f, "ghost", fixture.Admin), "ResourceNotFoundException", "Domain not found: ghost")
	must(t, ask(f, "attic", fixture.Admin)) // Elasticsearch has it as well
}
