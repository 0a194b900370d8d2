package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
	"snapferry/steps/journal"
	"snapferry/steps/report"
	"snapferry/steps/spec"
	"snapferry/ui/ask"
	"snapferry/ui/board"
	"snapferry/ui/stream"
	"snapferry/ui/wizard"
)

// place is what a command on one run works with.
type place struct {
	*app
	draft *spec.Draft
	spec  *spec.Spec
	facts *facts.Facts
	// past is what the journal of the run directory says, nil where there is none
	// of these answers.
	past *steps.State
	// stranger is the run of other answers that is there instead.
	stranger string
	journal  *journal.Journal
	runner   *engine.Runner
	// control is swapped for every plan, also while a signal comes.
	control atomic.Pointer[engine.Control]
	calls   *callLog
	// asked are the answers somebody gave at the terminal, nil where nobody was asked.
	asked *ask.Answers
	// box is the sandbox that was opened, sessions are the identities: both are
	// looked through while answers are asked for, and afterwards.
	box      *sandboxInfo
	sessions facts.Sessions
	// keys and hushed are what was typed unseen, or read from a descriptor that
	// gives it only once. looking says that it is not the time to ask for them.
	keys    map[facts.Slot]typedKeys
	hushed  map[steps.Side]secretWord
	looking bool
	// later gathers the sides whose passwords can wait until it is known whether they
	// are needed; nil asks at once.
	later map[steps.Side]bool
	// practised says that the answers to begin with are the sandbox's own.
	practised bool
	looks     sync.Mutex
	unseen    int
	// world tells the real AWS ("") and every sandbox apart: what was approved or
	// made in one says nothing of another.
	world string
	// command is what goes on with this start after a stop.
	command string
	// stopping is closed at the first signal.
	stopping chan struct{}
	// asking says that an answer is waited for: a signal leaves the prompt then.
	asking atomic.Bool
	// asker asks through the full screen while one is open, and decide hands it the
	// failed steps; screened is where its signals go. All are nil without one.
	asker    wizard.Asker
	decide   func(context.Context, failedStep) engine.Decision
	screened atomic.Pointer[chan os.Signal]
	// wholeDiffs shows every document of a plan to its end.
	wholeDiffs bool
	closers    []func()
	// hangUp closes the network of the last time this start connected.
	hangUp func()
}

// open reads the answers and prepares everything that needs no journal. The
// context it gives ends with the second signal.
func (a *app) open(ctx context.Context, c *consents) (*place, context.Context, error) {
	p, ctx := a.enter(ctx)
	err := p.answered(ctx, c)
	if err == nil {
		err = p.prepare(ctx, c)
	}
	if err != nil {
		p.close()
		return nil, ctx, err
	}
	return p, ctx, nil
}

// enter begins to listen for signals; nothing is known yet.
func (a *app) enter(ctx context.Context) (*place, context.Context) {
	p := &place{app: a, command: "run"}
	p.control.Store(engine.NewControl())
	ctx, stop := p.interruptible(ctx)
	p.closers = append(p.closers, stop)
	return p, ctx
}

// prepare makes of the answers what a command works with.
func (p *place) prepare(ctx context.Context, c *consents) (err error) {
	if err := c.known(); err != nil {
		return err
	}
	if err := p.specify(c); err != nil {
		return err
	}
	p.know(p.spec)
	if p.facts, err = p.connected(ctx); err != nil {
		return err
	}
	p.hideIndices(ctx)
	p.hidePrincipals(ctx)
	return nil
}

// began is the day the run in the directory began, or today.
func (a *app) began() time.Time {
	s, err := a.state()
	if err != nil || s.Started.IsZero() {
		return a.Now()
	}
	return s.Started
}

// openRun takes the run directory for itself and makes the runner.
func (p *place) openRun(command string, c *consents) error {
	j, err := journal.Open(p.dir, journal.Options{RunID: newRunID(p.Now()), Answers: p.fingerprint(), World: p.world, Now: p.Now})
	if err != nil {
		return p.otherwise(taken(err))
	}
	p.journal, p.command = j, command
	p.closers = append(p.closers, func() { j.Close() })
	if err := p.calls.open(p.dir); err != nil {
		return err
	}
	if err := p.keepAnswers(p.draft, p.spec); err != nil {
		return err
	}
	p.runner = engine.New(p.runnerOptions(command, c))
	p.closers = append(p.closers, p.runner.Close)
	return nil
}

// taken is the error of a run directory that is somebody else's: another one wants
// to be named.
func taken(err error) error {
	for _, why := range []error{journal.ErrInUse, journal.ErrOtherAnswers, journal.ErrOtherWorld} {
		if errors.Is(err, why) {
			return usage(err)
		}
	}
	return err
}

// close gives everything back, newest first.
func (p *place) close() {
	for i := len(p.closers) - 1; i >= 0; i-- {
		p.closers[i]()
	}
	p.closers = nil
}

