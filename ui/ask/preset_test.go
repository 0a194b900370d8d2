package ask

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAGoalHasAnswersOfItsOwn: they come and go with it; what a person said stays.
func TestAGoalHasAnswersOfItsOwn(t *testing.T) {
	begun := map[Key]string{"source.control.base": "profile", "source.control.profile": "source", "bucket.name": "acme", "target.domain": "logs-prod"}
	there := map[Key]string{"shape": "same-account", "bucket.name": "acme", "target.domain": "logs-next"}
	a := New(draftOf(t, begun), today)
	a.Preset(GoalBastion, draftOf(t, there))
	aim := func(goal string, want map[Key]string) {
		t.Helper()
		q, _, _ := a.Find(Goal)
		if e := a.Set(q, goal); e != nil {
			t.Fatal(e)
		}
		got := map[Key]string{}
		for k, v := range a.said {
			if k != Goal {
				got[k] = v
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", goal, d)
		}
	}
	aim(GoalMigrate, begun)
	aim(GoalBastion, there)
	aim(GoalCheck, begun)
	aim(GoalBastion, there)
	name, _, _ := a.Find("bucket.name")
	if e := a.Set(name, "mine-alone"); e != nil {
		t.Fatal(e)
	}
	aim(GoalMigrate, map[Key]string{"source.control.base": "profile", "source.control.profile": "source", "bucket.name": "mine-alone", "target.domain": "logs-prod"})
	c := a.Clone()
	q, _, _ := c.Find(Goal)
	if e := c.Set(q, GoalBastion); e != nil || c.Get("target.domain") != "logs-next" || a.Get("target.domain") != "logs-prod" {
		t.Errorf("%v, the copy has %s, the other %s", e, c.Get("target.domain"), a.Get("target.domain"))
	}
}
