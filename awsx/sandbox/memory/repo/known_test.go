package repo_test

import (
	"encoding/json"
	"strings"
	"testing"

	"snapferry/awsx/sandbox/memory/fake"
	"snapferry/awsx/sandbox/memory/repo"
)

// writer registers the place as a cluster that remembers what it wrote.
func (p *place) writer(known *repo.Known) *place {
	q := &place{t: p.t, bucket: p.bucket}
	q.use(func(o *repo.Options) { o.Known = known })
	return q
}

func (p *place) names() string {
	p.t.Helper()
	var out []string
	for _, s := range p.load().Snapshots {
		out = append(out, s.Name)
	}
	return strings.Join(out, " ")
}

func a(content string) map[string][]repo.Part {
	return map[string][]repo.Part{"a": {part("_0.cfs", content)}}
}

const (
	notFound = "[r] concurrent modification of the index-N file, expected current generation [0] but it was not found in the repository"
	disabled = "[r] Could not read repository data because the contents of the repository do not match its expected state."
)

// Two clusters write to one place. Each looks anew until it has written itself;
// then it sees its own snapshots alone, and its next write ends the use of the
// repository.
func TestTwoWriters(t *testing.T) {
	spot := open(t)
	known := repo.Unknown()
	first, second := spot.writer(known), spot.writer(repo.Unknown())
	first.take("s1", a("one"))
	if got := second.names(); got != "s1" {
		t.Errorf("before its first write the second sees %q", got)
	}
	second.take("s2", a("two"))
	if one, two := first.names(), second.names(); one != "s1" || two != "s1 s2" {
		t.Errorf("the first sees %q, the second %q", one, two)
	}
	if _, _, err := first.r.Clean(t.Context()); err == nil || err.Reason != "[r] concurrent modification of the index-N file, expected current generation [0], actual current generation [1]" {
		t.Errorf("cleaning: %v", err)
	}
	err := first.r.Finish(t.Context(), repo.Finished{Snapshot: repo.Snapshot{Name: "s3", UUID: "S3"}, Global: json.RawMessage(`{}`)})
	if err == nil || err.Reason != "[r:s3/S3] failed to update snapshot in repository" || err.Cause.Reason != notFound {
		t.Errorf("writing: %v", err)
	}
	for what, err := range map[string]error{
		"load":   asError(first.r.Load(t.Context())),
		"delete": first.r.Delete(t.Context(), []repo.Ref{{Name: "s1"}}),
		"finish": first.r.Finish(t.Context(), repo.Finished{}),
	} {
		if err == nil || !strings.Contains(err.Error(), disabled) {
			t.Errorf("%s of a disabled repository: %v", what, err)
		}
	}
	if err := first.r.Verify(t.Context(), []repo.Node{{ID: "n"}}); err != nil {
		t.Errorf("verification has nothing to do with it: %v", err)
	}
	if again := spot.writer(repo.Unknown()); again.names() != "s1 s2" {
		t.Errorf("registered anew it sees %q", again.names())
	}
}

func asError[T any](_ T, err error) error { return err }

// What is known survives a restart but for the root index itself, which is read
// again.
func TestKnownAfterRestart(t *testing.T) {
	spot := open(t)
	known := repo.Unknown()
	spot.writer(known).take("s1", a("one"))
	raw, err := json.Marshal(known)
	if err != nil {
		t.Fatal(err)
	}
	back := func() (*place, *repo.Known) {
		var k repo.Known
		if err := json.Unmarshal(raw, &k); err != nil {
			t.Fatal(err)
		}
		return spot.writer(&k), &k
	}
	p, k := back()
	if p.names() != "s1" || k.Gen != 0 || k.Corrupt {
		t.Errorf("%q, %+v", p.names(), k)
	}
	p.bucket.Refuse = func(string, string) error { return fake.Denied() }
	if p.names() != "s1" {
		t.Error("the root index is in memory now")
	}
	q, _ := back()
	if _, err := q.r.Load(t.Context()); err == nil || err.Type != "s3_exception" {
		t.Errorf("a store that refuses: %v", err)
	}
	p.bucket.Refuse = nil
	p.bucket.Lose("mig/logs/index-0")
	q, k = back()
	if _, err := q.r.Load(t.Context()); err == nil || !strings.HasPrefix(err.Reason, disabled) || err.Cause.Type != "no_such_file_exception" || !k.Corrupt {
		t.Errorf("the root index is gone: %v, %+v", err, k)
	}
}

