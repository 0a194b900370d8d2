package panel

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"snapferry/steps"
)

// TestRowsOfAPlanTellApart: two changes for one long ARN read as two also where the
// terminal is narrow: what they do is on the row, and whom they are for.
func TestRowsOfAPlanTellApart(t *testing.T) {
	role, key := "arn:aws:iam::222222222222:role/team/snapferry-logs-prod-snapshot", "arn:aws:kms:eu-west-1:111111111111:key/mrk-1234abcd12ab34cd56ef1234567890ab"
	p := Plan{Plan: steps.Plan{Steps: []steps.StepPlan{
		{ID: "share-bucket", Side: steps.Source, Changes: []steps.Change{{Step: "share-bucket", Verb: steps.Modify, Summary: steps.T("%s may read what is in bucket %s", role, "acme-os-migration")}}},
		{ID: "share-key", Side: steps.Source, Changes: []steps.Change{{Step: "share-key", Verb: steps.Modify, Summary: steps.T("%s may decrypt with key %s", role, key)}}},
	}}}
	for width, want := range map[int][2]string{
		60:  {"snapferry-logs-prod-snapshot may read", "snapferry-logs-prod-snapshot may decrypt"},
		80:  {"snapferry-logs-prod-snapshot may read what is in bucket", "snapferry-logs-prod-snapshot may decrypt with key"},
		120: {"may read what is in bucket acme-os-migration", "may decrypt with key"},
		200: {role + " may read what is in bucket acme-os-migration", "may decrypt with key"},
	} {
		lines, rows := plainLook().Changes(p, width)
		for i, row := range rows {
			got := ansi.Strip(lines[row])
			if !strings.Contains(got, want[i]) || ansi.StringWidth(got) > width {
				t.Errorf("%d cells, change %d: %q does not say %q", width, i, got, want[i])
			}
		}
	}
}

func TestGist(t *testing.T) {
	l := plainLook()
	for _, c := range []struct {
		words string
		cells int
		want  string
	}{
		{"arn:aws:iam::1:role/a may read", 40, "arn:aws:iam::1:role/a may read"},
		{"arn:aws:iam::1:role/path/a may read", 12, "a may read"},
		{"(arn:aws:iam::1:role/a), arn:aws:s3:::bucket/path/*", 30, "(a), bucket/path/*"},
		{"key arn:aws-cn:kms:cn-north-1:1:key/k-1", 20, "key k-1"},
		{"a-name-that-is-much-longer-than-a-row may read", 24, "a-name-t…n-a-row may re…"},
		{"no name is long here but all of them are many", 20, "no name is long her…"},
	} {
		if got := l.gist(c.words, c.cells); got != c.want {
			t.Errorf("%q in %d cells: %q, wants %q", c.words, c.cells, got, c.want)
		}
	}
}
