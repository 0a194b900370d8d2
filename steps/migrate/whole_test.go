package migrate

import (
	"strings"
	"testing"

	"snapferry/steps"
)

// TestWholeRoadTwice: the second start finds everything there and changes nothing.
func TestWholeRoadTwice(t *testing.T) {
	r := newRoad(t, options{})
	r.must(r.run())
	for _, st := range r.runner.State().Steps {
		if st.Status != steps.StatusDone && st.Status != steps.StatusExisted {
			t.Errorf("%s is %s", st.ID, st.Status)
		}
	}
	r.start()
	r.made()
	r.must(r.run())
	for _, c := range r.made() {
		if !strings.HasPrefix(c, "GET ") && !strings.HasPrefix(c, "HEAD ") && c != "POST /" {
			t.Errorf("the second start called %s", c)
		}
	}
	for _, sp := range r.runner.State().Plan.Steps {
		for _, c := range sp.Changes {
			if c.Verb != steps.Exists {
				t.Errorf("the second start wants to %s %s", c.Verb, c.ID)
			}
		}
	}
}
