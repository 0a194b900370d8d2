package memory

import (
	"encoding/json"
	"maps"
	"slices"

	"snapferry/awsx/sandbox/memory/wire"
)

// globalMeta is the cluster's own part of a snapshot. Data streams are always in
// it; templates, pipelines and settings only with the global state.
type globalMeta struct {
	DataStreams map[string]*dataStream                `json:"data_stream"`
	Templates   map[string]map[string]json.RawMessage `json:"templates,omitempty"`
	Pipelines   map[string]json.RawMessage            `json:"ingest,omitempty"`
	Persistent  settings                              `json:"settings,omitempty"`
}

// globalMeta gathers it as it is now.
func (c *Cluster) globalMeta(s *running) (json.RawMessage, *wire.Error) {
	g := globalMeta{DataStreams: map[string]*dataStream{}}
	for name, ds := range c.state.DataStreams {
		if slices.Contains(s.DataStreams, name) {
			g.DataStreams[name] = ds
		}
	}
	if s.Global {
		g.Templates, g.Pipelines, g.Persistent = c.state.Templates, c.state.Pipelines, c.state.Persistent
	}
	raw, err := json.Marshal(g)
	if err != nil {
		return nil, storageError(err)
	}
	return raw, nil
}

// adopt brings a snapshot's global state into the cluster: what has the same
// name is replaced, the rest stays.
func (c *Cluster) adopt(g globalMeta) {
	for kind, list := range g.Templates {
		maps.Copy(c.state.Templates[kind], list)
	}
	maps.Copy(c.state.Pipelines, g.Pipelines)
	if g.Persistent != nil {
		c.state.Persistent = g.Persistent
	}
}
