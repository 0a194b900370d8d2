package content

import (
	"fmt"
	"time"
)

const logMapping = `{"properties":{"@timestamp":{"type":"date"},"level":{"type":"keyword"},"service":{"type":"keyword"},"host":{"type":"keyword"},` +
	`"message":{"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":256}}},"trace_id":{"type":"keyword"},` +
	`"http":{"properties":{"method":{"type":"keyword"},"path":{"type":"keyword"},"status":{"type":"integer"},"duration_ms":{"type":"float"}}}}}`

type httpCall struct {
	Method   string  `json:"method"`
	Path     string  `json:"path"`
	Status   int     `json:"status"`
	Duration float64 `json:"duration_ms"`
}

type logLine struct {
	At      string   `json:"@timestamp"`
	Level   string   `json:"level"`
	Service string   `json:"service"`
	Host    string   `json:"host"`
	Message string   `json:"message"`
	Trace   string   `json:"trace_id"`
	HTTP    httpCall `json:"http"`
}

// logLine is one line of a service's log.
func (g *generator) logLine(at time.Time, n int) (string, any) {
	service := pick(g.rnd, services)
	return g.hexID(16) + itoa(n), logLine{
		At: stamp(at), Level: pick(g.rnd, levels), Service: service, Host: g.host(service), Message: pick(g.rnd, messages), Trace: g.hexID(16),
		HTTP: httpCall{pick(g.rnd, methods), pick(g.rnd, paths), pick(g.rnd, statuses), float64(g.rnd.IntN(90000)) / 100},
	}
}

// logs are rolled over about once a week; the newest is still written to.
func (g *generator) logs() {
	const first, last = 30, 41
	for n := first; n <= last; n++ {
		age := time.Duration(last-n)*7*day + 3*day
		s := spec{
			name: fmt.Sprintf("logs-%06d", n), shards: 3, copies: 1, age: age, span: 7 * day, docs: 140 + g.rnd.IntN(80), bytes: g.about(7 * GiB),
			mapping: logMapping, aliases: alias(map[string]any{"is_write_index": n == last}, "logs"), make: g.logLine,
			settings: map[string]string{"index.refresh_interval": "5s", "index.codec": "best_compression"},
		}
		if n == last {
			s.span, s.bytes = 3*day, g.about(2*GiB)
		}
		g.add(s)
	}
}

const metricMapping = `{"dynamic":"strict","properties":{"@timestamp":{"type":"date"},"name":{"type":"keyword"},"service":{"type":"keyword"},"host":{"type":"keyword"},` +
	`"value":{"type":"double"},"unit":{"type":"keyword"}}}`

type metric struct {
	At      string  `json:"@timestamp"`
	Name    string  `json:"name"`
	Service string  `json:"service"`
	Host    string  `json:"host"`
	Value   float64 `json:"value"`
	Unit    string  `json:"unit"`
}

var gauges = []struct{ name, unit string }{{"cpu.used", "percent"}, {"memory.rss", "bytes"}, {"requests.rate", "per_second"}, {"queue.depth", "items"}, {"gc.pause", "ms"}}

// metric is one reading of a gauge.
func (g *generator) metric(at time.Time, n int) (string, any) {
	service, m := pick(g.rnd, services), pick(g.rnd, gauges)
	return g.hexID(12) + itoa(n), metric{stamp(at), m.name, service, g.host(service), float64(g.rnd.IntN(1_000_000)) / 1000, m.unit}
}

// metrics are one index a month, the current one included.
func (g *generator) metrics() {
	month := time.Date(g.Now.Year(), g.Now.Month(), 1, 0, 0, 0, 0, time.UTC)
	for back := 10; back >= 0; back-- {
		m := month.AddDate(0, -back, 0)
		span := min(g.Now.Sub(m), 30*day)
		g.add(spec{
			name: "metrics-" + m.Format("2006.01"), shards: 2, copies: 1, age: g.Now.Sub(m), span: span, docs: 110 + g.rnd.IntN(60), bytes: g.about(3 * GiB),
			mapping: metricMapping, aliases: alias(map[string]any{}, "metrics"), make: g.metric,
		})
	}
}

const traceMapping = `{"_data_stream_timestamp":{"enabled":true},"properties":{"@timestamp":{"type":"date"},"trace_id":{"type":"keyword"},"span_id":{"type":"keyword"},` +
	`"service":{"type":"keyword"},"operation":{"type":"keyword"},"duration_us":{"type":"long"}}}`

type traceSpan struct {
	At        string `json:"@timestamp"`
	Trace     string `json:"trace_id"`
	Span      string `json:"span_id"`
	Service   string `json:"service"`
	Operation string `json:"operation"`
	Duration  int    `json:"duration_us"`
}

// traces are a data stream of three generations.
func (g *generator) traces() {
	const stream, generations = "traces-checkout", 3
	for n := 1; n <= generations; n++ {
		g.add(spec{
			name: fmt.Sprintf(".ds-%s-%06d", stream, n), shards: 1, copies: 1, age: time.Duration(generations-n)*10*day + 4*day, span: 10 * day, docs: 150,
			bytes: g.about(4 * GiB), mapping: traceMapping, settings: map[string]string{"index.hidden": "true"},
			make: func(at time.Time, n int) (string, any) {
				return g.hexID(14) + itoa(n), traceSpan{stamp(at), g.hexID(16), g.hexID(8), pick(g.rnd, services), pick(g.rnd, methods) + " " + pick(g.rnd, paths), g.rnd.IntN(400000)}
			},
		})
	}
	g.out.Streams = map[string]int{stream: generations}
}
