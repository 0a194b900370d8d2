package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"snapferry/steps"
	"snapferry/steps/journal"
	"snapferry/steps/resource"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeClock moves only when somebody waits.
type fakeClock struct {
	mu  sync.Mutex
	now time.Time
	// each is called before every wait; it may end the world.
	each func(d time.Duration)
}

func newClock() *fakeClock {
	return &fakeClock{now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) Wait(ctx context.Context, d time.Duration) error {
	if c.each != nil {
		c.each(d)
	}
	c.mu.Lock()
	c.now = c.now.Add(d)
	c.mu.Unlock()
	return ctx.Err()
}

// pass lets time go by without anybody waiting.
func (c *fakeClock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// thing is a document that others edit too: parts by owner. A whole document is
// absent when it has no parts.
type thing map[string]string

func doc(t thing) steps.Doc {
	if len(t) == 0 {
		return steps.Absent
	}
	b, err := json.Marshal(t)
	if err != nil {
		panic(err)
	}
	return steps.Doc(b)
}

func parts(d steps.Doc) thing {
	t := thing{}
	if d.Exists() {
		if err := json.Unmarshal([]byte(d), &t); err != nil {
			panic(err)
		}
	}
	return t
}

// earth is the world behind the facts: what there is, and what was asked of it.
type earth struct {
	mu     sync.Mutex
	docs   map[steps.Ref]steps.Doc
	writes []string
	reads  int
	// lag is how many reads still show the document from before a write; fresh is
	// how many show the new one first, as copies of it are behind one another.
	lag, behind  int
	fresh, ahead int
	old          map[steps.Ref]steps.Doc
	// onWrite may fail a write, or die in it, before or after it is done.
	onWrite func(ref steps.Ref) error
	onRead  func(ref steps.Ref) error
	// objects is what the bucket holds, late what is put into it after the next look.
	objects, late int
}

func newEarth() *earth {
	return &earth{docs: map[steps.Ref]steps.Doc{}, old: map[steps.Ref]steps.Doc{}}
}

func (e *earth) get(ref steps.Ref) steps.Doc {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.docs[ref]
}

// edit is somebody else's hand.
func (e *earth) edit(ref steps.Ref, part, value string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := parts(e.docs[ref])
	t[part] = value
	if value == "" {
		delete(t, part)
	}
	e.docs[ref] = doc(t)
	if len(t) == 0 {
		delete(e.docs, ref)
	}
}

func (e *earth) dump() map[steps.Ref]steps.Doc {
	e.mu.Lock()
	defer e.mu.Unlock()
	return maps.Clone(e.docs)
}

func (e *earth) mutations() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]string(nil), e.writes...)
}

// fakeKind keeps documents of parts; it merges and takes back part by part.
type fakeKind struct{ e *earth }

func (k fakeKind) Read(_ context.Context, ref steps.Ref) (steps.Doc, error) {
	k.e.mu.Lock()
	defer k.e.mu.Unlock()
	k.e.reads++
	if k.e.onRead != nil {
		if err := k.e.onRead(ref); err != nil {
			return "", err
		}
	}
	if was, ok := k.e.old[ref]; ok && k.e.ahead > 0 {
		k.e.ahead--
	} else if ok && k.e.behind > 0 {
		k.e.behind--
		return was, nil
	}
	return k.e.docs[ref], nil
}

func (k fakeKind) Write(_ context.Context, ref steps.Ref, was, want steps.Doc) error {
	return k.put(ref, "write", func(live steps.Doc) steps.Doc {
		t := parts(live)
		for p, v := range parts(want) {
			t[p] = v
		}
		for p := range parts(was) {
			if _, wanted := parts(want)[p]; !wanted {
				delete(t, p)
			}
		}
		return doc(t)
	})
}

func (k fakeKind) Delete(_ context.Context, ref steps.Ref, _ steps.Doc) error {
	return k.put(ref, "delete", func(steps.Doc) steps.Doc { return steps.Absent })
}

func (k fakeKind) put(ref steps.Ref, verb string, change func(steps.Doc) steps.Doc) error {
	if k.e.onWrite != nil {
		if err := k.e.onWrite(ref); err != nil {
			return err
		}
	}
	k.e.mu.Lock()
	defer k.e.mu.Unlock()
	k.e.writes = append(k.e.writes, verb+" "+ref.String())
	k.e.old[ref], k.e.behind, k.e.ahead = k.e.docs[ref], k.e.lag, k.e.fresh
	k.e.docs[ref] = change(k.e.docs[ref])
	if !k.e.docs[ref].Exists() {
		delete(k.e.docs, ref)
	}
	return nil
}

