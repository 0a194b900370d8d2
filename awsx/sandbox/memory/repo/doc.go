// Package repo reads and writes a snapshot repository in an object store: the
// root index with its generations, the snapshots' descriptions, and the shards'
// files, under the names a real engine gives them. What stands inside the files
// is JSON of our own where the engine has a binary form.
//
// It works through backend.Blobs, as a role; it does not know the cluster whose
// data it keeps, nor how a snapshot comes about.
package repo

import (
	"encoding/json"
	"io"
	"strings"

	"snapferry/awsx/sandbox/backend"
)

// SDK is a generation of the AWS SDK for Java.
type SDK int

// The generations: SDK1 is in Elasticsearch 7.10 and OpenSearch before 2.12, SDK2
// in OpenSearch 2. OpenSearch 3 has a later SDK2 that counts its attempts, and
// deletes through the asynchronous client, whose errors come wrapped.
const (
	SDK1 SDK = iota
	SDK2
	SDK2Async
)

// Options of a repository as one cluster sees it.
type Options struct {
	// Name is the registered name, which errors carry.
	Name string
	// Base is the base path, "" for the bucket's root.
	Base     string
	Readonly bool
	// Manager is how the engine calls its elected node in texts: "master" or
	// "cluster-manager".
	Manager string
	// SDK is the AWS SDK the engine carries, whose texts its errors quote.
	SDK SDK
	// Hashed puts shards of new indices under hashed prefixes outside the base
	// path, as OpenSearch 3 does unless told otherwise.
	Hashed bool
	// Known is what the cluster remembers of the place, changed by what is written;
	// nil makes every use look anew, as readonly repositories do.
	Known *Known
	// Random is where identifiers come from.
	Random io.Reader
}

// Repository is one registered repository. But for Options.Known it holds no
// state of the store: two clusters that register the same place see each other's
// snapshots.
type Repository struct {
	opt   Options
	blobs backend.Blobs
}

// New makes a repository over a bucket. The bucket may be one that fails every
// call (see Closed), because an engine finds out only when it asks.
func New(blobs backend.Blobs, o Options) *Repository {
	o.Base = strings.Trim(o.Base, "/")
	return &Repository{opt: o, blobs: blobs}
}

// root is the key of a file in the base path.
func (r *Repository) root(name string) string {
	if r.opt.Base == "" {
		return name
	}
	return r.opt.Base + "/" + name
}

// shown is the base path as the engine prints it: each part in brackets.
func (r *Repository) shown() string {
	if r.opt.Base == "" {
		return ""
	}
	return "[" + strings.ReplaceAll(r.opt.Base, "/", "][") + "]"
}

// Path types of an index's shards, as the root index records them.
const (
	pathFixed  = 0
	pathHashed = 1
)

// IndexRef is an index inside a repository: its own identifier there, which is
// not the index's UUID in any cluster.
type IndexRef struct {
	Name     string
	ID       string
	PathType int
}

// shardDir is the prefix of a shard's files.
func (r *Repository) shardDir(ix IndexRef, shard string) string {
	dir := r.root("indices/" + ix.ID + "/" + shard + "/")
	if ix.PathType == pathHashed {
		dir = hashed(ix.ID+shard) + "/" + dir
	}
	return dir
}

// hashed is the prefix OpenSearch 3 spreads shards by: of the 64-bit FNV-1a hash
// the six top bits as one base64 character and the next fourteen as binary
// digits.
func hashed(s string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	h := uint64(0xcbf29ce484222325)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 0x100000001b3
	}
	b := []byte{alphabet[h>>58]}
	for i := range 14 {
		b = append(b, '0'+byte(h>>(57-i)&1))
	}
	return string(b)
}

// Shard failures, files and snapshots as they stand in the repository.
type (
	// Snapshot is the description of a finished snapshot.
	Snapshot struct {
		Name             string          `json:"name"`
		UUID             string          `json:"uuid"`
		VersionID        int             `json:"version_id"`
		Version          string          `json:"version"`
		Indices          []string        `json:"indices"`
		DataStreams      []string        `json:"data_streams"`
		GlobalState      bool            `json:"include_global_state"`
		State            string          `json:"state"`
		Reason           string          `json:"reason,omitempty"`
		Start            int64           `json:"start_time"`
		End              int64           `json:"end_time"`
		TotalShards      int             `json:"total_shards"`
		SuccessfulShards int             `json:"successful_shards"`
		Failures         []ShardFailure  `json:"failures"`
		Metadata         json.RawMessage `json:"metadata,omitempty"`
	}
	// ShardFailure is a shard that could not be taken.
	ShardFailure struct {
		Index     string `json:"index"`
		IndexUUID string `json:"index_uuid"`
		Shard     int    `json:"shard_id"`
		Reason    string `json:"reason"`
		Node      string `json:"node_id"`
		Status    string `json:"status"`
	}
	// File is one file of a shard.
	File struct {
		// Name is the blob, or v__… for a file whose content stands in Inline.
		Name string `json:"name"`
		// Physical is the name in the shard's own folder, e.g. _0.cfs.
		Physical string `json:"physical_name"`
		// Length is what the file pretends to hold, in bytes.
		Length   int64  `json:"length"`
		Checksum string `json:"checksum"`
		Inline   []byte `json:"meta_hash,omitempty"`
	}
	// ShardSnapshot is one shard in one snapshot. Times are in milliseconds.
	ShardSnapshot struct {
		Name     string `json:"name"`
		Start    int64  `json:"start_time"`
		Time     int64  `json:"time"`
		NewFiles int    `json:"number_of_files"`
		NewBytes int64  `json:"total_size"`
		Files    []File `json:"files"`
		MaxSeq   int64  `json:"max_seq_no"`
	}
)

// Size sums the files of a shard.
func (s ShardSnapshot) Size() (files int, bytes int64) {
	for _, f := range s.Files {
		bytes += f.Length
	}
	return len(s.Files), bytes
}
