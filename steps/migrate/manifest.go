package migrate

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/spec"
)

// Manifest is what the snapshot should hold, read from the source right before it was
// begun and right after it was taken. It is the Data of the snapshot step's evidence.
type Manifest struct {
	SnapshotUUID string `json:"snapshot_uuid"`
	// EngineSeconds is how long the engine says the snapshot took.
	EngineSeconds float64                  `json:"engine_seconds"`
	Indices       map[string]IndexManifest `json:"-"`
	// Streams are the data streams that moved, by name.
	Streams map[string]StreamManifest `json:"streams,omitempty"`
}

// StreamManifest is one data stream of the source.
type StreamManifest struct {
	// Indices are oldest first.
	Indices    []string `json:"indices"`
	Generation int      `json:"generation"`
	Timestamp  string   `json:"timestamp"`
	// Template makes its next index, "" for none.
	Template string `json:"template,omitempty"`
}

// IndexManifest is one index of the source.
type IndexManifest struct {
	// Gone says that it was not there any more, or closed: nothing else is known.
	Gone bool   `json:"gone,omitempty"`
	UUID string `json:"uuid,omitempty"`
	// Docs is the engine's own figure, with every object of a nested field in it; Count is
	// what _count says where there are such fields, nil where it could not be asked.
	Docs  int64  `json:"docs"`
	Count *int64 `json:"count,omitempty"`
	// MaxSeqNo is the last operation of each primary. Sequence numbers travel
	// with the files, so the target's tell exactly up to where it was copied.
	MaxSeqNo map[int]int64 `json:"max_seq_no"`
	// Mapping is a hash of the canonical mapping, Nested says that it has fields of
	// type nested.
	Mapping string `json:"mapping,omitempty"`
	Nested  bool   `json:"nested,omitempty"`
	// Changed names what was another before the snapshot began ("mapping", "setting
	// index.x", "alias logs"); Once says that nobody read it then.
	Changed  []string          `json:"changed,omitempty"`
	Once     bool              `json:"once,omitempty"`
	Settings map[string]string `json:"-"`
	// Aliases are the canonical options by name.
	Aliases map[string]string `json:"-"`
	Samples []Sample          `json:"samples,omitempty"`
}

// takeManifest reads the source. Documents are sampled only where the proof asks.
func takeManifest(ctx context.Context, c *cluster.Cluster, r *reading, proof string) (Manifest, error) {
	m, err := tried(ctx, r, func(ctx context.Context) (Manifest, error) { return describe(ctx, c, sourceNames(r.moves)) })
	if err != nil {
		return m, err
	}
	if m.Streams, err = r.streams(ctx, c, streamNames(r.moves)); err != nil {
		return m, err
	}
	err = r.try(ctx, func(ctx context.Context) error { return m.count(ctx, c) })
	if err != nil || proof != spec.ProofSample {
		return m, err
	}
	err = r.try(ctx, func(ctx context.Context) error {
		all, err := refreshed(ctx, c, m.there())
		if err != nil || !all { // documents may be missing that are only not visible yet
			return err
		}
		return m.sees(ctx, c, steps.Source)
	})
	if err != nil {
		return Manifest{}, err
	}
	return m, takeSamples(ctx, c, r, m)
}

// there are the indices that are not gone.
func (m Manifest) there() []string {
	var names []string
	for _, n := range slices.Sorted(maps.Keys(m.Indices)) {
		if !m.Indices[n].Gone {
			names = append(names, n)
		}
	}
	return names
}

