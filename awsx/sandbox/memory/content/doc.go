// Package content fills an embedded cluster with what a production domain of a
// shop might hold: rolled-over logs, monthly metrics, orders, a data stream,
// templates, and the indices a managed domain keeps for itself.
//
// All of it follows from a seed and a moment, so that two worlds from the same
// seed hold the same documents. It knows no requests and no snapshots.
package content

import (
	"math/rand/v2"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/memory"
)

// Options of Seed.
type Options struct {
	// Seed decides every document.
	Seed uint64
	// Now is the moment the newest documents end at; indices are named by it.
	Now time.Time
	// Version is the cluster's engine: older indices are of older minor versions
	// of the same major, so that nothing stands in the way of one step up.
	Version awsid.EngineVersion
	// SystemOnly plants only what every managed domain has, and the template by which
	// the data stream goes on: the target of a migration is not quite empty either.
	SystemOnly bool
}

// Seed plants the content. It may be called again with the same options.
func Seed(c *memory.Cluster, o Options) error { return c.Plant(Make(o)) }

// Make gives the content without planting it.
func Make(o Options) memory.Content {
	g := &generator{Options: o, rnd: rand.New(rand.NewPCG(o.Seed, 0x5eed))}
	g.Now = o.Now.UTC().Truncate(time.Minute)
	g.system()
	if !o.SystemOnly {
		g.logs()
		g.metrics()
		g.shop()
		g.clicks()
		g.audit()
		if o.Version.Family == awsid.OpenSearch {
			g.traces()
		}
		g.templates()
	} else {
		g.streamTemplate()
	}
	return g.out
}

// generator collects content. Its randomness is drawn in a fixed order.
type generator struct {
	Options
	rnd *rand.Rand
	out memory.Content
}

// GiB and MiB are sizes that indices pretend to have.
const (
	MiB = int64(1) << 20
	GiB = MiB << 10
)

// spec is one index in words.
type spec struct {
	name           string
	shards, copies int
	// age is how long ago it was made, span how long it was written to.
	age, span time.Duration
	docs      int
	bytes     int64
	mapping   string
	aliases   map[string]map[string]any
	settings  map[string]string
	// make gives one document of a moment.
	make func(at time.Time, n int) (id string, doc any)
}

// add makes an index with its documents spread over its span, oldest first.
func (g *generator) add(s spec) {
	p := memory.Planted{
		Name: s.name, Created: g.Now.Add(-s.age), Version: g.versionAt(s.age), Mappings: []byte(s.mapping), Aliases: s.aliases, Bytes: s.bytes,
		Settings: map[string]string{"index.number_of_shards": itoa(s.shards), "index.number_of_replicas": itoa(s.copies)},
	}
	for k, v := range s.settings {
		p.Settings[k] = v
	}
	span := min(s.span, s.age)
	for n := range s.docs {
		at := p.Created.Add(span * time.Duration(n) / time.Duration(max(1, s.docs))).Add(time.Duration(g.rnd.IntN(997)) * time.Millisecond)
		id, doc := s.make(at, n)
		p.Docs = append(p.Docs, memory.PlantedDoc{ID: id, Source: encode(doc)})
	}
	g.out.Indices = append(g.out.Indices, p)
}

// about varies a size by a fifth up or down.
func (g *generator) about(n int64) int64 { return n + n*int64(g.rnd.IntN(400)-200)/1000 }

// versionAt is the engine that made an index of an age: the domain was upgraded
// now and then.
func (g *generator) versionAt(age time.Duration) awsid.EngineVersion {
	v := g.Version
	older := map[awsid.Family]map[int][]awsid.EngineVersion{
		awsid.OpenSearch:    {2: {minor(v, 17, 1), minor(v, 15, 0), minor(v, 11, 0)}, 3: {minor(v, 1, 0)}},
		awsid.Elasticsearch: {7: {minor(v, 9, 3), minor(v, 7, 1), minor(v, 4, 2)}},
	}[v.Family][v.Major]
	at := int(age / (120 * 24 * time.Hour))
	if at == 0 || len(older) == 0 {
		return v
	}
	was := older[min(at, len(older))-1]
	if was.Compare(v) >= 0 {
		return v
	}
	return was
}

// minor is another minor version of the same major.
func minor(v awsid.EngineVersion, n, patch int) awsid.EngineVersion {
	v.Minor, v.Patch = n, patch
	return v
}
