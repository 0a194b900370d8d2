package policy

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// caseFile is one file of testdata/cases: documents and callers by name, and the
// cases that use them. A document or caller may also stand in its place whole.
type caseFile struct {
	About     string
	Documents map[string]Document
	Callers   map[string]Who
	Cases     []policyCase
}

// policyCase is a stack of documents, a request and the verdict expected of us.
type policyCase struct {
	Name     string
	Identity []json.RawMessage
	Boundary json.RawMessage
	Session  []json.RawMessage
	Policy   json.RawMessage
	Kind     Kind
	Unread   []Layer

	Who              json.RawMessage
	Action, Resource string
	Owner            string
	Context          map[string][]string
	Unknown          []string

	Want  Verdict
	Layer Layer
	Sid   string

	// Beyond says why the independent simulator is not asked; Differs what it
	// answers where AWS's documents say otherwise, and which they are.
	Beyond  string
	Differs *struct {
		Says    Verdict
		Because string
	}

	stack   Stack
	request Request
	file    string
}

// loadCases reads every committed case and resolves its names.
func loadCases(t *testing.T) []policyCase {
	t.Helper()
	files, err := filepath.Glob("testdata/cases/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	var all []policyCase
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var f caseFile
		if err := strict(b, &f); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, c := range f.Cases {
			c.file = filepath.Base(name)
			if err := c.resolve(f); err != nil {
				t.Fatalf("%s: %s: %v", name, c.Name, err)
			}
			all = append(all, c)
		}
	}
	return all
}

func (c *policyCase) resolve(f caseFile) error {
	doc := func(raw json.RawMessage, into **Document) error {
		if raw == nil {
			return nil
		}
		*into = &Document{}
		return named(raw, f.Documents, *into)
	}
	docs := func(raws []json.RawMessage, into *[]Document) error {
		for _, raw := range raws {
			var d *Document
			if err := doc(raw, &d); err != nil {
				return err
			}
			*into = append(*into, *d)
		}
		return nil
	}
	c.stack = Stack{Kind: c.Kind, Unread: c.Unread}
	c.request = Request{
		Action: c.Action, Resource: c.Resource, ResourceAccount: c.Owner,
		Context: c.Context, ContextUnknown: c.Unknown,
	}
	for _, err := range []error{
		docs(c.Identity, &c.stack.Identity), docs(c.Session, &c.stack.Session),
		doc(c.Boundary, &c.stack.Boundary), doc(c.Policy, &c.stack.Resource),
		named(c.Who, f.Callers, &c.request.Who),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// named takes a value by its name, or whole.
func named[T any](raw json.RawMessage, by map[string]T, into *T) error {
	var name string
	if json.Unmarshal(raw, &name) != nil {
		return strict(raw, into)
	}
	v, ok := by[name]
	if !ok {
		return &json.UnsupportedValueError{Str: "no such name: " + name}
	}
	*into = v
	return nil
}
