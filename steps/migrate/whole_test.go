package migrate

import (
	"testing"

	"snapferry/steps"
)

// TestWholeRoadTwice: the second start finds everything there and changes nothing.
func TestWholeRoadTwice(t *testing.T) {
	r := newRoad(t, options{})
	r.must(r.run())
	for _, st := range r.runner.State().Steps {
		if skipped := st.Status == steps.StatusSkipped && (st.ID == StepSourceMapping || st.ID == StepTargetMapping); st.Status != steps.StatusDone && st.Status != steps.StatusExisted && !skipped {
			t.Errorf("%s is %s", st.ID, st.Status)
		}
	}
	r.start()
	r.made()
	r.must(r.run())
	r.onlyLooked()
}
