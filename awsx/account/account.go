// Package account is one AWS account as seen with one identity: roles and
// users, buckets, keys and domains of the control plane. Own value structs go
// in and out; SDK types stay inside.
//
// What is absent is a value (nil or false), not an error. It does not judge
// what it reads and does not know which of it a migration wants.
package account

import (
	"encoding/json"
	"sync"

	"snapferry/awsx/awsid"
	"snapferry/awsx/session"
)

// Document is a policy document as JSON, decoded from whatever the wire had.
type Document = json.RawMessage

// Account is one account, one identity, one region. It is safe for concurrent use.
type Account struct {
	session *session.Session

	mu      sync.Mutex
	regions map[awsid.BucketName]awsid.Region
}

// New makes the view of the account the session is in.
func New(s *session.Session) *Account {
	return &Account{session: s, regions: map[awsid.BucketName]awsid.Region{}}
}
