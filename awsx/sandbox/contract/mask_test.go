package contract

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMask(t *testing.T) {
	const id = "sCjYO4FuQ9abLfe-nLziHQ"
	for name, tc := range map[string]struct{ in, want, more string }{
		"ids":                 {`{"uuid":"` + id + `"}`, `{"uuid":"<uuid>"}`, ""},
		"two ids in words":    {`{"reason":"[{` + id + `}{r:s1/` + id + `}]"}`, `{"reason":"[{<uuid>}{r:s1/<uuid>}]"}`, ""},
		"ids as names":        {`{"nodes":{"` + id + `":{"a":1}}}`, `{"nodes":{"<uuid>":{"a":1}}}`, ""},
		"words are no ids":    {`{"a":"IndexNotFoundException","b":"node_concurrent_recove"}`, `{"a":"IndexNotFoundException","b":"node_concurrent_recove"}`, ""},
		"ids that read like":  {`{"a":"ZhjJobJfRuWcdZuXxxikZg","b":"abcdefghijklmnopqrst-u"}`, `{"a":"<uuid>","b":"<uuid>"}`, ""},
		"made document ids":   {`{"_id":"AbCdEfGhIjKlMnOpQrSt","x":"AbCdEfGhIjKlMnOpQrSt"}`, `{"_id":"<id>","x":"AbCdEfGhIjKlMnOpQrSt"}`, ""},
		"given document ids":  {`{"_id":"1"}`, `{"_id":"1"}`, ""},
		"clocks":              {`{"took":3,"start_time_in_millis":5,"at":"x","a":"since 2026-01-02T03:04:05.678Z"}`, `{"took":"<number>","start_time_in_millis":"<number>","at":"<string>","a":"since <time>"}`, ""},
		"kinds are kept":      {`{"took":"3","files":true}`, `{"took":"<string>","files":true}`, ""},
		"counts are compared": {`{"total":3,"shards":{"total":2}}`, `{"total":3,"shards":{"total":2}}`, ""},
		"but not those of files": {
			`{"index":{"files":{"total":3,"percent":"100.0%"}}}`, `{"index":{"files":{"total":"<number>","percent":"100.0%"}}}`, "",
		},
		"names in no order":     {`{"indices":["b","a"],"reason":"[b,a] and [c]"}`, `{"indices":["a","b"],"reason":"[a,b] and [c]"}`, ""},
		"words with _ too":      {`{"reason":"with roles [b_x, a_y]"}`, `{"reason":"with roles [a_y,b_x]"}`, ""},
		"actions in no order":   {`{"reason":"for [indices:b/x_y, indices:a] and [r:a,b]"}`, `{"reason":"for [indices:a,indices:b/x_y] and [r:a,b]"}`, ""},
		"supported operations":  {`{"message":"op: test. Supported are: replace,add"}`, `{"message":"op: test. Supported are: add,replace"}`, ""},
		"keys of a refusal":     {`{"invalid_keys":{"keys":"b,a"}}`, `{"invalid_keys":{"keys":"a,b"}}`, ""},
		"objects keep theirs":   {`[{"a":2},{"a":1}]`, `[{"a":2},{"a":1}]`, ""},
		"but snapshots do not":  {`{"snapshots":[{"snapshot":"b"},{"snapshot":"a"}]}`, `{"snapshots":[{"snapshot":"a"},{"snapshot":"b"}]}`, ""},
		"after the masks":       {`{"snapshots":[{"start_time_in_millis":1,"state":"b"},{"start_time_in_millis":2,"state":"a"}]}`, `{"snapshots":[{"start_time_in_millis":"<number>","state":"a"},{"start_time_in_millis":"<number>","state":"b"}]}`, ""},
		"what a case adds":      {`{"percent":"3%"}`, `{"percent":"<string>"}`, "percent other"},
		"addresses":             {`{"a":"{127.0.0.1}{127.0.0.1:9300}"}`, `{"a":"{<address>}{<address>}"}`, ""},
		"null, bool and string": {`{"a":null,"b":false,"c":"x"}`, `{"a":null,"b":false,"c":"x"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := mask{set(tc.more)}.value("", decode([]byte(tc.in)))
			if d := cmp.Diff(decode([]byte(tc.want)), got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestPrune(t *testing.T) {
	const in = `{"a":{"b":{"c":1,"d":2},"e":3},"f":[{"g":4,"h":5},{"h":6}]}`
	for name, tc := range map[string]struct {
		keep []string
		want string
	}{
		"everything":       {nil, in},
		"a whole member":   {[]string{"a/b"}, `{"a":{"b":{"c":1,"d":2}}}`},
		"below any member": {[]string{"a/*/d"}, `{"a":{"b":{"d":2},"e":3}}`},
		"in arrays":        {[]string{"f/g"}, `{"f":[{"g":4},{}]}`},
		"two of one":       {[]string{"a/b/c", "a/e"}, `{"a":{"b":{"c":1},"e":3}}`},
		"nothing there":    {[]string{"z"}, `{}`},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(decode([]byte(tc.want)), prune(decode([]byte(in)), tc.keep)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestAt(t *testing.T) {
	body := decode([]byte(`{"snapshots":[{"state":"SUCCESS"}]}`))
	for path, want := range map[string]any{"snapshots/0/state": "SUCCESS", "snapshots/1/state": nil, "snapshots/state": nil, "snapshots/0/state/x": nil} {
		if got := at(body, path); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}
