package repo_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"snapferry/awsx/sandbox/memory/fake"
	"snapferry/awsx/sandbox/memory/repo"
	"snapferry/awsx/sandbox/memory/wire"
)

// place is a bucket with a repository in it.
type place struct {
	t      *testing.T
	bucket *fake.Bucket
	r      *repo.Repository
}

func open(t *testing.T, change ...func(*repo.Options)) *place {
	t.Helper()
	p := &place{t: t, bucket: fake.NewBucket()}
	p.use(change...)
	return p
}

// use registers the same place anew, as another cluster would.
func (p *place) use(change ...func(*repo.Options)) {
	o := repo.Options{Name: "r", Base: "mig/logs", Manager: "cluster-manager", SDK: repo.SDK2, Random: rand.Reader}
	for _, f := range change {
		f(&o)
	}
	p.r = repo.New(p.bucket, o)
}

func (p *place) ctx() context.Context { return p.t.Context() }

func (p *place) load() *repo.Data {
	p.t.Helper()
	d, err := p.r.Load(p.ctx())
	if err != nil {
		p.t.Fatal(err)
	}
	return d
}

// part is a file with a content; its length is pretended to be a thousand times
// as much.
func part(physical, content string) repo.Part {
	return repo.Part{Physical: physical, Length: int64(1000 * len(content)), Checksum: content, Body: []byte(content)}
}

// take makes a snapshot of indices, each a shard with the given parts.
func (p *place) take(name string, indices map[string][]repo.Part) repo.Snapshot {
	p.t.Helper()
	s := repo.Snapshot{Name: name, UUID: wire.UUID(rand.Reader), VersionID: 136408227, Version: "2.19.4", State: "SUCCESS", TotalShards: len(indices), SuccessfulShards: len(indices), Failures: []repo.ShardFailure{}}
	f := repo.Finished{Global: json.RawMessage(`{"global":true}`)}
	d := p.load()
	for _, index := range slices.Sorted(keys(indices)) {
		ref := p.r.Place(d, index)
		w, err := p.r.WriteShard(p.ctx(), repo.ShardWrite{Index: ref, Gen: d.Generation(index, 0), Name: name, UUID: s.UUID, Parts: indices[index], MaxSeq: 7})
		if err != nil {
			p.t.Fatal(err)
		}
		s.Indices = append(s.Indices, index)
		f.Indices = append(f.Indices, repo.FinishedIndex{Ref: ref, Meta: json.RawMessage(fmt.Sprintf(`{"name":%q}`, index)), Version: index + "-1", Gens: []string{w.Gen}})
	}
	f.Snapshot = s
	if err := p.r.Finish(p.ctx(), f); err != nil {
		p.t.Fatal(err)
	}
	return s
}

func keys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// refuseOn makes the bucket deny one operation.
func (p *place) refuseOn(op string) {
	p.bucket.Refuse = func(got, _ string) error {
		if got == op {
			return fake.Denied()
		}
		return nil
	}
}

// chain is an error and its causes by type, outermost first.
func chain(e *wire.Error) []string {
	var out []string
	for ; e != nil; e = e.Cause {
		out = append(out, e.Type)
	}
	return out
}
