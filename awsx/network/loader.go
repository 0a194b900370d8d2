package network

import (
	"context"
	"crypto/tls"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Loader is what the SDK's config loader is given: it takes a CA bundle (of a
// profile, of the environment) only into its own buildable client, which cannot
// carry our call log. The calls the loader's own providers make (SSO, roles of a
// profile) are therefore logged by the second value, an API option.
func (n *Network) Loader() (aws.HTTPClient, func(*middleware.Stack) error) {
	if n.opts.RoundTripper != nil {
		return n.SDK(), func(*middleware.Stack) error { return nil }
	}
	// The loader appends to the pool it finds: it gets a pool of its own.
	client := n.buildable.WithTransportOptions(func(tr *http.Transport) {
		c := tr.TLSClientConfig.Clone()
		if c.RootCAs != nil {
			c.RootCAs = c.RootCAs.Clone()
		}
		tr.TLSClientConfig = c
	})
	return client, func(stack *middleware.Stack) error {
		return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("CallLog", n.logSDK), middleware.After)
	}
}

// Adopt brings the client that comes back from the loader under the call log.
// Without a bundle of its own it is the network's client again, with its
// connections.
func (n *Network) Adopt(c aws.HTTPClient) aws.HTTPClient {
	derived, ok := c.(*awshttp.BuildableClient)
	if !ok || n.sameRoots(derived.GetTransport().TLSClientConfig) {
		return n.SDK()
	}
	return adopted(func(r *http.Request) (*http.Response, error) { return n.logged(r, derived.Do) })
}

func (n *Network) sameRoots(c *tls.Config) bool {
	own := n.transport.TLSClientConfig.RootCAs
	if own == nil || c.RootCAs == nil {
		return own == c.RootCAs
	}
	return own.Equal(c.RootCAs)
}

type adopted func(*http.Request) (*http.Response, error)

func (f adopted) Do(r *http.Request) (*http.Response, error) { return f(r) }

func (n *Network) logSDK(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
	out middleware.DeserializeOutput, md middleware.Metadata, err error,
) {
	start := n.opts.Now()
	out, md, err = next.HandleDeserialize(ctx, in)
	if request, ok := in.Request.(*smithyhttp.Request); ok {
		var answer *http.Response
		if raw, ok := out.RawResponse.(*smithyhttp.Response); ok {
			answer = raw.Response
		}
		n.record(request.Request.WithContext(ctx), start, answer, err)
	}
	return out, md, err
}
