package wire

import (
	"encoding/json"
	"net/http"
	"strings"
)

// JSON writes v as the answer.
func JSON(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

// JSONFault writes an error as the REST services with JSON do: the code in a
// header, the message with a small m in the body.
func JSONFault(w http.ResponseWriter, err error) {
	fault := asFault(err)
	w.Header().Set("X-Amzn-Errortype", jsonCode(fault.Code))
	JSON(w, fault.Status, map[string]string{"message": fault.Message})
}

// jsonCode gives a refusal of a key the code it has outside the query protocol.
func jsonCode(code string) string {
	switch {
	case code == "InvalidClientTokenId":
		return "UnrecognizedClientException"
	case strings.HasSuffix(code, "Exception"), code == "InternalFailure":
		return code
	}
	return code + "Exception"
}
