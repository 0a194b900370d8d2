package spec

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/steps"
)

func TestSnippet(t *testing.T) {
	said, left := Snippet([]steps.Answer{
		{Key: "source.role.arn"},
		{Key: "source.mapper"},
		{Key: "source.mapper.base", Value: "profile"},
		{Key: "source.mapper.chain.1.role", Value: "MASTER-ROLE-ARN", Ask: steps.T("which")},
		{Key: "move.indices", Value: "logs-*, -logs-debug-*"},
		{Key: "no.such", Value: "x"},
	})
	const want = `source:
  mapper:
    base: profile
    chain:
      - role: MASTER-ROLE-ARN
move:
  indices:
    - logs-*
    - -logs-debug-*`
	if d := cmp.Diff(want, said); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"source.role.arn", "source.mapper"}, left); d != "" {
		t.Error(d)
	}
	if said, left := Snippet([]steps.Answer{{Key: "source.role.arn"}}); said != "" || len(left) != 1 {
		t.Errorf("%q %v", said, left)
	}
}

// TestSnippetIsRead: what is shown to be copied is an answers file.
func TestSnippetIsRead(t *testing.T) {
	list := []steps.Answer{{Key: "target.role.name", Value: "Snap"}, {Key: "target.role.path", Value: "/service/"}, {Key: "target.mapper.chain.1.role", Value: "arn:aws:iam::111122223333:role/m"}}
	said, _ := Snippet(list)
	d, errs := ReadAnswers([]byte(said))
	if len(errs) > 0 {
		t.Fatal(errs[0])
	}
	for _, a := range list {
		if got := d.Get(Key(a.Key)); got != a.Value {
			t.Errorf("%s is %q", a.Key, got)
		}
	}
}
