package network

import (
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Network makes clients. It is safe for concurrent use.
type Network struct{ opts Options }

// New makes a Network. Options that cannot be used (an unreadable CA bundle, a
// malformed Via) come back from Problem and from every call.
func New(o Options) *Network { return &Network{opts: o} }

// Problem says what is wrong with the options, nil when nothing is.
func (n *Network) Problem() error { return nil }

// Isolated says that the ambient environment is ignored.
func (n *Network) Isolated() bool { return n.opts.Isolated }

// Client is for domain calls. It follows no redirect.
func (n *Network) Client() *http.Client { return nil }

// SDK is for the SDK's service clients.
func (n *Network) SDK() aws.HTTPClient { return nil }

// Close ends idle connections.
func (n *Network) Close() {}
