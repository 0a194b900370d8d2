package memory

import (
	"encoding/json"
	"maps"
	"strconv"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/memory/store"
)

// Content is what a cluster is filled with without being asked through its API:
// a past with old dates, old versions and sizes that are only pretended.
type Content struct {
	Indices []Planted
	// LegacyTemplates, IndexTemplates, ComponentTemplates and Pipelines are
	// bodies as the API gives them back, by name.
	LegacyTemplates, IndexTemplates, ComponentTemplates, Pipelines map[string]json.RawMessage
	// Streams are data streams: name to the number of planted backing indices,
	// which are named .ds-NAME-000001 and so on.
	Streams map[string]int
}

// Planted is one index with a past.
type Planted struct {
	Name    string
	Created time.Time
	// Version is the engine it was made by; zero is the cluster's own.
	Version awsid.EngineVersion
	// Settings are full names, e.g. index.number_of_shards.
	Settings map[string]string
	Mappings json.RawMessage
	// Aliases are alias names with their options.
	Aliases map[string]map[string]any
	Docs    []PlantedDoc
	// Bytes is what the primaries pretend to take; 0 means their real size.
	Bytes int64
}

// PlantedDoc is one document.
type PlantedDoc struct {
	ID     string
	Source json.RawMessage
}

// Plant puts content into a cluster. What has the name of something that is
// there already is left out, so that planting twice is harmless.
func (c *Cluster) Plant(p Content) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, ix := range p.Indices {
		if c.indices[ix.Name] != nil {
			continue
		}
		if err := c.plantIndex(ix); err != nil {
			return err
		}
	}
	for kind, list := range map[string]map[string]json.RawMessage{
		legacyTemplates: p.LegacyTemplates, indexTemplates: p.IndexTemplates, componentTemplates: p.ComponentTemplates,
	} {
		maps.Copy(c.state.Templates[kind], list)
	}
	maps.Copy(c.state.Pipelines, p.Pipelines)
	for name, n := range p.Streams {
		ds := &dataStream{Name: name, Field: "@timestamp", Generation: n}
		for g := range n {
			ds.Indices = append(ds.Indices, backing(name, g+1))
		}
		c.state.DataStreams[name] = ds
	}
	return c.save()
}

// plantIndex makes one index. Its age shows in creation date and version alone;
// the documents are written now.
func (c *Cluster) plantIndex(p Planted) error {
	meta := indexMeta{Name: p.Name, UUID: c.uuid(), Settings: settings{}, Aliases: map[string]object{}}
	for k, v := range p.Settings {
		meta.Settings[k] = v
	}
	meta.Settings = c.withDefaults(meta.Settings)
	if p.Version.IsZero() {
		p.Version = c.eng.v
	}
	for k, v := range map[string]string{
		"index.uuid": meta.UUID, "index.provided_name": p.Name, "index.creation_date": strconv.FormatInt(p.Created.UnixMilli(), 10),
		"index.version.created": strconv.Itoa(versionID(p.Version)),
	} {
		meta.Settings[k] = v
	}
	if p.Version != c.eng.v {
		meta.Settings["index.version.upgraded"] = strconv.Itoa(versionID(c.eng.v))
	}
	if len(p.Mappings) > 0 {
		if err := json.Unmarshal(p.Mappings, &meta.Mappings); err != nil {
			return err
		}
	}
	for alias, options := range p.Aliases {
		meta.Aliases[alias] = options
	}
	if p.Bytes > 0 && len(p.Docs) > 0 {
		meta.DocBytes = max(1, p.Bytes/int64(len(p.Docs)))
	}
	_, err := c.addIndex(meta, func(d *store.Docs) error {
		writes := make([]store.Write, len(p.Docs))
		for i, doc := range p.Docs {
			writes[i] = store.Write{ID: doc.ID, Source: doc.Source}
		}
		_, err := d.Apply(writes)
		return err
	})
	return err
}
