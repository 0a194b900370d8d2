package resource

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"snapferry/awsx/policy"
	"snapferry/steps"
)

// PolicyDoc is the document of a policy: lists sorted and always lists, an
// account by its number however it was written, statements in an order of their
// own. AWS gives a document back in a shape of its own, so what is compared must
// not depend on it. Spelling is kept, so that a Doc can be sent as it is. A
// policy without statements is absent.
//
// It is the document of KindBucketPolicy (Name: bucket), KindAccessPolicy
// (Name: domain), KindKeyPolicy (Name: key ARN) and KindSignerGrant (Name: ARN of
// the signer's user or role, In: name of the inline policy).
func PolicyDoc(d policy.Document) steps.Doc {
	if len(d.Statements) == 0 {
		return steps.Absent
	}
	var tree map[string]any
	dec := json.NewDecoder(bytes.NewReader(d.Bytes()))
	dec.UseNumber()
	if err := dec.Decode(&tree); err != nil {
		// Bytes of a document are always one JSON object.
		panic(fmt.Sprintf("resource: normal form of a policy: %v", err))
	}
	tree["Statement"] = normalStatements(tree["Statement"])
	return canonical(tree)
}

// ParsePolicy reads what PolicyDoc wrote; the absent document is the zero policy.
func ParsePolicy(doc steps.Doc) (policy.Document, error) {
	if !doc.Exists() {
		return policy.Document{}, nil
	}
	return policy.Parse([]byte(doc))
}

// normalStatements makes a list of one statement or many, in an order that does
// not depend on who wrote last: by Sid, then by content.
func normalStatements(v any) []any {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	for _, s := range list {
		if m, ok := s.(map[string]any); ok {
			normalStatement(m)
		}
	}
	slices.SortStableFunc(list, func(a, b any) int {
		return cmp.Or(strings.Compare(sidOf(a), sidOf(b)), strings.Compare(string(canonical(a)), string(canonical(b))))
	})
	return list
}

func sidOf(v any) string {
	m, _ := v.(map[string]any)
	sid, _ := m["Sid"].(string)
	return sid
}

// normalStatement leaves elements it does not know as they are.
func normalStatement(m map[string]any) {
	for _, name := range []string{"Action", "NotAction", "Resource", "NotResource"} {
		if v, ok := m[name]; ok {
			m[name] = normalList(v)
		}
	}
	for _, name := range []string{"Principal", "NotPrincipal"} {
		switch p := m[name].(type) {
		case string:
			// "*" alone and {"AWS":"*"} are the same principal.
			m[name] = map[string]any{"AWS": []any{p}}
		case map[string]any:
			for kind, v := range p {
				p[kind] = normalList(v)
			}
			if aws, ok := p["AWS"].([]any); ok {
				p["AWS"] = accounts(aws)
			}
		}
	}
	condition, _ := m["Condition"].(map[string]any)
	for _, keys := range condition {
		if keys, ok := keys.(map[string]any); ok {
			for key, v := range keys {
				keys[key] = normalList(v)
			}
		}
	}
}

// normalList makes a sorted list of texts without repetition: AWS shows a single
// value as a text, and truth values and numbers as texts or not.
func normalList(v any) []any {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	words := make([]string, len(list))
	for i, e := range list {
		words[i] = fmt.Sprint(e)
	}
	slices.Sort(words)
	return anys(slices.Compact(words))
}

// accounts writes arn:PARTITION:iam::ACCOUNT:root as ACCOUNT: AWS takes both and
// shows either.
func accounts(list []any) []any {
	words := make([]string, len(list))
	for i, e := range list {
		words[i] = fmt.Sprint(e)
		if p := strings.Split(words[i], ":"); len(p) == 6 && p[2] == "iam" && p[5] == "root" && len(p[4]) == 12 {
			words[i] = p[4]
		}
	}
	slices.Sort(words)
	return anys(slices.Compact(words))
}

func anys(words []string) []any {
	out := make([]any, len(words))
	for i, w := range words {
		out[i] = w
	}
	return out
}

// patch turns was into want inside live: what want has beyond was comes in, what
// it lacks goes out, and what others wrote stays byte for byte.
func patch(live policy.Document, was, want steps.Doc) (policy.Document, error) {
	w, err := ParsePolicy(was)
	if err != nil {
		return policy.Document{}, err
	}
	n, err := ParsePolicy(want)
	if err != nil {
		return policy.Document{}, err
	}
	// Taking back the change from want to was is making the change from was to want.
	return policy.Unmerge(live, n, w), nil
}

// unmerge is the inverse merge of policy documents. ok is false where a
// statement of ours was edited since: it is somebody else's now.
func unmerge(live, before, after steps.Doc) (want steps.Doc, ok bool, why steps.Text) {
	l, err1 := ParsePolicy(live)
	b, err2 := ParsePolicy(before)
	a, err3 := ParsePolicy(after)
	if err1 != nil || err2 != nil || err3 != nil {
		return live, false, steps.T("the document cannot be read any more")
	}
	left := policy.Unmerge(l, b, a)
	for _, ours := range a.Statements {
		if ours.Sid == "" || slices.ContainsFunc(b.Statements, ours.Equal) {
			continue
		}
		edited := func(s policy.Statement) bool {
			return s.Sid == ours.Sid && !slices.ContainsFunc(b.Statements, s.Equal)
		}
		if slices.ContainsFunc(left.Statements, edited) {
			return live, false, steps.T("statement %s was edited by somebody else since", ours.Sid)
		}
	}
	return PolicyDoc(left), true, steps.Text{}
}
