package memory_test

import (
	"strings"
	"testing"

	"snapferry/awsx/sandbox/memory"
)

// TestProtectedIndex: the master sees the security index and not its documents,
// and nobody changes it. The verdicts are those of real nodes.
func TestProtectedIndex(t *testing.T) {
	each(t, func(t *testing.T, v string) {
		w := secured(t, v)
		w.rulings(strings.ReplaceAll(`
			GET /_cat/indices => 200
			GET /SEC => 200
			GET /SEC/_settings => 200
			GET /SEC/_mapping => 200
			GET /SEC/_alias => 200
			GET /SEC/_doc/roles => 404
			GET /SEC/_source/roles => 404
			GET /SEC/_stats => 200
			GET /SEC/_recovery => 200
			PUT /SEC/_doc/x {"a":1} => []
			DELETE /SEC/_doc/roles => []
			POST /SEC/_update/roles {"doc":{}} => []
			POST /SEC/_close => []
			POST /SEC/_open => 200
			POST /SEC/_refresh => 200
			POST /SEC/_flush => 200
			POST /SEC/_forcemerge => 200
			POST /_refresh => 200
			PUT /SEC/_settings {"index":{"refresh_interval":"2s"}} => []
			PUT /SEC/_mapping {"properties":{"z":{"type":"long"}}} => []
			PUT /SEC => 400
			DELETE /SEC => []
			DELETE /logs-nosuch,SEC => []
			DELETE /.open* => []
			DELETE /* => []
			DELETE /_all => []
			DELETE /nosuch => 404
			DELETE /nosuch* => 200
			POST /*/_close => []
			POST /_all/_close => []
			PUT /_settings {"index":{"refresh_interval":"2s"}} => []
			PUT /*/_settings {"index":{"refresh_interval":"2s"}} => []
			POST /_aliases {"actions":[{"add":{"index":"SEC","alias":"z"}}]} => []
			PUT /SEC/_alias/z => []
			POST /_aliases {"actions":[{"remove_index":{"index":"SEC"}}]} => []
			POST /_aliases {"actions":[{"add":{"index":"*","alias":"star"}}]} => []
			PUT /.tasks => 200
			PUT /.tasks/_doc/1 {"a":1} => []
			DELETE /.tasks => []
			PUT /.kibana_1 => 200
			DELETE /.kibana_1 => 200`, "SEC", ".opendistro_security"))
		w.play([]step{
			{"GET /.opendistro_security/_count", "", 0, `{"count":0,"_shards":{"total":1,"successful":1}}`},
			{"GET /.opendistro_security/_search", "", 0, `{"hits":{"total":{"value":0},"hits":[]}}`},
			{"GET /logs-a,.opendistro_security/_count", "", 0, `{"count":1,"_shards":{"total":2}}`},
			{"POST /_mget", `{"docs":[{"_index":".opendistro_security","_id":"roles"}]}`, 0, `{"docs":[{"_id":"roles","found":false}]}`},
			{"POST /_bulk", `{"index":{"_index":".opendistro_security","_id":"1"}}` + "\n" + `{"a":1}` + "\n" + `{"index":{"_index":"logs-a","_id":"1"}}` + "\n" + `{"a":1}` + "\n", 0, `{"errors":true,"items":[
				{"index":{"status":403,"error":{"type":"security_exception","reason":"~^no permissions for \\[\\] and User"}}},{"index":{"status":200}}]}`},
		})
		docs := map[bool]string{true: "9", false: "10"}[v == "3.4.0"]
		w.play([]step{{"GET /_cat/indices/.opendistro_security?format=json&h=index,docs.count,rep", "", 0, `[{"index":".opendistro_security","docs.count":"` + docs + `","rep":"0"}]`}})
	})
}

// TestSecurityIndexFollowsTheNodes: it has a copy on every node.
func TestSecurityIndexFollowsTheNodes(t *testing.T) {
	w := secured(t, "3.4.0", func(o *memory.Options) { o.Nodes = 3 })
	w.play([]step{{"GET /_cat/indices/.opendistro_security?format=json&h=health,rep", "", 0, `[{"health":"green","rep":"2"}]`}})
}

// contents are restores of a snapshot of everything, judged by what they would
// bring. The verdicts are those of real nodes, for the master and for a signer
// with manage_snapshots alike.
const contents = `
	POST /_snapshot/r/all/_restore => []
	POST /_snapshot/r/all/_restore {} => []
	POST /_snapshot/r/all/_restore {"indices":"*"} => []
	POST /_snapshot/r/all/_restore {"indices":"_all"} => []
	POST /_snapshot/r/all/_restore {"indices":[]} => []
	POST /_snapshot/r/all/_restore {"indices":""} => []
	POST /_snapshot/r/all/_restore {"indices":"*,-.opendistro-*"} => []
	POST /_snapshot/r/all/_restore {"indices":"-.opendistro-*"} => []
	POST /_snapshot/r/all/_restore {"indices":".opendistro_security"} => []
	POST /_snapshot/r/all/_restore {"indices":["logs-a",".opendistro_security"]} => []
	POST /_snapshot/r/all/_restore {"indices":".opendistro_security","rename_pattern":".+","rename_replacement":"stolen"} => []
	POST /_snapshot/r/all/_restore {"indices":"logs-a","rename_pattern":".+","rename_replacement":".opendistro_security"} => []
	POST /_snapshot/r/all/_restore {"indices":"logs-a","rename_pattern":".+","rename_replacement":".tasks"} => []
	POST /_snapshot/r/all/_restore {"indices":"zz*"} => []
	POST /_snapshot/r/all/_restore {"indices":"nosuch","ignore_unavailable":true} => []
	POST /_snapshot/r/all/_restore {"indices":"nosuch"} => 404
	POST /_snapshot/r/all/_restore {"indices":"logs-a,·logs-b"} => 404
	POST /_snapshot/r/all/_restore {"indices":"logs-a"} => 500
	POST /_snapshot/r/nosuch/_restore => []
	POST /_snapshot/r/nosuch/_restore {"indices":"logs-a"} => []
	POST /_snapshot/nosuch/all/_restore {"indices":"logs-a"} => 404
	POST /_snapshot/r/s1/_restore => 500
	POST /_snapshot/r/s1/_restore {"rename_pattern":"^","rename_replacement":"a-","include_aliases":false} => 200
	POST /_snapshot/r/all/_restore {"indices":"-.opendistro_security","rename_pattern":"^","rename_replacement":"b-","include_aliases":false} => 200
	POST /_snapshot/r/all/_restore {"indices":"*,-.opendistro_security","rename_pattern":"^","rename_replacement":"c-","include_aliases":false} => 200
	POST /_snapshot/r/all/_restore {"indices":["logs-a","other"],"rename_pattern":"^","rename_replacement":"d-","include_aliases":false} => 200
	POST /_snapshot/r/all/_restore {"indices":"logs-a","include_global_state":true} => GLOBAL
	POST /_snapshot/r/all/_restore {"indices":"*","include_global_state":true} => GLOBAL
	POST /_snapshot/r/s1/_restore {"include_global_state":true} => GLOBAL
	POST /_snapshot/r/nosuch/_restore {"include_global_state":true} => GLOBAL
`

