package steps

import (
	"encoding/json"
	"time"
)

// Event is something that happened in a run. Events are values: an event never
// points into state that is still changing. Type is its public name in JSON.
type Event interface {
	event()
	Type() string
}

// RunStarted opens a run or goes on with it.
type RunStarted struct {
	RunID string `json:"run_id"`
	// Resumed says that the journal already held this run.
	Resumed bool `json:"resumed,omitempty"`
	// Purpose is what this start is for: the move itself unless said otherwise.
	Purpose Purpose `json:"purpose,omitempty"`
	Program string  `json:"program"`
	// Answers is the fingerprint of the Spec, so that answers of another run in
	// the same directory are noticed.
	Answers string `json:"answers"`
}

// PlanMade shows a plan; Approved follows when it was approved.
type PlanMade struct {
	Plan Plan `json:"plan"`
	// Digest fingerprints the plan; Approved names it.
	Digest string `json:"digest"`
}

// Approved says that what was shown may be done.
type Approved struct {
	Digest string `json:"digest"`
	// By says how: typed account id, --yes, the sandbox's own approval.
	By string `json:"by"`
}

// StepStarted, StepDone, StepFailed and StepSkipped frame a step.
type StepStarted struct{}

// StepDone says that the step was verified by reading back.
type StepDone struct {
	Evidence Evidence `json:"evidence"`
	// Existed says that nothing had to be changed.
	Existed bool `json:"existed,omitempty"`
}

// StepFailed carries the diagnosis, innermost cause first.
type StepFailed struct {
	Diagnosis Diagnosis `json:"diagnosis"`
}

// StepSkipped says why a step was not done.
type StepSkipped struct {
	Why Text `json:"why"`
}

// ChangeIntended is durable before the mutating call is made.
type ChangeIntended struct {
	Change Change `json:"change"`
	// Marker is what makes the result recognisable as ours: a tag, a Sid, the
	// snapshot's metadata; "" where the kind has no place for one.
	Marker string `json:"marker,omitempty"`
}

// ChangeRefused says that the identity here may not make an intended change, and
// that nothing of it was made: whoever does it now, it is not ours.
type ChangeRefused struct {
	ID  string `json:"id"`
	Why Text   `json:"why"`
}

// ActBegun is durable before an act makes the call by which things come to be that
// cannot carry a mark, as restored indices: what of them was found later is the act's
// own only if it stands here. A later one of the same step takes its place.
type ActBegun struct {
	Data json.RawMessage `json:"data"`
}

// ChangeMade is written after reading back.
type ChangeMade struct {
	ID string `json:"id"`
	// Live is the document as read back.
	Live Doc `json:"live,omitempty"`
	// Filled holds the holes this change filled.
	Filled map[string]string `json:"filled,omitempty"`
}

// ChangeUndone says that a change was taken back (undo, clean-up).
type ChangeUndone struct {
	ID string `json:"id"`
	// Intent is the number of the ChangeIntended it takes back.
	Intent int64 `json:"intent,omitempty"`
	// Live is the document afterwards.
	Live Doc `json:"live,omitempty"`
	// Kept says why it was left where it is instead, if it was.
	Kept Text `json:"kept"`
	// How is what would have it taken back after all, if anything would.
	How Text `json:"how,omitzero"`
}

// UndoIntended is durable before the call that takes a change back.
type UndoIntended struct {
	ID     string `json:"id"`
	Intent int64  `json:"intent,omitempty"`
	// Live is what was there, Want what will be there; "" in Want deletes.
	Live Doc `json:"live,omitempty"`
	Want Doc `json:"want,omitempty"`
}

// Progress is how far the running step is. It is never fsynced and may be
// dropped in favour of a newer one.
type Progress struct {
	DoneBytes      int64 `json:"done_bytes"`
	TotalBytes     int64 `json:"total_bytes"`
	DoneShards     int   `json:"done_shards"`
	TotalShards    int   `json:"total_shards"`
	BytesPerSecond int64 `json:"bytes_per_second"`
	// ETASeconds is 0 while no honest guess is possible.
	ETASeconds int64 `json:"eta_seconds"`
	// Items are the indices that are moving now, a bounded number of them.
	Items []ItemProgress `json:"items,omitempty"`
}

// ItemProgress is one index.
type ItemProgress struct {
	Name        string `json:"name"`
	DoneBytes   int64  `json:"done_bytes"`
	TotalBytes  int64  `json:"total_bytes"`
	DoneShards  int    `json:"done_shards"`
	TotalShards int    `json:"total_shards"`
	Stage       string `json:"stage,omitempty"`
}

