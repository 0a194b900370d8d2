package s3

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/store"
)

// The people of the tests: an administrator and somebody without any right in
// the source account, an administrator of the target account, the source's root.
const (
	admin    = "AKIASOURCEADMIN00000"
	nobody   = "AKIASOURCENOBODY0000"
	foreign  = "AKIATARGETADMIN00000"
	root     = "AKIASOURCEROOT000000"
	unsigned = ""

	source awsid.AccountID = "111111111111"
	target awsid.AccountID = "222222222222"
)

// gate is a fake with the real evaluator: who holds which key and which identity
// policy is the test's to say.
type gate struct {
	mu     sync.Mutex
	grants map[string]string
	asked  []access.Question
}

func secretOf(key string) string { return "secret of " + key }

func callerOf(key string) access.Caller {
	arn := func(account awsid.AccountID, resource string) awsid.ARN {
		return awsid.ARN{Partition: "aws", Service: "iam", Account: account, Resource: resource}
	}
	c := access.Caller{Account: source, AccessKey: key, UserID: "AIDA" + key}
	switch key {
	case admin:
		c.Principal = arn(source, "user/admin")
	case nobody:
		c.Principal = arn(source, "user/nobody")
	case root:
		c.Principal = arn(source, "root")
	case foreign:
		c.Account, c.Principal = target, arn(target, "user/foreign")
	default:
		return access.Caller{Anonymous: true}
	}
	c.Session = c.Principal
	return c
}

func (g *gate) Key(id, _ string) (access.Caller, string, error) {
	if c := callerOf(id); !c.Anonymous {
		return c, secretOf(id), nil
	}
	return access.Caller{}, "", &access.Refusal{Status: 403, Code: "InvalidClientTokenId", Message: "The security token included in the request is invalid."}
}

func (g *gate) Decide(q access.Question) policy.Decision {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked = append(g.asked, q)
	stack := policy.Stack{Resource: q.ResourcePolicy, Kind: policy.KindBucket}
	if doc := g.grants[q.Caller.AccessKey]; doc != "" {
		d, err := policy.Parse([]byte(doc))
		if err != nil {
			panic(err)
		}
		stack.Identity = []policy.Document{d}
	}
	return policy.Decide(stack, policy.Request{
		Who: q.Caller.Who(), Action: q.Action, Resource: q.Resource, ResourceAccount: string(q.Owner), Context: q.Context,
	})
}

// questions gives the actions and resources asked since the last time.
func (g *gate) questions() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var out []string
	for _, q := range g.asked {
		out = append(out, q.Action+" "+q.Resource)
	}
	g.asked = nil
	return out
}

// memoryRegister keeps configurations in a map.
type memoryRegister struct {
	mu   sync.Mutex
	byID map[string]BucketConfig
}

func (m *memoryRegister) Bucket(name string) (BucketConfig, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.byID[name]
	return c, ok
}

func (m *memoryRegister) Buckets() []BucketConfig {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []BucketConfig
	for _, c := range m.byID {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b BucketConfig) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func (m *memoryRegister) Put(c BucketConfig) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.byID[c.Name] = c
	return nil
}

func (m *memoryRegister) Delete(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.byID, name)
	return nil
}

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

const allowAll = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

// fixture is a service on a loopback listener with TLS, over a fresh store. The
// bucket "bkt" of the source account in eu-west-1 exists.
type fixture struct {
	*testing.T
	service  *Service
	gate     *gate
	register *memoryRegister
	server   *httptest.Server
	// now is the service's clock.
	now func() time.Time
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{
		T: t, gate: &gate{grants: map[string]string{admin: allowAll, foreign: allowAll, root: allowAll}},
		register: &memoryRegister{byID: map[string]BucketConfig{}}, now: func() time.Time { return noon },
	}
	st, err := store.Open(t.TempDir(), func() time.Time { return f.now() })
	if err != nil {
		t.Fatal(err)
	}
	f.service = New(Options{Store: st, Gate: f.gate, Buckets: f.register, Now: func() time.Time { return f.now() }})
	f.server = httptest.NewTLSServer(f.service)
	t.Cleanup(func() { f.server.Close(); st.Close() })
	f.bucket("bkt", BucketConfig{Owner: source, Region: "eu-west-1", Ownership: ownerEnforced})
	return f
}

