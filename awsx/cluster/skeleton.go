package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
)

var errSoon = errors.New("not filled yet")

// Host is the domain's real host name.
func (c *Cluster) Host() string { return "" }

// Request is one call, ready to be sent or shown.
type Request struct {
	Method string
	// Path is decoded, e.g. /_snapshot/my repo; Query is sorted when sent.
	Path  string
	Query url.Values
	Body  []byte

	host, region string
	auth         AuthKind
}

// Request makes a call of this domain. target is path and query as a person
// types them, e.g. "/_cat/indices?v".
func (c *Cluster) Request(method, target string, body []byte) (Request, error) {
	return Request{}, errSoon
}

// Curl is the equal curl line. Secrets stand in it as environment variables only.
func (r Request) Curl() string { return "" }

// Response is an HTTP answer of any status.
type Response struct {
	Status    int
	Header    http.Header
	Body      []byte
	RequestID string
	Took      time.Duration
	// Truncated says that the body was longer than the limit of 64 MiB.
	Truncated bool
	Request   Request
}

// Failure reads an answer that is not a success; nil for 2xx.
func (r *Response) Failure() *failure.Failure { return nil }

// Do sends a call as typed and gives any answer; only the lack of one is an error.
func (c *Cluster) Do(ctx context.Context, method, target string, body []byte) (*Response, error) {
	return nil, errSoon
}

// Info is what GET / says. Version is true even where the domain pretends to be
// 7.10 (override_main_response_version).
type Info struct {
	Version      awsid.EngineVersion
	Distribution string // "opensearch", or "" for Elasticsearch
	ClusterName  string
	ClusterUUID  string
	NodeName     string
}

func (c *Cluster) Info(ctx context.Context) (Info, error) { return Info{}, errSoon }

// Repository is a registered snapshot repository. Settings are strings, as the
// engine gives them back.
type Repository struct {
	Name     awsid.RepositoryName
	Type     string
	Settings map[string]string
}

// Repositories lists all; Repository reads one, nil when absent.
func (c *Cluster) Repositories(ctx context.Context) ([]Repository, error) { return nil, errSoon }

func (c *Cluster) Repository(ctx context.Context, name awsid.RepositoryName) (*Repository, error) {
	return nil, errSoon
}

// PutRepository registers and verifies. A failure may leave the registration behind.
func (c *Cluster) PutRepository(ctx context.Context, r Repository) error { return errSoon }

// VerifyRepository gives the names of the nodes that can reach it.
func (c *Cluster) VerifyRepository(ctx context.Context, name awsid.RepositoryName) ([]string, error) {
	return nil, errSoon
}

// DeleteRepository removes the registration, never the objects; absent is no error.
func (c *Cluster) DeleteRepository(ctx context.Context, name awsid.RepositoryName) error {
	return errSoon
}

// Snapshot states.
const (
	InProgress   = "IN_PROGRESS"
	Success      = "SUCCESS"
	Partial      = "PARTIAL"
	Failed       = "FAILED"
	Incompatible = "INCOMPATIBLE"
)

// SnapshotSpec is a snapshot to be taken; global state is never included.
type SnapshotSpec struct {
	// Indices are explicit names; empty is refused, because the engine would take all.
	Indices []string
	// Metadata comes back from Snapshot; it holds our marker.
	Metadata map[string]string
}

// Snapshot is what the repository says about one.
type Snapshot struct {
	Name        awsid.SnapshotName
	UUID        string
	State       string
	Reason      string
	Version     awsid.EngineVersion
	Indices     []string
	DataStreams []string
	GlobalState bool
	// Metadata holds string values only; others are kept as their JSON.
	Metadata     map[string]string
	Start, End   time.Time
	Duration     time.Duration
	Failures     []ShardFailure
	ShardsTotal  int
	ShardsFailed int
	ShardsDone   int
}

// ShardFailure is one shard that could not be taken or brought back.
type ShardFailure struct {
	Index  string
	Shard  int
	Node   string
	Status string
	Reason string
}

// SnapshotStatus is the progress of a snapshot. Sizes are in bytes.
type SnapshotStatus struct {
	Repository awsid.RepositoryName
	Name       awsid.SnapshotName
	UUID       string
	State      string
	Shards     ShardCounts
	// Incremental is what this snapshot adds, Processed how much of that is done, Total all it refers to.
	Incremental, Processed, Total Size
	Start                         time.Time
	Took                          time.Duration
	Indices                       map[string]IndexSnapshotStatus
}

