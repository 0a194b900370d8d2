package world

import (
	"encoding/hex"
	"time"

	"snapferry/awsx/awsid"
)

// KMSKey is a symmetric key of KMS.
type KMSKey struct {
	// ID is a UUID.
	ID          string
	Account     awsid.AccountID
	Region      awsid.Region
	Description string `json:",omitempty"`
	Created     time.Time
	// Policy is the key policy as it was sent, its principals bound (see Bind).
	Policy string
	// Service is the AWS service the key is managed for, e.g. "s3" for the key
	// aws/s3; "" for a customer's own.
	Service  string `json:",omitempty"`
	Disabled bool   `json:",omitempty"`
	Rotated  bool   `json:",omitempty"`
	// Deletion is when the key ceases to be, zero for one that stays; Window is
	// the days that were given it.
	Deletion time.Time `json:",omitzero"`
	Window   int       `json:",omitempty"`
	Tags     map[string]string
	// Material is what data is encrypted with: 32 bytes.
	Material []byte
}

// KMSAlias is a name for a key in one account and region. It begins with alias/.
type KMSAlias struct {
	Name             string
	Account          awsid.AccountID
	Region           awsid.Region
	Key              string
	Created, Updated time.Time
}

// ARN is the key's ARN.
func (k *KMSKey) ARN() awsid.ARN {
	return awsid.ARN{Partition: awsid.PartitionAWS, Service: "kms", Region: k.Region, Account: k.Account, Resource: "key/" + k.ID}
}

// ARN is the alias's ARN.
func (a *KMSAlias) ARN() awsid.ARN {
	return awsid.ARN{Partition: awsid.PartitionAWS, Service: "kms", Region: a.Region, Account: a.Account, Resource: a.Name}
}

// KMSKey finds a key, nil when there is none, or none any more.
func (s *State) KMSKey(account awsid.AccountID, region awsid.Region, id string, now time.Time) *KMSKey {
	for _, k := range s.KMSKeys {
		if k.Account == account && k.Region == region && k.ID == id && (k.Deletion.IsZero() || now.Before(k.Deletion)) {
			return k
		}
	}
	return nil
}

// KMSAlias finds an alias, nil when there is none. Names keep their letter case.
func (s *State) KMSAlias(account awsid.AccountID, region awsid.Region, name string) *KMSAlias {
	for _, a := range s.KMSAliases {
		if a.Account == account && a.Region == region && a.Name == name {
			return a
		}
	}
	return nil
}

// AddKMSKey makes a key that everything about is still to be said.
func (s *State) AddKMSKey(account awsid.AccountID, region awsid.Region, now time.Time) *KMSKey {
	k := &KMSKey{ID: s.uuid(), Account: account, Region: region, Created: now, Tags: map[string]string{}, Material: s.draw()}
	s.KMSKeys = append(s.KMSKeys, k)
	return k
}

// uuid is a new id in the form of a random UUID.
func (s *State) uuid() string {
	b := s.draw()[:16]
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
