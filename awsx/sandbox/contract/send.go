package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// send asks as the target's own client does, who on a secured one is the master.
func (r runner) send(t testing.TB, call, body string) Answer {
	t.Helper()
	return r.sendAs(t, "", call, body)
}

func (r runner) sendAs(t testing.TB, who, call, body string) Answer {
	t.Helper()
	client := r.target.Client
	if who != "" {
		client = r.target.As(Actors[who])
	}
	method, path, _ := strings.Cut(call, " ")
	if family(r.version) == "elasticsearch" {
		path = strings.Replace(path, "/_plugins/_security", "/_opendistro/_security", 1)
	}
	payload, kind := r.payload(t, body)
	req, err := http.NewRequestWithContext(t.Context(), method, r.target.BaseURL+path, bytes.NewReader(payload))
	if err != nil {
		t.Fatal(err)
	}
	if len(payload) > 0 {
		req.Header.Set("Content-Type", kind)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return Answer{Status: resp.StatusCode, Body: decode(raw)}
}

func decode(raw []byte) any {
	if len(raw) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return string(raw)
	}
	return v
}

// payload turns the shorthands of Case.Body into bytes.
func (r runner) payload(t testing.TB, body string) ([]byte, string) {
	t.Helper()
	words := strings.Fields(body)
	switch {
	case strings.HasPrefix(body, "@repository"):
		return r.registration(words[1:]), "application/json"
	case strings.HasPrefix(body, "@bulk"):
		var count, size int
		if _, err := fmt.Sscan(words[2]+" "+words[3], &count, &size); err != nil {
			t.Fatalf("%q: %v", body, err)
		}
		return bulk(words[1], count, size), "application/x-ndjson"
	case strings.HasPrefix(body, `{"index"`):
		return []byte(body), "application/x-ndjson"
	}
	return []byte(body), "application/json"
}

func (r runner) registration(extra []string) []byte {
	settings := map[string]any{"base_path": r.base}
	for k, v := range r.target.Repository {
		settings[k] = v
	}
	for _, pair := range extra {
		k, v, _ := strings.Cut(pair, "=")
		if v == "" {
			delete(settings, k)
			continue
		}
		settings[k] = v
	}
	b, err := json.Marshal(map[string]any{"type": "s3", "settings": settings})
	if err != nil {
		panic(err) // strings in maps always marshal
	}
	return b
}

// bulk makes count documents of about size bytes whose text does not compress
// to nothing, so that a throttled snapshot of them takes a while.
func bulk(index string, count, size int) []byte {
	var b bytes.Buffer
	state := uint32(1)
	for i := range count {
		text := make([]byte, size)
		for j := range text {
			state = state*1664525 + 1013904223
			text[j] = "abcdefghijklmnopqrstuvwxyz     0"[state>>27]
		}
		fmt.Fprintf(&b, "{\"index\":{\"_index\":%q,\"_id\":\"%d\"}}\n{\"n\":%d,\"text\":%q}\n", index, i, i, text)
	}
	return b.Bytes()
}

type handlerTransport struct{ handler http.Handler }

func (h handlerTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	h.handler.ServeHTTP(rec, req)
	return rec.Result(), nil
}
