package s3

import (
	"time"

	"snapferry/awsx/awsid"
)

// BucketConfig is everything about a bucket apart from its objects. It is a
// value that survives JSON; the zero value of a field means "not configured".
type BucketConfig struct {
	Name    string
	Owner   awsid.AccountID
	Region  awsid.Region
	Created time.Time
	// Policy is the bucket policy as it was sent, its principals bound.
	Policy string `json:",omitempty"`
	// Ownership is BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter.
	Ownership    string        `json:",omitempty"`
	PublicAccess *PublicAccess `json:",omitempty"`
	Encryption   Encryption
	Tags         []Tag `json:",omitempty"`
	// Lifecycle is the lifecycle configuration's XML as it was sent.
	Lifecycle string `json:",omitempty"`
}

// NewBucket is a bucket as S3 has made them since April 2023: lists disabled,
// public access blocked, encrypted.
func NewBucket(name string, owner awsid.AccountID, region awsid.Region, created time.Time) BucketConfig {
	return BucketConfig{
		Name: name, Owner: owner, Region: region, Created: created, Ownership: ownerEnforced,
		PublicAccess: &PublicAccess{BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true},
	}
}

// PublicAccess is a bucket's public access block.
type PublicAccess struct {
	BlockPublicAcls       bool
	IgnorePublicAcls      bool
	BlockPublicPolicy     bool
	RestrictPublicBuckets bool
}

// Encryption is how a bucket encrypts what comes without a wish of its own.
// The zero value is S3's default, AES256.
type Encryption struct {
	// Algorithm is AES256, aws:kms or aws:kms:dsse.
	Algorithm string `json:",omitempty"`
	// Key is the key as it was configured: id, ARN or alias; "" is aws/s3.
	Key       string `json:",omitempty"`
	BucketKey bool   `json:",omitempty"`
}

// Tag is a bucket's or object's tag.
type Tag struct {
	Key   string
	Value string
}

// The three kinds of object ownership.
const (
	ownerEnforced  = "BucketOwnerEnforced"
	ownerPreferred = "BucketOwnerPreferred"
	objectWriter   = "ObjectWriter"
)

// BucketRegister keeps the configurations of all buckets of all accounts. Names
// are global. Its methods may be called from any goroutine; the service makes
// one change at a time, so a Put may replace what a Bucket gave.
type BucketRegister interface {
	Bucket(name string) (BucketConfig, bool)
	// Buckets gives all of them, sorted by name.
	Buckets() []BucketConfig
	Put(BucketConfig) error
	Delete(name string) error
}

// Principals knows which users and roles exist.
type Principals interface {
	// Bind rewrites a policy's principals to what IAM stores. An error says that
	// one of them does not exist.
	Bind(policy string) (string, error)
	// Show is the inverse, for reading the policy back.
	Show(policy string) string
}
