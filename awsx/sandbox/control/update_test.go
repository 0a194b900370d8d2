package control_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/opensearch/types"
	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox/fixture"
	"snapferry/awsx/sandbox/world"
)

func access(t *testing.T, c *opensearch.Client) string {
	t.Helper()
	out, err := c.DescribeDomain(context.Background(), &opensearch.DescribeDomainInput{DomainName: aws.String("logs")})
	must(t, err)
	return *out.DomainStatus.AccessPolicies
}

func TestAccessPolicyIsChangedAndComesBack(t *testing.T) {
	f := domains(t)
	c := client(f, fixture.Admin)
	ctx := context.Background()
	role := f.Role(fixture.Target, "/team/", "signer", fixture.Trusting("Service", "ec2.amazonaws.com", ""))
	narrow := strings.Replace(open, `"AWS":"*"`, `"AWS": ["`+role+`"]`, 1)
	update := func(doc string, dry bool) error {
		_, err := c.UpdateDomainConfig(ctx, &opensearch.UpdateDomainConfigInput{DomainName: aws.String("logs"), AccessPolicies: &doc, DryRun: &dry})
		return err
	}
	must(t, update(narrow, true))
	if got := access(t, c); got != open {
		t.Errorf("a dry run changed the policy to %s", got)
	}
	before, err := c.DescribeDomainConfig(ctx, &opensearch.DescribeDomainConfigInput{DomainName: aws.String("logs")})
	must(t, err)
	must(t, update(narrow, false))
	if got := access(t, c); got != narrow {
		t.Errorf("got %s", got)
	}
	after, err := c.DescribeDomainConfig(ctx, &opensearch.DescribeDomainConfigInput{DomainName: aws.String("logs")})
	must(t, err)
	if b, a := *before.DomainConfig.AccessPolicies.Status, *after.DomainConfig.AccessPolicies.Status; a.UpdateVersion <= b.UpdateVersion {
		t.Errorf("versions %d, %d", b.UpdateVersion, a.UpdateVersion)
	}
	f.Write(func(s *world.State) { delete(s.Accounts[fixture.Target].Roles, "signer") })
	if got := access(t, c); !strings.Contains(got, `"AROA`) {
		t.Errorf("a deleted principal is shown as if it were there: %s", got)
	}
	must(t, update("", false))
	if got := access(t, c); got != "" {
		t.Errorf("got %s", got)
	}
	wants(t, update(strings.Replace(open, `"AWS":"*"`, `"AWS":"arn:aws:iam::222222222222:role/ghost"`, 1), false), "ValidationException", "Error setting policy: [")
	wants(t, update("{", false), "ValidationException", "Error setting policy: [{]")
	_, err = c.UpdateDomainConfig(ctx, &opensearch.UpdateDomainConfigInput{DomainName: aws.String("logs"), EBSOptions: &types.EBSOptions{VolumeSize: aws.Int32(1)}})
	wants(t, err, "ValidationException", "The sandbox does not change EBSOptions of a domain.")
}

func TestAdvancedOptionsAreMerged(t *testing.T) {
	c := client(domains(t), fixture.Admin)
	ctx := context.Background()
	for _, set := range []map[string]string{{"override_main_response_version": "true"}, {"indices.query.bool.max_clause_count": "2048"}} {
		_, err := c.UpdateDomainConfig(ctx, &opensearch.UpdateDomainConfigInput{DomainName: aws.String("logs"), AdvancedOptions: set})
		must(t, err)
	}
	out, err := c.DescribeDomain(ctx, &opensearch.DescribeDomainInput{DomainName: aws.String("logs")})
	must(t, err)
	want := map[string]string{"override_main_response_version": "true", "indices.query.bool.max_clause_count": "2048", "rest.action.multi.allow_explicit_index": "true"}
	if d := cmp.Diff(want, out.DomainStatus.AdvancedOptions); d != "" {
		t.Error(d)
	}
}

func TestTags(t *testing.T) {
	c := client(domains(t), fixture.Admin)
	ctx := context.Background()
	_, err := c.AddTags(ctx, &opensearch.AddTagsInput{ARN: aws.String(logs), TagList: []types.Tag{{Key: aws.String("run"), Value: aws.String("1")}}})
	must(t, err)
	_, err = c.RemoveTags(ctx, &opensearch.RemoveTagsInput{ARN: aws.String(logs), TagKeys: []string{"team"}})
	must(t, err)
	out, err := c.ListTags(ctx, &opensearch.ListTagsInput{ARN: aws.String(logs)})
	must(t, err)
	if len(out.TagList) != 1 || *out.TagList[0].Key != "run" {
		t.Errorf("%+v", out.TagList)
	}
	_, err = c.ListTags(ctx, &opensearch.ListTagsInput{ARN: aws.String("arn:aws:es:eu-west-1:222222222222:domain/other")})
	wants(t, err, "ValidationException", "Invalid ARN")
}

func hash(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// TestOldAPI asks by hand: the SDK's module for the older API is not ours.
func TestOldAPI(t *testing.T) {
	f := domains(t)
	key, secret := f.User(fixture.Source, "ann", fixture.Allow("es:DescribeElasticsearchDomain es:ListDomainNames es:GetCompatibleElasticsearchVersions", "*"))
	ask := func(path string) (int, map[string]any) {
		t.Helper()
		req, err := http.NewRequest(http.MethodGet, "https://es.eu-west-1.amazonaws.com"+path, nil)
		must(t, err)
		must(t, v4.NewSigner().SignHTTP(context.Background(), aws.Credentials{AccessKeyID: key, SecretAccessKey: secret}, req, hash(""), "es", string(region), f.Clock.Now()))
		resp, err := transport(f).RoundTrip(req)
		must(t, err)
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		must(t, err)
		var out map[string]any
		must(t, json.Unmarshal(b, &out))
		return resp.StatusCode, out
	}
	status, out := ask("/2015-01-01/es/domain/attic")
	d, _ := out["DomainStatus"].(map[string]any)
	if status != 200 || d["ElasticsearchVersion"] != "7.10" || d["EngineVersion"] != nil {
		t.Errorf("%d %v", status, out)
	}
	if c, _ := d["ElasticsearchClusterConfig"].(map[string]any); c["InstanceType"] != "r5.large.elasticsearch" {
		t.Errorf("%v", c)
	}
	status, out = ask("/2015-01-01/es/domain/attic/config")
	if message, _ := out["message"].(string); status != 403 || !strings.Contains(message, "es:DescribeElasticsearchDomainConfig on resource: arn:aws:es:eu-west-1:111111111111:domain/attic") {
		t.Errorf("%d %v", status, out)
	}
	if status, out = ask("/2015-01-01/es/domain/attic/health"); status != 404 {
		t.Errorf("health, which this API does not have: %d %v", status, out)
	}
	if status, out = ask("/2015-01-01/domain"); status != 200 || len(out["DomainNames"].([]any)) != 2 {
		t.Errorf("%d %v", status, out)
	}
	if status, out = ask("/2015-01-01/es/compatibleVersions"); status != 200 || out["CompatibleElasticsearchVersions"] == nil {
		t.Errorf("%d %v", status, out)
	}
	if status, _ = ask("/2019-01-01/domain"); status != 404 {
		t.Errorf("an unknown version: %d", status)
	}
}
