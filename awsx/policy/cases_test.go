package policy

import (
	"cmp"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"testing"
)

// caseFile is one file of testdata/cases: documents and callers by name, and the
// cases that use them. A document or caller may also stand in its place whole.
// What a case leaves out of who, kind, action, resource and owner is the file's.
type caseFile struct {
	About     string
	Documents map[string]Document
	Callers   map[string]Who
	Usual     policyCase
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

	// Supposing lists what the truth may be where the case says that something is
	// unknown or unread: the simulator, which knows no doubt, is asked about each.
	Supposing []supposition

	// Beyond says why the independent simulator is not asked; Differs what it
	// answers where AWS's documents say otherwise, and which they are.
	Beyond  string
	Differs *struct {
		Says    Verdict
		Because string
	}

	stack    Stack
	request  Request
	supposed []policyCase
	file     string
	// documents are all of the file.
	documents map[string]Document
}

// supposition is one way the unknown may turn out; what it leaves out stays as
// in the case.
type supposition struct {
	Identity, Session []json.RawMessage
	Boundary, Policy  json.RawMessage
	Owner             string
	Context           map[string][]string
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
			c.file, c.documents = filepath.Base(name), f.Documents
			c.fill(f.Usual)
			if err := c.resolve(f); err != nil {
				t.Fatalf("%s: %s: %v", name, c.Name, err)
			}
			all = append(all, c)
		}
	}
	return all
}

func (c *policyCase) fill(usual policyCase) {
	c.Kind, c.Action = cmp.Or(c.Kind, usual.Kind), cmp.Or(c.Action, usual.Action)
	c.Resource, c.Owner = cmp.Or(c.Resource, usual.Resource), cmp.Or(c.Owner, usual.Owner)
	if c.Who == nil {
		c.Who = usual.Who
	}
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
	for _, s := range c.Supposing {
		if err := c.suppose(s, f); err != nil {
			return err
		}
	}
	return nil
}

// suppose makes the case without the doubt.
func (c *policyCase) suppose(s supposition, f caseFile) error {
	sure := *c
	sure.Supposing, sure.supposed, sure.Unread, sure.Unknown = nil, nil, nil, nil
	if s.Identity != nil {
		sure.Identity = s.Identity
	}
	if s.Session != nil {
		sure.Session = s.Session
	}
	if s.Boundary != nil {
		sure.Boundary = s.Boundary
	}
	if s.Policy != nil {
		sure.Policy = s.Policy
	}
	sure.Owner = cmp.Or(s.Owner, sure.Owner)
	sure.Context = maps.Clone(c.Context)
	if sure.Context == nil {
		sure.Context = map[string][]string{}
	}
	maps.Copy(sure.Context, s.Context)
	if err := sure.resolve(f); err != nil {
		return err
	}
	sure.request.Complete = true
	c.supposed = append(c.supposed, sure)
	return nil
}

// fits says whether verdicts on all suppositions agree with the verdict in
// doubt: a certain one holds in all of them, an unknown one does not.
func (c policyCase) fits(verdicts []Verdict) bool {
	allowed, denied := 0, 0
	for _, v := range verdicts {
		switch v {
		case Allow:
			allowed++
		case Deny:
			denied++
		}
	}
	switch c.Want {
	case Unknown:
		return allowed > 0 && allowed < len(verdicts)
	case Allow:
		return allowed == len(verdicts)
	case Deny:
		return denied == len(verdicts)
	}
	return allowed == 0 && denied < len(verdicts)
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
