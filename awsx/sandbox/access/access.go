// Package access says who a request to the embedded AWS comes from and whether
// that caller may do what it asks. Every service of the sandbox asks here and
// nowhere else, so that there is one meaning of a signature and of a policy.
//
// It knows identities and documents; it does not know HTTP routes, wire formats
// or what the services do with an answer.
package access

import (
	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
)

// Caller is who a request turned out to come from.
type Caller struct {
	// Account is "" for an anonymous caller.
	Account awsid.AccountID
	// Principal is the user's or role's ARN, with path; the account root is
	// arn:aws:iam::ACCOUNT:root.
	Principal awsid.ARN
	// Session is what GetCallerIdentity shows: the assumed-role ARN of a role
	// session, the user ARN of a user.
	Session awsid.ARN
	// UserID is AIDA… or AROA…:session-name.
	UserID    string
	AccessKey string
	Anonymous bool
}

// Gate authenticates keys and decides actions.
type Gate interface {
	// Key finds who owns an access key and the secret to verify a signature
	// with. A key that is unknown, inactive, expired or lacks its session token
	// gives a *Refusal.
	Key(accessKeyID, sessionToken string) (Caller, string, error)
	// Decide judges an action by the caller's identity policies (with boundary
	// and session policy), the resource's policy if it has one, and the rule
	// that another account needs both.
	Decide(q Question) policy.Decision
}

// Question is one action to be judged.
type Question struct {
	Caller   Caller
	Action   string
	Resource string
	// Owner is the account that owns the resource.
	Owner awsid.AccountID
	// ResourcePolicy is nil where the resource has none.
	ResourcePolicy *policy.Document
	// Context holds condition keys beyond the global ones the gate adds itself.
	Context map[string][]string
}

// Refusal is an authentication failure, before any policy was asked. Services
// turn it into their own wire format; Code and Message are AWS's words.
type Refusal struct {
	Status  int
	Code    string
	Message string
}

func (r *Refusal) Error() string { return r.Code + ": " + r.Message }