func TestRestoredContents(t *testing.T) {
	each(t, func(t *testing.T, v string) {
		global := map[bool]string{true: "[cluster:admin/snapshot/restore]", false: "[]"}[v == "3.4.0"]
		// A middle dot stands for a blank, which would end the path.
		table := strings.NewReplacer("GLOBAL", global, "·", " ").Replace(contents)
		for _, who := range []string{masterARN, signerARN} {
			w := secured(t, v)
			w.must("PUT "+w.api()+"rolesmapping/manage_snapshots", `{"backend_roles":["`+signerARN+`"]}`)
			if v != "7.10.2" {
				w.must("DELETE /_data_stream/traces")
			}
			w.must("PUT /_snapshot/r/all?wait_for_completion=true").has(`{"snapshot":{"state":"SUCCESS"}}`)
			w.be(who)
			w.rulings(table)
		}
	})
}

// TestRestoredNames: the names after renaming are what a role must allow.
func TestRestoredNames(t *testing.T) {
	const call = "POST /_snapshot/r/s1/_restore?wait_for_completion=true"
	for role, tc := range map[string]struct{ indices, to, want string }{
		"cluster:admin/snapshot/restore":                             {"logs-a", "re", "[indices:data/write/index, indices:admin/create]"},
		"none;*: indices_all":                                        {"logs-a", "re", "[cluster:admin/snapshot/restore]"},
		"manage_snapshots;*: indices:admin/create":                   {"logs-a", "re", "[indices:data/write/index]"},
		"manage_snapshots;*: indices:data/write/index":               {"logs-a", "re", "[indices:admin/create]"},
		"manage_snapshots;re-logs-*: write,create_index":             {"logs-a", "re", "200"},
		"manage_snapshots;re-logs-a: write,create_index":             {"logs-a,logs-b", "re", "[indices:data/write/index, indices:admin/create]"},
		"manage_snapshots;logs-*: write,create_index":                {"logs-a", "re", "[indices:data/write/index, indices:admin/create]"},
		"manage_snapshots;re-logs-a: write;re-*: create_index":       {"logs-a,logs-b", "re", "[indices:data/write/index]"},
		"manage_snapshots;re-logs-a: write;re-*: create_index,write": {"logs-a,logs-b", "re", "200"},
	} {
		w := secured(t, "3.4.0")
		w.grant(role)
		w.be(signerARN)
		a := w.do(call, `{"indices":"`+tc.indices+`","rename_pattern":"^","rename_replacement":"`+tc.to+`-","include_aliases":false}`)
		if got := a.verdict(); got != tc.want {
			t.Errorf("%s: %s, want %s: %s", role, got, tc.want, a.raw)
		}
	}
}

// TestStreamsUnderAccessControl: a stream is found only by what finds its
// indices too.
func TestStreamsUnderAccessControl(t *testing.T) {
	for indices, tc := range map[string]struct {
		verdict string
		stream  bool
	}{
		`"traces"`:                           {"404", false},
		`"traces*"`:                          {"[]", false},
		`["traces",".ds-traces-000001"]`:     {"404", false},
		`["traces*",".ds-traces-*"]`:         {"200", true},
		`".ds-traces-000001"`:                {"200", false},
		`"traces","ignore_unavailable":1`:    {"400", false},
		`"traces","ignore_unavailable":true`: {"[]", false},
		`["traces",".ds-traces-000001"],"ignore_unavailable":true`: {"200", true},
		`"*,-logs-*,-other,-.opendistro_security"`:                 {"200", true},
	} {
		w := secured(t, "3.4.0")
		w.must("PUT /_snapshot/r/all?wait_for_completion=true")
		w.must("DELETE /_data_stream/traces")
		a := w.do("POST /_snapshot/r/all/_restore?wait_for_completion=true", `{"indices":`+indices+`}`)
		if got := a.verdict(); got != tc.verdict {
			t.Errorf("%s: %s, want %s: %.200s", indices, got, tc.verdict, a.raw)
		}
		if got := w.must("GET /_data_stream").at("data_streams", 0, "name") == "traces"; got != tc.stream {
			t.Errorf("%s: the stream is back: %v", indices, got)
		}
	}
}
