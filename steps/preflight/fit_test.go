package preflight_test

import (
	"testing"

	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/spec"
)

func patterns(list ...string) func(*spec.Spec) {
	return func(s *spec.Spec) { s.Move.Patterns = list }
}

func TestSelection(t *testing.T) {
	w := newWorld(t)
	const moves, hit = "something-moves", "patterns-hit"
	denied := says(w.endpoint("source"), "/_cat/indices", 403, deniedFront)
	w.run([]row{
		{name: "metrics", check: moves, want: steps.Pass, evidence: "11 indices move"},
		{name: "nothing", check: moves, spec: patterns("nope"), want: steps.Block, cause: "none would move", fix: "Widen move.indices"},
		{name: "protected only", check: moves, spec: patterns(".kibana_1"), want: steps.Block, cause: "has to stay", evidence: "index .kibana_1 stays: "},
		{name: "denied", check: moves, between: denied, want: steps.Unknown, fix: "es:ESHttpGet", evidence: "/_cat/indices"},
		{name: "no source", check: moves, spec: func(s *spec.Spec) { s.Source.Domain = "nothing" }, want: steps.Skipped, because: "source-domain-found"},

		{name: "all hit", check: hit, spec: patterns("metrics-*", "logs-*"), want: steps.Pass, evidence: "2 patterns"},
		{name: "one idle", check: hit, spec: patterns("metrics-*", "nope-*"), want: steps.Warn, subject: "nope-*", cause: "no index of the source", fix: "Correct it in move.indices"},
		{name: "both idle", check: hit, spec: patterns("nope-1", "nope-2"), want: steps.Warn, subject: "nope-2"},
		{name: "a hyphen may hit nothing", check: hit, spec: patterns("metrics-*", "-nope"), want: steps.Pass},
		{name: "denied", check: hit, between: denied, want: steps.Unknown, fix: "es:ESHttpGet", evidence: "/_cat/indices"},
	})
}

func TestNamesFree(t *testing.T) {
	w := newWorld(t)
	const check = "index-names-free"
	w.call(steps.Source, "PUT", "/shop-1", `{}`)
	w.call(steps.Target, "PUT", "/shop-1", `{}`)
	w.call(steps.Source, "PUT", "/held", `{}`)
	w.call(steps.Target, "PUT", "/holder", `{"aliases":{"held":{}}}`)
	w.call(steps.Source, "PUT", "/aka", `{"aliases":{"both":{}}}`)
	w.call(steps.Target, "PUT", "/theirs", `{"aliases":{"both":{}}}`)
	rename := func(replacement string) func(*spec.Spec) {
		return func(s *spec.Spec) {
			s.Move.Patterns, s.Move.RenamePattern, s.Move.RenameReplacement = []string{"shop-1", "held"}, "^(.+)$", replacement
		}
	}
	b := w.endpoint("target")
	w.run([]row{
		{name: "free", check: check, want: steps.Pass, evidence: "11 names"},
		{name: "taken", check: check, spec: patterns("shop-1"), want: steps.Block, subject: "shop-1", cause: "has an index of that name", fix: "--overwrite-index shop-1", evidence: "on the source: shop-1"},
		{name: "may be replaced", check: check, spec: func(s *spec.Spec) {
			s.Move.Patterns, s.Move.Overwrite = []string{"shop-1"}, []awsid.IndexName{"shop-1"}
		}, want: steps.Pass},
		{name: "an alias there", check: check, spec: patterns("held"), want: steps.Block, subject: "held", cause: "alias of that name, on index holder", fix: "Rename"},
		{name: "an alias of others", check: check, spec: patterns("aka"), want: steps.Block, subject: "both", cause: "it is an alias of theirs", fix: "move.aliases: leave", evidence: "on the source: aka"},
		{name: "aliases left behind", check: check, spec: both(patterns("aka"), func(s *spec.Spec) { s.Move.Aliases = spec.AliasesLeave }), want: steps.Pass},
		{name: "renamed", check: check, spec: rename("old-$1"), want: steps.Pass, evidence: "2 names"},
		{name: "all one name", check: check, spec: rename("one"), want: steps.Block, subject: "one", cause: "held, shop-1 would all", fix: "parentheses"},
		{name: "no name", check: check, spec: rename("_$1"), want: steps.Block, subject: "_shop-1", cause: "do not start with", fix: "Choose"},
		{name: "target denied", check: check, between: says(b, "/_cat/indices", 403, deniedFront), want: steps.Unknown, evidence: "https://" + b + "/_cat/indices"},
		{name: "source denied", check: check, between: says(w.endpoint("source"), "/_cat/indices", 403, deniedFront), want: steps.Unknown},
		{name: "no target", check: check, spec: func(s *spec.Spec) { s.Target.Domain = "nothing" }, want: steps.Skipped, because: "target-domain-found"},
	})
}

