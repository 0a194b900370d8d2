package content

import (
	"encoding/json"
	"fmt"
	"time"

	"snapferry/awsx/awsid"
)

// system are the indices a managed domain keeps for itself. Most of them are
// protected: a migration leaves them where they are. The security plugin's own is
// there only with fine-grained access control, which makes it itself.
func (g *generator) system() {
	type own struct {
		name    string
		docs    int
		mapping string
		aliases map[string]map[string]any
		doc     func(n int) (string, any)
	}
	list := []own{
		{
			".kibana_1", 14, `{"dynamic":"strict","properties":{"type":{"type":"keyword"},"updated_at":{"type":"date"},"dashboard":{"properties":{"title":{"type":"text"}}},"index-pattern":{"properties":{"title":{"type":"text"}}}}}`,
			alias(map[string]any{}, ".kibana"), g.savedObject,
		},
		{".tasks", 2, `{"dynamic":"strict","properties":{"completed":{"type":"boolean"},"task":{"type":"object","enabled":false}}}`, nil, func(int) (string, any) {
			return g.hexID(12) + ":" + itoa(g.rnd.IntN(90000)), map[string]any{"completed": true, "task": map[string]any{"action": "indices:data/write/reindex"}}
		}},
	}
	if g.Version.Family == awsid.OpenSearch {
		list = append(list,
			own{".opensearch-observability", 3, `{"properties":{"title":{"type":"text"}}}`, nil, func(n int) (string, any) {
				return g.hexID(16), map[string]any{"title": fmt.Sprintf("Saved view %d", n+1)}
			}},
			own{".plugins-ml-config", 1, `{"properties":{"master_key":{"type":"keyword"},"create_time":{"type":"date","format":"strict_date_time||epoch_millis"}}}`, nil, func(int) (string, any) {
				return "master_key", map[string]any{"create_time": g.Now.Add(-200 * day).UnixMilli()}
			}},
			own{".opendistro-job-scheduler-lock", 4, `{"properties":{"job_id":{"type":"keyword"},"released":{"type":"boolean"}}}`, nil, func(n int) (string, any) {
				return fmt.Sprintf(".opendistro-ism-config-job-%d", n), map[string]any{"job_id": "job-" + itoa(n), "released": true}
			}})
	}
	for _, s := range list {
		g.add(spec{
			name: s.name, shards: 1, copies: 1, age: 398 * day, span: day, docs: s.docs, mapping: s.mapping, aliases: s.aliases,
			make: func(_ time.Time, n int) (string, any) { return s.doc(n) },
		})
	}
}

// savedObject is a dashboards object.
func (g *generator) savedObject(n int) (string, any) {
	title := []string{"Errors by service", "Orders today", "Latency", "Stock", "Audit"}[n%5]
	if n < 4 {
		pattern := []string{"logs*", "metrics*", "orders*", "audit*"}[n]
		return "index-pattern:" + g.hexID(8), map[string]any{"type": "index-pattern", "index-pattern": map[string]any{"title": pattern}, "updated_at": stamp(g.Now.Add(-30 * day))}
	}
	return "dashboard:" + g.hexID(8) + itoa(n), map[string]any{"type": "dashboard", "dashboard": map[string]any{"title": title}, "updated_at": stamp(g.Now.Add(-time.Duration(n) * day))}
}

// templates are what new indices of the shop are made by.
func (g *generator) templates() {
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	g.out.LegacyTemplates = map[string]json.RawMessage{
		"clickstream": raw(`{"order":0,"index_patterns":["clickstream-*"],"settings":{"index":{"number_of_shards":"2"}},"mappings":` + clickMapping + `,"aliases":{}}`),
	}
	g.out.ComponentTemplates = map[string]json.RawMessage{
		"shop-defaults": raw(`{"template":{"settings":{"index":{"number_of_replicas":"1","refresh_interval":"5s"}}}}`),
		"log-fields":    raw(`{"template":{"mappings":` + logMapping + `}}`),
	}
	g.out.IndexTemplates = map[string]json.RawMessage{
		"logs":    raw(`{"index_patterns":["logs-*"],"template":{"settings":{"index":{"number_of_shards":"3"}}},"composed_of":["shop-defaults","log-fields"],"priority":100}`),
		"metrics": raw(`{"index_patterns":["metrics-*"],"template":{"settings":{"index":{"number_of_shards":"2"}},"mappings":` + metricMapping + `},"composed_of":["shop-defaults"],"priority":100}`),
	}
	g.out.Pipelines = map[string]json.RawMessage{
		"orders-currency": raw(`{"description":"Orders without a currency are in euro","processors":[{"set":{"field":"currency","value":"EUR","override":false}}]}`),
	}
	g.streamTemplate()
}

// streamTemplate is what the data stream goes on by. Restored without it a stream
// cannot be rolled over any more, so that whoever sets up a target makes it first.
func (g *generator) streamTemplate() {
	if g.Version.Family != awsid.OpenSearch {
		return
	}
	if g.out.IndexTemplates == nil {
		g.out.IndexTemplates = map[string]json.RawMessage{}
	}
	g.out.IndexTemplates["traces"] = json.RawMessage(`{"index_patterns":["traces-*"],"template":{"settings":{"index":{"number_of_shards":"1","number_of_replicas":"1"}}},"composed_of":[],"priority":200,"data_stream":{"timestamp_field":{"name":"@timestamp"}}}`)
}