// sink is the view of this start: JSON lines or plain lines, on the results'
// stream.
func (p *place) sink() (stream.Sink, error) {
	if p.json {
		return stream.NewJSON(p.Out, p.header(), p.masker)
	}
	diffs := shortDiffs
	if p.wholeDiffs {
		diffs = board.WholeDiffs
	}
	return stream.NewLines(p.Out, p.words(), diffs, p.Cells()), p.banner()
}

// shortDiffs is how many lines of an act's document a run shows: they list
// indices, which the plan counts and names below. The plan command shows all.
const shortDiffs = 24

// header heads JSON lines.
func (a *app) header() stream.Header {
	return stream.Header{Program: "snapferry " + Version, Sandbox: a.sandboxed()}
}

// banner says that what follows is of the sandbox, where it is.
func (a *app) banner() error {
	if !a.sandboxed() {
		return nil
	}
	line := board.Line{Text: "SANDBOX     everything here is the embedded AWS in " + a.sandboxDir() + "; nothing real is reached, and data moves faster than on real domains", Hang: 12}
	return stream.Print(a.Out, []board.Line{line, {}}, a.Cells())
}

// object writes one JSON object after the header, for commands without a run.
func (a *app) object(v any) error {
	j, err := stream.NewJSON(a.Out, a.header(), a.masker)
	if err != nil {
		return err
	}
	return j.Object(v)
}

// reportNames are the files a report is written to; the first is the one named.
var reportNames = []string{"report.md", "report.html", "report.json"}

// writeReport writes all forms and gives the path of the one for reading: whole
// for the owner of the run directory, and masked beside it where that was asked for.
func (a *app) writeReport(s *steps.State) (string, error) {
	masked := a.reportOptions()
	whole := masked
	whole.Mask = nil
	path, err := a.writeForms(report.New(s, whole), "")
	if err == nil && masked.Mask != nil {
		path, err = a.writeForms(report.New(s, masked), "masked-")
	}
	return path, err
}

func (a *app) writeForms(r report.Report, prefix string) (string, error) {
	for i, form := range []func(io.Writer) error{r.Markdown, r.HTML, r.JSON} {
		if err := journal.Replace(filepath.Join(a.dir, prefix+reportNames[i]), form); err != nil {
			return "", err
		}
	}
	return filepath.Join(a.dir, prefix+reportNames[0]), nil
}

func (a *app) reportOptions() report.Options {
	return report.Options{Mask: a.masker, Resume: a.resumeLine("run"), Undo: a.resumeLine("undo"), Accounts: a.accounts}
}

// know takes from the answers what outputs need besides them: the names to hide
// and the accounts to name.
func (a *app) know(s *spec.Spec) {
	if a.mask && a.masker == nil {
		a.masker = steps.NewMasker()
	}
	a.masker.Name(maskNames(s)...)
	a.accounts = map[steps.Side]string{steps.Source: string(s.Source.Account), steps.Target: string(s.Target.Account)}
}

// state replays the journal of the run directory without locking it.
func (a *app) state() (*steps.State, error) {
	s := &steps.State{}
	err := a.replay(func(r steps.Record) error { s.Apply(r); return nil })
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage(&steps.Error{Summary: steps.T("There is no run in %s", a.dir), Fix: steps.T("Name the run directory with --dir")})
	}
	return s, err
}

// fingerprint tells runs of other answers apart; worlds are told apart by world.
func (p *place) fingerprint() string { return p.spec.Fingerprint() }

// hide has the masker know the names a plan speaks of.
func (a *app) hide(plan steps.Plan) {
	for _, m := range plan.Moves {
		a.masker.Hide("INDEX", m.Index, m.As, m.Stream, m.StreamAs)
	}
	for _, s := range plan.Stays {
		a.masker.Hide("INDEX", s.Name, streamOf(s.Name))
	}
}

// backing is the name engines give an index behind a data stream; Elasticsearch
// has the day it was made in it too.
var backing = regexp.MustCompile(`^\.ds-(.+?)(?:-\d{4}\.\d\d\.\d\d)?-\d{6}$`)

// streamOf is the data stream an index stands behind by its name, "" for none.
func streamOf(index string) string {
	if m := backing.FindStringSubmatch(index); m != nil {
		return m[1]
	}
	return ""
}

// hideIndices learns the names to hide before anything is printed. What cannot be
// read now cannot be named either.
func (p *place) hideIndices(ctx context.Context) {
	if !p.mask {
		return
	}
	if p.past != nil {
		p.hide(p.past.Plan)
	}
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		list, _ := p.facts.Indices(ctx, side)
		for _, i := range list {
			p.masker.Hide("INDEX", i.Name, i.DataStream, streamOf(i.Name))
		}
	}
}

// hidePrincipals learns what the identities are called, which commands name
// without their ARN.
func (p *place) hidePrincipals(ctx context.Context) {
	if !p.mask {
		return
	}
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		for _, role := range []facts.Role{facts.Control, facts.Signer, facts.Mapper} {
			if who, err := p.facts.Identity(ctx, side, role); err == nil && telling(who.Principal.Name()) {
				p.masker.Hide("PRINCIPAL", who.Principal.Name())
			}
		}
	}
}
