package upstream

import (
	"encoding/json"
	"net/http"
	"strings"
)

// refusal is an error in the engine's form.
type refusal struct {
	Error  failure `json:"error"`
	Status int     `json:"status"`
}

type failure struct {
	RootCause []cause `json:"root_cause"`
	cause
}

type cause struct {
	Type     string `json:"type"`
	Reason   string `json:"reason"`
	CausedBy *cause `json:"caused_by,omitempty"`
}

// newRefusal takes for the root cause what the engine does: the innermost of its
// own exceptions, never one of the SDK's or of Java's below.
func newRefusal(status int, c cause) *refusal {
	root := c
	for root.CausedBy != nil && strings.HasPrefix(root.CausedBy.Type, "repository_") {
		root = *root.CausedBy
	}
	return &refusal{Status: status, Error: failure{RootCause: []cause{{Type: root.Type, Reason: root.Reason}}, cause: c}}
}

func (r *refusal) write(w http.ResponseWriter) {
	writeJSON(w, r.Status, r)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only maps, strings and numbers come here
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_, _ = w.Write(b)
}
