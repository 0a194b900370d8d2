package migrate

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/awsx/network"
	"snapferry/awsx/sandbox"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
	"snapferry/steps/journal"
	"snapferry/steps/spec"
)

// clock is moved by hand and by whoever waits.
type clock struct {
	mu sync.Mutex
	at time.Time
	// meanwhile is done at every wait.
	meanwhile func()
}

func (k *clock) Now() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.at
}

func (k *clock) pass(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.at = k.at.Add(d)
}

func (k *clock) Wait(ctx context.Context, d time.Duration) error {
	k.pass(d)
	if k.meanwhile != nil {
		k.meanwhile()
	}
	return ctx.Err()
}

// tape is a journal that also keeps what was written to it.
type tape struct {
	*journal.Journal
	records []steps.Record
}

func (t *tape) Append(step steps.StepID, e steps.Event) (steps.Record, error) {
	r, err := t.Journal.Append(step, e)
	t.records = append(t.records, r)
	return r, err
}

// road is one migration inside the sandbox, reached in process.
type road struct {
	*testing.T
	ctx   context.Context
	box   *sandbox.Sandbox
	clock *clock
	dir   string
	spec  *spec.Spec
	// runID names the run, "" is run-1.
	runID string
	// keys are those that were typed in.
	keys map[facts.Slot]session.Keys
	// between, when set, may answer for the sandbox.
	between func(*http.Request) *http.Response

	facts  *facts.Facts
	tape   *tape
	runner *engine.Runner
	// control stops the runner, as a person would.
	control *engine.Control
	// settleFor is how long the engine bears trouble that may pass.
	settleFor time.Duration

	mu    sync.Mutex
	calls []string
}

// answers are those of a move of the metrics to the account's other domain.
func answers() *spec.Spec {
	side := spec.SideSpec{
		Account: sandbox.SourceAccount, Region: sandbox.Region, Domain: "logs-prod", Auth: spec.AuthSigned, Role: spec.RoleSpec{Name: "acme-snap"},
		Control: spec.Identity{Base: "profile", Profile: "source"}, Signer: spec.Identity{Base: "profile", Profile: "source"},
	}
	s := &spec.Spec{
		Source: side, Target: side, Shape: spec.ShapeSameAccount,
		Bucket: spec.BucketSpec{Name: "acme-os-migration", Owner: steps.Source, Region: sandbox.Region, BasePath: "mig"},
		Move:   spec.MoveSpec{Patterns: []string{"metrics-*"}, Repository: "snapferry", Snapshot: "s-1", Proof: spec.ProofSample},
	}
	s.Target.Domain = "logs-next"
	return s
}

// options say how a road begins.
type options struct {
	spec func(*spec.Spec)
	pace sandbox.Pace
	// access is the kind of the domains' access, by label; nil for access policies
	// alone.
	access map[string]sandbox.AccessKind
	// versions are the domains', by label.
	versions map[string]awsid.EngineVersion
	// at is the step whose end it begins at, "" for the very beginning.
	at steps.StepID
}

// newRoad gives a road with a sandbox of its own.
func newRoad(t *testing.T, o options) *road {
	t.Helper()
	r := &road{T: t, ctx: t.Context(), dir: t.TempDir(), spec: answers(), settleFor: time.Second}
	if o.spec != nil {
		o.spec(r.spec)
	}
	if o.pace == "" {
		o.pace = sandbox.PaceInstant
	}
	if o.access == nil {
		o.access = map[string]sandbox.AccessKind{"source": sandbox.AccessPolicy, "target": sandbox.AccessPolicy}
	}
	box := t.TempDir()
	k := kept(t, r.spec, o)
	r.must(os.CopyFS(r.dir, os.DirFS(filepath.Join(k.dir, "run"))))
	r.must(os.CopyFS(box, os.DirFS(filepath.Join(k.dir, "box"))))
	r.clock = &clock{at: k.at}
	r.open(box, o)
	return r
}

func (r *road) open(box string, o options) {
	r.Helper()
	var err error
	r.box, err = sandbox.Open(r.ctx, sandbox.Options{Dir: box, Pace: o.pace, Access: o.access, Versions: o.versions, Clock: r.clock.Now})
	r.must(err)
	r.Cleanup(func() { _ = r.box.Close(context.Background()) })
	r.start()
	r.made()
}

// each runs a case on this road, and puts answers, hooks and the clock's ways
// back afterwards. clean, if there is one, tidies the world up.
func (r *road) each(t *testing.T, name string, clean func(), do func()) {
	t.Run(name, func(t *testing.T) {
		outer, saved := r.T, *r.spec
		r.T = t
		defer func() {
			r.between, r.clock.meanwhile, *r.spec = nil, nil, saved
			if clean != nil {
				clean()
			}
			r.facts.DropAll()
			r.made()
			r.T = outer
		}()
		do()
	})
}

func (r *road) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// RoundTrip reaches the sandbox, unless a test stands between.
func (r *road) RoundTrip(req *http.Request) (*http.Response, error) {
	r.mu.Lock()
	r.calls = append(r.calls, req.Method+" "+req.URL.Path)
	r.mu.Unlock()
	if r.between != nil {
		if answer := r.between(req); answer != nil {
			return answer, nil
		}
	}
	return r.box.Transport().RoundTrip(req)
}

