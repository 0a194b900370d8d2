package network_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/middleware"

	"snapferry/awsx/network"
)

// withBundle does what the SDK's config loader does when a CA bundle is named.
func withBundle(c aws.HTTPClient, roots []byte) *awshttp.BuildableClient {
	return c.(*awshttp.BuildableClient).WithTransportOptions(func(tr *http.Transport) {
		if tr.TLSClientConfig.RootCAs == nil {
			tr.TLSClientConfig.RootCAs = x509.NewCertPool()
		}
		tr.TLSClientConfig.RootCAs.AppendCertsFromPEM(roots)
	})
}

func TestLoaderMayAddRoots(t *testing.T) {
	s, roots := server(t, func(http.ResponseWriter, *http.Request) {})
	calls := 0
	n := network.New(network.Options{Isolated: true, OnCall: func(network.Call) { calls++ }})
	defer n.Close()
	ask := func(c aws.HTTPClient) error {
		req, _ := http.NewRequestWithContext(context.Background(), http.MethodGet, s.URL, nil)
		res, err := c.Do(req)
		if err == nil {
			_ = res.Body.Close()
		}
		return err
	}
	client, _ := n.Loader()
	if ask(n.Adopt(client)) == nil {
		t.Fatal("an unknown authority was trusted")
	}
	if err := ask(n.Adopt(withBundle(client, roots))); err != nil {
		t.Errorf("the added root is not used: %v", err)
	}
	if ask(n.SDK()) == nil {
		t.Error("the added root leaked into the network's own pool")
	}
	if calls != 3 {
		t.Errorf("%d calls were logged, want 3", calls)
	}
}

func TestLoaderKeepsTheRules(t *testing.T) {
	client, _ := network.New(network.Options{Isolated: true}).Loader()
	tr := client.(*awshttp.BuildableClient).GetTransport()
	if tr.TLSClientConfig.InsecureSkipVerify || tr.TLSClientConfig.MinVersion < tls.VersionTLS12 {
		t.Errorf("TLS settings %+v", tr.TLSClientConfig)
	}
	if tr.Proxy == nil || tr.DialContext == nil || tr.ResponseHeaderTimeout == 0 || tr.TLSHandshakeTimeout == 0 {
		t.Error("the loader's client lost proxy, dialer or limits")
	}
}

// TestLoaderIsLogged takes the way a provider of the loader takes: the bare
// client with the API option, against a host only a tunnel reaches.
func TestLoaderIsLogged(t *testing.T) {
	s, roots := server(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Amzn-Requestid", "r-1")
		w.WriteHeader(http.StatusForbidden)
	})
	var got []network.Call
	n := network.New(network.Options{
		Getenv: none, CAPEM: roots, OnCall: func(c network.Call) { got = append(got, c) },
		Via: map[string]string{"example.com": s.Listener.Addr().String()},
	})
	client, option := n.Loader()
	ask := func(endpoint string) {
		c := sts.New(sts.Options{
			Region: "eu-west-1", HTTPClient: client, Credentials: aws.AnonymousCredentials{}, BaseEndpoint: aws.String(endpoint),
			RetryMaxAttempts: 1, APIOptions: []func(*middleware.Stack) error{option},
		})
		if _, err := c.GetCallerIdentity(context.Background(), nil); err == nil {
			t.Error("a refusal was taken for success")
		}
	}
	ask("https://example.com")
	ask("https://127.0.0.1:1")
	if len(got) != 2 {
		t.Fatalf("calls %+v", got)
	}
	if c := got[0]; c.Operation != "STS GetCallerIdentity" || c.Host != "example.com" || c.Status != 403 || c.RequestID != "r-1" || c.Err != "" {
		t.Errorf("refused call %+v", c)
	}
	if c := got[1]; c.Status != 0 || c.Err == "" {
		t.Errorf("failed call %+v", c)
	}
}

func TestOperationIsLogged(t *testing.T) {
	var got []network.Call
	n := network.New(network.Options{
		Isolated: true, OnCall: func(c network.Call) { got = append(got, c) },
		RoundTripper: roundTripper(func(*http.Request) (*http.Response, error) {
			body := `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
		}),
	})
	c := sts.New(sts.Options{Region: "eu-west-1", HTTPClient: n.SDK(), Credentials: aws.AnonymousCredentials{}})
	if _, err := c.GetCallerIdentity(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0].Operation != "STS GetCallerIdentity" || got[0].Host != "sts.eu-west-1.amazonaws.com" {
		t.Errorf("calls %+v", got)
	}
}
