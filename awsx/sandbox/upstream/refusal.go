package upstream

import (
	"encoding/json"
	"net/http"
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

func newRefusal(status int, c cause) *refusal {
	return &refusal{Status: status, Error: failure{RootCause: []cause{{Type: c.Type, Reason: c.Reason}}, cause: c}}
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
