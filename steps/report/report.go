// Package report tells a run's story from its State: what was moved and proven,
// what was changed where with the undo for each, what was not moved and why,
// the estimate against what came true, and the list for the day after.
//
// It is pure, reads nothing but the State, and does not know how a run is done.
package report

import (
	"time"

	"snapferry/steps"
)

// Options of a report.
type Options struct {
	// Mask hides account ids and names; nil hides nothing.
	Mask *steps.Masker
	// Say renders words in the reader's language; nil is English.
	Say func(steps.Text) string
	// Resume is the command that goes on with a run that did not end well; "" shows none.
	Resume string
	// Undo is the command that takes the run back, shown with the changes; "" shows none.
	Undo string
	// Accounts names the account of each side ("111111111111"), where known.
	Accounts map[steps.Side]string
}

// Report is the account of one run, ready to be written in any form. How often
// the program was started is not in it: a run that was killed and resumed has
// the same report as one that was not, apart from its times.
type Report struct {
	Schema  string    `json:"schema"`
	Type    string    `json:"type"`
	RunID   string    `json:"run_id"`
	Program string    `json:"program"`
	Outcome Outcome   `json:"outcome"`
	Exit    int       `json:"exit_code"`
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended"`
	steps.Spent
	Failed  *StepLine `json:"failed,omitempty"`
	Moved   Moved     `json:"moved"`
	Proven  []Proof   `json:"proven"`
	Changed []Changed `json:"changed"`
	// Handed is what was handed over and cannot be read from here.
	Handed []Handed     `json:"handed,omitempty"`
	Stays  []steps.Stay `json:"stays"`
	// Kept is what a taking back left where it is, and what would have it go.
	Kept  []steps.Stay `json:"kept,omitempty"`
	Guess Guess        `json:"estimate"`
	Steps []StepLine   `json:"steps"`
	// DayAfter is what is left to people once the data has arrived.
	DayAfter []steps.Text `json:"day_after,omitempty"`

	o Options
	// omitted counts the steps that were skipped by choice, with something to do.
	omitted int
}

// Outcome is how a run ended.
type Outcome string

// The outcomes.
const (
	Unfinished Outcome = "unfinished" // it runs, or was killed
	Done       Outcome = "done"
	TakenBack  Outcome = "taken-back" // a clean-up or undo ended well
	Stopped    Outcome = "stopped"
	Failed     Outcome = "failed"
)

// Moved is what was moved, or, before Arrived, what will be.
type Moved struct {
	Arrived bool         `json:"arrived"`
	Indices []steps.Move `json:"indices"`
	Docs    int64        `json:"docs"`
	// Counted says that Docs is what _count tells of the target, as proven; Planned is what
	// _cat/indices told before, with every object of a nested field in it.
	Counted bool  `json:"counted,omitempty"`
	Planned int64 `json:"planned_docs,omitempty"`
	Bytes   int64 `json:"bytes"`
	Legs    []Leg `json:"legs,omitempty"`
	// Back says that what had arrived was taken back since.
	Back bool `json:"taken_back,omitempty"`
	// Replaced are indices of the target that were deleted first, for good.
	Replaced []string `json:"replaced,omitempty"`
}

// Leg is an act that moved data.
type Leg struct {
	Step    steps.StepID `json:"step"`
	Title   steps.Text   `json:"title"`
	Seconds float64      `json:"seconds"`
	Bytes   int64        `json:"bytes"`
	Shards  int          `json:"shards"`
}

// Proof is what one step read back.
type Proof struct {
	Step     steps.StepID   `json:"step"`
	Evidence steps.Evidence `json:"evidence"`
}

// Changed is one change and what undo does about it.
type Changed struct {
	Side    steps.Side   `json:"side"`
	Account string       `json:"account,omitempty"`
	Step    steps.StepID `json:"step"`
	Ref     steps.Ref    `json:"ref"`
	Verb    steps.Verb   `json:"verb"`
	Summary steps.Text   `json:"summary"`
	// State is made, undone, or intended where its end was not seen.
	State    string     `json:"state"`
	Intended time.Time  `json:"intended"`
	Undo     steps.Text `json:"undo"`
}

// Guess is the estimate beside what came true; seconds of 0 did not come yet.
type Guess struct {
	Plan            steps.Estimate `json:"plan"`
	SnapshotSeconds float64        `json:"snapshot_seconds"`
	RestoreSeconds  float64        `json:"restore_seconds"`
}

// StepLine is one step.
type StepLine struct {
	ID        steps.StepID     `json:"id"`
	Side      steps.Side       `json:"side"`
	Title     steps.Text       `json:"title"`
	Status    steps.StepStatus `json:"status"`
	Seconds   float64          `json:"seconds"`
	Why       steps.Text       `json:"why"`
	Diagnosis *steps.Diagnosis `json:"diagnosis,omitempty"`
}
