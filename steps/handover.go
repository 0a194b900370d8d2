package steps

// Instruction is what somebody else is asked to do: in words, and as commands
// that do exactly what the plan showed; "" where a tool cannot express it.
type Instruction struct {
	Who       Text   `json:"who"`
	What      Text   `json:"what"`
	CLI       string `json:"cli,omitempty"`
	Curl      string `json:"curl,omitempty"`
	Terraform string `json:"terraform,omitempty"`
}
