package cluster_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
)

func TestDataStreams(t *testing.T) {
	for _, version := range []string{"2.19.4", "3.4.0"} {
		c, _ := serve(t, version, map[string]answer{"GET /_data_stream": golden(t, version, "stream-get-all"), "DELETE /_data_stream/web": golden(t, version, "stream-delete")})
		got, err := c.DataStreams(ctx)
		if err != nil || len(got) != 1 {
			t.Fatalf("%s: %+v %v", version, got, err)
		}
		if s := got[0]; s.Generation != 2 || strings.Join(s.Indices, " ") != ".ds-web-000001 .ds-web-000002" || s.Template != "web" {
			t.Errorf("%s: %+v", version, s)
		}
		same(t, nil, nil, c.DeleteDataStream(ctx, "web"))
	}
	c, d := serve(t, "3.4.0", map[string]answer{
		"DELETE /_data_stream/web": {404, json.RawMessage(`{"error":{"type":"index_not_found_exception","reason":"no such index [web]"},"status":404}`)},
	})
	same(t, nil, nil, c.DeleteDataStream(ctx, "web"))
	asked := len(d.asked)
	for _, name := range []string{"", "_all", "*", "we*", "a,b", "-a"} {
		if err := c.DeleteDataStream(ctx, name); !failure.Is(err, failure.Invalid) {
			t.Errorf("deleting %q gave %v", name, err)
		}
	}
	if len(d.asked) != asked {
		t.Errorf("%d calls were made", len(d.asked)-asked)
	}
}

func TestBackedStream(t *testing.T) {
	for index, want := range map[string]string{
		".ds-web-000001": "web 1", ".ds-a-000002-000010": "a-000002 10", ".ds-web-1234567": "web 1234567",
		"web": " 0", ".ds-web": " 0", ".ds-web-0001": " 0", ".ds-web-000001-old": " 0", ".ds--000001": " 0", "x.ds-web-000001": " 0",
	} {
		stream, generation := cluster.BackedStream(index)
		if got := fmt.Sprint(stream, " ", generation); got != want {
			t.Errorf("%s: %q, want %q", index, got, want)
		}
	}
}

// TestTemplates reads templates as they were put, whose bodies can be put again.
func TestTemplates(t *testing.T) {
	r := open(t)
	c := r.domain("source")
	r.do(c, "PUT", "/_component_template/part", `{"template":{"settings":{"number_of_replicas":0}}}`)
	r.do(c, "PUT", "/_index_template/web", `{"index_patterns":["web*","w-*"],"priority":7,"composed_of":["part"],"data_stream":{}}`)
	r.do(c, "PUT", "/_index_template/plain", `{"index_patterns":["plain*"]}`)
	list, err := c.IndexTemplates(ctx)
	r.must(err)
	by := map[string]cluster.IndexTemplate{}
	for _, x := range list {
		by[x.Name] = x
		r.do(c, "PUT", "/_index_template/"+x.Name, string(x.Body))
	}
	if w := by["web"]; !w.DataStream || w.Priority != 7 || strings.Join(w.Patterns, " ") != "web* w-*" || strings.Join(w.ComposedOf, " ") != "part" {
		t.Errorf("%+v", w)
	}
	if p := by["plain"]; p.DataStream || p.Priority != 0 || len(p.ComposedOf) != 0 {
		t.Errorf("%+v", p)
	}
	parts, err := c.ComponentTemplates(ctx)
	r.must(err)
	if !strings.Contains(string(parts["part"]), "number_of_replicas") {
		t.Errorf("%s", parts["part"])
	}
	r.do(c, "PUT", "/_component_template/part", string(parts["part"]))
}

func TestTemplatesOfAnOldEngine(t *testing.T) {
	none := answer{400, json.RawMessage(`{"error":{"type":"invalid_index_name_exception","reason":"must not start with '_'"},"status":400}`)}
	c, _ := serve(t, "7.2.0", map[string]answer{"GET /_index_template": none, "GET /_component_template": none})
	if list, err := c.IndexTemplates(ctx); list != nil || err != nil {
		t.Errorf("%v %v", list, err)
	}
	if list, err := c.ComponentTemplates(ctx); list != nil || err != nil {
		t.Errorf("%v %v", list, err)
	}
	c, _ = serve(t, "3.4.0", map[string]answer{"GET /_index_template": ok(`{"index_templates":[{"name":"odd","index_template":7}]}`)})
	if _, err := c.IndexTemplates(ctx); !failure.Is(err, failure.Unknown) || !strings.Contains(err.Error(), "odd") {
		t.Errorf("%v", err)
	}
}

func TestUnassigned(t *testing.T) {
	const rows = `[{"index":"a","prirep":"p","state":"STARTED","unassigned.details":null},{"index":"a","prirep":"p","state":"UNASSIGNED","unassigned.at":"2026-11-22T03:00:00.500Z","unassigned.details":"restore_source[r/s]"},` +
		`{"index":"a","prirep":"p","state":"UNASSIGNED","unassigned.details":"later"},{"index":"b","prirep":"r","state":"UNASSIGNED","unassigned.details":"x"},{"index":"c","prirep":"p","state":"UNASSIGNED","unassigned.details":null}]`
	c, d := serve(t, "3.4.0", map[string]answer{"GET /_cat/shards/a,b,c?format=json&h=index%2Cprirep%2Cstate%2Cunassigned.at%2Cunassigned.details&s=index%2Cshard": ok(rows), "GET /_cat/shards": ok(rows)})
	got, err := c.Unassigned(ctx, []string{"a", "b", "c"})
	at := time.Date(2026, 11, 22, 3, 0, 0, 5e8, time.UTC)
	same(t, map[string]cluster.Note{"a": {"restore_source[r/s]", at}, "c": {}}, got, err)
	many := []string{"c"}
	for i := range 2000 {
		many = append(many, fmt.Sprintf("index-of-a-longer-name-%06d", i))
	}
	before := len(d.asked)
	got, err = c.Unassigned(ctx, many)
	same(t, map[string]cluster.Note{"c": {}}, got, err)
	if n := len(d.asked) - before; n != 1 {
		t.Errorf("%d calls for %d indices", n, len(many))
	}
}
