package cli

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
	"snapferry/ui/term"
)

// quick is a clock that only waiting moves; then is done at the third wait.
type quick struct {
	now   time.Time
	waits int
	then  func()
}

func (q *quick) Now() time.Time { return q.now }

func (q *quick) Wait(ctx context.Context, d time.Duration) error {
	q.now = q.now.Add(d)
	if q.waits++; q.waits == 3 && q.then != nil {
		q.then()
	}
	return ctx.Err()
}

// loggedOut is a step whose credentials ran out, until it is tried again.
type loggedOut struct{ tries int }

func (s *loggedOut) Info() engine.Info { return engine.Info{ID: "settle", Title: steps.T("Settle")} }

func (s *loggedOut) Plan(context.Context, *engine.World) ([]steps.Change, error) {
	return []steps.Change{{ID: "settle", Step: "settle", Ref: steps.Ref{Kind: "settling", Side: steps.Source, Name: "x"}, Verb: steps.Act}}, nil
}

func (s *loggedOut) Apply(context.Context, *engine.World, steps.Change, engine.Emit) error {
	if s.tries++; s.tries == 1 {
		return &failure.Failure{Kind: failure.Expired, Message: "ExpiredToken"}
	}
	return nil
}

func (s *loggedOut) Verify(context.Context, *engine.World, steps.Change, engine.Emit) (steps.Evidence, error) {
	return steps.Evidence{Summary: steps.T("settled")}, nil
}

func (s *loggedOut) Takeback(context.Context, *engine.World, steps.Change, engine.Emit) (steps.Text, error) {
	return steps.Text{}, nil
}

// TestAPauseAsksWhetherSomebodyLoggedIn: what the program itself hands the engine has it
// ask STS, so that a run neither goes on nor says so while nobody logged in.
func TestAPauseAsksWhetherSomebodyLoggedIn(t *testing.T) {
	for _, tt := range []struct {
		name   string
		gone   []steps.Side // whose key is none for now
		back   bool         // the source's is, after a while
		astray bool         // and is not of the account that is meant
		paused bool
		waits  int // at least
	}{
		{"nobody did", []steps.Side{steps.Source}, false, false, true, 60},
		{"nobody had to", nil, false, false, false, 1},
		{"somebody did", []steps.Side{steps.Source}, true, false, false, 3},
		{"somebody did, and another never had a key", []steps.Side{steps.Source, steps.Target}, true, false, false, 3},
		{"somebody did, in another account", []steps.Side{steps.Source}, true, true, true, 60},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := &app{Process: Process{Now: time.Now, Streams: term.Pipes(nil, t.Output(), t.Output(), nil)}}
			a.globals = globals{sandbox: inRunDir, dir: filepath.Join(t.TempDir(), "run"), pace: "instant", file: answersFile(t, small)}
			p, ctx, err := a.open(t.Context(), &consents{})
			if err != nil {
				t.Fatal(err)
			}
			defer p.close()
			var give func()
			for _, side := range tt.gone {
				if back := disown(t, p.facts, side); side == steps.Source && tt.back {
					give = back
				}
			}
			if err := p.openRun("run", &consents{}); err != nil {
				t.Fatal(err)
			}
			if back := give; tt.astray {
				give = func() { back(); p.facts.Spec().Source.Account = "999999999999" }
			}
			o, step, clock := p.runnerOptions("run", &consents{pauseTimeout: 10 * time.Minute}), &loggedOut{}, &quick{now: time.Now(), then: give}
			o.Steps, o.Clock, o.Report = []engine.Step{step}, clock, nil
			continued, err := ran(ctx, t, engine.New(o))
			var waited *engine.PauseError
			if errors.As(err, &waited) != tt.paused || (continued > 0) == tt.paused || (step.tries > 1) == tt.paused || clock.waits < tt.waits {
				t.Errorf("%d tries, went on %d times after %d waits: %v", step.tries, continued, clock.waits, err)
			}
		})
	}
}

// ran runs to the end and counts how often a pause was over.
func ran(ctx context.Context, t *testing.T, r *engine.Runner) (continued int, err error) {
	t.Helper()
	_, v := r.Watch()
	plan, err := r.Plan(ctx)
	if err == nil {
		err = r.Approve(plan, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	err = r.Run(ctx, plan)
	r.Close()
	for {
		batch, end := v.Next(context.Background())
		for _, rec := range batch {
			if _, on := rec.Event.(steps.Continued); on {
				continued++
			}
		}
		if end != nil {
			return continued, err
		}
	}
}

// disown takes a side's key away from under it, until back gives it back.
func disown(t *testing.T, f *facts.Facts, side steps.Side) (back func()) {
	t.Helper()
	fine := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	s, err := f.Session(t.Context(), side, facts.Control)
	fine(err)
	creds, err := s.AWS().Credentials.Retrieve(t.Context())
	fine(err)
	second, err := iam.NewFromConfig(s.AWS()).CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{})
	fine(err)
	config := s.AWS()
	config.Credentials = credentials.NewStaticCredentialsProvider(*second.AccessKey.AccessKeyId, *second.AccessKey.SecretAccessKey, "")
	c := iam.NewFromConfig(config)
	set := func(status types.StatusType) {
		t.Helper()
		_, err := c.UpdateAccessKey(t.Context(), &iam.UpdateAccessKeyInput{AccessKeyId: &creds.AccessKeyID, Status: status})
		fine(err)
	}
	set(types.StatusTypeInactive)
	return func() { set(types.StatusTypeActive) }
}
