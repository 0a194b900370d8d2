package policy

import (
	"bytes"
	"encoding/json"
	"testing"
)

// strict refuses misspelt fields: a case that silently loses its condition is a
// case that proves nothing.
func strict(b []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}

func TestDecideCommittedCases(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range loadCases(t) {
		id := c.file + "/" + c.Name
		if seen[id] {
			t.Errorf("%s stands twice", id)
		}
		seen[id] = true
		t.Run(id, func(t *testing.T) {
			if c.Want == Unknown && c.Beyond == "" && len(c.supposed) < 2 {
				t.Error("the simulator has no verdict unknown: say what the truth may be, or in beyond why it cannot be asked")
			}
			d := Decide(c.stack, c.request)
			if d.Verdict != c.Want || c.Layer != "" && d.Layer != c.Layer || c.Sid != "" && d.Sid != c.Sid {
				t.Errorf("got %s by %s %q, want %s by %s %q\n%s", d.Verdict, d.Layer, d.Sid, c.Want, c.Layer, c.Sid, reasons(d))
			}
			var sure []Verdict
			for _, s := range c.supposed {
				sure = append(sure, Decide(s.stack, s.request).Verdict)
			}
			if sure != nil && !c.fits(sure) {
				t.Errorf("%s, but supposing it is %v", c.Want, sure)
			}
		})
	}
	if len(seen) < 500 {
		t.Errorf("only %d cases were found", len(seen))
	}
}

func reasons(d Decision) string {
	var b bytes.Buffer
	for _, r := range d.Why {
		if r.Matched {
			b.WriteString("  applies: ")
		} else {
			b.WriteString("  not: ")
		}
		b.WriteString(string(r.Layer) + " " + r.Sid + " " + string(r.Element) + ": " + r.Detail.String() + "\n")
	}
	return b.String()
}
