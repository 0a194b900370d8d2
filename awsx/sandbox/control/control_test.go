package control_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/opensearch/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/control"
	"snapferry/awsx/sandbox/fixture"
	"snapferry/awsx/sandbox/proxy"
	"snapferry/awsx/sandbox/world"
)

const (
	open   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"es:*","Resource":"arn:aws:es:eu-west-1:111111111111:domain/logs/*"}]}`
	logs   = "arn:aws:es:eu-west-1:111111111111:domain/logs"
	region = fixture.Region
)

type signer struct {
	*v4.Signer
	now func() time.Time
}

func (s signer) SignHTTP(ctx context.Context, c aws.Credentials, r *http.Request, hash, service, region string, _ time.Time, opts ...func(*v4.SignerOptions)) error {
	return s.Signer.SignHTTP(ctx, c, r, hash, service, region, s.now(), opts...)
}

// calm is how all clusters are: three shards with a copy each.
func calm(context.Context, world.Domain) (control.Health, error) {
	return control.Health{Status: "green", Shards: 6}, nil
}

func transport(f *fixture.Fixture) proxy.Transport {
	return transportTelling(f, func(world.Domain) error { return nil })
}

func transportTelling(f *fixture.Fixture, appoint func(world.Domain) error) proxy.Transport {
	service := control.New(f.World, f.Gate, region, appoint, calm)
	return proxy.Transport{Route: func(host string) http.Handler {
		if host == "es.eu-west-1.amazonaws.com" {
			return service
		}
		return nil
	}}
}

func client(f *fixture.Fixture, policies ...string) *opensearch.Client {
	return clientOver(transport(f), f, policies...)
}

func clientOver(over proxy.Transport, f *fixture.Fixture, policies ...string) *opensearch.Client {
	key, secret := f.User(fixture.Source, "ann", policies...)
	return opensearch.New(opensearch.Options{
		Region: string(region), HTTPClient: &http.Client{Transport: over}, Retryer: aws.NopRetryer{},
		Credentials:  credentials.NewStaticCredentialsProvider(key, secret, ""),
		HTTPSignerV4: signer{v4.NewSigner(), f.Clock.Now},
	})
}

// domains gives the source account two domains and the target account one.
func domains(t *testing.T) *fixture.Fixture {
	t.Helper()
	f := fixture.New(t)
	f.Write(func(s *world.State) {
		add := func(account awsid.AccountID, name awsid.DomainName, family awsid.Family, major, minor int) {
			s.Domains = append(s.Domains, &world.Domain{
				Name: name, Account: account, Region: region, Endpoint: "search-" + string(name) + "-x.eu-west-1.es.amazonaws.com",
				Version: awsid.EngineVersion{Family: family, Major: major, Minor: minor, Patch: 4}, AccessPolicy: open,
				Security: world.Security{Enabled: true, MasterARN: "arn:secret"}, Software: "OpenSearch_2_19_R20250625",
				Cluster: world.ClusterConfig{InstanceType: "r5.large", Instances: 3, AvailabilityZones: 3, DedicatedMaster: true, MasterType: "m5.large", Masters: 3, Standby: true, WarmNodes: 2},
				EBS:     world.EBS{VolumeType: "gp3", SizeGiB: 100, IOPS: 3000, Throughput: 125}, Created: f.Clock.Now(), Updated: f.Clock.Now(),
				EncryptedAtRest: true, NodeToNode: true, EnforceHTTPS: true, Tags: map[string]string{"team": "ops"},
			})
		}
		add(fixture.Source, "logs", awsid.OpenSearch, 2, 19)
		add(fixture.Source, "attic", awsid.Elasticsearch, 7, 10)
		add(fixture.Target, "other", awsid.OpenSearch, 3, 4)
	})
	return f
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wants(t *testing.T, err error, code, message string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code || !strings.HasPrefix(api.ErrorMessage(), message) {
		t.Errorf("got  %v\nwant %s: %s", err, code, message)
	}
}

func TestDescribeDomain(t *testing.T) {
	c := client(domains(t), fixture.Admin)
	out, err := c.DescribeDomain(context.Background(), &opensearch.DescribeDomainInput{DomainName: aws.String("logs")})
	must(t, err)
	d := out.DomainStatus
	got := []any{
		*d.ARN, *d.DomainId, *d.EngineVersion, *d.Endpoint, *d.AccessPolicies, *d.Processing, d.DomainProcessingStatus,
		*d.ServiceSoftwareOptions.CurrentVersion, *d.AdvancedSecurityOptions.Enabled, *d.AdvancedSecurityOptions.InternalUserDatabaseEnabled,
		d.ClusterConfig.InstanceType, *d.ClusterConfig.InstanceCount, *d.ClusterConfig.MultiAZWithStandbyEnabled,
		*d.ClusterConfig.ZoneAwarenessConfig.AvailabilityZoneCount, *d.ClusterConfig.WarmCount, *d.ClusterConfig.DedicatedMasterCount,
		*d.EBSOptions.VolumeSize, *d.EBSOptions.Iops, *d.EncryptionAtRestOptions.Enabled, *d.DomainEndpointOptions.EnforceHTTPS,
		d.AdvancedOptions["override_main_response_version"],
	}
	want := []any{
		logs, "111111111111/logs", "OpenSearch_2.19", "search-logs-x.eu-west-1.es.amazonaws.com", open, false, types.DomainProcessingStatusTypeActive,
		"OpenSearch_2_19_R20250625", true, false, types.OpenSearchPartitionInstanceType("r5.large.search"), int32(3), true,
		int32(3), int32(2), int32(3), int32(100), int32(3000), true, true, "false",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestListsAndConfig(t *testing.T) {
	f := domains(t)
	c := client(f, fixture.Admin)
	ctx := context.Background()
	names, err := c.ListDomainNames(ctx, &opensearch.ListDomainNamesInput{})
	must(t, err)
	if len(names.DomainNames) != 2 || *names.DomainNames[0].DomainName != "attic" || names.DomainNames[1].EngineType != types.EngineTypeOpenSearch {
		t.Errorf("%+v", names.DomainNames)
	}
	only, err := c.ListDomainNames(ctx, &opensearch.ListDomainNamesInput{EngineType: types.EngineTypeElasticsearch})
	if err != nil || len(only.DomainNames) != 1 {
		t.Errorf("%+v, %v", only, err)
	}
	many, err := c.DescribeDomains(ctx, &opensearch.DescribeDomainsInput{DomainNames: []string{"attic", "ghost", "other", "logs"}})
	if err != nil || len(many.DomainStatusList) != 2 || *many.DomainStatusList[0].EngineVersion != "Elasticsearch_7.10" {
		t.Errorf("%+v, %v", many, err)
	}
	config, err := c.DescribeDomainConfig(ctx, &opensearch.DescribeDomainConfigInput{DomainName: aws.String("logs")})
	must(t, err)
	if p := config.DomainConfig.AccessPolicies; *p.Options != open || p.Status.State != types.OptionStateActive || !p.Status.CreationDate.Equal(f.Clock.Now()) {
		t.Errorf("%+v", p)
	}
}

func TestRefusals(t *testing.T) {
	f := domains(t)
	ctx := context.Background()
	c := client(f, fixture.Admin)
	describe := func(c *opensearch.Client, name string) error {
		_, err := c.DescribeDomain(ctx, &opensearch.DescribeDomainInput{DomainName: &name})
		return err
	}
	wants(t, describe(c, "ghost"), "ResourceNotFoundException", "Domain not found: ghost")
	wants(t, describe(c, "other"), "ResourceNotFoundException", "Domain not found: other")
	nobody := client(f)
	const who = "User: arn:aws:iam::111111111111:user/ann is not authorized to perform: es:"
	for _, name := range []string{"logs", "ghost"} {
		wants(t, describe(nobody, name), "AccessDeniedException", who+"DescribeDomain on resource: arn:aws:es:eu-west-1:111111111111:domain/"+name+" because no identity-based policy allows the es:DescribeDomain action")
	}
	_, err := nobody.ListDomainNames(ctx, &opensearch.ListDomainNamesInput{})
	wants(t, err, "AccessDeniedException", who+"ListDomainNames because no identity-based policy allows the es:ListDomainNames action")
	_, err = nobody.DescribeDomains(ctx, &opensearch.DescribeDomainsInput{DomainNames: []string{"logs"}})
	wants(t, err, "AccessDeniedException", who+"DescribeDomains on resource: "+logs)
	some := client(f, fixture.Allow("es:DescribeDomain", logs))
	must(t, describe(some, "logs"))
	_, err = some.DescribeDomainConfig(ctx, &opensearch.DescribeDomainConfigInput{DomainName: aws.String("logs")})
	wants(t, err, "AccessDeniedException", who+"DescribeDomainConfig on resource: "+logs)
	_, err = c.ListDomainMaintenances(ctx, &opensearch.ListDomainMaintenancesInput{DomainName: aws.String("logs")})
	wants(t, err, "UnknownOperationException", "")
	stranger := opensearch.New(opensearch.Options{
		Region: string(region), HTTPClient: &http.Client{Transport: transport(f)}, Retryer: aws.NopRetryer{},
		Credentials: credentials.NewStaticCredentialsProvider("AKIANOBODY", "x", ""), HTTPSignerV4: signer{v4.NewSigner(), f.Clock.Now},
	})
	wants(t, describe(stranger, "logs"), "UnrecognizedClientException", "The security token included in the request is invalid.")
}

func TestCompatibleVersions(t *testing.T) {
	c := client(domains(t), fixture.Admin)
	for name, want := range map[string][]string{
		"logs":  {"OpenSearch_3.1", "OpenSearch_3.3", "OpenSearch_3.4"},
		"attic": {"OpenSearch_1.0", "OpenSearch_1.1", "OpenSearch_1.2", "OpenSearch_1.3"},
	} {
		out, err := c.GetCompatibleVersions(context.Background(), &opensearch.GetCompatibleVersionsInput{DomainName: &name})
		must(t, err)
		if d := cmp.Diff(want, out.CompatibleVersions[0].TargetVersions); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	all, err := c.GetCompatibleVersions(context.Background(), &opensearch.GetCompatibleVersionsInput{})
	must(t, err)
	byVersion := map[string][]string{}
	for _, v := range all.CompatibleVersions {
		byVersion[*v.SourceVersion] = v.TargetVersions
	}
	if got := byVersion["Elasticsearch_6.8"]; len(got) != 10 || got[0] != "Elasticsearch_7.1" {
		t.Errorf("from 6.8: %v", got)
	}
	if got := byVersion["OpenSearch_2.17"]; cmp.Diff([]string{"OpenSearch_2.19"}, got) != "" {
		t.Errorf("from 2.17: %v", got)
	}
}
