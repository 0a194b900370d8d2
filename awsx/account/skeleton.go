package account

import (
	"context"
	"errors"
	"iter"
	"time"

	"snapferry/awsx/awsid"
)

var errSoon = errors.New("not filled yet")

// Role is an IAM role with everything that decides what it may do.
type Role struct {
	ARN         awsid.ARN
	Name        awsid.RoleName
	Path        string
	UniqueID    string // AROA…
	Description string
	Created     time.Time
	Boundary    awsid.ARN
	Tags        map[string]string
	Trust       Document
	// Inline are the role's own policies by name, Attached the managed ones.
	Inline   map[string]Document
	Attached []ManagedPolicy
}

// ManagedPolicy is an attached policy in its default version.
type ManagedPolicy struct {
	ARN      awsid.ARN
	Document Document
}

// RoleName is one role in a listing.
type RoleSummary struct {
	ARN      awsid.ARN
	Name     awsid.RoleName
	UniqueID string
	Created  time.Time
}

// RoleSpec is a role to be made.
type RoleSpec struct {
	Name        awsid.RoleName
	Path        string // "" is "/"
	Description string
	Trust       Document
	Boundary    awsid.ARN
	Tags        map[string]string
}

// User is an IAM user with everything that decides what it may do.
type User struct {
	ARN      awsid.ARN
	Name     string
	UniqueID string
	Boundary awsid.ARN
	Inline   map[string]Document
	Attached []ManagedPolicy
	Groups   []Group
}

// Group is a group a user is in.
type Group struct {
	Name     string
	Inline   map[string]Document
	Attached []ManagedPolicy
}

// Role reads a role with its trust and all policies; nil when there is none of
// exactly this name.
func (a *Account) Role(ctx context.Context, name awsid.RoleName) (*Role, error) { return nil, errSoon }

// RolesNamed lists roles whose names equal name without regard to letter case.
func (a *Account) RolesNamed(ctx context.Context, name awsid.RoleName) ([]RoleSummary, error) {
	return nil, errSoon
}

// CreateRole makes a role. A name that is taken fails with failure.Exists.
func (a *Account) CreateRole(ctx context.Context, spec RoleSpec) (RoleSummary, error) {
	return RoleSummary{}, errSoon
}

// PutTrust replaces a role's trust policy.
func (a *Account) PutTrust(ctx context.Context, name awsid.RoleName, trust Document) error {
	return errSoon
}

// TagRole adds or replaces tags; UntagRole removes them.
func (a *Account) TagRole(ctx context.Context, name awsid.RoleName, tags map[string]string) error {
	return errSoon
}

func (a *Account) UntagRole(ctx context.Context, name awsid.RoleName, keys []string) error {
	return errSoon
}

// RolePolicy reads one inline policy; nil when absent.
func (a *Account) RolePolicy(ctx context.Context, role awsid.RoleName, policy string) (Document, error) {
	return nil, errSoon
}

// PutRolePolicy writes one inline policy.
func (a *Account) PutRolePolicy(ctx context.Context, role awsid.RoleName, policy string, doc Document) error {
	return errSoon
}

// DeleteRolePolicy removes one inline policy; absent is no error.
func (a *Account) DeleteRolePolicy(ctx context.Context, role awsid.RoleName, policy string) error {
	return errSoon
}

// DeleteRole removes a role that has no policies left; absent is no error.
func (a *Account) DeleteRole(ctx context.Context, name awsid.RoleName) error { return errSoon }

// User reads a user with groups and policies; nil when absent.
func (a *Account) User(ctx context.Context, name string) (*User, error) { return nil, errSoon }

// UserPolicy reads one inline policy; nil when absent.
func (a *Account) UserPolicy(ctx context.Context, user, policy string) (Document, error) {
	return nil, errSoon
}

// PutUserPolicy writes one inline policy.
func (a *Account) PutUserPolicy(ctx context.Context, user, policy string, doc Document) error {
	return errSoon
}

// DeleteUserPolicy removes one inline policy; absent is no error.
func (a *Account) DeleteUserPolicy(ctx context.Context, user, policy string) error { return errSoon }

// Simulation is one question to IAM's policy simulator. Principal is a user or
// role ARN, never a session.
type Simulation struct {
	Principal awsid.ARN
	Actions   []string
	Resources []string
	Context   map[string][]string
}

// Simulated is the simulator's answer for one action on one resource.
type Simulated struct {
	Action, Resource string
	// Decision is allowed, explicitDeny or implicitDeny.
	Decision string
	// MissingContext are condition keys that were not given.
	MissingContext []string
}

// Simulate asks the policy simulator. It sees no trust policies and only
// roughly organisation policies: a prediction, not a proof.
func (a *Account) Simulate(ctx context.Context, q Simulation) ([]Simulated, error) {
	return nil, errSoon
}

