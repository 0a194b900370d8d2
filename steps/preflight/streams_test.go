package preflight_test

import (
	"testing"

	"snapferry/steps"
	"snapferry/steps/spec"
)

func TestStreams(t *testing.T) {
	w := newWorld(t)
	const whole, templates = "streams-whole", "stream-templates-there"
	const template = `{"index_patterns":["web*"],"data_stream":{},"priority":500}`
	w.call(steps.Source, "PUT", "/_index_template/web", template)
	w.call(steps.Source, "PUT", "/_data_stream/web", "")
	w.call(steps.Source, "POST", "/web/_rollover", "")
	web := patterns("web")
	b := w.endpoint("target")
	w.run([]row{
		{name: "none", check: whole, want: steps.Pass, evidence: "0 data streams move"},
		{name: "none to have a template", check: templates, want: steps.Pass, evidence: "0 data streams"},
		{name: "by its name", check: whole, spec: web, want: steps.Pass, evidence: "1 data stream moves"},
		{name: "one of its indices", check: whole, spec: patterns(".ds-web-000001"), want: steps.Block, subject: "web", cause: "moves whole or not at all", fix: "Name the stream, web", evidence: ".ds-web-000002"},
		{name: "none of it", check: whole, spec: patterns("metrics-*", "-web"), want: steps.Pass},

		{name: "no template there", check: templates, spec: web, want: steps.Block, subject: "web", cause: "no index template there", cmd: "/_index_template/web", evidence: "GET https://" + b + "/_index_template"},
		{name: "beside itself", check: templates, spec: both(web, func(s *spec.Spec) { s.Shape = spec.ShapeSameDomain }), want: steps.Pass, evidence: "1 data stream, each"},
		{name: "denied", check: templates, spec: web, between: says(b, "/_index_template", 403, deniedFront), want: steps.Unknown, fix: "indices:admin/index_template/get"},
		{name: "source denied", check: whole, spec: web, between: says(w.endpoint("source"), "/_cat/indices", 403, deniedFront), want: steps.Unknown, fix: "es:ESHttpGet"},
	})
	w.call(steps.Target, "PUT", "/_index_template/web", template)
	w.run([]row{{name: "there", check: templates, spec: web, want: steps.Pass, evidence: "each with its template"}})
	w.call(steps.Source, "POST", "/.ds-web-000001/_close", "")
	w.run([]row{{name: "one is closed", check: whole, spec: web, want: steps.Block, subject: "web", fix: "Open the index"}})
}