// made gives the calls since the last time.
func (r *road) made() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	calls := r.calls
	r.calls = nil
	return calls
}

// start opens facts and engine anew, as another start of the program does. The
// journal in the run directory stays.
func (r *road) start() {
	r.Helper()
	o := facts.Options{
		Spec: r.spec, Keys: r.keys, Sandbox: map[string]session.Keys{}, Session: session.Options{Isolated: true}, Now: r.clock.Now,
		Network: network.New(network.Options{Isolated: true, RoundTripper: r}),
	}
	for _, a := range r.box.Info().Accounts {
		o.Sandbox[a.Label] = session.Keys{AccessKeyID: a.AccessKey, Secret: session.NewSecret(a.Secret)}
	}
	if r.tape != nil {
		r.runner.Close()
		r.must(r.tape.Close())
	}
	j, err := journal.Open(r.dir, journal.Options{RunID: cmp.Or(r.runID, "run-1"), Answers: r.spec.Fingerprint(), Now: r.clock.Now})
	r.must(err)
	r.Cleanup(func() { _ = j.Close() })
	r.tape = &tape{Journal: j}
	o.Passwords = r.passwords()
	o.Recorded = RestoredBy(j.State())
	r.facts, err = facts.Open(r.ctx, o)
	r.must(err)
	r.with(Catalogue(r.spec, r.facts))
}

// passwords are the sandbox's internal masters'.
func (r *road) passwords() map[steps.Side]session.Secret {
	list := map[steps.Side]session.Secret{}
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		for _, d := range r.box.Info().Domains {
			if s := r.spec.Side(side); d.Account == s.Account && d.Name == s.Domain && d.MasterPassword != "" {
				list[side] = session.NewSecret(d.MasterPassword)
			}
		}
	}
	return list
}

// with makes the runner for a list of steps.
func (r *road) with(list []engine.Step) {
	r.control = engine.NewControl()
	r.runner = engine.New(engine.Options{
		Control: r.control, Steps: list, Facts: r.facts, Journal: r.tape, Clock: r.clock, Answers: r.spec.Fingerprint(), Settle: r.settleFor,
	})
}

// upTo runs the road to the end of a step, and makes ready for the next start.
func (r *road) upTo(last steps.StepID) {
	r.Helper()
	list := Catalogue(r.spec, r.facts)
	n := slices.IndexFunc(list, func(s engine.Step) bool { return s.Info().ID == last })
	r.with(list[:n+1])
	r.must(r.run())
	r.start()
}

// run plans, approves what is not approved yet, and runs.
func (r *road) run() error {
	r.Helper()
	plan, err := r.runner.Plan(r.ctx)
	if err != nil {
		return err
	}
	if len(r.runner.Uncovered(plan)) > 0 {
		if err := r.runner.Approve(plan, "test"); err != nil {
			return err
		}
	}
	return r.runner.Run(r.ctx, plan)
}

// step is a step of the catalogue.
func (r *road) step(id steps.StepID) engine.Step {
	r.Helper()
	for _, s := range Catalogue(r.spec, r.facts) {
		if s.Info().ID == id {
			return s
		}
	}
	r.Fatalf("there is no step %s", id)
	return nil
}

// planned are the changes a step wants in the world as it is.
func (r *road) planned(id steps.StepID) ([]steps.Change, error) {
	r.Helper()
	r.facts.DropAll()
	return r.step(id).Plan(r.ctx, r.runner.World())
}

// act applies an action and has it prove itself, and gives the events it told.
func (r *road) act(id steps.StepID) ([]steps.Event, steps.Evidence, error) {
	r.Helper()
	changes, err := r.planned(id)
	r.must(err)
	var events []steps.Event
	a := r.step(id).(engine.Action)
	if err := a.Apply(r.ctx, r.runner.World(), changes[0], func(e steps.Event) { events = append(events, e) }); err != nil {
		return events, steps.Evidence{}, err
	}
	r.facts.DropAll()
	e, err := a.Verify(r.ctx, r.runner.World(), changes[0], func(e steps.Event) { events = append(events, e) })
	return events, e, err
}

// cluster is one side's domain.
func (r *road) cluster(side steps.Side) *cluster.Cluster {
	r.Helper()
	c, err := r.facts.Signer(r.ctx, side)
	r.must(err)
	return c
}

// do makes a call by hand that has to succeed.
func (r *road) do(side steps.Side, method, path, body string) []byte {
	r.Helper()
	answer, err := r.cluster(side).Do(r.ctx, method, path, []byte(body))
	r.must(err)
	if f := answer.Failure(); f != nil {
		r.Fatalf("%s %s: %v", method, path, f)
	}
	return answer.Body
}

// says fails the test unless an error is a person's, about a field, with words.
func (r *road) says(err error, field, words string) {
	r.Helper()
	said := own(err)
	if said == nil || said.Field != field || !strings.Contains(said.Summary.String(), words) || said.Fix.IsZero() {
		r.Errorf("error %v (field %q), wants %q about %q with a way out", err, fieldOf(said), words, field)
	}
}

// own finds the error made for a person, nil if there is none.
func own(err error) *steps.Error {
	var said *steps.Error
	if !errors.As(err, &said) {
		return nil
	}
	return said
}

func fieldOf(e *steps.Error) string {
	if e == nil {
		return ""
	}
	return e.Field
}
