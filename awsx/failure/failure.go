// Package failure says what an AWS or engine error is: denied, expired,
// throttled, missing, unreachable… It reads SDK errors, network errors and the
// bodies of the service's front, the engine and its security plugin into one
// value.
//
// It does not know what an error means for a migration or how to mend it; that
// is the diagnosis built on top of it.
package failure

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

// Failure is one error, understood as far as it can be. It is itself an error,
// wraps what it was made from, and holds no secret: bodies and messages are the
// other side's words, headers of the request are never kept.
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
	// Body is the answer as received, cut at 64 KiB.
	Body []byte
	// Chain goes from the outermost to the innermost cause.
	Chain []Cause
	// Transient says that the same call may succeed later without anybody
	// mending anything.
	Transient bool

	err error
}
