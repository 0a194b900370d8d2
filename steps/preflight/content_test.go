package preflight_test

import (
	"strings"
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/spec"
)

func TestProtectedContent(t *testing.T) {
	w := openWorld(t, kinds(sandbox.AccessIAMMaster, sandbox.AccessPolicy))
	const check = "protected-content-not-asked-for"
	w.run([]row{
		{name: "not asked for", check: check, want: steps.Pass, evidence: "protected indices stay"},
		{name: "all", check: check, spec: patterns("*"), want: steps.Pass},
		{name: "dashboards", check: check, spec: patterns("metrics-*", ".kibana*"), want: steps.Warn, subject: ".kibana*", cause: ".kibana_1, and this stays: dashboards objects", fix: "Take it out of move.indices", evidence: "/_cat/indices"},
		{name: "the security index", check: check, spec: patterns(".opendistro_security"), want: steps.Warn, cause: "users, roles and mappings"},
		{name: "everything with a dot", check: check, spec: patterns(".*"), want: steps.Warn, subject: ".*", cause: ".opendistro_security"},
		{name: "taken out", check: check, spec: patterns("*", "-.kibana*"), want: steps.Pass},
		{name: "denied", check: check, between: says(w.endpoint("source"), "/_cat/indices", 403, deniedFront), want: steps.Unknown, fix: "es:ESHttpGet"},
	})
}

func TestSnapshotsWithoutSecurityIndex(t *testing.T) {
	const check = "snapshots-without-security-index"
	none := openWorld(t, kinds(sandbox.AccessPolicy, sandbox.AccessIAMMaster))
	none.run([]row{{name: "none", check: check, want: steps.Pass, evidence: "0 snapshots looked at"}})
	w := openWorld(t, sandbox.Options{Faults: []string{"security-index-in-restore"}})
	b := w.endpoint("target")
	master := internalMaster(steps.Target)
	w.run([]row{
		{
			name: "one", check: check, spec: master, want: steps.Note, subject: "target nightly", cause: "1 of its snapshots holds the security index, the last of them nightly-0001",
			fix: "explicit list", cmd: "/_snapshot/nightly/nightly-0001/_restore",
		},
		{name: "on the source", check: check, spec: func(s *spec.Spec) { s.Shape = spec.ShapeSameDomain }, want: steps.Note, subject: "source nightly"},
		{name: "nobody may look", check: check, want: steps.Unknown, fix: "Have the target's signer identity mapped to a role with manage_snapshots"},
		{name: "the list is refused", check: check, spec: master, between: says(b, "/_snapshot/nightly/_all", 500, `{"error":{"type":"x","reason":"broken"},"status":500}`), want: steps.Unknown, subject: "nightly", cause: "broken"},
	})
	held := func(names string) string {
		return `{"snapshots":[{"snapshot":"theirs","uuid":"u","version":"3.4.0","state":"SUCCESS","indices":[` + names + `]}]}`
	}
	for names, shown := range map[string]bool{`".opendistro_security","logs"`: true, `".opendistro_security",".kibana_1"`: false} {
		found := w.check(row{spec: master, between: says(b, "/_snapshot/nightly/_all", 200, held(names))}, check)
		if len(found) != 1 || found[0].Outcome != steps.Note || (found[0].Fix.Command != "") != shown {
			t.Fatalf("%s: %+v", names, found)
		}
		for line := range strings.Lines(found[0].Fix.Command) {
			if !strings.HasPrefix(line, "# ") {
				t.Errorf("pasted, it fills the target with what may be somebody else's: %s", line)
			}
		}
	}
	stream := w.check(row{spec: master, between: says(b, "/_snapshot/nightly/_all", 200, held(`".opendistro_security",".kibana_1",".ds-web-000001",".ds-web-000002",".ds-app-2026.11.22-000001","logs"`))}, check)[0]
	for _, want := range []string{`"indices":"app,web,.ds-web-000001,.ds-web-000002,.ds-app-2026.11.22-000001,logs"`, `"ignore_unavailable":true`} {
		if !strings.Contains(stream.Fix.Command, want) {
			t.Errorf("data streams are left out: no %s in %s", want, stream.Fix.Command)
		}
	}
	for _, want := range []string{"left out: .opendistro_security, .kibana_1", "data streams: app, web"} {
		if !strings.Contains(stream.Fix.Text.String(), want) {
			t.Errorf("does not say %q: %s", want, stream.Fix.Text)
		}
	}
	open := newWorld(t)
	open.run([]row{{name: "nobody minds", check: check, want: steps.Pass, evidence: "no fine-grained access control"}})
}
