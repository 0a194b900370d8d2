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

	"snapferry/awsx/network"
)

// extender is what the SDK's config loader asks of a client when a CA bundle is named.
type extender interface {
	WithTransportOptions(...func(*http.Transport)) *awshttp.BuildableClient
}

func TestSDKMayAddRoots(t *testing.T) {
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
	if ask(n.SDK()) == nil {
		t.Fatal("an unknown authority was trusted")
	}
	derived := n.SDK().(extender).WithTransportOptions(func(tr *http.Transport) {
		if tr.TLSClientConfig.RootCAs == nil {
			tr.TLSClientConfig.RootCAs = x509.NewCertPool()
		}
		tr.TLSClientConfig.RootCAs.AppendCertsFromPEM(roots)
	})
	defer closeIdle(derived)
	if err := ask(n.Adopt(derived)); err != nil {
		t.Errorf("the added root is not used: %v", err)
	}
	if ask(n.SDK()) == nil {
		t.Error("the added root leaked into the network's own pool")
	}
	if calls != 3 {
		t.Errorf("%d calls were logged, want 3", calls)
	}
}

func closeIdle(c *awshttp.BuildableClient) { c.GetTransport().CloseIdleConnections() }

func TestSDKTransportKeepsTheRules(t *testing.T) {
	n := network.New(network.Options{Isolated: true})
	tr := n.SDK().(extender).WithTransportOptions().GetTransport()
	if tr.TLSClientConfig.InsecureSkipVerify || tr.TLSClientConfig.MinVersion < tls.VersionTLS12 {
		t.Errorf("TLS settings %+v", tr.TLSClientConfig)
	}
	if tr.Proxy == nil || tr.DialContext == nil || tr.ResponseHeaderTimeout == 0 || tr.TLSHandshakeTimeout == 0 {
		t.Error("a derived client lost proxy, dialer or limits")
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
