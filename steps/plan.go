package steps

import "time"

// Purpose is what a plan, or a start of the program on a run, is for.
type Purpose string

// The purposes.
const (
	Migrate Purpose = ""
	CleanUp Purpose = "clean-up"
	Undo    Purpose = "undo"
)

// Plan is what a run would do, whole, as it is shown and approved.
type Plan struct {
	RunID string `json:"run_id"`
	// Purpose says whether the plan moves, cleans up or undoes.
	Purpose Purpose `json:"purpose,omitempty"`
	// Steps are in the order they are done in.
	Steps []StepPlan `json:"steps"`
	// Moves and Stays say what will and what will not arrive, and why.
	Moves    []Move   `json:"moves"`
	Stays    []Stay   `json:"stays"`
	Estimate Estimate `json:"estimate"`
}

// StepPlan is one step's changes.
type StepPlan struct {
	ID StepID `json:"id"`
	// Side is the segment the step belongs to: which account approves it and
	// which host can do it.
	Side    Side     `json:"side"`
	Title   Text     `json:"title"`
	Changes []Change `json:"changes"`
}

// Move is one index that will be moved.
type Move struct {
	Index string `json:"index"`
	// As is the name on the target; equal to Index unless renamed.
	As string `json:"as"`
	// Docs and Bytes are the primaries' at planning time; Bytes is 0 if unknown.
	Docs      int64  `json:"docs"`
	Bytes     int64  `json:"bytes"`
	Primaries int    `json:"primaries"`
	Replicas  int    `json:"replicas"`
	Created   string `json:"created_version,omitempty"`
	// Stream is the data stream the index backs, "" for none; StreamAs is the
	// stream's name on the target. A stream moves with all its indices or not at all.
	Stream   string `json:"stream,omitempty"`
	StreamAs string `json:"stream_as,omitempty"`
}

// Stay is something that will not be moved.
type Stay struct {
	// What is a kind ("index", "template", "ingest pipeline", "ISM policy", …),
	// Name one of it or "" for all of the kind, Count how many.
	What  string `json:"what"`
	Name  string `json:"name,omitempty"`
	Count int    `json:"count"`
	Why   Text   `json:"why"`
	// How is what would have it otherwise, if anything would.
	How Text `json:"how,omitzero"`
}

// Estimate is an honest guess of time and cost; the zero value of a part means
// that it could not be guessed.
type Estimate struct {
	Bytes    int64         `json:"bytes"`
	Snapshot time.Duration `json:"snapshot"`
	Restore  time.Duration `json:"restore"`
	// Basis says what the guess rests on (throttles, sizes, an earlier round).
	Basis []Text `json:"basis,omitempty"`
	// Cost lines are in words: what is billed, not an amount we cannot know.
	Cost []Text `json:"cost,omitempty"`
}

// Counts counts changes by verb.
func (p Plan) Counts() map[Verb]int {
	n := map[Verb]int{}
	for _, s := range p.Steps {
		for _, c := range s.Changes {
			n[c.Verb]++
		}
	}
	return n
}
