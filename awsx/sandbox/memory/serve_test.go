package memory_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestRefusedCalls(t *testing.T) {
	w := start(t, "3.4.0")
	w.play([]step{
		{"GET /a/b/c/d", "", 400, `{"error":"no handler found for uri [/a/b/c/d] and method [GET]"}`},
		{"PATCH /_count", "", 405, `{"error":"~^Incorrect HTTP method for uri \\[/_count\\] and method \\[PATCH\\], allowed: \\[DELETE, GET, HEAD, POST, PUT\\]$","status":405}`},
		{"GET /_cat/indices?bytez=b", "", 400, `{"error":{"type":"illegal_argument_exception","reason":"request [/_cat/indices] contains unrecognized parameter: [bytez] -> did you mean [bytes]?"}}`},
		{"GET /_cat/indices?x=1&a=2&v", "", 400, `{"error":{"reason":"request [/_cat/indices] contains unrecognized parameters: [a], [x]"}}`},
		{"GET /_cluster/settings?flat_settings=maybe", "", 200, `{}`},
		{"GET /_search?size=ten", "", 400, `{"error":{"type":"illegal_argument_exception","reason":"Failed to parse int parameter [size] with value [ten]","caused_by":{"type":"number_format_exception"}}}`},
		{"GET /_cluster/health?timeout=soon", "", 400, `{"error":{"reason":"~unit is missing or unrecognized"}}`},
		{"GET /_settings?ignore_unavailable=perhaps", "", 400, `{"error":{"reason":"Could not convert [ignore_unavailable] to boolean","caused_by":{"reason":"Failed to parse value [perhaps] as only [true] or [false] are allowed."}}}`},
		{"GET /_settings?expand_wildcards=some", "", 400, `{"error":{"reason":"No valid expand wildcard value [some]"}}`},
		{"PUT /b", `{"settings":{}} trailing`, 0, `{"acknowledged":true}`},
		{"PUT /a", `{"settings":`, 400, `{"error":{"type":"json_e_o_f_exception"}}`},
		{"PUT /a", `nonsense`, 400, `{"error":{"type":"json_parse_exception"}}`},
		{"DELETE /", "", 400, `{"error":{"type":"action_request_validation_exception"}}`},
	})
}

func TestContentType(t *testing.T) {
	w := start(t, "3.4.0")
	for kind, want := range map[string]int{
		"application/json": 200, "application/json; charset=utf-8": 200, "APPLICATION/JSON": 200, "application/x-ndjson": 200,
		"": 406, "text/plain": 406, "application/x-www-form-urlencoded": 406,
	} {
		req := httptest.NewRequestWithContext(t.Context(), "POST", "/_search", strings.NewReader(`{"size":0}`))
		req.Header.Set("Content-Type", kind)
		rec := httptest.NewRecorder()
		w.c.ServeHTTP(rec, req)
		if rec.Code != want {
			t.Errorf("%q: %d, want %d", kind, rec.Code, want)
		}
		if want == 406 && rec.Body.String() != `{"error":"Content-Type header [`+kind+`] is not supported","status":406}` {
			t.Errorf("%q: %s", kind, rec.Body)
		}
	}
}

func TestAnswersForPeople(t *testing.T) {
	w := start(t, "2.19.4")
	w.must("PUT /a", `{"settings":{"number_of_replicas":0}}`)
	if a := w.must("GET /_cluster/pending_tasks?pretty"); a.raw != "{\n  \"tasks\": []\n}\n" {
		t.Errorf("%q", a.raw)
	}
	if a := w.must("GET /_cluster/pending_tasks?pretty=false"); a.raw != `{"tasks":[]}` {
		t.Errorf("%q", a.raw)
	}
	rec := httptest.NewRecorder()
	w.c.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), "GET", "/_cat/indices?h=index,health", nil))
	if rec.Header().Get("Content-Type") != "text/plain; charset=UTF-8" || rec.Body.String() != "a green\n" {
		t.Errorf("%v %q", rec.Header(), rec.Body)
	}
	req := httptest.NewRequestWithContext(t.Context(), "GET", "/_cat/indices?h=index", nil)
	req.Header.Set("Accept", "application/json")
	rec = httptest.NewRecorder()
	w.c.ServeHTTP(rec, req)
	if rec.Body.String() != `[{"index":"a"}]` {
		t.Errorf("%q", rec.Body)
	}
}

func TestHeadHasNoBody(t *testing.T) {
	w := start(t, "2.19.4")
	w.must("PUT /a")
	for call, want := range map[string]int{"HEAD /": 200, "HEAD /a": 200, "HEAD /b": 404, "HEAD /a/_doc/1": 404, "HEAD /_cat/indices": 200, "HEAD /_alias/x": 404} {
		a := w.do(call)
		if a.status != want || a.raw != "" {
			t.Errorf("%s: %d %q", call, a.status, a.raw)
		}
	}
}

func TestTooLongBody(t *testing.T) {
	w := start(t, "2.19.4")
	req := httptest.NewRequestWithContext(t.Context(), "POST", "/_bulk", endless{})
	req.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	w.c.ServeHTTP(rec, req)
	if rec.Code != http.StatusRequestEntityTooLarge {
		t.Error(rec.Code)
	}
}

// endless is a body without an end.
type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }
