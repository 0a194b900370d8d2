// Package failure says what an AWS or engine error is: denied, expired,
// throttled, missing, unreachable… It reads SDK errors, network errors and the
// bodies of the service's front, the engine and its security plugin into one
// value.
//
// It does not know what an error means for a migration or how to mend it; that
// is the diagnosis built on top of it.
package failure

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Kind is what an error is, whoever said it.
type Kind string

// The kinds.
const (
	Denied      Kind = "denied"      // an identity was understood and refused
	Expired     Kind = "expired"     // a session token or signature ran out: a new login helps
	Credentials Kind = "credentials" // there are no usable credentials, or AWS does not know them
	Signature   Kind = "signature"   // the signature or the clock is wrong
	Throttled   Kind = "throttled"   // too many requests
	Missing     Kind = "missing"     // the thing named is not there
	Exists      Kind = "exists"      // a thing of that name is there already
	Conflict    Kind = "conflict"    // the thing is in use or changing
	Invalid     Kind = "invalid"     // the request itself is refused, repeating it is useless
	Unreachable Kind = "unreachable" // no connection, no such host
	TLS         Kind = "tls"         // the connection was made but not trusted
	Timeout     Kind = "timeout"     // no answer in time; the work may go on behind it
	Interrupted Kind = "interrupted" // our own context ended
	Service     Kind = "service"     // the other side failed
	Unknown     Kind = "unknown"     // nothing known matched
)

// Front says whose words an HTTP body is, which its shape tells.
type Front string

// The fronts.
const (
	FrontNone     Front = ""         // no body, or none that was understood
	FrontService  Front = "service"  // {"Message":…} or {"message":…}: the managed service in front of the engine
	FrontEngine   Front = "engine"   // {"error":{…},"status":n}
	FrontSecurity Front = "security" // {"status":"FORBIDDEN","message":…}: the security plugin's REST API
	FrontAWS      Front = "aws"      // STS, IAM, S3, KMS or the control plane through the SDK, or XML
	FrontBalancer Front = "balancer" // empty or HTML: a load balancer
)

// Cause is one link of a chain of reasons.
type Cause struct {
	Type   string `json:"type"`
	Reason string `json:"reason"`
}

// Failure is one error, understood as far as it can be. It is itself an error and
// wraps what it was made from. It shows no secret: bodies and messages are the
// other side's words, without the signed request that a refused signature is
// answered with. Only the wrapped error still has its own words.
type Failure struct {
	Kind  Kind
	Front Front
	// Code is AWS's error code or the engine's error type, e.g. AccessDenied,
	// repository_verification_exception.
	Code string
	// Message is the words of the innermost cause: the outermost type is only
	// the symptom.
	Message string
	// Status is the HTTP status, 0 where there was no answer.
	Status    int
	RequestID string
	// Operation is what was asked, e.g. "IAM GetRole" or "PUT /_snapshot/r".
	Operation string
	Host      string
	// Body is the answer as received, without secrets, cut at 64 KiB.
	Body []byte
	// Chain goes from the outermost to the innermost cause.
	Chain []Cause
	// Suppressed are failures the engine had beside the chain, e.g. while cleaning up.
	Suppressed []Cause
	// Transient says that the same call may succeed later without anybody
	// mending anything.
	Transient bool

	err error
}

// Error is for logs and tests: what was asked, what came, and the innermost words.
func (f *Failure) Error() string {
	parts := make([]string, 0, 4)
	for _, p := range []string{f.Operation, f.symptom(), f.Message} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		return string(f.Kind)
	}
	return strings.Join(parts, ": ")
}

func (f *Failure) symptom() string {
	switch {
	case f.Status == 0:
		return f.Code
	case f.Code == "":
		return strconv.Itoa(f.Status)
	}
	return strconv.Itoa(f.Status) + " " + f.Code
}

// Unwrap gives the error the failure was read from, nil for an HTTP answer.
func (f *Failure) Unwrap() error { return f.err }

// Innermost is the last cause of the chain; the zero Cause without a chain.
func (f *Failure) Innermost() Cause {
	if len(f.Chain) == 0 {
		return Cause{}
	}
	return f.Chain[len(f.Chain)-1]
}

// Has says that a cause of this engine type is anywhere in the chain.
func (f *Failure) Has(engineType string) bool {
	return slices.ContainsFunc(f.Chain, func(c Cause) bool { return c.Type == engineType })
}

// NeedsLogin says that a new login, and nothing else, makes the call work again.
func (f *Failure) NeedsLogin() bool {
	return f.Kind == Expired || f.Kind == Credentials && !f.Unidentified()
}

// Unidentified says that the domain's security plugin, or a proxy, takes the caller
// for nobody: the password is wrong, or there is none. No login to AWS mends that.
func (f *Failure) Unidentified() bool {
	bySecurity := f.Front == FrontSecurity || f.Has("security_exception")
	return f.Status == http.StatusUnauthorized && bySecurity || f.Status == http.StatusProxyAuthRequired
}

// Is says whether err is a failure of one of the kinds.
func Is(err error, kinds ...Kind) bool {
	f := Of(err)
	return f != nil && slices.Contains(kinds, f.Kind)
}
