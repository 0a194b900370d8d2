package steps

// Outcome is what a check came to.
type Outcome string

// The outcomes. Unknown could not ask; Skipped did not ask, because of another
// finding. "No error" alone is never Pass.
const (
	Pass    Outcome = "pass"
	Note    Outcome = "info"
	Warn    Outcome = "warn"
	Block   Outcome = "block"
	Unknown Outcome = "unknown"
	Skipped Outcome = "skipped"
)

// Family groups checks on the board and in docs/checks.md, in this order.
type Family string

// The families.
const (
	FamilyHost     Family = "host"
	FamilyIdentity Family = "identity"
	FamilyDomain   Family = "domain"
	FamilyRole     Family = "role"
	FamilyBucket   Family = "bucket and key"
	FamilyFit      Family = "fit"
)

// Finding is one answer of one check about one subject.
type Finding struct {
	ID      CheckID `json:"id"`
	Family  Family  `json:"family"`
	Outcome Outcome `json:"outcome"`
	// Subject is what was looked at: "source logs-prod", a role ARN, an index.
	Subject  string `json:"subject"`
	Summary  Text   `json:"summary"`
	Cause    Text   `json:"cause"`
	Evidence []Text `json:"evidence,omitempty"`
	Fix      Fix    `json:"fix"`
	// BecauseOf is the check whose finding made this one Skipped or Unknown.
	BecauseOf CheckID `json:"because_of,omitempty"`
	// Weighty marks a warning that --yes does not pass: --accept ID does.
	Weighty bool `json:"weighty,omitempty"`
}

// Fix is the way out, as words and as something to copy.
type Fix struct {
	Text    Text   `json:"text"`
	Command string `json:"command,omitempty"`
	Diff    string `json:"diff,omitempty"`
	// Step is the step of the plan that would put it right, "" for none.
	Step StepID `json:"step,omitempty"`
	// Answers have the plan put it right, once the answers say so; none where it does
	// by itself, or where it is not the plan's to do. They are given in this order.
	Answers []Answer `json:"answers,omitempty"`
}

// Answer is an answer that a fix wants: Value in the place of what Key says now, or
// of all below it; "" takes that out.
type Answer struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	// Ask is what only a person knows, as a question; Value stands for the answer then,
	// in capitals.
	Ask Text `json:"ask,omitzero"`
}
