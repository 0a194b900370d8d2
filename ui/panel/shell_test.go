package panel

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"snapferry/steps"
)

// TestACommandIsBrokenWhereAShellJoinsIt: at blanks outside quotes, with a backslash;
// a shell reads the lines as the command that was broken.
func TestACommandIsBrokenWhereAShellJoinsIt(t *testing.T) {
	url := "https://search-logs-prod-bew3ksimcocitvnu3uq3gw7q2x.eu-west-1.es.amazonaws.com"
	for name, c := range map[string]struct {
		command string
		width   int
		want    []string
	}{
		"short":        {"curl -X GET " + url, 120, []string{"curl -X GET " + url}},
		"a curl":       {`curl --aws-sigv4 "aws:amz:eu-west-1:es" -X PUT ` + url, 90, []string{`curl --aws-sigv4 "aws:amz:eu-west-1:es" -X PUT \`, "    " + url}},
		"quoted":       {`aws iam put-role --document '{"a": "it is a long document"}' --role x`, 50, []string{`aws iam put-role --document \`, `    '{"a": "it is a long document"}' --role x`}},
		"two blanks":   {`curl  -H "a  b"  ` + url, 84, []string{`curl  -H "a  b"  \`, "    " + url}},
		"open quote":   {`curl -d '{"a": 1,`, 12, nil},
		"no command":   {`{"curl ": "of a document", "b": 1}`, 20, nil},
		"goes on":      {`curl -X PUT \`, 9, nil},
		"longest word": {"curl -X GET " + url, 40, nil},
	} {
		got := strings.Split(bare(plainLook().block(c.command, c.width)), "\n")
		for _, l := range got {
			if ansi.StringWidth(l) > c.width {
				t.Errorf("%s: %d cells: %q", name, ansi.StringWidth(l), l)
			}
		}
		if c.want == nil { // as any other document
			if strings.HasSuffix(got[0], ` \`) && !strings.HasSuffix(c.command, `\`) {
				t.Errorf("%s: %q", name, got)
			}
			continue
		}
		if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s: %q, wants %q", name, got, c.want)
		}
	}
}

// TestNoCauseHolds: where a look refuted each of the causes, it is said what is next.
func TestNoCauseHolds(t *testing.T) {
	d := cause()
	if strings.Contains(bare(plainLook().Diagnosis(d, 100)), "None of these causes") {
		t.Error("one is confirmed")
	}
	for i := range d.Causes {
		d.Causes[i].Verdict = steps.Refuted
	}
	shown := bare(plainLook().Diagnosis(d, 100))
	for _, words := range []string{"None of these causes holds now", "Try it again", "CloudTrail"} {
		if !strings.Contains(shown, words) {
			t.Errorf("no %q in\n%s", words, shown)
		}
	}
}
