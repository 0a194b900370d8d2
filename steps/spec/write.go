package spec

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// AnyRun is the command at the head of an answers file, for whoever knows a better
// one to put there.
const AnyRun = "snapferry run --file ANSWERS.yaml"

const fileHead = `Answers for snapferry. There is no secret in it and there never may be one.
Go on with it:  ` + AnyRun

// WriteAnswers writes the answers file: what was said, in the order of the
// questions, with comments. Reading it back gives an equal draft.
func (d *Draft) WriteAnswers() []byte {
	root := d.group("", questions)
	if len(root.Content) == 0 {
		return []byte(comment(fileHead) + "\n")
	}
	var out bytes.Buffer
	out.WriteString(comment(fileHead) + "\n\n")
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(root); err != nil {
		// A tree of valid UTF-8 scalars always encodes.
		panic(fmt.Sprintf("spec: write answers: %v", err))
	}
	return out.Bytes()
}

func comment(s string) string { return "# " + strings.ReplaceAll(s, "\n", "\n# ") }

// scalarNode says that a value is text, so that the encoder quotes what YAML would
// take for something else.
func scalarNode(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
}

// pair appends one answer with its comment above it.
func pair(m *yaml.Node, name string, value *yaml.Node, help string) {
	key := scalarNode(name)
	if help != "" {
		key.HeadComment = comment(help)
	}
	m.Content = append(m.Content, key, value)
}

// group gives the mapping of what was said below key; empty if nothing was.
func (d *Draft) group(key Key, fields []Question) *yaml.Node {
	m := &yaml.Node{Kind: yaml.MappingNode}
	for _, q := range fields {
		at := join(key, q.Name)
		if v := d.value(at, q); v != nil {
			pair(m, q.Name, v, q.Help)
		}
	}
	return m
}

// value gives the node of one question, nil where nothing was said.
func (d *Draft) value(at Key, q Question) *yaml.Node {
	if !d.Said(at) {
		return nil
	}
	switch q.Form {
	case Group:
		return d.group(at, q.Fields)
	case Chain:
		seq := &yaml.Node{Kind: yaml.SequenceNode}
		for n := 1; n <= d.links(at); n++ {
			seq.Content = append(seq.Content, d.group(join(at, itoa(n)), q.Fields))
		}
		return seq
	case Tags:
		m := &yaml.Node{Kind: yaml.MappingNode}
		tags := d.tags(at)
		for _, name := range slices.Sorted(maps.Keys(tags)) {
			pair(m, name, scalarNode(tags[name]), "")
		}
		return m
	case List:
		// A list whose text would come back otherwise stays one text.
		parts := items(d.Get(at))
		if raw := d.Get(at); strings.Join(parts, ", ") != raw || raw == "" {
			return scalarNode(raw)
		}
		seq := &yaml.Node{Kind: yaml.SequenceNode}
		for _, p := range parts {
			seq.Content = append(seq.Content, scalarNode(p))
		}
		return seq
	}
	return scalarNode(d.Get(at))
}
