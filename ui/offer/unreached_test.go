package offer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"

	"snapferry/steps"
	"snapferry/ui/ask"
)

// notThere are networks that lead nowhere, each in its own way.
var notThere = map[string]struct {
	err  error
	says string
}{
	"a dead proxy":   {&net.OpError{Op: "proxyconnect", Net: "tcp", Err: &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}}, "HTTPS_PROXY"},
	"no such host":   {&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "amazonaws.com", IsNotFound: true}}, "no such host"},
	"no network":     {&net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ENETUNREACH)}, "network is unreachable"},
	"nobody listens": {&net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, "connection refused"},
	"no answer":      {context.DeadlineExceeded, "20 s"},
}

// TestNoAPI: where AWS itself cannot be reached it is said of AWS, and not as of a
// domain that has a tunnel, and there is a way to go on without.
func TestNoAPI(t *testing.T) {
	for name, c := range notThere {
		err := fmt.Errorf("operation error X: Y, exceeded maximum number of attempts, 3: %w", &url.Error{Op: "Post", URL: "https://sts.eu-west-1.amazonaws.com/", Err: c.err})
		for _, r := range []struct {
			ask.Request
			says []string
		}{
			{ask.Request{What: ask.Identity, Side: steps.Source, Slot: "control"}, []string{"STS in eu-west-1", "Nobody here", "type the account's id"}},
			{ask.Request{What: ask.Identity, Side: steps.Source, Slot: "signer"}, []string{"STS", "go on"}},
			{ask.Request{What: ask.Domains, Side: steps.Source, Slot: "control"}, []string{"OpenSearch Service", "endpoint"}},
			{ask.Request{What: ask.Buckets, Side: steps.Source, Slot: "control"}, []string{"S3", "type the name"}},
			{ask.Request{What: ask.Bucket, Side: steps.Source, Slot: "control"}, []string{"S3", "go on"}},
		} {
			e := unreached("eu-west-1", r.Request, err)
			if e == nil {
				t.Fatalf("%s, %s: nothing", name, r.What)
			}
			words := e.Summary.String() + " / " + e.Fix.String()
			for _, want := range append(r.says, "AWS cannot be reached from here", c.says) {
				if !strings.Contains(words, want) {
					t.Errorf("%s, %s %s: no %q in %s", name, r.What, r.Slot, want, words)
				}
			}
			for _, not := range []string{"9200", "via", "tunnel"} {
				if strings.Contains(words, not) {
					t.Errorf("%s, %s: %q in %s", name, r.What, not, words)
				}
			}
		}
		if e := unreached("eu-west-1", ask.Request{What: ask.Indices, Side: steps.Source, Slot: "signer"}, err); e != nil {
			t.Errorf("%s: of a domain: %v", name, e)
		}
	}
}

// TestReached: what AWS itself refuses is no matter of the network.
func TestReached(t *testing.T) {
	for _, err := range []error{
		errors.New("operation error STS: GetCallerIdentity, https response error StatusCode: 403, api error InvalidClientTokenId: The security token included in the request is invalid"),
		errors.New("operation error ec2imds: GetMetadata, request canceled: no EC2 IMDS role found"),
	} {
		if e := unreached("eu-west-1", ask.Request{What: ask.Identity, Slot: "control"}, err); e != nil {
			t.Errorf("%v: %v", err, e)
		}
	}
}

// TestNoSuchRegion: where nobody answers in a region that nobody knows, the way leads back
// to it.
func TestNoSuchRegion(t *testing.T) {
	for name, c := range notThere {
		if c.says == "HTTPS_PROXY" { // which is in the way of every region
			continue
		}
		for _, what := range []ask.What{ask.Identity, ask.Domains, ask.Buckets} {
			e := unreached("eu-west-4", ask.Request{What: what, Side: steps.Source, Slot: "control"}, &url.Error{Op: "Post", URL: "https://sts.eu-west-4.amazonaws.com/", Err: c.err})
			if e == nil {
				t.Fatalf("%s, %s: nothing", name, what)
			}
			words := e.Summary.String() + " / " + e.Fix.String()
			for _, want := range []string{"in eu-west-4", "no region of that name is known", "shift+tab", "eu-west-1, eu-west-2, eu-west-3", "If AWS has made it since, go on"} {
				if !strings.Contains(words, want) {
					t.Errorf("%s, %s: no %q in %s", name, what, want, words)
				}
			}
		}
	}
}
