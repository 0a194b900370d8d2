package wire

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/sigv4"
)

// Target serves a service of the JSON protocol 1.1: every request is a POST to
// the root, and a header names the operation.
type Target struct {
	Verifier sigv4.Verifier
	// Prefix stands before the operation in X-Amz-Target, e.g. "TrentService.".
	Prefix     string
	Operations map[string]TargetOperation
}

// TargetOperation is one action. Run returns what becomes the answer's JSON, nil
// for an answer without a body, or a *Fault.
type TargetOperation struct {
	Mutates bool
	Run     func(*TargetInput) (any, error)
}

// TargetInput is one verified request.
type TargetInput struct {
	Action string
	Caller access.Caller
	// Facts are the condition keys the service knows of the request.
	Facts map[string][]string
	body  []byte
}

// Into reads the request's JSON.
func (in *TargetInput) Into(v any) error {
	if err := json.Unmarshal(in.body, v); err != nil {
		return NewFault(http.StatusBadRequest, "SerializationException", "Unexpected JSON: "+err.Error())
	}
	return nil
}

// ServeHTTP verifies the signature first, as Query does.
func (t Target) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call := CallOf(r.Context())
	action, ours := strings.CutPrefix(r.Header.Get("X-Amz-Target"), t.Prefix)
	op, known := t.Operations[action]
	verified, err := t.Verifier.Verify(r)
	if err != nil {
		t.fail(w, err)
		return
	}
	call.Caller = verified.Caller
	if !ours || !known || r.Method != http.MethodPost {
		t.fail(w, NewFault(http.StatusBadRequest, "UnknownOperationException", ""))
		return
	}
	call.Operation, call.Mutates = action, op.Mutates
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.fail(w, NewFault(http.StatusBadRequest, "SerializationException", "the body could not be read"))
		return
	}
	out, err := op.Run(&TargetInput{Action: action, Caller: verified.Caller, Facts: Facts(r, string(verified.Region)), body: body})
	if err != nil {
		t.fail(w, err)
		return
	}
	t.write(w, http.StatusOK, out)
}

// fail writes an error with its code in the body. Services of this protocol
// answer 400 to whatever is the caller's fault, refusals among it.
func (t Target) fail(w http.ResponseWriter, err error) {
	fault := asFault(err)
	t.write(w, max(http.StatusBadRequest, fault.Status/500*500), struct {
		Type    string `json:"__type"`
		Message string `json:"message,omitempty"`
	}{jsonCode(fault.Code), fault.Message})
}

func (t Target) write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if v == nil {
		w.WriteHeader(status)
		return
	}
	b, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(status)
	_, _ = w.Write(b)
}
