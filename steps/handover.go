package steps

// HandedOver is the error of a deed that no identity here may do: somebody else
// has to. It is no failure; the run tells what is to be done and waits for it.
type HandedOver struct {
	// Who says whose hand is needed, as a noun phrase: "an administrator of
	// account 222222222222".
	Who Text
}

func (e *HandedOver) Error() string { return T("%s has to do it", e.Who).String() }

// Instruction is what somebody else is asked to do: in words, and as commands
// that do exactly what the plan showed; "" where a tool cannot express it.
type Instruction struct {
	Who       Text   `json:"who"`
	What      Text   `json:"what"`
	CLI       string `json:"cli,omitempty"`
	Curl      string `json:"curl,omitempty"`
	Terraform string `json:"terraform,omitempty"`
}