// Size is a number of files and their bytes.
type Size struct{ Files, Bytes int64 }

// ShardCounts are shards by stage.
type ShardCounts struct{ Initializing, Started, Finalizing, Done, Failed, Total int }

// IndexSnapshotStatus is the progress of one index.
type IndexSnapshotStatus struct {
	Shards                        ShardCounts
	Incremental, Processed, Total Size
}

// CreateSnapshot starts a snapshot and returns as soon as the engine accepted it.
// failure.Timeout means that it may have started all the same: look, never repeat.
func (c *Cluster) CreateSnapshot(ctx context.Context, repo awsid.RepositoryName, name awsid.SnapshotName, spec SnapshotSpec) error {
	return errSoon
}

// Snapshot reads one, nil when absent. A repository that is not registered is failure.Missing.
func (c *Cluster) Snapshot(ctx context.Context, repo awsid.RepositoryName, name awsid.SnapshotName) (*Snapshot, error) {
	return nil, errSoon
}

// Snapshots lists a repository.
func (c *Cluster) Snapshots(ctx context.Context, repo awsid.RepositoryName) ([]Snapshot, error) {
	return nil, errSoon
}

// RunningSnapshots lists what runs now in any repository, the service's own included.
func (c *Cluster) RunningSnapshots(ctx context.Context) ([]SnapshotStatus, error) {
	return nil, errSoon
}

// SnapshotStatus reads progress, nil when absent. Cheap while running, dear when finished.
func (c *Cluster) SnapshotStatus(ctx context.Context, repo awsid.RepositoryName, name awsid.SnapshotName) (*SnapshotStatus, error) {
	return nil, errSoon
}

// DeleteSnapshot deletes or aborts one; absent is no error.
func (c *Cluster) DeleteSnapshot(ctx context.Context, repo awsid.RepositoryName, name awsid.SnapshotName) error {
	return errSoon
}

// RestoreSpec says what to bring back; global state never is.
type RestoreSpec struct {
	Indices                          []string
	RenamePattern, RenameReplacement string
	// WithoutAliases leaves aliases behind.
	WithoutAliases bool
	// IndexSettings override settings, e.g. "index.number_of_replicas": "0".
	IndexSettings       map[string]string
	IgnoreIndexSettings []string
}

// Restore starts a restore and returns as soon as the engine accepted it.
func (c *Cluster) Restore(ctx context.Context, repo awsid.RepositoryName, name awsid.SnapshotName, spec RestoreSpec) error {
	return errSoon
}

// ShardRecovery is one shard being brought back. Percentages are left to the reader.
type ShardRecovery struct {
	Index   string
	Shard   int
	Primary bool
	// Type is SNAPSHOT, PEER, EXISTING_STORE, …; Stage INIT … DONE.
	Type, Stage  string
	Repository   string
	Snapshot     string
	SnapshotUUID string
	// Total is what has to come, Recovered what came.
	Total, Recovered Size
	Start, Stop      time.Time
	Took             time.Duration
	TargetNode       string
}

// Recovery reads the recoveries of the indices; those not there yet are left out.
func (c *Cluster) Recovery(ctx context.Context, indices []string) ([]ShardRecovery, error) {
	return nil, errSoon
}

// Index is one index. Sizes are in bytes.
type Index struct {
	Name              string
	UUID              string
	Health            string // green, yellow, red; "" for a closed index on old engines
	Open              bool
	Primaries         int
	Replicas          int
	Docs, DeletedDocs int64
	Bytes             int64 // all copies
	PrimaryBytes      int64
	Created           time.Time
	CreatedVersion    awsid.EngineVersion
	Hidden            bool
	// DataStream is the stream the index backs, "" for none.
	DataStream string
}

// Indices lists every index, hidden ones too, sorted by name.
func (c *Cluster) Indices(ctx context.Context) ([]Index, error) { return nil, errSoon }

// IndexSettings reads flat settings ("index.number_of_replicas": "1") by index.
func (c *Cluster) IndexSettings(ctx context.Context, indices []string) (map[string]map[string]string, error) {
	return nil, errSoon
}

// PutIndexSettings changes dynamic settings; a nil value brings the default back.
func (c *Cluster) PutIndexSettings(ctx context.Context, index string, settings map[string]*string) error {
	return errSoon
}

