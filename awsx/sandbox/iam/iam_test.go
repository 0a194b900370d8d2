package iam_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/smithy-go"

	"snapferry/awsx/sandbox/fixture"
	sandboxiam "snapferry/awsx/sandbox/iam"
	"snapferry/awsx/sandbox/proxy"
	"snapferry/awsx/sandbox/world"
)

// serviceTrust is the trust policy AWS documents for snapshot roles.
var serviceTrust = fixture.Trusting("Service", "es.amazonaws.com", "")

// client is the SDK's own client for a user of the fixture.
func client(f *fixture.Fixture, key, secret string) *iam.Client {
	service := sandboxiam.New(f.World, f.Gate)
	route := func(host string) http.Handler {
		if host == "iam.amazonaws.com" {
			return service
		}
		return nil
	}
	return iam.New(iam.Options{
		Region: "eu-west-1", HTTPClient: &http.Client{Transport: proxy.Transport{Route: route}},
		Credentials: credentials.NewStaticCredentialsProvider(key, secret, ""), Retryer: aws.NopRetryer{},
		HTTPSignerV4: signer{v4.NewSigner(), f.Clock.Now},
	})
}

// signer is the SDK's, by the fixture's clock.
type signer struct {
	*v4.Signer
	now func() time.Time
}

func (s signer) SignHTTP(ctx context.Context, c aws.Credentials, r *http.Request, hash, service, region string, _ time.Time, opts ...func(*v4.SignerOptions)) error {
	return s.Signer.SignHTTP(ctx, c, r, hash, service, region, s.now(), opts...)
}

// admin is a client that may do everything in the source account.
func admin(t *testing.T) (*fixture.Fixture, *iam.Client) {
	t.Helper()
	f := fixture.New(t)
	key, secret := f.User(fixture.Source, "admin", fixture.Admin)
	return f, client(f, key, secret)
}

// code is the error code and message of an SDK error.
func code(err error) (string, string) {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode(), api.ErrorMessage()
	}
	return "", ""
}

func wants(t *testing.T, err error, wantCode, wantMessage string) {
	t.Helper()
	if c, m := code(err); c != wantCode || m != wantMessage {
		t.Errorf("got  %s: %s (%v)\nwant %s: %s", c, m, err, wantCode, wantMessage)
	}
}

func createRole(t *testing.T, c *iam.Client, name, trust string) error {
	t.Helper()
	_, err := c.CreateRole(context.Background(), &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: &trust})
	return err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func unescape(t *testing.T, s *string) string {
	t.Helper()
	plain, err := url.QueryUnescape(aws.ToString(s))
	must(t, err)
	return plain
}

func stateDump(t *testing.T, w *world.World) string {
	t.Helper()
	b, err := w.Dump()
	must(t, err)
	return string(b)
}