func (k fakeKind) Takeback(live, before, after steps.Doc) (steps.Doc, bool, steps.Text) {
	t, was := parts(live), parts(before)
	for p, v := range parts(after) {
		old, had := was[p]
		switch {
		case had && old == v:
		case t[p] == "" && !had:
		case t[p] != v:
			return live, false, steps.T("%s was edited since.", p)
		case had:
			t[p] = old
		default:
			delete(t, p)
		}
	}
	return doc(t), true, steps.Text{}
}

func (k fakeKind) Render(c steps.Change) resource.Renderings {
	return resource.Renderings{CLI: "aws make " + c.Ref.Name}
}

// fakeBucket holds objects that stand in the way of deleting it.
type fakeBucket struct{ fakeKind }

func (k fakeBucket) Content(context.Context, steps.Ref) (resource.Contents, error) {
	n := k.e.objects
	k.e.objects, k.e.late = n+k.e.late, 0
	return resource.Contents{Objects: n, Bytes: int64(n) * 10, Tops: map[string]int{"base/": n}}, nil
}

func (k fakeBucket) Empty(context.Context, steps.Ref) error {
	k.e.objects = 0
	return nil
}

// fakeFacts memoises nothing that was dropped.
type fakeFacts struct {
	e    *earth
	memo map[steps.Ref]steps.Doc
	// renewed counts new logins.
	renewed int
}

func (f *fakeFacts) Doc(ctx context.Context, ref steps.Ref) (steps.Doc, error) {
	if d, ok := f.memo[ref]; ok {
		return d, nil
	}
	k, ok := f.Resource(ref.Kind)
	if !ok {
		return "", fmt.Errorf("no kind %s", ref.Kind)
	}
	d, err := k.Read(ctx, ref)
	if err == nil {
		f.memo[ref] = d
	}
	return d, err
}

func (f *fakeFacts) Resource(kind steps.Kind) (resource.Kind, bool) {
	switch kind {
	case steps.KindBucket:
		return fakeBucket{fakeKind{f.e}}, true
	case steps.KindRole, steps.KindBucketPolicy, steps.KindRepository:
		return fakeKind{f.e}, true
	}
	return nil, false
}

func (f *fakeFacts) Drop(refs ...steps.Ref) {
	for _, r := range refs {
		delete(f.memo, r)
	}
}
func (f *fakeFacts) DropAll() { clear(f.memo) }
func (f *fakeFacts) Renew()   { f.renewed++ }

// bench is everything one test runs in.
type bench struct {
	t       *testing.T
	dir     string
	clock   *fakeClock
	e       *earth
	facts   *fakeFacts
	control *Control
	journal Journal
	steps   []Step
	options func(*Options)
	// paper keeps the journal in memory, as lines: a disk makes many starts slow.
	paper *paper
}

func newBench(t *testing.T, ss ...Step) *bench {
	t.Helper()
	e := newEarth()
	b := &bench{t: t, dir: t.TempDir(), clock: newClock(), e: e, facts: &fakeFacts{e: e, memo: map[steps.Ref]steps.Doc{}}, steps: ss}
	t.Cleanup(func() { b.close() })
	return b
}

func (b *bench) close() {
	if j, ok := b.journal.(*journal.Journal); ok {
		j.Close()
	}
	b.journal = nil
}

// start is a start of the program: the journal is opened anew.
func (b *bench) start() *Runner {
	b.t.Helper()
	b.close()
	b.journal = b.open()
	b.control = NewControl()
	b.facts.DropAll()
	o := Options{Steps: b.steps, Live: b.facts, Journal: b.journal, Clock: b.clock, Control: b.control, Program: "test", Answers: "a", Resume: "snapferry run"}
	if b.options != nil {
		b.options(&o)
	}
	return New(o)
}

func (b *bench) open() Journal {
	if b.paper != nil {
		return b.paper.open(b.t, b.clock.Now)
	}
	j, err := journal.Open(b.dir, journal.Options{RunID: "run-1", Answers: "a", Now: b.clock.Now})
	if err != nil {
		b.t.Fatal(err)
	}
	return j
}

// plan plans and approves what is not covered yet.
func (b *bench) plan(r *Runner) steps.Plan {
	b.t.Helper()
	p, err := r.Plan(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	if len(r.Uncovered(p)) > 0 {
		if err := r.Approve(p, "test"); err != nil {
			b.t.Fatal(err)
		}
	}
	return p
}

// run is one whole start of the program.
func (b *bench) run() (*Runner, error) {
	b.t.Helper()
	r := b.start()
	return r, r.Run(b.t.Context(), b.plan(r))
}

func (b *bench) mustRun() *Runner {
	b.t.Helper()
	r, err := b.run()
	if err != nil {
		b.t.Fatalf("run: %v", err)
	}
	return r
}

func statuses(s *steps.State) string {
	var out []string
	for _, st := range s.Steps {
		out = append(out, string(st.ID)+":"+string(st.Status))
	}
	return strings.Join(out, " ")
}
