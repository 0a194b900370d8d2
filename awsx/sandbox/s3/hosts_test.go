package s3

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// named is the SDK's client as a person has it: no endpoint given, so that it
// calls buckets by their own host names. Every name leads to the listener.
func (f *fixture) named(who, region string) *sdk.Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", f.server.Listener.Addr().String())
	}
	// The listener's certificate is for no AWS name; whose it is, is not the
	// question here.
	client := &http.Client{Transport: &http.Transport{DialContext: dial, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	f.Cleanup(client.CloseIdleConnections)
	return sdk.New(sdk.Options{
		Region: region, HTTPClient: client, HTTPSignerV4: frozen{signer.NewSigner()}, RetryMaxAttempts: 1,
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		Credentials:                credentials.NewStaticCredentialsProvider(who, secretOf(who), ""),
	})
}

func TestRealHostNames(t *testing.T) {
	f := newFixture(t)
	ctx, c := context.Background(), f.named(admin, "eu-west-1")
	_, err := c.CreateBucket(ctx, &sdk.CreateBucketInput{Bucket: aws.String("by-name"), CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, bucket := range []string{"by-name", "bkt"} {
		for _, key := range []string{"plain", "a b+c", "ü//x", "trailing/", "q?x#y"} {
			if _, err := c.PutObject(ctx, &sdk.PutObjectInput{Bucket: aws.String(bucket), Key: aws.String(key), Body: strings.NewReader(key)}); err != nil {
				t.Fatalf("%s %q: %v", bucket, key, err)
			}
			out, err := c.GetObject(ctx, &sdk.GetObjectInput{Bucket: aws.String(bucket), Key: aws.String(key)})
			if err != nil {
				t.Fatalf("%s %q: %v", bucket, key, err)
			}
			if b, err := io.ReadAll(out.Body); err != nil || string(b) != key {
				t.Errorf("%s %q: %q, %v", bucket, key, b, err)
			}
		}
	}
	all, err := c.ListBuckets(ctx, &sdk.ListBucketsInput{})
	if err != nil || len(all.Buckets) != 2 {
		t.Errorf("%+v, %v", all, err)
	}
	list, err := c.ListObjectsV2(ctx, &sdk.ListObjectsV2Input{Bucket: aws.String("by-name"), Delimiter: aws.String("/")})
	if err != nil || len(list.Contents) != 3 || len(list.CommonPrefixes) != 2 {
		t.Errorf("%+v, %v", list, err)
	}
}

// TestTheWrongRegionIsTold is how the SDKs find a bucket's region.
func TestTheWrongRegionIsTold(t *testing.T) {
	f := newFixture(t)
	ctx, b := context.Background(), aws.String("bkt")
	_, err := f.named(admin, "eu-central-1").ListObjectsV2(ctx, &sdk.ListObjectsV2Input{Bucket: b})
	if codeOf(err) != "PermanentRedirect" {
		t.Errorf("list: %v", err)
	}
	head, err := f.named(admin, "eu-west-1").HeadBucket(ctx, &sdk.HeadBucketInput{Bucket: b})
	if err != nil || *head.BucketRegion != "eu-west-1" {
		t.Errorf("%+v, %v", head, err)
	}
}

func TestPresignedURLs(t *testing.T) {
	f := newFixture(t)
	f.now = time.Now // the SDK presigns by its own clock
	ctx, p := context.Background(), sdk.NewPresignClient(f.client(admin))
	put, err := p.PresignPutObject(ctx, &sdk.PutObjectInput{Bucket: aws.String("bkt"), Key: aws.String("a b")})
	if err != nil {
		t.Fatal(err)
	}
	get, err := sdk.NewPresignClient(f.client(nobody)).PresignGetObject(ctx, &sdk.GetObjectInput{Bucket: aws.String("bkt"), Key: aws.String("a b")})
	if err != nil {
		t.Fatal(err)
	}
	send := func(method, url, body string) int {
		req, err := http.NewRequest(method, url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := f.server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	if status := send("PUT", put.URL, "hello"); status != 200 {
		t.Errorf("put: %d", status)
	}
	if status := send("GET", put.URL, ""); status != 403 {
		t.Errorf("a URL for putting was taken for getting: %d", status)
	}
	// The URL carries its maker's rights, and nobody has none.
	if status := send("GET", get.URL, ""); status != 403 {
		t.Errorf("get by one without rights: %d", status)
	}
	f.gate.grants[nobody] = statement(`"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"s3:authType":"REST-QUERY-STRING"}}`)
	if status := send("GET", get.URL, ""); status != 200 {
		t.Errorf("get: %d", status)
	}
	if r := f.do(ask{who: nobody, method: "GET", target: "/bkt/a%20b"}); r.status != 403 {
		t.Errorf("get by header: %d", r.status)
	}
}