// Bucket is where a bucket is and whose it is.
type Bucket struct {
	Name   awsid.BucketName
	Region awsid.Region
	// Owner says whose bucket it is.
	Owner Ownership
	// Readable says that this identity may list it.
	Readable bool
}

// Ownership is whose a bucket is, as far as can be asked.
type Ownership string

// Whose.
const (
	Ours         Ownership = "ours"    // owned by this account
	Theirs       Ownership = "theirs"  // reachable, owned by another account
	OwnerUnknown Ownership = "unknown" // exists, but we may not even look
)

// BucketSpec is a bucket to be made: private, ACLs off, public access blocked.
type BucketSpec struct {
	Name       awsid.BucketName
	Region     awsid.Region
	Encryption Encryption
	Tags       map[string]string
}

// Encryption is a bucket's default encryption.
type Encryption struct {
	// Algorithm is AES256, aws:kms or aws:kms:dsse.
	Algorithm string
	// KeyARN is empty for AES256 and for the AWS managed key aws/s3.
	KeyARN    string
	BucketKey bool
}

// PublicAccessBlock is the four switches of a bucket.
type PublicAccessBlock struct {
	BlockACLs, IgnoreACLs, BlockPolicy, RestrictBuckets bool
}

// AllBlocked has every switch on.
var AllBlocked = PublicAccessBlock{true, true, true, true}

// ObjectOwnership values, as S3 spells them. A bucket without the setting is ObjectWriter.
const (
	OwnerEnforced  = "BucketOwnerEnforced"
	OwnerPreferred = "BucketOwnerPreferred"
	ObjectWriter   = "ObjectWriter"
)

// LifecycleRule is one lifecycle rule, as far as it endangers a snapshot.
type LifecycleRule struct {
	ID      string
	Enabled bool
	Prefix  string
	// ExpireDays is 0 when the rule expires nothing by age.
	ExpireDays int
	// Transitions are storage classes it moves objects to.
	Transitions []string
	// Filtered says that tags or sizes narrow the rule further than Prefix.
	Filtered bool
}

// Object is one object of a listing. Size is in bytes.
type Object struct {
	Key      string
	Size     int64
	ETag     string
	Modified time.Time
}

// Bucket looks for a bucket; nil when nobody has one of this name.
func (a *Account) Bucket(ctx context.Context, name awsid.BucketName) (*Bucket, error) {
	return nil, errSoon
}

// CreateBucket makes the bucket and its settings, in the order in which nothing
// is ever open. One that is ours already is completed.
func (a *Account) CreateBucket(ctx context.Context, spec BucketSpec) error { return errSoon }

// DeleteBucket removes an empty bucket; absent is no error.
func (a *Account) DeleteBucket(ctx context.Context, name awsid.BucketName) error { return errSoon }

// BucketPolicy reads the policy; nil when the bucket has none.
func (a *Account) BucketPolicy(ctx context.Context, name awsid.BucketName) (Document, error) {
	return nil, errSoon
}

// PutBucketPolicy replaces the policy.
func (a *Account) PutBucketPolicy(ctx context.Context, name awsid.BucketName, doc Document) error {
	return errSoon
}

// DeleteBucketPolicy removes the policy; absent is no error.
func (a *Account) DeleteBucketPolicy(ctx context.Context, name awsid.BucketName) error {
	return errSoon
}

// BucketEncryption reads the default encryption; nil when none is set.
func (a *Account) BucketEncryption(ctx context.Context, name awsid.BucketName) (*Encryption, error) {
	return nil, errSoon
}

// PutBucketEncryption sets the default encryption.
func (a *Account) PutBucketEncryption(ctx context.Context, name awsid.BucketName, e Encryption) error {
	return errSoon
}

// PublicAccessBlock reads the four switches; all false when none is set.
func (a *Account) PublicAccessBlock(ctx context.Context, name awsid.BucketName) (PublicAccessBlock, error) {
	return PublicAccessBlock{}, errSoon
}

// PutPublicAccessBlock sets the four switches.
func (a *Account) PutPublicAccessBlock(ctx context.Context, name awsid.BucketName, b PublicAccessBlock) error {
	return errSoon
}

// ObjectOwnership reads who owns objects others write; ObjectWriter when unset.
func (a *Account) ObjectOwnership(ctx context.Context, name awsid.BucketName) (string, error) {
	return "", errSoon
}

// PutObjectOwnership sets it.
func (a *Account) PutObjectOwnership(ctx context.Context, name awsid.BucketName, ownership string) error {
	return errSoon
}

// BucketTags reads the tags; empty when there are none.
func (a *Account) BucketTags(ctx context.Context, name awsid.BucketName) (map[string]string, error) {
	return nil, errSoon
}

// PutBucketTags replaces all tags; an empty map removes them.
func (a *Account) PutBucketTags(ctx context.Context, name awsid.BucketName, tags map[string]string) error {
	return errSoon
}

