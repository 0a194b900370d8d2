package facts

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/awsx/policy"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/resource"
	"snapferry/steps/spec"
)

var errSoon = errors.New("not filled yet")

// Facts is the view. It is safe for concurrent use: concurrent callers of the
// same fact share one read.
type Facts struct {
	spec *spec.Spec
	now  func() time.Time
}

func open(o Options) (*Facts, error) { return &Facts{spec: o.Spec, now: o.Now}, nil }

// Error is a fact that could not be learned. It is never shown as a pass.
type Error struct {
	Fact Name
	Side steps.Side
	// How is what was tried, as How gives it.
	How steps.Text
	// Kind is what the error is, as package failure tells.
	Kind failure.Kind
	// Needs is the permission that would allow it ("iam:GetRole"), "" where
	// rights are not the matter.
	Needs string
	Err   error
}

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// Name names a fact.
type Name string

// The facts.
const (
	FactIdentity     Name = "identity"
	FactPrincipal    Name = "principal"
	FactPolicies     Name = "policies"
	FactDomains      Name = "domains"
	FactDomain       Name = "domain"
	FactEngine       Name = "engine"
	FactClock        Name = "clock"
	FactIndices      Name = "indices"
	FactDataStreams  Name = "data-streams"
	FactHealth       Name = "health"
	FactNodes        Name = "nodes"
	FactSettings     Name = "settings"
	FactRunning      Name = "running-snapshots"
	FactRepositories Name = "repositories"
	FactRepository   Name = "repository"
	FactSnapshot     Name = "snapshot"
	FactBucket       Name = "bucket"
	FactBucketPolicy Name = "bucket-policy"
	FactBucketCrypto Name = "bucket-encryption"
	FactRole         Name = "role"
	FactDoc          Name = "document"
)

// How says how a fact of a side is learned: "GET https://host/_cat/indices" or
// "IAM GetRole". It makes no call.
func (f *Facts) How(name Name, side steps.Side) steps.Text { return steps.Text{} }

// Control calls the AWS APIs of a side's account (resource.Access).
func (f *Facts) Control(ctx context.Context, side steps.Side) (*account.Account, error) {
	return nil, errSoon
}

// Signer calls the side's domain, signed (resource.Access).
func (f *Facts) Signer(ctx context.Context, side steps.Side) (*cluster.Cluster, error) {
	return nil, errSoon
}

// Mapper calls the side's domain as the identity that edits role mappings (resource.Access).
func (f *Facts) Mapper(ctx context.Context, side steps.Side) (*cluster.Cluster, error) {
	return nil, errSoon
}

// Resource gives a kind of thing, working through this view's identities.
func (f *Facts) Resource(kind steps.Kind) (resource.Kind, bool) { return nil, false }

// Doc is the thing's live document, memoised until it is dropped.
func (f *Facts) Doc(ctx context.Context, ref steps.Ref) (steps.Doc, error) { return "", errSoon }

// Drop forgets the documents of refs and every fact a change of them may have changed.
func (f *Facts) Drop(refs ...steps.Ref) {}

// DropAll forgets everything but the connections.
func (f *Facts) DropAll() {}

// Renew forgets cached credentials after a new login, and everything learned with the old ones.
func (f *Facts) Renew() {}

// Identity is who STS says an identity is.
func (f *Facts) Identity(ctx context.Context, side steps.Side, role Role) (session.Who, error) {
	return session.Who{}, errSoon
}

// Principal is the identity's user or role ARN with its true path and spelling,
// as policies and role mappings need it. exact is false where only STS could be
// asked, which drops the path.
func (f *Facts) Principal(ctx context.Context, side steps.Side, role Role) (arn awsid.ARN, exact bool, err error) {
	return awsid.ARN{}, false, errSoon
}

// Policies are the identity policies of a principal, for merging and for
// judging without IAM's simulator.
type Policies struct {
	Principal awsid.ARN
	// Inline are by name; Attached in their default version by ARN; Groups' are
	// among them.
	Inline   map[string]policy.Document
	Attached map[string]policy.Document
	// Boundary is zero for none.
	Boundary awsid.ARN
	// Tags are a role's; nil for users.
	Tags map[string]string
}

// Documents are all of them, for a policy.Stack.
func (p Policies) Documents() []policy.Document { return nil }

// Policies reads what the identity may do by its own policies.
func (f *Facts) Policies(ctx context.Context, side steps.Side, role Role) (Policies, error) {
	return Policies{}, errSoon
}

