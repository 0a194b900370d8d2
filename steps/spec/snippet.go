package spec

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"

	"snapferry/steps"
)

// Snippet shows answers as they stand in an answers file, without its comments: what
// is to be said, and the keys of what is to be left out.
func Snippet(list []steps.Answer) (said string, left []string) {
	d := &Draft{}
	for _, a := range list {
		if a.Value == "" {
			left = append(left, a.Key)
			continue
		}
		_ = d.Set(Key(a.Key), a.Value) // a key that there is not is nothing to be said
	}
	root := d.group("", questions)
	if len(root.Content) == 0 {
		return "", left
	}
	bare(root)
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(root); err != nil {
		return "", left
	}
	return strings.TrimSuffix(out.String(), "\n"), left
}

// bare takes the comments off a tree.
func bare(n *yaml.Node) {
	n.HeadComment = ""
	for _, c := range n.Content {
		bare(c)
	}
}
