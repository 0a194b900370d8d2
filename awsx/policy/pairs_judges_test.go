//go:build judges

package policy

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCombinationsAgreeWithSimulator judges every request of a file under the
// documents of every other case, and with every other document of the file in
// each place: far more than anybody would write down, and none of it chosen
// because it works. What is in doubt here has no verdict to compare.
func TestCombinationsAgreeWithSimulator(t *testing.T) {
	var asked []policyCase
	doubts := 0
	for _, c := range combinations(loadCases(t)) {
		if Decide(c.stack, c.request).Verdict == Unknown {
			doubts++
			continue
		}
		asked = append(asked, c)
	}
	compared := 0
	for i, got := range ask(t, asked) {
		c := asked[i]
		d := Decide(c.stack, c.request)
		switch {
		case got.Error != "" || c.leavesOut(got):
			continue // it does not take every document for every request
		case got.verdict() == Implicit && d.Verdict == Allow && d.Layer == LayerResource && c.stack.Session != nil:
			continue // it lets session policies limit what a session or everybody is granted directly
		case got.verdict() != d.Verdict:
			t.Errorf("%s/%s: the simulator says %s, here it is %s\n%s", c.file, c.Name, got.Verdict, d.Verdict, reasons(d))
		}
		if diff := cmp.Diff(got.Matched, c.matched()); diff != "" {
			t.Errorf("%s/%s: other statements apply (- simulator, + here):\n%s", c.file, c.Name, diff)
		}
		compared++
	}
	if compared < len(asked)*9/10 {
		t.Errorf("of %d combinations only %d were judged", len(asked), compared)
	}
	t.Logf("%d combinations compared, %d in doubt here", compared, doubts)
}

// combinations changes one part of a case for that of another one of its file.
func combinations(cases []policyCase) []policyCase {
	var out []policyCase
	for i, c := range cases {
		if !c.plain() {
			continue
		}
		// The simulator knows no doubt: what is not given is absent.
		c.request.Complete = true
		for j, other := range cases {
			if (i+j)%3 != 0 {
				continue // a third of the pairs is plenty
			}
			if other.file == c.file && other.plain() && other.Kind == c.Kind && other.Name != c.Name {
				n := c
				n.Name += ", asked as in " + other.Name
				n.request = other.request
				n.request.Complete = true
				out = append(out, n)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(c.documents)) {
			out = append(out, c.with(name, c.documents[name])...)
		}
	}
	return slices.DeleteFunc(out, func(c policyCase) bool {
		signed := !c.request.Who.Anonymous && c.request.Who.Service == ""
		return !signed && (c.stack.Identity != nil || c.stack.Boundary != nil) || !(signed && c.request.Who.isRole()) && c.stack.Session != nil
	})
}

// plain leaves out what the simulator cannot judge or is known to judge
// otherwise: root, roles with a path, variables in documents of the older version.
func (c policyCase) plain() bool {
	w := c.request.Who
	return c.Beyond == "" && c.Differs == nil && len(c.supposed) == 0 && !w.isRoot() && (strings.Count(w.ARN, "/") == 1 || !w.isRole())
}

// with puts a document into each place where it may stand.
func (c policyCase) with(name string, d Document) []policyCase {
	if d.Version != Version2012 && strings.Contains(string(d.Bytes()), "${") {
		return nil
	}
	var out []policyCase
	put := func(place string, change func(*Stack)) {
		n := c
		n.Name += ", with " + name + " as " + place
		change(&n.stack)
		out = append(out, n)
	}
	if d.Validate(KindIdentity) == nil {
		put("identity", func(s *Stack) { s.Identity = []Document{d} })
		put("boundary", func(s *Stack) { s.Boundary = &d })
		put("session", func(s *Stack) { s.Session = []Document{d} })
	} else if c.Kind != "" && d.Validate(c.Kind) == nil {
		put("policy", func(s *Stack) { s.Resource = &d })
	}
	return out
}