func (f *fixture) bucket(name string, cfg BucketConfig) {
	cfg.Name, cfg.Created = name, noon
	_ = f.register.Put(cfg)
}

// reply is an answer, taken apart if it is an error.
type reply struct {
	status        int
	code, message string
	header        http.Header
	body          string
}

// ask is a signed request with everything to choose. The host is the listener's
// unless the target names one: "host.example/path".
type ask struct {
	who, method, target, body string
	header                    map[string]string
	region                    string
}

func (f *fixture) do(a ask) reply {
	f.Helper()
	url, host := f.server.URL+a.target, ""
	if !strings.HasPrefix(a.target, "/") {
		var path string
		host, path, _ = strings.Cut(a.target, "/")
		url = f.server.URL + "/" + path
	}
	req, err := http.NewRequest(a.method, url, strings.NewReader(a.body))
	if err != nil {
		f.Fatal(err)
	}
	if host != "" {
		req.Host = host
	}
	for k, v := range a.header {
		req.Header.Set(k, v)
	}
	if a.who != unsigned {
		sum := sha256.Sum256([]byte(a.body))
		hash := hex.EncodeToString(sum[:])
		if given := req.Header.Get("X-Amz-Content-Sha256"); given != "" {
			hash = given
		}
		req.Header.Set("X-Amz-Content-Sha256", hash)
		region := "eu-west-1"
		if a.region != "" {
			region = a.region
		}
		err = signer.NewSigner().SignHTTP(context.Background(), aws.Credentials{AccessKeyID: a.who, SecretAccessKey: secretOf(a.who)}, req, hash, "s3", region, f.now(),
			func(o *signer.SignerOptions) { o.DisableURIPathEscaping = true })
		if err != nil {
			f.Fatal(err)
		}
	}
	resp, err := f.server.Client().Transport.RoundTrip(req)
	if err != nil {
		f.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		f.Fatal(err)
	}
	out := reply{status: resp.StatusCode, header: resp.Header, body: string(b)}
	var e struct{ Code, Message string }
	if bytes.Contains(b, []byte("<Error>")) && xml.Unmarshal(b, &e) == nil {
		out.code, out.message = e.Code, e.Message
	}
	return out
}

// put stores an object as the administrator.
func (f *fixture) put(bucket, key, body string) {
	f.Helper()
	if r := f.do(ask{who: admin, method: "PUT", target: "/" + bucket + "/" + urlEncode(key), body: body}); r.status != 200 {
		f.Fatalf("put %s: %d %s", key, r.status, r.body)
	}
}

// client is the SDK's own client for a person; its clock is the service's.
func (f *fixture) client(who string) *sdk.Client {
	return sdk.New(sdk.Options{
		Region: "eu-west-1", BaseEndpoint: aws.String(f.server.URL), UsePathStyle: true, HTTPClient: f.server.Client(),
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
		Credentials:                credentials.NewStaticCredentialsProvider(who, secretOf(who), ""),
		HTTPSignerV4:               frozen{signer.NewSigner()},
		RetryMaxAttempts:           1,
	})
}

// frozen signs with the service's clock.
type frozen struct{ s *signer.Signer }

func (z frozen) SignHTTP(ctx context.Context, c aws.Credentials, r *http.Request, hash, service, region string, _ time.Time, opts ...func(*signer.SignerOptions)) error {
	return z.s.SignHTTP(ctx, c, r, hash, service, region, noon, opts...)
}

// plain puts a listener without TLS in place of the one with.
func (f *fixture) plain() {
	f.server.Close()
	f.server = httptest.NewServer(f.service)
	f.Cleanup(f.server.Close)
}
