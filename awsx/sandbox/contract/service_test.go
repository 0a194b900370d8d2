//go:build realengine

package contract_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"snapferry/awsx/sandbox"
	"snapferry/awsx/sandbox/contract"
	"snapferry/awsx/sandbox/fixture"
	"snapferry/rig"
)

const (
	bucket  = "acme-contract"
	roleARN = "arn:aws:iam::111111111111:role/acme-contract"
)

// TestServiceOverNodes plays the scenarios on real nodes behind the whole
// embedded service: signed requests through the front, the snapshot role in IAM,
// and the sandbox's own S3 store under the engine's own S3 plugin over TLS.
func TestServiceOverNodes(t *testing.T) {
	s, err := sandbox.Open(t.Context(), sandbox.Options{Dir: t.TempDir(), Pace: sandbox.PaceInstant})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	w := &service{sandbox: s, domains: map[string]string{}, whole: t}
	w.prepare(t)
	contract.Run(t, w, "3.4.0")
}

// service is a world of domains with nodes behind them: the version under test
// behind one, the version that wrote a repository before behind the other.
type service struct {
	sandbox *sandbox.Sandbox
	// domains is version → label.
	domains map[string]string
	account sandbox.Account
	// whole outlives the scenario that first asks for a node.
	whole *testing.T
}

func (w *service) prepare(t *testing.T) {
	t.Helper()
	w.account = w.sandbox.Info().Accounts[0]
	c := aws.Config{
		Region: string(sandbox.Region), HTTPClient: &http.Client{Transport: w.sandbox.Transport()},
		Credentials: credentials.NewStaticCredentialsProvider(w.account.AccessKey, w.account.Secret, ""),
	}
	_, err := s3.NewFromConfig(c).CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: aws.String(bucket), CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(sandbox.Region)},
	})
	must(t, err)
	trust := fixture.Trusting("Service", "es.amazonaws.com", "")
	_, err = iam.NewFromConfig(c).CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("acme-contract"), AssumeRolePolicyDocument: &trust})
	must(t, err)
	grant := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:ListBucket","s3:GetObject","s3:PutObject","s3:DeleteObject"],
		"Resource":["arn:aws:s3:::` + bucket + `","arn:aws:s3:::` + bucket + `/*"]}]}`
	_, err = iam.NewFromConfig(c).PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: aws.String("acme-contract"), PolicyName: aws.String("s3"), PolicyDocument: &grant})
	must(t, err)
}

// Cluster puts a node behind a domain when its version is first asked for.
func (w *service) Cluster(t testing.TB, version string) contract.Target {
	t.Helper()
	label, ok := w.domains[version]
	if !ok {
		label = "source"
		if len(w.domains) > 0 {
			label = "next"
			// One node after the other: a writer is asked for once.
			for v, l := range w.domains {
				if l == label {
					delete(w.domains, v)
				}
			}
		}
		w.domains[version] = label
		must(t, w.sandbox.UseNode(context.Background(), label, w.node(t, version, label), nil))
	}
	return contract.Target{
		BaseURL: "https://" + w.host(label), Client: &http.Client{Transport: signing{w}},
		Repository: map[string]any{"bucket": bucket, "region": string(sandbox.Region), "role_arn": roleARN},
		Fronted:    true,
		Pass:       func(d time.Duration) { time.Sleep(d) },
	}
}

// host is the endpoint of a domain.
func (w *service) host(label string) string {
	for _, d := range w.sandbox.Info().Domains {
		if d.Label == label {
			return d.Endpoint
		}
	}
	return ""
}

func (w *service) node(t testing.TB, version, label string) string {
	t.Helper()
	return w.started(t, w.options(t, version, label))
}

// options are those of a node that stands behind a domain.
func (w *service) options(t testing.TB, version, label string) rig.Options {
	t.Helper()
	home, err := rig.Assemble(context.Background(), version)
	must(t, err)
	o := rig.Options{Version: version, Name: label, DataDir: w.whole.TempDir(), PathRepo: []string{w.sandbox.StoreRoot()}, HeapMB: 768}
	if home.S3() {
		o.S3Endpoint, o.S3Region = w.sandbox.Info().Address, string(sandbox.Region)
		o.S3CA, err = os.ReadFile(w.sandbox.Info().CAFile)
		must(t, err)
		slots, err := w.sandbox.Slots(label)
		must(t, err)
		for _, slot := range slots {
			o.S3 = append(o.S3, rig.Client{Name: slot.Client, AccessKey: slot.AccessKey, SecretKey: slot.Secret})
		}
	}
	return o
}

func (w *service) started(t testing.TB, o rig.Options) string {
	t.Helper()
	ctx, cancel := context.WithTimeoutCause(context.Background(), 5*time.Minute, fmt.Errorf("%s took too long to start", o.Version))
	defer cancel()
	node, err := rig.Start(ctx, o)
	must(t, err)
	w.whole.Cleanup(node.Close)
	return node.URL
}

// signing signs each request as the account's administrator.
type signing struct{ w *service }

func (s signing) RoundTrip(r *http.Request) (*http.Response, error) {
	return s.w.signed(r, aws.Credentials{AccessKeyID: s.w.account.AccessKey, SecretAccessKey: s.w.account.Secret})
}

func (w *service) signed(r *http.Request, keys aws.Credentials) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	out := r.Clone(r.Context())
	out.Body = io.NopCloser(bytes.NewReader(body))
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(r.Context(), keys, out, hex.EncodeToString(sum[:]), "es", string(sandbox.Region), time.Now()); err != nil {
		return nil, err
	}
	return w.sandbox.Transport().RoundTrip(out)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
