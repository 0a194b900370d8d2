package repo_test

import (
	"encoding/binary"
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"snapferry/awsx/sandbox/memory/fake"
	"snapferry/awsx/sandbox/memory/repo"
)

func TestEmptyPlace(t *testing.T) {
	p := open(t)
	d := p.load()
	if d.Gen != -1 || len(d.Snapshots) != 0 || d.Generation("a", 0) != "" {
		t.Errorf("%+v", d)
	}
	if _, found := d.Find("s"); found {
		t.Error("found a snapshot in nothing")
	}
}

// TestLayout: the files have the names and places that a real engine gives them,
// so that what looks at a bucket sees the same.
func TestLayout(t *testing.T) {
	p := open(t)
	p.take("s1", map[string][]repo.Part{"a": {part("_0.cfs", "one"), {Physical: "segments_3", Checksum: "c", Body: []byte("c"), Small: true}}})
	var forms []string
	id := regexp.MustCompile(`(__|index-|snap-|meta-|indices/)[A-Za-z0-9_-]{22}`)
	for _, k := range p.bucket.Keys("") {
		forms = append(forms, id.ReplaceAllString(k, "${1}ID"))
	}
	want := []string{
		"mig/logs/index-0", "mig/logs/index.latest",
		"mig/logs/indices/ID/0/__ID", "mig/logs/indices/ID/0/index-ID", "mig/logs/indices/ID/0/snap-ID.dat",
		"mig/logs/indices/ID/meta-ID.dat", "mig/logs/meta-ID.dat", "mig/logs/snap-ID.dat",
	}
	slices.Sort(forms)
	if !reflect.DeepEqual(forms, want) {
		t.Errorf("got  %v\nwant %v", forms, want)
	}
	latest, err := p.bucket.Get(p.ctx(), "mig/logs/index.latest")
	if err != nil || binary.BigEndian.Uint64(latest) != 0 {
		t.Errorf("index.latest: %v %v", latest, err)
	}
	raw, err := p.bucket.Get(p.ctx(), "mig/logs/index-0")
	if err != nil {
		t.Fatal(err)
	}
	var root struct {
		MinVersion string `json:"min_version"`
		Snapshots  []struct {
			Name, UUID, Version string
			State               int
			Lookup              map[string]string `json:"index_metadata_lookup"`
		}
		Indices map[string]struct {
			ID        string
			Snapshots []string
			Gens      []string `json:"shard_generations"`
		}
		IDs map[string]string `json:"index_metadata_identifiers"`
	}
	if err := json.Unmarshal(raw, &root); err != nil {
		t.Fatal(err)
	}
	s, a := root.Snapshots[0], root.Indices["a"]
	if root.MinVersion != "7.9.0" || s.Name != "s1" || s.State != 1 || s.Version != "2.19.4" || !slices.Contains(a.Snapshots, s.UUID) || len(a.Gens) != 1 || root.IDs[s.Lookup[a.ID]] == "" {
		t.Errorf("%s", raw)
	}
}

func TestOldRootsAreSwept(t *testing.T) {
	p := open(t)
	for _, n := range []string{"s1", "s2", "s3", "s4"} {
		p.take(n, map[string][]repo.Part{"a": {part("_0.cfs", n)}})
	}
	if got := p.bucket.Keys("mig/logs/index-"); !reflect.DeepEqual(got, []string{"mig/logs/index-3"}) {
		t.Errorf("roots: %v", got)
	}
	if got := p.bucket.Matching("/0/index-"); len(got) != 1 {
		t.Errorf("generations of one shard: %v", got)
	}
	if got := p.bucket.Matching("/meta-"); len(got) != 5 { // four of the cluster, one of the index, which did not change
		t.Errorf("metadata: %v", got)
	}
}

// What a repository holds already is not written again, and the description
// tells what was new.
func TestIncremental(t *testing.T) {
	p := open(t)
	first := p.take("s1", map[string][]repo.Part{"a": {part("_0.cfs", "one"), part("_1.cfs", "two")}})
	p.bucket.Written()
	second := p.take("s2", map[string][]repo.Part{"a": {part("_0.cfs", "one"), part("_1.cfs", "changed"), part("_2.cfs", "three")}})
	data := slices.DeleteFunc(p.bucket.Written(), func(k string) bool { return !strings.Contains(k, "/__") })
	if len(data) != 2 {
		t.Errorf("files written: %v", data)
	}
	d := p.load()
	for _, tc := range []struct {
		snap          repo.Snapshot
		files, fresh  int
		bytes, fresh2 int64
	}{{first, 2, 2, 6000, 6000}, {second, 3, 2, 15000, 12000}} {
		ref, _ := d.Find(tc.snap.Name)
		var meta struct{ Name string }
		at, err := p.r.IndexMeta(p.ctx(), d, ref, "a", &meta)
		if err != nil || meta.Name != "a" {
			t.Fatal(meta, err)
		}
		s, err := p.r.Shard(p.ctx(), at, 0, tc.snap.UUID)
		if err != nil {
			t.Fatal(err)
		}
		files, bytes := s.Size()
		if files != tc.files || bytes != tc.bytes || s.NewFiles != tc.fresh || s.NewBytes != tc.fresh2 || s.MaxSeq != 7 {
			t.Errorf("%s: %+v", tc.snap.Name, s)
		}
		for _, f := range s.Files {
			body, err := p.r.ReadFile(p.ctx(), at, 0, f)
			if err != nil || string(body) != f.Checksum {
				t.Errorf("%s: %q %v", f.Physical, body, err)
			}
		}
	}
}