// Mappings reads mappings by index.
func (c *Cluster) Mappings(ctx context.Context, indices []string) (map[string]json.RawMessage, error) {
	return nil, errSoon
}

// Aliases reads aliases with their options by index; empty indices means all.
func (c *Cluster) Aliases(ctx context.Context, indices []string) (map[string]map[string]json.RawMessage, error) {
	return nil, errSoon
}

// DataStream is a data stream and its backing indices, oldest first.
type DataStream struct {
	Name       string
	Indices    []string
	Template   string
	Generation int
}

// DataStreams lists them; none where the engine does not know data streams.
func (c *Cluster) DataStreams(ctx context.Context) ([]DataStream, error) { return nil, errSoon }

// DeleteIndex removes one index by its exact name; absent is no error.
func (c *Cluster) DeleteIndex(ctx context.Context, index string) error { return errSoon }

// Refresh makes what was written searchable.
func (c *Cluster) Refresh(ctx context.Context, indices []string) error { return errSoon }

// Count counts the documents of one index.
func (c *Cluster) Count(ctx context.Context, index string) (int64, error) { return 0, errSoon }

// Document is one document with its place. Source is as stored.
type Document struct {
	ID, Routing string
	SeqNo       int64
	Shard       int
	Source      json.RawMessage
}

// Walk says which documents to read and how.
type Walk struct {
	Index string
	// Shards is the number of primaries; 0 asks.
	Shards int
	// MaxSeqNo, by shard, leaves out documents written later; nil reads all.
	MaxSeqNo map[int]int64
	// Batch is the number of documents a request; 0 is 1000.
	Batch int
}

// Documents walks an index shard by shard in the order of writing. It keeps no
// state in the cluster and may be broken off anywhere.
func (c *Cluster) Documents(ctx context.Context, w Walk) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) { yield(Document{}, errSoon) }
}

// DocumentsByID reads documents by id; absent ones are left out.
func (c *Cluster) DocumentsByID(ctx context.Context, index string, ids []DocumentID) ([]Document, error) {
	return nil, errSoon
}

// DocumentID names a document; Routing is empty unless it was written with one.
type DocumentID struct{ ID, Routing string }

// IndexStats are the figures of one index. Sizes are in bytes.
type IndexStats struct {
	UUID              string
	Docs, DeletedDocs int64
	PrimaryBytes      int64
	Bytes             int64
	// MaxSeqNo by shard, of the primaries.
	MaxSeqNo map[int]int64
}

// Stats reads figures by index.
func (c *Cluster) Stats(ctx context.Context, indices []string) (map[string]IndexStats, error) {
	return nil, errSoon
}

// Health is the cluster's or the named indices' health.
type Health struct {
	Status                                             string // green, yellow, red
	TimedOut                                           bool
	Nodes, DataNodes                                   int
	ActivePrimaries, Active                            int
	Relocating, Initializing, Unassigned, PendingTasks int
	Indices                                            map[string]IndexHealth
}

// IndexHealth is one index's health.
type IndexHealth struct {
	Status                               string
	Primaries, Replicas                  int
	ActivePrimaries, Active              int
	Relocating, Initializing, Unassigned int
}

// Health asks for the named indices, or for the cluster when none is named.
// Indices that are not there are left out.
func (c *Cluster) Health(ctx context.Context, indices []string) (Health, error) {
	return Health{}, errSoon
}

// ClusterSettings gives flat settings: what was set, over defaults.
func (c *Cluster) ClusterSettings(ctx context.Context) (map[string]string, error) {
	return nil, errSoon
}

// Node is one node's room. Sizes are in bytes.
type Node struct {
	ID, Name        string
	Data            bool
	DiskTotal       int64
	DiskAvailable   int64
	HeapMax         int64
	HeapUsedPercent int
}

// Nodes reads every node's room.
func (c *Cluster) Nodes(ctx context.Context) ([]Node, error) { return nil, errSoon }

// Explanation is why a shard stands where it stands, or nowhere.
type Explanation struct {
	State      string // started, unassigned, …
	Why        string // allocate_explanation or the like
	Unassigned string // reason: ALLOCATION_FAILED, …
	Details    string // the engine's own chain of exceptions, one text
	Attempts   int
	Deciders   []string
}

// Explain asks for one shard; nil when the engine knows nothing to explain.
func (c *Cluster) Explain(ctx context.Context, index string, shard int, primary bool) (*Explanation, error) {
	return nil, errSoon
}
