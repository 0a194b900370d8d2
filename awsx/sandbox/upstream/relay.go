package upstream

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// relay is one request to the node with another body and an edit of the answer.
func (p *Proxy) relay(w http.ResponseWriter, r *http.Request, body []byte, edit func(*http.Response) error) {
	out := r.Clone(r.Context())
	if body != nil {
		out.Body = io.NopCloser(bytes.NewReader(body))
		out.ContentLength = int64(len(body))
		out.TransferEncoding = nil
		if strings.Contains(r.Header.Get("Content-Type"), "json") || r.Header.Get("Content-Type") == "" {
			out.Header.Set("Content-Type", "application/json")
		}
	}
	// What is edited must come in plain.
	out.Header.Set("Accept-Encoding", "identity")
	pass := *p.pass
	pass.ModifyResponse = edit
	pass.ServeHTTP(w, out)
}

// peek decodes a body and leaves it to be read again.
func peek(resp *http.Response, into any) error {
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	resp.Body = io.NopCloser(bytes.NewReader(b))
	return json.Unmarshal(b, into)
}

func replaceBody(resp *http.Response, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // decoded from JSON, or our own refusal
	}
	resp.StatusCode = status
	resp.Header.Set("Content-Type", "application/json; charset=UTF-8")
	setBody(resp, b)
}

func setBody(resp *http.Response, b []byte) {
	resp.Body = io.NopCloser(bytes.NewReader(b))
	resp.ContentLength = int64(len(b))
	resp.Header.Del("Content-Length")
}