// Waiting says what is waited for and since when; an empty reason ends the wait.
type Waiting struct {
	Reason Text      `json:"reason"`
	Since  time.Time `json:"since"`
	// Until is when it is given up and the step fails, zero where it is not.
	Until time.Time `json:"until,omitzero"`
	// Instruction is what somebody else has to do to end it, nil if nothing.
	Instruction *Instruction `json:"instruction,omitempty"`
	// Diagnosis is what the last try was refused with, nil where none was.
	Diagnosis *Diagnosis `json:"diagnosis,omitempty"`
}

// Log is a line worth keeping.
type Log struct {
	Level string `json:"level"`
	Text  Text   `json:"text"`
}

// Paused says why the run stopped without having failed.
type Paused struct {
	Why Text `json:"why"`
	// Resume is the command that goes on.
	Resume string `json:"resume"`
}

// Continued ends a pause.
type Continued struct{}

// RunDone ends a run.
type RunDone struct {
	OK       bool   `json:"ok"`
	ExitCode int    `json:"exit_code"`
	Report   string `json:"report,omitempty"`
	// Spent is what a move took; zero for a clean-up or undo.
	Spent
	// Kept is what a clean-up or undo left where it is, and why: what was written
	// to since, or what nobody confirmed. It is no failure.
	Kept []Stay `json:"kept,omitempty"`
}

// Evidence is what was read back and shows that a step is done.
type Evidence struct {
	Summary Text   `json:"summary"`
	Lines   []Text `json:"lines,omitempty"`
	// Data is the step's own machine-readable proof (the manifest, the
	// comparison), shaped by the step and documented there.
	Data json.RawMessage `json:"data,omitempty"`
}

// Diagnosis is an error understood: where it comes from, why, and what to do.
type Diagnosis struct {
	Layer   string  `json:"layer"`
	Refused string  `json:"refused,omitempty"`
	Summary Text    `json:"summary"`
	Causes  []Cause `json:"causes,omitempty"`
	Unknown bool    `json:"unknown,omitempty"`
	// Body is the error as it came, for the curious, secrets masked.
	Body string `json:"body,omitempty"`
}

// Cause is one candidate, most likely first.
type Cause struct {
	ID      string `json:"id"`
	Summary Text   `json:"summary"`
	Confirm Text   `json:"confirm"`
	Fix     Text   `json:"fix"`
	// Command and Diff are the fix as something to copy: what it does not say
	// itself stands in capitals.
	Command string `json:"command,omitempty"`
	Diff    string `json:"diff,omitempty"`
	// Verdict is set where the world was looked at; Confirm is then what was seen.
	Verdict Verdict `json:"verdict,omitempty"`
}

// Verdict is what a look at the world said of a cause; "" is open.
type Verdict string

// The verdicts.
const (
	Confirmed Verdict = "confirmed"
	Refuted   Verdict = "refuted"
)

func (RunStarted) event()     {}
func (PlanMade) event()       {}
func (Approved) event()       {}
func (StepStarted) event()    {}
func (StepDone) event()       {}
func (StepFailed) event()     {}
func (StepSkipped) event()    {}
func (ChangeIntended) event() {}
func (ActBegun) event()       {}
func (ChangeRefused) event()  {}
func (ChangeMade) event()     {}
func (ChangeUndone) event()   {}
func (UndoIntended) event()   {}
func (Progress) event()       {}
func (Waiting) event()        {}
func (Log) event()            {}
func (Paused) event()         {}
func (Continued) event()      {}
func (RunDone) event()        {}

// Type names, as they stand in JSON (product schema snapferry/1).
func (RunStarted) Type() string     { return "run_started" }
func (PlanMade) Type() string       { return "plan" }
func (Approved) Type() string       { return "approved" }
func (StepStarted) Type() string    { return "step_started" }
func (StepDone) Type() string       { return "step_done" }
func (StepFailed) Type() string     { return "step_failed" }
func (StepSkipped) Type() string    { return "step_skipped" }
func (ChangeIntended) Type() string { return "change_intended" }
func (ActBegun) Type() string       { return "act_begun" }
func (ChangeRefused) Type() string  { return "change_refused" }
func (ChangeMade) Type() string     { return "change_made" }
func (ChangeUndone) Type() string   { return "change_undone" }
func (UndoIntended) Type() string   { return "undo_intended" }
func (Progress) Type() string       { return "progress" }
func (Waiting) Type() string        { return "waiting" }
func (Log) Type() string            { return "log" }
func (Paused) Type() string         { return "paused" }
func (Continued) Type() string      { return "continued" }
func (RunDone) Type() string        { return "run_done" }
