package world

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"snapferry/awsx/awsid"
)

// State is everything the world remembers. Services reach it through World.Read
// and World.Write only.
type State struct {
	// Serial counts the ids and secrets given out.
	Serial uint64
	// Began is when the world was made.
	Began    time.Time
	Accounts map[awsid.AccountID]*Account
	// Sessions are temporary credentials by access key id.
	Sessions map[string]*Session
	// Buckets holds the configuration of each bucket by name, in the shape the
	// S3 service defines. Bucket names are global, hence not in an account.
	Buckets map[string]json.RawMessage
	Domains []*Domain
	// KMSKeys and KMSAliases are those of all accounts and regions.
	KMSKeys    []*KMSKey   `json:",omitempty"`
	KMSAliases []*KMSAlias `json:",omitempty"`
	// Faults are what was set wrongly on purpose, Dealt those of it that are
	// done with, in the words of whoever does so.
	Faults []string `json:",omitempty"`
	Dealt  []string `json:",omitempty"`
	// PodToken is what pods show to get their credentials.
	PodToken string `json:",omitempty"`
	// Slots are the S3 clients of real nodes that stand behind domains.
	Slots []*Slot `json:",omitempty"`
}

func emptyState() *State {
	return &State{
		Accounts: map[awsid.AccountID]*Account{},
		Sessions: map[string]*Session{},
		Buckets:  map[string]json.RawMessage{},
		Domains:  []*Domain{},
	}
}

// Account is one AWS account.
type Account struct {
	ID awsid.AccountID
	// Label is what the sandbox calls the account: source, target, jump. It is
	// the name of its profile too.
	Label string
	// Users and Roles are kept by lower-cased name: IAM names are unique
	// without regard to letter case, but keep the case they were made with.
	Users map[string]*User
	Roles map[string]*Role
	// Policies are customer managed policies by ARN.
	Policies map[string]*ManagedPolicy
	// Keys are the long-lived access keys of the account's users by id.
	Keys map[string]*AccessKey
}

// User is an IAM user.
type User struct {
	Name, Path, ID string
	Created        time.Time
	Tags           map[string]string `json:",omitempty"`
	Grants
}

// Role is an IAM role.
type Role struct {
	Name, Path, ID, Description string
	Created                     time.Time
	// Trust is the trust policy as it was sent, its principals bound (see Bind).
	Trust string
	// MaxSession is in seconds.
	MaxSession int
	Tags       map[string]string `json:",omitempty"`
	Grants
}

// Grants are the identity-based policies of a user or role.
type Grants struct {
	// Inline policies by name, as they were sent.
	Inline map[string]string `json:",omitempty"`
	// Attached are ARNs of managed policies in the order they were attached.
	Attached []string `json:",omitempty"`
	// Boundary is the ARN of the managed policy that bounds the principal.
	Boundary string `json:",omitempty"`
}

// ManagedPolicy is a customer managed policy.
type ManagedPolicy struct {
	Name, Path, ID, ARN, Description string
	Created, Updated                 time.Time
	Versions                         []PolicyVersion
	// Default is the id of the version in force.
	Default string
	// NextVersion numbers the next version: ids are never used again.
	NextVersion int
	Tags        map[string]string `json:",omitempty"`
}

// PolicyVersion is one document of a managed policy.
type PolicyVersion struct {
	ID       string
	Document string
	Created  time.Time
}

// AccessKey is a long-lived key. User is "" for the account's root.
type AccessKey struct {
	ID, Secret, User string
	Inactive         bool `json:",omitempty"`
	Created          time.Time
}

// Session is a set of temporary credentials of a role.
type Session struct {
	Key, Secret, Token string
	Account            awsid.AccountID
	// RoleID binds the session to the role as it was made: a role of the same
	// name made later is another role.
	RoleName, RoleID, Name string
	Issued, Expires        time.Time
	// Policies are the session policies that were passed.
	Policies []string `json:",omitempty"`
}

// AddAccount makes an account without anybody in it.
func (s *State) AddAccount(id awsid.AccountID, label string) *Account {
	a := &Account{
		ID: id, Label: label,
		Users: map[string]*User{}, Roles: map[string]*Role{},
		Policies: map[string]*ManagedPolicy{}, Keys: map[string]*AccessKey{},
	}
	s.Accounts[id] = a
	return a
}

// User finds a user by name regardless of case, nil when there is none.
func (a *Account) User(name string) *User { return a.Users[strings.ToLower(name)] }

// Role finds a role by name regardless of case, nil when there is none. Whoever
// compares role ARNs must do so by the ARN the role has, letter by letter.
func (a *Account) Role(name string) *Role { return a.Roles[strings.ToLower(name)] }

// UserARN is the ARN of a user of this account.
func (a *Account) UserARN(u *User) awsid.ARN {
	return awsid.ARN{Partition: awsid.PartitionAWS, Service: "iam", Account: a.ID, Resource: "user" + u.Path + u.Name}
}

// RoleARN is the ARN of a role of this account.
func (a *Account) RoleARN(r *Role) awsid.ARN {
	return awsid.RoleARN(awsid.PartitionAWS, a.ID, r.Path, awsid.RoleName(r.Name))
}

// RootARN is the account itself as a principal.
func RootARN(id awsid.AccountID) awsid.ARN {
	return awsid.ARN{Partition: awsid.PartitionAWS, Service: "iam", Account: id, Resource: "root"}
}

// RoleByARN finds a role by its exact ARN: IAM compares role ARNs with letter
// case and path when a role is assumed.
func (s *State) RoleByARN(arn string) (*Account, *Role) {
	parsed, err := awsid.ParseARN(arn)
	if err != nil || parsed.Service != "iam" || parsed.Type() != "role" {
		return nil, nil
	}
	a := s.Accounts[parsed.Account]
	if a == nil {
		return nil, nil
	}
	r := a.Role(parsed.Name())
	if r == nil || a.RoleARN(r).String() != arn {
		return nil, nil
	}
	return a, r
}

// Key finds a long-lived access key and the account it belongs to.
func (s *State) Key(id string) (*Account, *AccessKey) {
	for _, a := range s.Accounts {
		if k := a.Keys[id]; k != nil {
			return a, k
		}
	}
	return nil, nil
}

// Labelled finds an account by its label, nil when there is none.
func (s *State) Labelled(label string) *Account {
	for _, a := range s.Accounts {
		if a.Label == label {
			return a
		}
	}
	return nil
}

// Version finds a version of the policy, the one in force for id "".
func (p *ManagedPolicy) Version(id string) *PolicyVersion {
	if id == "" {
		id = p.Default
	}
	i := slices.IndexFunc(p.Versions, func(v PolicyVersion) bool { return v.ID == id })
	if i < 0 {
		return nil
	}
	return &p.Versions[i]
}