// Domain is a domain as far as it could be learned.
type Domain struct {
	account.Domain
	// Described says that the control plane told it. Else only Name, ARN (where
	// the name is known), Endpoint and Version (from GET /) are set.
	Described bool
}

// Domains lists the domains of a side's account and region, for choosing.
func (f *Facts) Domains(ctx context.Context, side steps.Side) ([]account.DomainSummary, error) {
	return nil, errSoon
}

// Domain describes a side's domain. Where the control plane cannot be asked and
// the endpoint was typed, the domain itself is asked for what it can tell. A
// domain that is not there is an *Error of Kind failure.Missing.
func (f *Facts) Domain(ctx context.Context, side steps.Side) (Domain, error) {
	return Domain{}, errSoon
}

// Engine is what the domain's GET / says, signed.
func (f *Facts) Engine(ctx context.Context, side steps.Side) (cluster.Info, error) {
	return cluster.Info{}, errSoon
}

// Clock is how far the domain's clock is ahead of this host's, to about a
// second, by the Date header of an answer.
func (f *Facts) Clock(ctx context.Context, side steps.Side) (time.Duration, error) {
	return 0, errSoon
}

// Index is an index with its aliases.
type Index struct {
	cluster.Index
	// Aliases are sorted.
	Aliases []string
}

// Indices lists every index of a side's domain, hidden ones too, by name.
func (f *Facts) Indices(ctx context.Context, side steps.Side) ([]Index, error) { return nil, errSoon }

// AliasOptions reads aliases with their options by index.
func (f *Facts) AliasOptions(ctx context.Context, side steps.Side) (map[string]map[string]json.RawMessage, error) {
	return nil, errSoon
}

// DataStreams lists the data streams of a side's domain.
func (f *Facts) DataStreams(ctx context.Context, side steps.Side) ([]cluster.DataStream, error) {
	return nil, errSoon
}

// Health is the cluster's.
func (f *Facts) Health(ctx context.Context, side steps.Side) (cluster.Health, error) {
	return cluster.Health{}, errSoon
}

// Nodes are the nodes with their room.
func (f *Facts) Nodes(ctx context.Context, side steps.Side) ([]cluster.Node, error) {
	return nil, errSoon
}

// Settings are the cluster's flat settings over defaults.
func (f *Facts) Settings(ctx context.Context, side steps.Side) (map[string]string, error) {
	return nil, errSoon
}

// MaxShardsPerNode is cluster.max_shards_per_node; 1000 where it is not told,
// the default of Elasticsearch 7 and OpenSearch.
func (f *Facts) MaxShardsPerNode(ctx context.Context, side steps.Side) (int, error) {
	return 0, errSoon
}

// RunningSnapshots are those that run now in any repository, the service's own included.
func (f *Facts) RunningSnapshots(ctx context.Context, side steps.Side) ([]cluster.SnapshotStatus, error) {
	return nil, errSoon
}

// Repositories lists what is registered on a side's domain.
func (f *Facts) Repositories(ctx context.Context, side steps.Side) ([]cluster.Repository, error) {
	return nil, errSoon
}

// Repository reads one, nil when it is not registered.
func (f *Facts) Repository(ctx context.Context, side steps.Side, name awsid.RepositoryName) (*cluster.Repository, error) {
	return nil, errSoon
}

// Snapshot reads one, nil when it (or the repository) is not there.
func (f *Facts) Snapshot(ctx context.Context, side steps.Side, repo awsid.RepositoryName, name awsid.SnapshotName) (*cluster.Snapshot, error) {
	return nil, errSoon
}

// Bucket looks for the bucket with its owner's control identity; nil when nobody has it.
func (f *Facts) Bucket(ctx context.Context) (*account.Bucket, error) { return nil, errSoon }

// BucketPolicy is the bucket's policy; an empty document when it has none.
func (f *Facts) BucketPolicy(ctx context.Context) (policy.Document, error) {
	return policy.Document{}, errSoon
}

// BucketEncryption is the bucket's default encryption, nil when none is set.
func (f *Facts) BucketEncryption(ctx context.Context) (*account.Encryption, error) {
	return nil, errSoon
}

// SnapshotRole is a side's snapshot role as it was asked for and as it is.
type SnapshotRole struct {
	Asked awsid.RoleName
	// Found is the role of exactly this name, nil when there is none.
	Found *account.Role
	// Similar are roles whose name differs in letter case only: IAM will not
	// make another of that name, and assuming compares letter by letter.
	Similar []account.RoleSummary
}

// Role reads a side's snapshot role.
func (f *Facts) Role(ctx context.Context, side steps.Side) (SnapshotRole, error) {
	return SnapshotRole{}, errSoon
}
