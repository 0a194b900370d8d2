package migrate

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"strings"

	"snapferry/awsx/cluster"
	"snapferry/steps"
)

// Manifest is what the snapshot should hold, read from the source right after it
// was taken. It is the Data of the snapshot step's evidence.
type Manifest struct {
	SnapshotUUID string `json:"snapshot_uuid"`
	// EngineSeconds is how long the engine says the snapshot took.
	EngineSeconds float64                  `json:"engine_seconds"`
	Indices       map[string]IndexManifest `json:"indices"`
}

// IndexManifest is one index of the source.
type IndexManifest struct {
	Docs int64 `json:"docs"`
	// MaxSeqNo is the last operation of each primary. Sequence numbers travel
	// with the files, so the target's tell exactly up to where it was copied.
	MaxSeqNo map[int]int64 `json:"max_seq_no"`
	// Mapping is a hash of the canonical mapping.
	Mapping  string            `json:"mapping"`
	Settings map[string]string `json:"settings"`
	// Aliases are the canonical options by name.
	Aliases map[string]string `json:"aliases"`
	Samples []Sample          `json:"samples,omitempty"`
}

// Sample is one document by its content.
type Sample struct {
	ID      string `json:"id"`
	Routing string `json:"routing,omitempty"`
	Shard   int    `json:"shard"`
	SeqNo   int64  `json:"seq_no"`
	// Hash is of the document's source as stored.
	Hash string `json:"hash"`
}

// The ways to prove content (answer move.proof).
const (
	proofSample = "sample"
	proofAll    = "all"
	proofCounts = "counts"
)

// samplesPerIndex bounds the sampled documents: enough to notice a wrong index,
// few enough for thousands of indices. "all" compares every document instead.
const samplesPerIndex = 20

// takeManifest reads the source. Documents are sampled only where the proof asks.
func takeManifest(ctx context.Context, c *cluster.Cluster, moves []steps.Move, proof string) (Manifest, error) {
	m, err := describe(ctx, c, sourceNames(moves))
	if err != nil || proof != proofSample {
		return m, err
	}
	for _, mv := range moves {
		d := m.Indices[mv.Index]
		if d.Samples, err = sample(ctx, c, mv.Index, mv.Primaries, d.Docs); err != nil {
			return Manifest{}, err
		}
		m.Indices[mv.Index] = d
	}
	return m, nil
}

// describe reads what two clusters can be compared by, without documents.
func describe(ctx context.Context, c *cluster.Cluster, indices []string) (Manifest, error) {
	m := Manifest{Indices: map[string]IndexManifest{}}
	stats, err := c.Stats(ctx, indices)
	if err != nil {
		return m, err
	}
	mappings, err := c.Mappings(ctx, indices)
	if err != nil {
		return m, err
	}
	settings, err := c.IndexSettings(ctx, indices)
	if err != nil {
		return m, err
	}
	aliases, err := c.Aliases(ctx, indices)
	if err != nil {
		return m, err
	}
	for _, n := range indices {
		m.Indices[n] = IndexManifest{
			Docs: stats[n].Docs, MaxSeqNo: maps.Clone(stats[n].MaxSeqNo), Mapping: hash(canonicalJSON(mappings[n])),
			Settings: lasting(settings[n]), Aliases: aliasTexts(aliases[n]),
		}
	}
	return m, nil
}

// sample reads a few documents of an index, some from every shard.
func sample(ctx context.Context, c *cluster.Cluster, index string, shards int, docs int64) ([]Sample, error) {
	if docs == 0 {
		return nil, nil
	}
	var list []Sample
	for d, err := range c.Documents(ctx, cluster.Walk{Index: index, Shards: shards, Batch: samplesPerIndex}) {
		if err != nil {
			return nil, err
		}
		if list = append(list, sampleOf(d)); len(list) == samplesPerIndex {
			break
		}
	}
	return list, nil
}

func sampleOf(d cluster.Document) Sample {
	return Sample{ID: d.ID, Routing: d.Routing, Shard: d.Shard, SeqNo: d.SeqNo, Hash: hash(d.Source)}
}

// passing are the settings that belong to one life of an index or to the
// cluster it lives in, and may differ after a move.
var passing = []string{
	"index.uuid", "index.creation_date", "index.provided_name", "index.version.", "index.number_of_replicas",
	"index.auto_expand_replicas", "index.replication.type", "index.routing.allocation.", "index.blocks.", "index.history_uuid",
}

func lasting(settings map[string]string) map[string]string {
	out := map[string]string{}
next:
	for k, v := range settings {
		for _, p := range passing {
			if k == p || strings.HasSuffix(p, ".") && strings.HasPrefix(k, p) {
				continue next
			}
		}
		out[k] = v
	}
	return out
}

func aliasTexts(aliases map[string]json.RawMessage) map[string]string {
	out := map[string]string{}
	for name, options := range aliases {
		out[name] = string(canonicalJSON(options))
	}
	return out
}

// canonicalJSON sorts keys and drops blanks; what is no JSON stays as it is.
func canonicalJSON(b []byte) []byte {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return b
	}
	out, err := json.Marshal(v)
	if err != nil {
		return b
	}
	return out
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