// Only a file that is the same in every respect is taken for the same.
func TestNothingIsMistakenForTheSame(t *testing.T) {
	was := repo.Part{Physical: "_0.cfs", Length: 10, Checksum: "c", Body: []byte("was")}
	for name, change := range map[string]func(*repo.Part){
		"name": func(p *repo.Part) { p.Physical = "_1.cfs" }, "length": func(p *repo.Part) { p.Length = 11 }, "checksum": func(p *repo.Part) { p.Checksum = "d" },
	} {
		p := open(t)
		p.take("s1", map[string][]repo.Part{"a": {was}})
		p.bucket.Written()
		next := was
		change(&next)
		p.take("s2", map[string][]repo.Part{"a": {next}})
		if !slices.ContainsFunc(p.bucket.Written(), func(k string) bool { return strings.Contains(k, "/__") }) {
			t.Errorf("a file of another %s was not written", name)
		}
	}
}

// TestDelete: what only the deleted snapshot needs goes, the rest stays.
func TestDelete(t *testing.T) {
	for _, hashed := range []bool{false, true} {
		p := open(t, func(o *repo.Options) { o.Hashed = hashed })
		first := p.take("s1", map[string][]repo.Part{"a": {part("_0.cfs", "one"), part("_1.cfs", "two")}, "b": {part("_0.cfs", "b")}})
		second := p.take("s2", map[string][]repo.Part{"a": {part("_0.cfs", "one"), part("_1.cfs", "changed")}})
		if err := p.r.Delete(p.ctx(), []repo.Ref{{Name: first.Name, UUID: first.UUID}}); err != nil {
			t.Fatal(err)
		}
		d := p.load()
		if _, found := d.Find("s1"); found || len(d.Snapshots) != 1 || d.Indices["b"] != nil {
			t.Errorf("hashed %v: %+v", hashed, d)
		}
		if got := p.bucket.Matching("/__"); len(got) != 2 {
			t.Errorf("hashed %v: data files left: %v", hashed, got)
		}
		if got := p.bucket.Matching(first.UUID); len(got) != 0 {
			t.Errorf("hashed %v: left of the deleted one: %v", hashed, got)
		}
		ref, _ := d.Find("s2")
		at, err := p.r.IndexMeta(p.ctx(), d, ref, "a", &struct{}{})
		if err != nil {
			t.Fatal(err)
		}
		s, err := p.r.Shard(p.ctx(), at, 0, second.UUID)
		if err != nil || len(s.Files) != 2 {
			t.Errorf("%+v %v", s, err)
		}
		// And then the last: nothing but the roots is left.
		if err := p.r.Delete(p.ctx(), []repo.Ref{{Name: second.Name, UUID: second.UUID}}); err != nil {
			t.Fatal(err)
		}
		left := slices.DeleteFunc(p.bucket.Keys(""), func(k string) bool { return strings.HasPrefix(k, "mig/logs/index") && !strings.Contains(k, "indices") })
		if len(left) != 0 {
			t.Errorf("hashed %v: left behind: %v", hashed, left)
		}
	}
}

