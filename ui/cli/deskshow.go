package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/ui/ask"
	"snapferry/ui/board"
	"snapferry/ui/stream"
	"snapferry/ui/term"
	"snapferry/ui/theme"
	"snapferry/ui/wizard"
)

// The smallest terminal that the full screen is drawn for.
const (
	leastWidth  = 60
	leastHeight = 20
)

// fullScreen says whether the full screen is wanted here, and has room: where it
// has none it says what to use instead.
func (a *app) fullScreen() (bool, error) {
	if a.plain || a.Accessible {
		return false, nil
	}
	if a.Width >= leastWidth && a.Height >= leastHeight {
		return true, nil
	}
	small := &steps.Error{
		Summary: steps.T("The terminal has %d x %d characters, and the full screen needs %d x %d", a.Width, a.Height, leastWidth, leastHeight),
		Fix:     steps.T("Make it larger, or use --plain, which asks the same questions line by line"),
	}
	if !a.sandboxed() {
		return false, usage(small)
	}
	a.tell(steps.T("%s; it goes on in plain lines.", small.Summary))
	return false, nil
}

// screen leads whoever starts the bare program on a terminal through everything in
// the full screen, and tells afterwards what came of it.
func (a *app) screen(outer context.Context) error {
	for {
		dir, answers, err := a.sitting(outer)
		if dir == "" {
			return err
		}
		a.dir = dir // of a run of its own: everything is opened anew
		if answers != "" {
			a.file = answers
		}
	}
}

// sitting is one time in front of the screen; afresh is the directory for another run
// that is to begin, "" for none, and with the file of the answers given for it.
func (a *app) sitting(outer context.Context) (afresh, with string, _ error) {
	a.questions = &questions{whole: true}
	p, ctx := a.enter(outer)
	defer p.close()
	given, _, err := p.known(true)
	if err != nil {
		return "", "", err
	}
	d := newDesk(ctx, p, given, &consents{pauseTimeout: time.Hour})
	defer d.close()
	answers := p.beginning(given)
	out, err := d.show(ctx, answers)
	d.close() // what is under way has ended before anything is told
	for _, t := range out.Told {
		d.tell(t)
	}
	if out.Afresh && err == nil {
		if ask.Migrates(answers.Get(ask.Goal)) { // with the answers that had no room here
			with = out.Kept
		}
		return d.beside(), with, nil
	}
	return "", "", d.left(answers, out, err)
}

// gcPercent is how much garbage may lie beside what is in use, in percent of it.
const gcPercent = 20

// show opens the screen. Signals are its own until it is left.
func (d *desk) show(ctx context.Context, answers *ask.Answers) (wizard.Outcome, error) {
	// A screen lies open for hours beside whatever else its host does: memory is given
	// back early, at some cost in the minutes when thousands of indices are read.
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercent))
	_ = os.Unsetenv("TEA_TRACE") // it would have every key written to a file, those of secrets too [bubbletea v2.0.10]
	signals := make(chan os.Signal, 4)
	d.screened.Store(&signals)
	defer d.screened.Store(nil)
	return wizard.Run(ctx, wizard.Options{
		Look: theme.Options{Dark: true, Unicode: d.Unicode, Profile: theme.Profile(d.Streams)}, Words: d.words(),
		Answers: answers, Deeds: d, Sandbox: d.sandboxed(), Width: d.Width, Height: d.Height, Now: d.Now,
		Signals: signals, Past: d.pastRun, Afresh: d.afresh,
	}, tea.WithInput(d.In), tea.WithOutput(d.Out))
}

// left tells on the normal screen what was done and how to go on, and gives what
// the command for it would have ended with.
func (d *desk) left(answers *ask.Answers, out wizard.Outcome, err error) error {
	if err == nil {
		err = out.Err
	}
	goal := answers.Get(ask.Goal)
	switch {
	case out.Planned:
		return d.ended(out, err)
	case err != nil && !errors.Is(err, context.Canceled):
		return errors.Join(d.tellKept(out.Kept), err)
	case goal == ask.GoalCheck && d.found != nil:
		return d.checked(out.Kept)
	case !out.Left:
		return nil
	}
	if err := d.tellKept(out.Kept); err != nil {
		return err
	}
	if ids := inTheWay(d.found); len(ids) > 0 {
		d.tell(steps.T("In the way: %s. Read what to do about it with: %s", strings.Join(ids, ", "), d.resumeLine("preflight")+d.withFile(out.Kept)))
		return term.Exit(term.ExitBlocked, nil)
	}
	return term.Exit(term.ExitInterrupted, nil)
}

