package memory

import (
	"fmt"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/memory/repo"
	"snapferry/awsx/sandbox/memory/wire"
)

// engine is the personality: what differs between the versions in wording and
// rules.
type engine struct{ v awsid.EngineVersion }

// mask is the bit OpenSearch sets in its version numbers, so that they lie above
// all of Elasticsearch's.
const mask = 0x08000000

// openSearch says which of the two families this is.
func (e engine) openSearch() bool { return e.v.Family == awsid.OpenSearch }

// atLeast compares within OpenSearch; Elasticsearch is older than all of it.
func (e engine) atLeast(major, minor int) bool {
	return e.v.Compare(awsid.EngineVersion{Family: awsid.OpenSearch, Major: major, Minor: minor}) >= 0
}

// product is the name in texts.
func (e engine) product() string { return string(e.v.Family) }

// manager is the elected node in texts, managed the same in names of fields and
// columns.
func (e engine) manager() string {
	if e.atLeast(2, 0) {
		return "cluster-manager"
	}
	return "master"
}

// managerField is the elected node in fields and columns.
func (e engine) managerField() string {
	if e.atLeast(2, 0) {
		return "cluster_manager"
	}
	return "master"
}

// typed says that answers carry the mapping type _doc.
func (e engine) typed() bool { return !e.atLeast(2, 0) }

// typePart is the place of the mapping type in texts, gone since OpenSearch 2.
func (e engine) typePart(s string) string {
	if e.typed() {
		return s
	}
	return ""
}

// settingsError is the refusal of a setting, an exception of its own from
// OpenSearch 3 on.
func (e engine) settingsError(format string, args ...any) *wire.Error {
	if e.atLeast(3, 0) {
		return wire.New(400, "settings_exception", format, args...)
	}
	return wire.IllegalArgument(format, args...)
}

// streams says that there are data streams: Elasticsearch's free distribution,
// which the managed service runs, has none.
func (e engine) streams() bool { return e.openSearch() }

// codecs are the values of index.codec. Those after the fourth come from a
// plugin that managed domains have, and refusals do not name them.
func (e engine) codecs() []string {
	if !e.openSearch() {
		return []string{"default", "best_compression"}
	}
	return []string{"default", "lz4", "best_compression", "zlib", "zstd", "zstd_no_dict"}
}

// sdk is the AWS SDK whose texts the engine's errors quote.
func (e engine) sdk() repo.SDK {
	switch {
	case e.atLeast(3, 0):
		return repo.SDK2Async
	case e.atLeast(2, 12):
		return repo.SDK2
	}
	return repo.SDK1
}

// versionID is a version as a number: 7.10.2 is 7100299, and OpenSearch carries
// the mask.
func versionID(v awsid.EngineVersion) int {
	id := v.Major*1_000_000 + v.Minor*10_000 + v.Patch*100 + 99
	if v.Family == awsid.OpenSearch {
		return id | mask
	}
	return id
}

// versionOf reads such a number.
func versionOf(id int) awsid.EngineVersion {
	v := awsid.EngineVersion{Family: awsid.Elasticsearch}
	if id&mask != 0 {
		v.Family = awsid.OpenSearch
		id &^= mask
	}
	v.Major, v.Minor, v.Patch = id/1_000_000, id/10_000%100, id/100%100
	return v
}

// oldestIndex is the oldest version whose indices the engine can open, with the
// name under which its texts advise to reindex.
func (e engine) oldestIndex() (v awsid.EngineVersion, shown, reindex string) {
	es := func(major int) awsid.EngineVersion {
		return awsid.EngineVersion{Family: awsid.Elasticsearch, Major: major}
	}
	switch {
	case !e.openSearch():
		v = es(e.v.Major - 1)
		return v, v.Number() + "-beta1", fmt.Sprintf("Elasticsearch %d.x", v.Major)
	case e.v.Major == 1:
		return es(6), "6.0.0-beta1", "OpenSearch 6.x"
	case e.v.Major == 2:
		return es(7), "7.0.0", "OpenSearch 7.x"
	}
	v = awsid.EngineVersion{Family: awsid.OpenSearch, Major: e.v.Major - 1}
	return v, v.Number(), fmt.Sprintf("OpenSearch %d.x", v.Major)
}

// build is what GET / tells of the build, as the real releases do.
type build struct {
	hash, date, lucene, wire, index, flavor string
}

// build looks the version up; one that was never recorded gets plausible
// values.
func (e engine) build() build {
	switch e.v.Number() {
	case "7.10.2":
		return build{"747e1cc71def077253878a59143c1f785afa92b9", "2021-01-13T00:42:12.435326Z", "8.7.0", "6.8.0", "6.0.0-beta1", "unknown"}
	case "2.19.4":
		return build{"unknown", "2025-11-04T21:02:36.943110512Z", "9.12.3", "7.10.0", "7.0.0", ""}
	case "3.4.0":
		return build{"unknown", "2025-12-12T23:12:50.317393212Z", "10.3.2", "2.19.0", "2.0.0", ""}
	case "3.8.0":
		return build{"unknown", "2026-08-11T20:00:00.000000000Z", "10.4.0", "2.19.0", "2.0.0", ""}
	}
	_, oldest, _ := e.oldestIndex()
	return build{hash: "unknown", date: "2026-01-01T00:00:00.000000000Z", lucene: "9.12.3", wire: oldest, index: oldest}
}

// unmaskedReading is a masked number read by an engine that knows no mask: two
// digits a part, and the last two tell alpha, beta or release.
func unmaskedReading(id int) string {
	s := fmt.Sprintf("%d.%d.%d", id/1_000_000%100, id/10_000%100, id/100%100)
	switch b := id % 100; {
	case b < 25:
		return fmt.Sprintf("%s-alpha%d", s, b)
	case b < 50:
		return fmt.Sprintf("%s-beta%d", s, b-25)
	case b < 99:
		return fmt.Sprintf("%s-rc%d", s, b-50)
	}
	return s
}
