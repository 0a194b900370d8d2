// Package wire is what the services of the embedded AWS share on the wire: the
// record of a request, the log of requests, the query protocol of STS and IAM,
// the JSON protocol of KMS and the error form of the services over REST.
//
// It knows protocols. It does not know what an operation does, and it decides
// nothing: signatures are judged by sigv4, rights by the gate.
package wire

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net"
	"net/http"

	"snapferry/awsx/sandbox/access"
)

// Call is what becomes known about a request while it is served. The service
// fills it in; the log writes it down.
type Call struct {
	// ID is the request id, as in the x-amzn-RequestId header.
	ID        string
	Operation string
	Caller    access.Caller
	// Mutates says that the operation is of a kind that changes something,
	// whether or not it was allowed to.
	Mutates bool
}

type callKey struct{}

// CallOf is the record of the request with this context. Without one, what is
// written to it is lost; so services need not care who runs them.
func CallOf(ctx context.Context) *Call {
	if c, ok := ctx.Value(callKey{}).(*Call); ok {
		return c
	}
	return &Call{ID: NewID()}
}

// NewID is a new request id in the form of AWS.
func NewID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, by its documentation
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// Facts are the condition keys that only the service knows: where the request
// came from, by which transport, for which region.
func Facts(r *http.Request, region string) map[string][]string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = "127.0.0.1"
	}
	secure := "true"
	if r.URL.Scheme == "http" {
		secure = "false"
	}
	f := map[string][]string{"aws:SourceIp": {host}, "aws:SecureTransport": {secure}}
	if region != "" {
		f["aws:RequestedRegion"] = []string{region}
	}
	if ua := r.UserAgent(); ua != "" {
		f["aws:UserAgent"] = []string{ua}
	}
	return f
}

// Fault is a refusal of a service, in the words of its API.
type Fault struct {
	Status        int
	Code, Message string
}

func (f *Fault) Error() string { return f.Code + ": " + f.Message }

// NewFault makes a fault.
func NewFault(status int, code, message string) *Fault { return &Fault{status, code, message} }

// FromRefusal is a refusal of the signature or the key as a fault.
func FromRefusal(r *access.Refusal) *Fault { return &Fault{r.Status, r.Code, r.Message} }