// describe reads what two clusters can be compared by, without documents: a few
// requests for all indices together.
func describe(ctx context.Context, c *cluster.Cluster, indices []string) (Manifest, error) {
	m := Manifest{Indices: make(map[string]IndexManifest, len(indices))}
	for _, n := range indices {
		m.Indices[n] = IndexManifest{Gone: true}
	}
	err := c.EachStats(ctx, indices, func(n string, s cluster.IndexStats) {
		if _, wanted := m.Indices[n]; wanted {
			m.Indices[n] = IndexManifest{UUID: s.UUID, Docs: s.Docs, MaxSeqNo: s.MaxSeqNo}
		}
	})
	if err != nil {
		return m, err
	}
	there := m.there()
	if len(there) == 0 {
		return m, nil
	}
	known := alike{texts: map[string]string{}, sets: map[string]map[string]string{}}
	note := func(n string, what func(*IndexManifest)) {
		if d, wanted := m.Indices[n]; wanted {
			what(&d)
			m.Indices[n] = d
		}
	}
	err = c.EachMapping(ctx, there, func(n string, mapping json.RawMessage) {
		note(n, func(d *IndexManifest) {
			d.Mapping, d.Nested = known.text(hash(canonicalJSON(mapping))), nestedField.Match(mapping)
		})
	})
	if err != nil {
		return m, err
	}
	err = c.EachSettings(ctx, there, func(n string, settings map[string]string) {
		note(n, func(d *IndexManifest) { d.Settings = known.set(lasting(settings)) })
	})
	if err != nil {
		return m, err
	}
	aliases, err := c.Aliases(ctx, there)
	for n, list := range aliases {
		note(n, func(d *IndexManifest) { d.Aliases = known.set(aliasTexts(list)) })
	}
	return m, err
}

// alike keeps what many indices have in common once: thousands are made from a few
// templates.
type alike struct {
	texts map[string]string
	sets  map[string]map[string]string
}

func (a alike) text(s string) string {
	if _, known := a.texts[s]; !known {
		a.texts[s] = s
	}
	return a.texts[s]
}

// set gives nil for one without members.
func (a alike) set(m map[string]string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	b, _ := json.Marshal(m) // strings by strings, in order
	if _, known := a.sets[string(b)]; !known {
		a.sets[string(b)] = m
	}
	return a.sets[string(b)]
}

// nestedField is a field whose objects the engine keeps as documents of their own.
var nestedField = regexp.MustCompile(`"type"\s*:\s*"nested"`)

// sight is what is kept of an index while its snapshot is taken, which may be for hours.
type sight struct {
	uuid, mapping     string
	settings, aliases map[string]string
}

// sights are those of the indices that are there.
func (m Manifest) sights() map[string]sight {
	list := make(map[string]sight, len(m.Indices))
	for n, i := range m.Indices {
		if !i.Gone {
			list[n] = sight{i.UUID, i.Mapping, i.Settings, i.Aliases}
		}
	}
	return list
}

// since marks what is another than it was in an earlier reading.
func (m Manifest) since(before map[string]sight) {
	for n, now := range m.Indices {
		was, known := before[n]
		switch {
		case now.Gone:
			continue
		case known && was.uuid != now.UUID: // it went, and another has its name: the snapshot may hold either
			m.Indices[n] = IndexManifest{Gone: true}
			continue
		}
		if now.Once = !known; known {
			now.Changed = changed(IndexManifest{Mapping: was.mapping, Settings: was.settings, Aliases: was.aliases}, now)
		}
		m.Indices[n] = now
	}
}

// streams reads data streams by name; those that are not there are left out.
func (r *reading) streams(ctx context.Context, c *cluster.Cluster, names []string) (map[string]StreamManifest, error) {
	if len(names) == 0 {
		return nil, nil
	}
	list, err := tried(ctx, r, c.DataStreams)
	if err != nil {
		return nil, err
	}
	wanted, found := set(names), map[string]StreamManifest{}
	for _, s := range list {
		if wanted[s.Name] {
			found[s.Name] = StreamManifest{Indices: s.Indices, Generation: s.Generation, Timestamp: s.Timestamp, Template: s.Template}
		}
	}
	return found, nil
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

// hash is half of a SHA-256: nobody is to be outwitted, only a slip noticed, and
// there are many of them.
func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}
