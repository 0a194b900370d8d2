package steps

import "time"

// Spent is what a run took, in seconds.
type Spent struct {
	// Worked is the time of the steps, over all starts: what lay between two starts, and
	// what a person took to read the plan, is not in it.
	Worked float64 `json:"worked_seconds,omitempty"`
	// Over is from the first start of the run to its end, or to its last record while
	// there is none: who looks at a plan afterwards and turns it down makes it no longer.
	Over float64 `json:"over_seconds,omitempty"`
}

// Away says that Over tells something that Worked does not: a minute or more in which
// no step was at work.
func (s Spent) Away() bool { return s.Over-s.Worked >= time.Minute.Seconds() }

// Spent is what the run took until its last record.
func (s *State) Spent() Spent {
	if s.Started.IsZero() {
		return Spent{}
	}
	seconds := func(d time.Duration) float64 { return d.Round(time.Millisecond).Seconds() }
	end := s.Updated
	if s.Done != nil {
		end = s.DoneAt
	}
	return Spent{Worked: seconds(s.Worked(end)), Over: seconds(end.Sub(s.Started))}
}

// Worked is how long the steps have been at work by a time.
func (s *State) Worked(now time.Time) (worked time.Duration) {
	for _, st := range s.Steps {
		worked += st.Active
		if !st.Since.IsZero() && now.After(st.Since) {
			worked += now.Sub(st.Since)
		}
	}
	return worked
}
