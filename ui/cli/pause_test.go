package cli

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
	"snapferry/ui/term"
)

// quick is a clock that only waiting moves.
type quick struct{ now time.Time }

func (q *quick) Now() time.Time { return q.now }

func (q *quick) Wait(ctx context.Context, d time.Duration) error {
	q.now = q.now.Add(d)
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
		gone   bool // the key that calls are signed with is none any more
		paused bool
	}{{"nobody did", true, true}, {"somebody did", false, false}} {
		t.Run(tt.name, func(t *testing.T) {
			a := &app{Process: Process{Now: time.Now, Streams: term.Pipes(nil, t.Output(), t.Output(), nil)}}
			a.globals = globals{sandbox: inRunDir, dir: filepath.Join(t.TempDir(), "run"), pace: "instant", file: answersFile(t, small)}
			p, ctx, err := a.open(t.Context(), &consents{})
			if err != nil {
				t.Fatal(err)
			}
			defer p.close()
			if tt.gone {
				disown(t, p.facts)
			}
			if err := p.openRun("run", &consents{}); err != nil {
				t.Fatal(err)
			}
			o, step, clock := p.runnerOptions("run", &consents{pauseTimeout: 10 * time.Minute}), &loggedOut{}, &quick{time.Now()}
			o.Steps, o.Clock, o.Report = []engine.Step{step}, clock, nil
			continued, err := ran(ctx, t, engine.New(o))
			var waited *engine.PauseError
			if errors.As(err, &waited) != tt.paused || (continued > 0) == tt.paused || (step.tries > 1) == tt.paused {
				t.Errorf("%d tries, went on %d times: %v", step.tries, continued, err)
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

// disown takes the source's key away from under it.
func disown(t *testing.T, f *facts.Facts) {
	t.Helper()
	s, err := f.Session(t.Context(), steps.Source, facts.Control)
	if err != nil {
		t.Fatal(err)
	}
	creds, err := s.AWS().Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := iam.NewFromConfig(s.AWS()).DeleteAccessKey(t.Context(), &iam.DeleteAccessKeyInput{AccessKeyId: &creds.AccessKeyID}); err != nil {
		t.Fatal(err)
	}
}