// A generation that could not be written is not tried again.
func TestGenerationsAreTriedOnce(t *testing.T) {
	p := open(t).writer(repo.Unknown())
	s := p.take("s1", a("one"))
	p.refuseKeys("put", "/index-1")
	if err := p.r.Delete(p.ctx(), []repo.Ref{{Name: s.Name, UUID: s.UUID}}); err == nil || !strings.Contains(err.Reason, "index-1]") {
		t.Errorf("%v", err)
	}
	p.bucket.Refuse = nil
	p.take("s2", a("two"))
	if got := strings.Join(p.bucket.Keys("mig/logs/index-"), " "); got != "mig/logs/index-2" {
		t.Errorf("roots: %s", got)
	}
}

// TestClean: a store that lets nothing be removed keeps the rubbish until it is
// cleaned up; what is in use and what is foreign stays.
func TestClean(t *testing.T) {
	p := open(t)
	p.use(func(o *repo.Options) { o.Known, o.Hashed = repo.Unknown(), true })
	s1 := p.take("s1", map[string][]repo.Part{"a": {part("_0.cfs", "one")}, "gone": {part("_0.cfs", "x")}})
	p.refuseOn("delete")
	p.take("s2", a("two"))
	if err := p.r.Delete(p.ctx(), []repo.Ref{{Name: "s1", UUID: s1.UUID}}); err != nil {
		t.Errorf("a deletion that cannot remove files: %v", err)
	}
	if got := p.names(); got != "s2" {
		t.Errorf("left: %q", got)
	}
	if blobs, bytes, err := p.r.Clean(p.ctx()); blobs != 0 || bytes != 0 || err != nil {
		t.Errorf("cleaning while the store refuses: %d, %d, %v", blobs, bytes, err)
	}
	p.bucket.Refuse = nil
	for _, foreign := range []string{"mig/logs/README", "mig/logs/index-x", "mig/logs/snap-without-end", "mig/logsother/index-0"} {
		if err := p.bucket.Put(p.ctx(), foreign, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	// index-0 to index-2, snap- and meta- of s1, and the metadata of the index that is in no snapshot.
	if blobs, bytes, err := p.r.Clean(p.ctx()); blobs != 6 || bytes < 100 || err != nil {
		t.Errorf("cleaned %d blobs, %d bytes, %v; left %v", blobs, bytes, err, p.bucket.Keys(""))
	}
	if blobs, _, err := p.r.Clean(p.ctx()); blobs != 0 || err != nil {
		t.Errorf("cleaned %d blobs again, %v", blobs, err)
	}
	for prefix, want := range map[string]int{"mig/logs/index-": 2, "mig/logs/snap-": 2, "mig/logs/meta-": 1, "mig/logs/README": 1, "mig/logsother/": 1} {
		if got := len(p.bucket.Keys(prefix)); got != want {
			t.Errorf("%s: %d left, want %d", prefix, got, want)
		}
	}
}

// The note about hashed paths comes with an index and goes with it.
func TestPathNotes(t *testing.T) {
	p := open(t)
	p.use(func(o *repo.Options) { o.Hashed = true })
	s := p.take("s1", a("one"))
	id := p.r.Place(p.load(), "a").ID
	if got := strings.Join(p.bucket.Matching("shard_paths"), " "); got != "mig/logs/snapshot_shard_paths/snapshot_path_"+id+".a.1.1.1" {
		t.Errorf("notes: %s", got)
	}
	if err := p.r.Delete(p.ctx(), []repo.Ref{{Name: "s1", UUID: s.UUID}}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(p.bucket.Keys(""), " "); got != "mig/logs/index-1 mig/logs/index.latest" {
		t.Errorf("left: %s", got)
	}
}