// inTheWay are the checks that would stop a migration.
func inTheWay(found []steps.Finding) (ids []string) {
	for _, f := range found {
		if f.Outcome == steps.Block && !slices.Contains(ids, string(f.ID)) {
			ids = append(ids, string(f.ID))
		}
	}
	return ids
}

// checked is the end of a look: what was found, as preflight prints it.
func (d *desk) checked(kept string) error {
	lines := append(d.words().FindingsLines(d.found, false), board.Line{})
	if err := stream.Print(d.Out, lines, d.Cells()); err != nil {
		return err
	}
	if kept != "" {
		d.tell(steps.T("Your answers are in %s. Look again with: %s", kept, d.resumeLine("preflight")+d.withFile(kept)))
	}
	if blocked(d.found) {
		return term.Exit(term.ExitBlocked, nil)
	}
	return informed(d.found)
}

// ended is the end of a run, or of a plan that was not run.
func (d *desk) ended(out wizard.Outcome, err error) error {
	s, stateErr := d.state()
	if stateErr != nil {
		return errors.Join(err, stateErr)
	}
	var failed *engine.StepError
	own := filepath.Join(d.dir, answersName)
	if out.Kept != "" && out.Kept != own {
		d.tell(steps.T("What you answered differently since is in %s, for another run.", out.Kept))
	}
	switch {
	case err == nil && s.Done != nil && s.Done.OK && !out.Left:
		return d.tellDone(s)
	case err == nil && onlyPlanned(s) && d.kept.own == own: // the plan is one of other answers
		return errors.Join(d.tellKept(out.Kept), term.Exit(term.ExitInterrupted, nil))
	case err == nil && onlyPlanned(s):
		d.tell(steps.T("Nothing was changed; the plan waits to be approved. Go on with: %s", d.resumeLine("run")))
		return term.Exit(term.ExitInterrupted, nil)
	case err == nil, errors.Is(err, engine.ErrStopped), errors.Is(err, context.Canceled):
		d.tell(steps.T("Stopped. Nothing is lost.%s Go on with: %s", d.standing(s), d.resumeLine("run")))
		return term.Exit(term.ExitInterrupted, nil)
	case errors.As(err, &failed):
		d.tell(steps.T("What is done stays done. Go on with: %s", d.resumeLine("run")))
	}
	return err
}

// onlyPlanned says that a run is a plan by now: nobody approved it, and nothing was
// begun, as it may be without approval where nothing is changed.
func onlyPlanned(s *steps.State) bool {
	began := func(st steps.StepState) bool { return st.Status != "" && st.Status != steps.StatusWaiting }
	return s.Approval == (steps.Approved{}) && len(s.Changes) == 0 && !slices.ContainsFunc(s.Steps, began)
}

// pastRun reads the run of the directory, for a look at its report.
func (d *desk) pastRun(ctx context.Context) (past wizard.Planned, s *steps.State, err error) {
	_, done := d.begin(ctx, &err)
	defer done()
	if s, err = d.state(); err != nil {
		return past, nil, err
	}
	d.account(s) // which names what the answers tell
	past.Plan, past.State, past.Report = s.Plan, s, d.reports()
	return past, s, nil
}

// tellDone names what came of a run and where its account is.
func (d *desk) tellDone(s *steps.State) error {
	lines := append(d.words().EventLines(*s.Done), board.Line{Text: "take back the helpers with: " + d.resumeLine("clean-up")}, board.Line{Text: "take back everything with: " + d.resumeLine("undo")})
	return stream.Print(d.Out, lines, d.Cells())
}

// tellKept says where the answers are and how to go on with them.
func (d *desk) tellKept(kept string) error {
	if kept == "" {
		d.tell(steps.T("Stopped; nothing was changed."))
		return nil
	}
	d.tell(steps.T("Stopped; nothing was changed. Your answers are in %s. Go on with: %s", kept, d.goOn(kept)))
	return nil
}
