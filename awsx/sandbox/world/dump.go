package world

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// volatile names what a dump leaves out at the top level: counters and
// credentials that come and go without anybody having changed anything.
var volatile = []string{"Serial", "Sessions", "Slots"}

// Dump is the state as canonical JSON, for comparing two moments: object keys
// sorted, embedded documents (policies) unfolded so that two texts of one
// document are equal, and nothing in it that changes by merely looking.
func (w *World) Dump() ([]byte, error) {
	var raw []byte
	var err error
	w.Read(func(s *State) { raw, err = encode(s) })
	if err != nil {
		return nil, err
	}
	var tree map[string]any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&tree); err != nil {
		return nil, fmt.Errorf("dump the sandbox's state: %w", err)
	}
	for _, k := range volatile {
		delete(tree, k)
	}
	withoutAWSKeys(tree)
	domains, _ := tree["Domains"].([]any)
	for _, v := range domains {
		// How often a document was changed and changed back is no difference.
		if d, ok := v.(map[string]any); ok {
			delete(d, "Revision")
			delete(d, "Updated")
		}
	}
	return json.MarshalIndent(unfold(tree), "", "  ")
}

// withoutAWSKeys takes the keys that AWS manages out, with their aliases: each
// comes into being when somebody first looks at it, and nobody can delete it.
func withoutAWSKeys(tree map[string]any) {
	keep := func(name string, own func(map[string]any) bool) {
		list, _ := tree[name].([]any)
		list = slices.DeleteFunc(list, func(v any) bool {
			m, ok := v.(map[string]any)
			return ok && !own(m)
		})
		if len(list) == 0 {
			delete(tree, name)
			return
		}
		tree[name] = list
	}
	keep("KMSKeys", func(k map[string]any) bool { return k["Service"] == nil })
	keep("KMSAliases", func(a map[string]any) bool {
		name, _ := a["Name"].(string)
		return !strings.HasPrefix(name, "alias/aws/")
	})
}

// unfold replaces strings that hold a JSON object by that object.
func unfold(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			v[k] = unfold(e)
		}
	case []any:
		for i, e := range v {
			v[i] = unfold(e)
		}
	case string:
		if !strings.HasPrefix(strings.TrimSpace(v), "{") {
			return v
		}
		var doc map[string]any
		dec := json.NewDecoder(strings.NewReader(v))
		dec.UseNumber()
		if dec.Decode(&doc) == nil {
			return unfold(doc)
		}
	}
	return v
}
