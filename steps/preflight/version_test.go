package preflight_test

import (
	"testing"

	"snapferry/steps"
	"snapferry/steps/spec"
)

// engine is an answer to GET /.
func engine(number, distribution string) string {
	return `{"name":"n","cluster_name":"c","version":{"number":"` + number + `","distribution":"` + distribution + `"}}`
}

func TestVersionPath(t *testing.T) {
	w := newWorld(t)
	const check = "version-path"
	a, b := w.endpoint("source"), w.endpoint("target")
	pair := func(from, fromIs, to, toIs string) between {
		return all(says(a, root, 200, engine(from, fromIs)), says(b, root, 200, engine(to, toIs)))
	}
	const es, os = "", "opensearch"
	swapped := func(s *spec.Spec) {
		s.Source, s.Target = s.Target, s.Source
		s.Source.Control.Profile = "target"
		s.Source.Signer.Profile = "target"
		s.Target.Control.Profile = "source"
		s.Target.Signer.Profile = "source"
	}
	w.run([]row{
		{name: "next major", check: check, want: steps.Pass, subject: "OpenSearch 2.19.4 to OpenSearch 3.4.0", evidence: "can read what OpenSearch 2.19.4 writes"},
		{name: "swapped", check: check, spec: swapped, want: steps.Block, cause: "newer than the target", fix: "Upgrade the target to OpenSearch 3.4.0"},
		{name: "alike", check: check, between: pair("2.19.4", os, "2.19.4", os), want: steps.Pass},
		{name: "newer patch", check: check, between: pair("2.19.4", os, "2.19.3", os), want: steps.Block, cause: "newer"},
		{name: "too old", check: check, between: pair("1.3.20", os, "3.4.0", os), want: steps.Block, cause: "reads nothing older than OpenSearch 2", fix: "version in between"},
		{name: "7 to 3", check: check, between: pair("7.10.2", es, "3.4.0", os), want: steps.Block, cause: "older"},
		{name: "7 to 2", check: check, between: pair("7.10.2", es, "2.19.4", os), want: steps.Note, cause: "only through OpenSearch 1.x"},
		{name: "7 to 1", check: check, between: pair("7.10.2", es, "1.3.20", os), want: steps.Pass},
		{name: "6 to 1", check: check, between: pair("6.8.0", es, "1.3.20", os), want: steps.Pass},
		{name: "6 to 2", check: check, between: pair("6.8.0", es, "2.19.4", os), want: steps.Block, cause: "Elasticsearch 7"},
		{name: "6 to 7", check: check, between: pair("6.8.0", es, "7.10.2", es), want: steps.Pass},
		{name: "5 to 7", check: check, between: pair("5.6.0", es, "7.10.2", es), want: steps.Block, cause: "Elasticsearch 6"},
		{name: "2 to 5", check: check, between: pair("2.3.2", es, "5.6.0", es), want: steps.Pass},
		{name: "1 to 5", check: check, between: pair("1.5.2", es, "5.6.0", es), want: steps.Block, cause: "older than Elasticsearch 2"},
		{name: "2 to 6", check: check, between: pair("2.3.2", es, "6.8.0", es), want: steps.Block, cause: "older than Elasticsearch 5"},
		{name: "back to Elasticsearch", check: check, between: pair("1.3.20", os, "7.10.2", es), want: steps.Block, cause: "newer"},
		{name: "beside itself", check: check, spec: func(s *spec.Spec) { s.Shape = spec.ShapeSameDomain }, want: steps.Pass, subject: "OpenSearch 2.19.4 to OpenSearch 2.19.4"},
		{name: "source denied", check: check, between: says(a, root, 403, deniedFront), want: steps.Unknown, fix: "es:ESHttpGet", evidence: "GET https://" + a},
		{name: "target denied", check: check, between: says(b, root, 403, deniedFront), want: steps.Unknown, fix: "es:ESHttpGet", evidence: "GET https://" + b},
		{name: "no number", check: check, between: says(b, root, 200, `{}`), want: steps.Unknown, cause: "which engine"},
		{name: "no source", check: check, spec: func(s *spec.Spec) { s.Source.Domain = "nothing" }, want: steps.Skipped, because: "source-domain-found"},
	})
}

// TestIndexVersions: an index keeps the version it was made by.
func TestIndexVersions(t *testing.T) {
	w := newWorld(t)
	const check = "index-created-versions"
	a, b := w.endpoint("source"), w.endpoint("target")
	w.call(steps.Source, "PUT", "/shop-1", `{}`)
	w.call(steps.Source, "PUT", "/shop-2", `{}`)
	made := func(one, two string) between {
		return says(a, "/_settings", 200, `{"shop-1":{"settings":{"index.version.created":"`+one+`"}},"shop-2":{"settings":{`+two+`}}}`)
	}
	const newer = `"index.version.created":"136408127"` // OpenSearch 2.19.0
	shop := patterns("shop-*")
	w.run([]row{
		{name: "new", check: check, spec: shop, want: steps.Pass, evidence: "2 indices, none created before OpenSearch 2"},
		{name: "one of Elasticsearch 7", check: check, spec: shop, between: made("7100299", newer), want: steps.Block, subject: "shop-1", cause: "created by Elasticsearch 7.10.2; OpenSearch 3.4.0 reads from OpenSearch 2", fix: "Reindex"},
		{name: "one does not tell", check: check, spec: shop, between: made("136408127", ""), want: steps.Unknown, subject: "shop-2", cause: "do not tell"},
		{name: "both tell", check: check, spec: shop, between: made("136408127", newer), want: steps.Pass},
		{name: "target denied", check: check, between: says(b, root, 403, deniedFront), want: steps.Unknown, evidence: "GET https://" + b},
		{name: "source denied", check: check, between: says(a, "/_settings", 403, deniedFront), want: steps.Unknown, evidence: "GET https://" + a},
	})
}
