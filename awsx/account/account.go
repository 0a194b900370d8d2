// Package account is one AWS account as seen with one identity: roles and
// users, buckets, keys and domains of the control plane. Own value structs go
// in and out; SDK types stay inside, and errors are *failure.Failure.
//
// What is absent is a value (nil or false), not an error. It does not judge
// what it reads and does not know which of it a migration wants.
package account

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"

	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
	"snapferry/awsx/session"
)

// Document is a policy document as JSON, decoded from whatever the wire had.
type Document = json.RawMessage

// Account is one account, one identity, one region. It is safe for concurrent use.
type Account struct {
	session *session.Session

	mu      sync.Mutex
	regions map[awsid.BucketName]awsid.Region
	id      awsid.AccountID
}

// New makes the view of the account the session is in.
func New(s *session.Session) *Account {
	return &Account{session: s, regions: map[awsid.BucketName]awsid.Region{}}
}

// Means says which account is meant: whose a bucket is is judged by it, and not by the
// account the credentials happen to be of; nobody has to ask STS then, which is out of
// reach from some closed subnets. An empty id means none.
func (a *Account) Means(id awsid.AccountID) *Account {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.id = id
	return a
}

// fail turns an SDK error into a failure, and keeps nil nil.
func fail(err error) error {
	if err == nil {
		return nil
	}
	return failure.Of(err)
}

// hasCode says that AWS answered with one of the error codes.
func hasCode(err error, codes ...string) bool {
	var api smithy.APIError
	return errors.As(err, &api) && slices.Contains(codes, api.ErrorCode())
}

// ignore drops an error with one of the codes: what should go is gone.
func ignore(err error, codes ...string) error {
	if hasCode(err, codes...) {
		return nil
	}
	return fail(err)
}

// document undoes the percent encoding IAM puts around documents.
func document(s *string) Document {
	if s == nil {
		return nil
	}
	if plain, err := url.PathUnescape(*s); err == nil {
		return Document(plain)
	}
	return Document(*s)
}

// arn reads an ARN that AWS wrote; one we cannot read stays unknown rather than
// stopping everything else.
func arn(s *string) awsid.ARN {
	a, err := awsid.ParseARN(aws.ToString(s))
	if err != nil {
		return awsid.ARN{}
	}
	return a
}
