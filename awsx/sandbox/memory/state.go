package memory

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"snapferry/awsx/sandbox/memory/security"
	"snapferry/awsx/sandbox/memory/wire"
)

// state is all of the cluster but its indices. It is one small file, so that a
// change of it costs one rename.
type state struct {
	UUID string
	// Nodes are the identifiers and names of the data nodes.
	Nodes        []node
	Persistent   settings               `json:",omitempty"`
	Transient    settings               `json:",omitempty"`
	Repositories map[string]*repository `json:",omitempty"`
	// Templates by kind: see the constants in api_template.go.
	Templates   map[string]map[string]json.RawMessage `json:",omitempty"`
	Pipelines   map[string]json.RawMessage            `json:",omitempty"`
	DataStreams map[string]*dataStream                `json:",omitempty"`
	Running     []*running                            `json:",omitempty"`
	Security    *security.State                       `json:",omitempty"`
}

// node is one data node.
type node struct {
	ID, Name string
	Started  time.Time
}

const (
	stateFile = "cluster.json"
	indexDir  = "indices"
	metaEnd   = ".json"
	docsEnd   = ".docs.jsonl"
)

// load reads the cluster's folder, making what is missing.
func (c *Cluster) load() error {
	if err := os.MkdirAll(filepath.Join(c.opt.Dir, indexDir), 0o700); err != nil {
		return err
	}
	raw, err := os.ReadFile(filepath.Join(c.opt.Dir, stateFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		c.state.UUID = c.uuid()
	case err != nil:
		return err
	default:
		if err := json.Unmarshal(raw, &c.state); err != nil {
			return fmt.Errorf("%s: %w", stateFile, err)
		}
	}
	c.fillState()
	if err := c.loadIndices(); err != nil {
		return err
	}
	return c.save()
}

// fillState makes what a new or resized cluster lacks.
func (c *Cluster) fillState() {
	s := &c.state
	if s.Repositories == nil {
		s.Repositories = map[string]*repository{}
	}
	if s.Templates == nil {
		s.Templates = map[string]map[string]json.RawMessage{}
	}
	for _, kind := range []string{legacyTemplates, indexTemplates, componentTemplates} {
		if s.Templates[kind] == nil {
			s.Templates[kind] = map[string]json.RawMessage{}
		}
	}
	if s.Pipelines == nil {
		s.Pipelines = map[string]json.RawMessage{}
	}
	if s.DataStreams == nil {
		s.DataStreams = map[string]*dataStream{}
	}
	for len(s.Nodes) < c.opt.Nodes {
		// A managed domain names its nodes by 32 hexadecimal digits.
		name := make([]byte, 16)
		for i, b := range []byte(wire.UUID(c.opt.Random))[:16] {
			name[i] = b
		}
		s.Nodes = append(s.Nodes, node{ID: c.uuid(), Name: fmt.Sprintf("%x", name), Started: c.now()})
	}
	s.Nodes = s.Nodes[:c.opt.Nodes]
}

// save writes the state. An error here is the disk's, and the caller's answer.
func (c *Cluster) save() error {
	return writeFile(filepath.Join(c.opt.Dir, stateFile), &c.state)
}

// writeFile replaces a file as a whole: after a kill there is the old content or
// the new one.
func writeFile(path string, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	tmp := path + ".tmp"
	if err := os.WriteFile(tmp, b.Bytes(), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

// storageError is what the engine answers when its own disk fails.
func storageError(err error) *wire.Error {
	return wire.NewForeign(500, "i_o_exception", "%s", err)
}