func TestRepositoryAndSnapshotNames(t *testing.T) {
	w := newWorld(t)
	const repository, snapshot = "repository-name-free", "snapshot-name-free"
	w.run([]row{
		{name: "free", check: repository, want: steps.Pass, subject: "source snapferry", evidence: "none of that name"},
		{name: "free there", check: repository, want: steps.Pass, subject: "target snapferry", evidence: "none of that name"},
		{name: "no repository", check: snapshot, want: steps.Pass, subject: "snapferry/s-1", evidence: "none of that name"},
	})
	w.repository("mig")
	c := w.cluster(steps.Source)
	take := func(name awsid.SnapshotName, metadata map[string]string) {
		t.Helper()
		w.must(c.CreateSnapshot(w.ctx, "snapferry", name, cluster.SnapshotSpec{Indices: []string{"shop-1"}, Metadata: metadata}))
	}
	w.call(steps.Source, "PUT", "/shop-1", `{}`)
	take("theirs", nil)
	take("ours", map[string]string{"snapferry_run": "r-1"})
	named := func(name awsid.SnapshotName) func(*spec.Spec) {
		return func(s *spec.Spec) { s.Move.Snapshot = name }
	}
	a, b := w.endpoint("source"), w.endpoint("target")
	registrar := func(s *spec.Spec) { s.Source.Role.Name = "registrar" }
	shop := func(s *spec.Spec) { s.Move.Snapshot, s.Move.Patterns = "ours", []string{"shop-1"} }
	partial := edits(a, "/_snapshot/snapferry/ours", `"SUCCESS"`, `"PARTIAL"`)
	w.run([]row{
		{name: "with another role", check: repository, want: steps.Block, subject: "source", cause: "whose role_arn is", fix: "Choose another repository name"},
		{name: "of another type", check: repository, spec: registrar, between: edits(a, "/_snapshot/snapferry", `"type":"s3"`, `"type":"fs"`), want: steps.Block, subject: "source", cause: "whose type is"},
		{name: "for a bucket of its own", check: repository, spec: both(registrar, func(s *spec.Spec) { s.Bucket.Owner = steps.Target }), want: steps.Block, subject: "source", cause: "whose canned_acl is"},
		{name: "registered", check: repository, spec: registrar, want: steps.Pass, subject: "source", evidence: "registered already"},
		{name: "another bucket", check: repository, spec: bucket("acme-other"), want: steps.Block, subject: "source", cause: "registered for s3://" + bucketName + "/mig", fix: "Choose another move.repository"},
		{name: "another base path", check: repository, spec: func(s *spec.Spec) { s.Bucket.BasePath = "" }, want: steps.Block, subject: "source", cause: "/mig"},
		{name: "a source that only reads", check: repository, between: edits(a, "/_snapshot/snapferry", `"base_path":"mig"`, `"base_path":"mig","readonly":"true"`), want: steps.Block, subject: "source", cause: `readonly "true"`, fix: "has to write"},
		{name: "a second writer", check: repository, between: says(b, "/_snapshot/snapferry", 200, `{"snapferry":{"type":"s3","settings":{"bucket":"`+bucketName+`","base_path":"mig"}}}`), want: steps.Block, subject: "target", cause: `readonly ""`, fix: "a second writer"},
		{name: "a reader", check: repository, between: says(b, "/_snapshot/snapferry", 200, `{"snapferry":{"type":"s3","settings":{"bucket":"`+bucketName+`","base_path":"mig","readonly":"true","role_arn":"arn:aws:iam::222222222222:role/snap"}}}`), want: steps.Pass, subject: "target"},
		{name: "target free meanwhile", check: repository, spec: bucket("acme-other"), want: steps.Pass, subject: "target"},
		{name: "source denied", check: repository, between: says(a, "/_snapshot", 403, deniedFront), want: steps.Unknown, subject: "source", fix: "manage_snapshots", evidence: "/_snapshot/REPOSITORY"},
		{name: "target denied", check: repository, between: says(b, "/_snapshot", 403, deniedFront), want: steps.Unknown, subject: "target", fix: "manage_snapshots"},
		{name: "no target", check: repository, spec: func(s *spec.Spec) { s.Target.Domain = "nothing" }, want: steps.Skipped, subject: "target", because: "target-domain-found"},

		{name: "no snapshot", check: snapshot, want: steps.Pass, evidence: "none of that name"},
		{name: "somebody's", check: snapshot, spec: named("theirs"), want: steps.Block, subject: "snapferry/theirs", cause: "SUCCESS and was not taken by snapferry", fix: "Choose another move.snapshot"},
		{name: "ours", check: snapshot, spec: shop, want: steps.Pass, evidence: "taken by run r-1"},
		{name: "ours, of other indices", check: snapshot, spec: named("ours"), want: steps.Block, cause: "lacks 11 of the indices, the first is metrics-", fix: "Choose another snapshot name", evidence: "SUCCESS"},
		{name: "this very run's", check: snapshot, spec: named("ours"), run: "r-1", want: steps.Pass, evidence: "taken by run r-1"},
		{name: "ours, a shard lost", check: snapshot, spec: shop, between: edits(a, "/_snapshot/snapferry/ours", `"failed":0`, `"failed":1`), want: steps.Block, cause: "1 of 1 shards failed"},
		{name: "of an old engine", check: snapshot, spec: named("theirs"), between: edits(a, "/_snapshot/snapferry/theirs", `"version_id":136408227`, `"version_id":7010099`, `"version":"2.19.4"`, `"version":"7.1.0"`), want: steps.Note, cause: "7.1.0 keeps no mark"},
		{name: "ours, partial", check: snapshot, spec: named("ours"), between: partial, want: steps.Block, cause: "PARTIAL", fix: "another snapshot name"},
		{name: "denied", check: snapshot, spec: named("ours"), between: says(a, "/_snapshot", 403, deniedFront), want: steps.Unknown, fix: "manage_snapshots", evidence: "/_snapshot/REPOSITORY/SNAPSHOT"},
	})
}