// BucketLifecycle reads the rules; none when unset.
func (a *Account) BucketLifecycle(ctx context.Context, name awsid.BucketName) ([]LifecycleRule, error) {
	return nil, errSoon
}

// Objects walks the objects whose keys begin with prefix, in key order.
func (a *Account) Objects(ctx context.Context, name awsid.BucketName, prefix string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) { yield(Object{}, errSoon) }
}

// DeleteObjects removes keys, in batches of 1000. Absent keys are no error.
func (a *Account) DeleteObjects(ctx context.Context, name awsid.BucketName, keys []string) error {
	return errSoon
}

// PutObject writes a small object.
func (a *Account) PutObject(ctx context.Context, name awsid.BucketName, key string, body []byte) error {
	return errSoon
}

// GetObject reads an object of at most limit bytes; nil when absent.
func (a *Account) GetObject(ctx context.Context, name awsid.BucketName, key string, limit int64) ([]byte, error) {
	return nil, errSoon
}

// Key is a KMS key.
type Key struct {
	ARN         awsid.ARN
	ID          string
	Description string
	// AWSManaged keys (aws/s3) cannot be shared with another account.
	AWSManaged bool
	// State is Enabled, Disabled, PendingDeletion…
	State   string
	Enabled bool
}

// Key reads a key by id, ARN or alias; nil when absent.
func (a *Account) Key(ctx context.Context, id string) (*Key, error) { return nil, errSoon }

// KeyPolicy reads the key's policy.
func (a *Account) KeyPolicy(ctx context.Context, id string) (Document, error) { return nil, errSoon }

// PutKeyPolicy replaces it.
func (a *Account) PutKeyPolicy(ctx context.Context, id string, doc Document) error { return errSoon }

// DomainName is one domain in a listing.
type DomainSummary struct {
	Name   awsid.DomainName
	Family awsid.Family
}

// Domain is what the control plane says about a domain.
type Domain struct {
	ARN     awsid.ARN
	Name    awsid.DomainName
	ID      string
	Version awsid.EngineVersion
	// Endpoint is the host to call: the public one, or the VPC one. Custom is
	// set only when a custom endpoint is on.
	Endpoint       string
	DualStack      string
	CustomEndpoint string
	EnforceHTTPS   bool
	TLSPolicy      string

	Created, Deleted, Processing, Upgrading bool
	// State is DomainProcessingStatus: Active, Modifying, UpgradingEngineVersion, …
	State    string
	Software Software

	AccessPolicy Document
	Security     Security

	EncryptedAtRest bool
	DomainKey       string
	NodeToNode      bool

	Nodes            Nodes
	Volume           Volume
	VPC              *VPC
	SnapshotPause    *SnapshotPause
	OverrideVersion  bool
	AdvancedOptions  map[string]string
	AutomatedHourUTC int
}

// Software is the service software of a domain, e.g. R20211203-P2.
type Software struct {
	Current, New string
	Available    bool
	Status       string
}

// Security is fine-grained access control as far as the control plane tells;
// it never tells the master user.
type Security struct {
	Enabled       bool
	InternalUsers bool
	// Anonymous is the migration period after FGAC was switched on.
	Anonymous                bool
	AnonymousUntil           time.Time
	SAML, JWT, IAMFederation bool
}

// Nodes are counts and types of a domain's nodes.
type Nodes struct {
	Type              string
	Count             int
	DedicatedManagers bool
	ManagerType       string
	ManagerCount      int
	Warm              bool
	WarmType          string
	WarmCount         int
	Cold              bool
	Zones             int // 1 when zone awareness is off
	Standby           bool
	// RemoteBacked says that the instance family keeps its segments in a remote store (or1, or2, om2).
	RemoteBacked bool
}

// Volume is the EBS volume of each data node. Size is in GiB.
type Volume struct {
	EBS        bool
	SizeGiB    int
	Type       string
	IOPS       int
	Throughput int // MiB/s
}

// VPC is set for domains inside a VPC.
type VPC struct {
	ID             string
	Subnets        []string
	SecurityGroups []string
	Zones          []string
}

// SnapshotPause is a window without automated snapshots.
type SnapshotPause struct {
	Enabled    bool
	Start, End time.Time
	State      string
}

// Domains lists the domains of the account in the session's region.
func (a *Account) Domains(ctx context.Context) ([]DomainSummary, error) { return nil, errSoon }

// Domain describes one; nil when absent.
func (a *Account) Domain(ctx context.Context, name awsid.DomainName) (*Domain, error) {
	return nil, errSoon
}

// PutAccessPolicy replaces the domain's access policy. The domain is Processing
// for some minutes afterwards.
func (a *Account) PutAccessPolicy(ctx context.Context, name awsid.DomainName, doc Document) error {
	return errSoon
}