// OpenSearch 3 spreads shards over prefixes outside the base path.
func TestHashedPrefixes(t *testing.T) {
	p := open(t, func(o *repo.Options) { o.Hashed = true })
	s := p.take("s1", map[string][]repo.Part{"a": {part("_0.cfs", "one")}})
	form := regexp.MustCompile(`^[A-Za-z0-9_-][01]{14}/mig/logs/indices/[A-Za-z0-9_-]{22}/0/__`)
	data := p.bucket.Matching("/__")
	if len(data) != 1 || !form.MatchString(data[0]) {
		t.Errorf("shard data at %v", data)
	}
	// An older engine that reads the repository finds the shards all the same,
	// and so does one that would not spread its own.
	p.use(func(o *repo.Options) { o.Hashed = false })
	d := p.load()
	ref, _ := d.Find("s1")
	at, err := p.r.IndexMeta(p.ctx(), d, ref, "a", &struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.r.Shard(p.ctx(), at, 0, s.UUID); err != nil {
		t.Error(err)
	}
	if again := p.r.Place(d, "a"); again != at {
		t.Errorf("the index moved: %+v, %+v", at, again)
	}
}

func TestDiscard(t *testing.T) {
	p := open(t)
	p.take("s1", map[string][]repo.Part{"a": {part("_0.cfs", "one")}})
	before := p.bucket.Keys("")
	d := p.load()
	w, err := p.r.WriteShard(p.ctx(), repo.ShardWrite{Index: p.r.Place(d, "a"), Gen: d.Generation("a", 0), Name: "s2", UUID: "u", Parts: []repo.Part{part("_0.cfs", "one"), part("_1.cfs", "two")}})
	if err != nil || len(w.Keys) != 3 {
		t.Fatalf("%+v %v", w, err)
	}
	if err := p.r.Discard(p.ctx(), w.Keys); err != nil {
		t.Fatal(err)
	}
	if got := p.bucket.Keys(""); !reflect.DeepEqual(got, before) {
		t.Errorf("before %v\nafter  %v", before, got)
	}
	if err := p.r.Discard(p.ctx(), nil); err != nil {
		t.Error(err)
	}
}

func TestAnotherRegistrationSeesIt(t *testing.T) {
	p := open(t)
	p.take("s1", map[string][]repo.Part{"a": {part("_0.cfs", "one")}})
	for base, want := range map[string]int{"mig/logs": 1, "/mig/logs/": 1, "mig": 0, "": 0, "other": 0} {
		p.use(func(o *repo.Options) { o.Base, o.Name, o.Readonly = base, "other", true })
		if d := p.load(); len(d.Snapshots) != want {
			t.Errorf("base path %q: %d snapshots, want %d", base, len(d.Snapshots), want)
		}
	}
}

var damageCases = map[string]struct {
	harm  func(p *place, s repo.Snapshot)
	act   func(p *place, s repo.Snapshot) []string
	types []string
}{
	"root gone": {
		func(p *place, _ repo.Snapshot) {
			p.bucket.Refuse = func(op, key string) error {
				if op == "get" && strings.HasSuffix(key, "index-0") {
					return fake.Error(404, "NoSuchKey", "gone")
				}
				return nil
			}
		},
		loadChain,
		[]string{"repository_exception", "no_such_file_exception"},
	},
	"root spoilt":       {func(p *place, _ repo.Snapshot) { p.bucket.Spoil("mig/logs/index-0", "{") }, loadChain, []string{"repository_exception", "parse_exception"}},
	"root unreadable":   {func(p *place, _ repo.Snapshot) { p.refuseOn("get") }, loadChain, []string{"repository_exception", "s3_exception"}},
	"listing forbidden": {func(p *place, _ repo.Snapshot) { p.refuseOn("list") }, loadChain, []string{"repository_exception", "i_o_exception", "s3_exception"}},
	"description gone": {
		func(p *place, s repo.Snapshot) { p.bucket.Lose("mig/logs/snap-" + s.UUID + ".dat") },
		func(p *place, s repo.Snapshot) []string {
			_, err := p.r.Snapshot(p.ctx(), repo.Ref{Name: s.Name, UUID: s.UUID})
			return chain(err)
		},
		[]string{"snapshot_missing_exception", "no_such_file_exception"},
	},
	"description spoilt": {
		func(p *place, s repo.Snapshot) { p.bucket.Spoil("mig/logs/snap-"+s.UUID+".dat", "[") },
		func(p *place, s repo.Snapshot) []string {
			_, err := p.r.Snapshot(p.ctx(), repo.Ref{Name: s.Name, UUID: s.UUID})
			return chain(err)
		},
		[]string{"corrupt_state_exception"},
	},
	"shard gone": {
		func(p *place, s repo.Snapshot) { p.bucket.Lose(p.bucket.Matching("/0/snap-")...) },
		func(p *place, s repo.Snapshot) []string {
			_, err := p.r.Shard(p.ctx(), p.r.Place(p.load(), "a"), 0, s.UUID)
			return chain(err)
		},
		[]string{"no_such_file_exception"},
	},
	"an index that is not in the snapshot": {
		func(*place, repo.Snapshot) {},
		func(p *place, s repo.Snapshot) []string {
			_, err := p.r.IndexMeta(p.ctx(), p.load(), repo.Ref{UUID: s.UUID}, "nobody", &struct{}{})
			return chain(err)
		},
		[]string{"repository_exception"},
	},
}

func TestDamage(t *testing.T) {
	for name, tc := range damageCases {
		t.Run(name, func(t *testing.T) {
			p := open(t)
			s := p.take("s1", map[string][]repo.Part{"a": {part("_0.cfs", "one")}})
			tc.harm(p, s)
			if got := tc.act(p, s); !reflect.DeepEqual(got, tc.types) {
				t.Errorf("got %v, want %v", got, tc.types)
			}
		})
	}
}

func loadChain(p *place, _ repo.Snapshot) []string {
	_, err := p.r.Load(p.ctx())
	return chain(err)
}
