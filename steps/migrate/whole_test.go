package migrate

import (
	"net/http"
	"testing"
	"time"

	"snapferry/steps"
)

// TestWholeRoadTwice: the second start finds everything there and changes nothing:
// the run ended when it ended, and took no longer.
func TestWholeRoadTwice(t *testing.T) {
	r := newRoad(t, options{})
	r.between = func(*http.Request) *http.Response { // every call takes its time
		r.clock.pass(100 * time.Millisecond)
		return nil
	}
	r.must(r.run())
	for _, st := range r.runner.State().Steps {
		if skipped := st.Status == steps.StatusSkipped && (st.ID == StepSourceMapping || st.ID == StepTargetMapping); st.Status != steps.StatusDone && st.Status != steps.StatusExisted && !skipped {
			t.Errorf("%s is %s", st.ID, st.Status)
		}
	}
	before := r.runner.State()
	r.clock.pass(5 * time.Minute)
	r.start()
	r.made()
	r.must(r.run())
	r.onlyLooked()
	if s := r.runner.State(); s.DoneAt != before.DoneAt || s.Done == nil || s.DoneFor != steps.Migrate || s.Spent() != before.Spent() || s.Done.Spent != before.Done.Spent || s.Spent().Over == 0 {
		t.Errorf("ended %s, took %+v, told %+v; was %s, %+v", s.DoneAt, s.Spent(), s.Done, before.DoneAt, before.Spent())
	}
}
