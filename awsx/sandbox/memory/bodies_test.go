package memory_test

import "testing"

// What a snapshot takes when nothing, a pattern or a closed index is named.
func TestClosedIndicesInSnapshots(t *testing.T) {
	each(t, func(t *testing.T, v string) {
		w := stocked(t, v)
		w.must("PUT /.hidden", `{"settings":{"index.hidden":true,"number_of_replicas":0}}`)
		w.must("POST /logs/_close")
		for body, want := range map[string]string{
			``:                      `[".hidden","orders"]`,
			`{"indices":""}`:        `[".hidden","orders"]`,
			`{"indices":[]}`:        `[".hidden","orders"]`,
			`{"indices":"*"}`:       `[".hidden","orders"]`,
			`{"indices":"lo*,or*"}`: `["orders"]`,
			`{"indices":"zz*"}`:     `[]`,
			`{"indices":"logs"}`:    `["logs"]`,
			`{"indices":"*","expand_wildcards":"open"}`:            `["orders"]`,
			`{"indices":"*","expand_wildcards":["open","closed"]}`: `["logs","orders"]`,
			`{"expand_wildcards":"all"}`:                           `[".hidden","logs","orders"]`,
		} {
			w.must("PUT /_snapshot/r/s?wait_for_completion=true", body).has(`{"snapshot":{"indices":` + want + `,"state":"SUCCESS"}}`)
			w.must("DELETE /_snapshot/r/s")
		}
	})
}

// A closed index comes back open, and healthy at once.
func TestClosedIndexComesBackOpen(t *testing.T) {
	w := stocked(t, "2.19.4")
	w.must("POST /logs/_close")
	w.must("PUT /_snapshot/r/s?wait_for_completion=true", `{"indices":"logs"}`)
	w.must("POST /_snapshot/r/s/_restore?wait_for_completion=true", `{"indices":"logs"}`)
	w.play([]step{
		{"GET /_cat/indices/logs?format=json&h=status,health", "", 0, `[{"status":"open","health":"green"}]`},
		{"GET /logs/_settings", "", 0, `{"logs":{"settings":{"index":{"verified_before_close":null}}}}`},
		{"GET /logs/_count", "", 0, `{"count":300}`},
		{"POST /logs/_close", "", 0, `{"acknowledged":true,"shards_acknowledged":true,"indices":{"logs":{"closed":true}}}`},
		{"POST /logs/_close", "", 0, `{"acknowledged":true,"shards_acknowledged":false,"indices":{}}`},
		{"POST /logs,orders/_close", "", 0, `{"shards_acknowledged":true,"indices":{"logs":null,"orders":{"closed":true}}}`},
	})
}

// Members of snapshot and restore bodies that are not what they should be.
func TestMalformedBodies(t *testing.T) {
	w := snapped(t, "3.4.0")
	const create, restore = "PUT /_snapshot/r/new?wait_for_completion=true", "POST /_snapshot/r/s1/_restore?wait_for_completion=true"
	word := func(member string) string {
		return `{"error":{"type":"illegal_argument_exception","reason":"Could not convert [` + member + `] to boolean","caused_by":{"reason":"Failed to parse value [yes] as only [true] or [false] are allowed."}}}`
	}
	for _, member := range []string{"partial", "include_global_state", "ignore_unavailable", "allow_no_indices"} {
		w.play([]step{{create, `{"indices":"orders","` + member + `":"yes"}`, 400, word(member)}, {restore, `{"` + member + `":"yes"}`, 400, word(member)}})
	}
	w.play([]step{
		{restore, `{"include_aliases":"yes"}`, 400, word("include_aliases")},
		{restore, `{"partial":1}`, 400, `{"error":{"caused_by":{"reason":"Failed to parse value [1] as only [true] or [false] are allowed."}}}`},
		{create, `{"indices":7}`, 400, `{"error":{"reason":"malformed indices section, should be an array of strings"}}`},
		{create, `{"indices":null}`, 400, ``},
		{create, `{"expand_wildcards":"some"}`, 400, `{"error":{"reason":"No valid expand wildcard value [some]"}}`},
		{create, `{"indices":"zz*","allow_no_indices":false}`, 404, `{"error":{"type":"index_not_found_exception"}}`},
		{create, `{"indices":"orders","include_global_state":"false","partial":"true","ignore_unavailable":null}`, 0, `{"snapshot":{"include_global_state":false}}`},
		{restore, `{"indices":"logs","include_aliases":"false","rename_pattern":"logs","rename_replacement":"bare"}`, 0, ``},
		{"GET /bare/_alias", "", 0, `{"bare":{"aliases":{"all-logs":null}}}`},
		{
			restore, `{"indices":"logs","rename_pattern":"logs","rename_replacement":"x","index_settings":{"number_of_replicas":"x"}}`, 400,
			`{"error":{"reason":"Failed to parse value [x] for setting [index.number_of_replicas]","caused_by":{"type":"number_format_exception","reason":"For input string: \"x\""}}}`,
		},
		{restore, `{"indices":"logs","rename_pattern":"logs","rename_replacement":"reset","index_settings":{"index.refresh_interval":null,"index.number_of_replicas":0}}`, 0, ``},
		{"GET /reset/_settings", "", 0, `{"reset":{"settings":{"index":{"refresh_interval":null,"number_of_replicas":"0"}}}}`},
	})
}
