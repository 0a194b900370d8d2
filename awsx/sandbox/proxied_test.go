package sandbox_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"snapferry/awsx/sandbox"
	"snapferry/awsx/sandbox/fixture"
)

// throughProxy is a transport as another process would have it.
func throughProxy(t *testing.T, i sandbox.Info) *http.Transport {
	t.Helper()
	u, err := url.Parse(i.Proxy)
	must(t, err)
	pem, err := i.CA()
	must(t, err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	tr := &http.Transport{Proxy: http.ProxyURL(u), TLSClientConfig: &tls.Config{RootCAs: pool}}
	t.Cleanup(tr.CloseIdleConnections)
	return tr
}

// TestSDKWithProfiles lets the SDK find everything in the environment the
// sandbox prints, apart from the proxy, which Go reads once per process.
func TestSDKWithProfiles(t *testing.T) {
	s := open(t, t.TempDir())
	for _, v := range s.Env() {
		if !strings.Contains(strings.ToLower(v.Name), "proxy") {
			t.Setenv(v.Name, v.Value)
		}
	}
	for _, name := range sandbox.Ambient() {
		t.Setenv(name, "")
		os.Unsetenv(name)
	}
	// The SDK adds the CA of AWS_CA_BUNDLE to a client of its own kind.
	client := awshttp.NewBuildableClient().WithTransportOptions(func(tr *http.Transport) { tr.Proxy = throughProxy(t, s.Info()).Proxy })
	ctx := context.Background()
	for profile, account := range map[string]string{"": "111111111111", "source": "111111111111", "target": "222222222222", "jump": "333333333333"} {
		cfg, err := config.LoadDefaultConfig(ctx, config.WithSharedConfigProfile(profile), config.WithHTTPClient(client))
		must(t, err)
		out, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		if err != nil || *out.Account != account || *out.Arn != "arn:aws:iam::"+account+":user/admin" {
			t.Errorf("profile %q: %+v, %v", profile, out, err)
		}
	}
}

func TestServicesUnderTheirRealNames(t *testing.T) {
	s := open(t, t.TempDir())
	admin, logs := labelled(t, s.Info(), "source", "source")
	tr := throughProxy(t, s.Info())
	c := clientsOf(admin, tr)
	ctx := context.Background()
	prepare(t, c, fixture.Trusting("AWS", "arn:aws:iam::111111111111:user/admin", ""))
	body := strings.Repeat("snapshot ", 100_000)
	_, err := c.s3.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(bucket), Key: aws.String("a b/+=&?/ü"), Body: strings.NewReader(body)})
	must(t, err)
	got, err := c.s3.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(bucket), Key: aws.String("a b/+=&?/ü")})
	must(t, err)
	defer got.Body.Close()
	if b, err := io.ReadAll(got.Body); err != nil || string(b) != body {
		t.Errorf("%d bytes came back, %v", len(b), err)
	}
	role, err := c.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String(roleName)})
	if err != nil || *role.Role.Arn != roleARN {
		t.Errorf("%v, %v", role, err)
	}
	d, err := c.opensearch.DescribeDomain(ctx, &opensearch.DescribeDomainInput{DomainName: aws.String("logs-prod")})
	if err != nil || *d.DomainStatus.Endpoint != logs.Endpoint || *d.DomainStatus.EngineVersion != "OpenSearch_2.19" {
		t.Errorf("%v, %v", d, err)
	}
	session, err := c.sts.AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: aws.String(roleARN), RoleSessionName: aws.String("me")})
	if err != nil || *session.AssumedRoleUser.Arn != "arn:aws:sts::111111111111:assumed-role/acme-snap/me" {
		t.Errorf("%v, %v", session, err)
	}
	if status, answer := call(t, tr, admin, logs.Endpoint, "GET", "/_cluster/health", ""); status != 200 || !strings.Contains(answer, `"status"`) {
		t.Errorf("%d %s", status, answer)
	}
}

func TestRealAWSCannotBeReached(t *testing.T) {
	s := open(t, t.TempDir())
	c := &http.Client{Transport: throughProxy(t, s.Info())}
	for _, host := range []string{
		"ec2.eu-west-1.amazonaws.com", "sts.eu-west-1.amazonaws.com.cn", "search-other-abc.eu-west-1.es.amazonaws.com", "logs-prod.eu-west-1.es.amazonaws.com",
		"s3.amazonaws.com.example.com", "example.com", "169.254.169.254", "s3-website.eu-west-1.amazonaws.com",
	} {
		if resp, err := c.Get("https://" + host + "/"); err == nil {
			resp.Body.Close()
			t.Errorf("%s answered %s", host, resp.Status)
		} else if !strings.Contains(err.Error(), "Forbidden") {
			t.Errorf("%s: %v", host, err)
		}
	}
}

// TestStoreByAddress is the way of engine nodes, which know no proxy.
func TestStoreByAddress(t *testing.T) {
	s := open(t, t.TempDir())
	admin, _ := labelled(t, s.Info(), "source", "source")
	tr := throughProxy(t, s.Info())
	tr.Proxy = nil
	c := s3.NewFromConfig(aws.Config{
		Region: "us-east-1", HTTPClient: &http.Client{Transport: tr}, BaseEndpoint: aws.String("https://" + s.Info().Address),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: admin.AccessKey, SecretAccessKey: admin.Secret}, nil
		}),
	}, func(o *s3.Options) { o.UsePathStyle = true })
	ctx := context.Background()
	_, err := c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("by-address")})
	must(t, err)
	_, err = c.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("by-address"), Key: aws.String("k"), Body: strings.NewReader("v")})
	must(t, err)
	if b, err := os.ReadFile(s.StoreRoot() + "/by-address/k"); err != nil || string(b) != "v" {
		t.Errorf("the object is not a plain file: %q, %v", b, err)
	}
}
