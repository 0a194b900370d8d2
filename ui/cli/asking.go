package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"snapferry/awsx/text"
	"snapferry/steps"
	"snapferry/steps/journal"
	"snapferry/steps/spec"
	"snapferry/ui/ask"
	"snapferry/ui/board"
	"snapferry/ui/prompt"
	"snapferry/ui/stream"
	"snapferry/ui/term"
)

// questions are what somebody at the terminal is asked before a command works.
type questions struct {
	// command is what was typed, "" for the bare program.
	command string
	// whole asks everything; else only what the command cannot do without.
	whole bool
}

// answered finds the answers, and asks for those that are missing where somebody
// can be asked. Nobody is where output is for a program, or --yes says that
// nobody is there.
func (p *place) answered(ctx context.Context, c *consents) (err error) {
	q := p.questions
	if q == nil || p.json || c.yes || !p.Interactive() {
		p.draft, err = p.answers()
		return err
	}
	known, found, err := p.known(q.whole)
	if err != nil {
		return err
	}
	if p.draft = known; !q.whole && (found && p.partial || !p.misses(known)) {
		return nil
	}
	return p.inquire(ctx, known)
}

// known are the answers there are to begin with. A file that was named has to be
// there, unless everything is asked anyhow and it is for what is answered.
func (p *place) known(whole bool) (d *spec.Draft, found bool, err error) {
	if whole {
		if err := p.outside(); err != nil {
			return nil, false, usage(err)
		}
	}
	path := p.file
	if path == "" {
		path = filepath.Join(p.dir, answersName)
	}
	_, err = os.Stat(path)
	if missing := errors.Is(err, fs.ErrNotExist); missing && (p.file == "" || whole) {
		if p.sandboxed() {
			p.practised = true
			return p.practice(), true, nil
		}
		return &spec.Draft{}, false, nil
	}
	d, err = p.answers()
	return d, true, err
}

// beginning are the answers that a person is led through the questions with.
func (p *place) beginning(known *spec.Draft) *ask.Answers {
	a := ask.New(known, p.began())
	if p.practised {
		a.Preset(ask.GoalBastion, p.practiceInside())
		a.Preset(string(spec.ShapeSameAccount), p.practiceNext())
		a.Preset(string(spec.ShapeSameDomain), p.practiceBeside())
	}
	return a
}

// misses says whether answers lack something. What is wrong with those of a file
// is told with its line instead of being asked for again.
func (p *place) misses(d *spec.Draft) bool {
	if _, wrong := d.Partial(p.began()); len(wrong) > 0 {
		return false
	}
	return len(ask.New(d, p.began()).Missing()) > 0
}

// inquire asks, and keeps what was answered whatever comes of it.
func (p *place) inquire(ctx context.Context, known *spec.Draft) error {
	defer p.asking.Store(p.asking.Swap(true))
	stopped, cancel := p.untilStopped(ctx)
	defer cancel()
	p.asked = p.beginning(known)
	if p.mask {
		p.masker = steps.NewMasker() // names are not known yet; what has a shape of its own is
	}
	o := prompt.Options{Keyboard: p.keyboard(), Out: p.Err, Words: p.words(), Fetch: p.offer}
	if p.ErrTerminal {
		o.Cells = p.Width
	}
	way := prompt.Missing
	if p.questions.whole {
		way = prompt.All
	}
	for _, control := range []ask.Key{"source.control", "target.control"} {
		if !known.Said(control) { // there is a going on without, but most have a profile
			o.Also = append(o.Also, control+".base")
		}
	}
	err := way(stopped, p.asked, o)
	p.draft = p.asked.Draft()
	kept, keepErr := p.keep(known)
	if !errors.Is(err, prompt.ErrLeft) {
		return errors.Join(err, keepErr)
	}
	if kept != "" {
		p.tell(steps.T("Stopped; nothing was changed. Your answers are in %s. Go on with: %s", kept, p.goOn(kept)))
	} else {
		p.tell(steps.T("Stopped; nothing was changed."))
	}
	return term.Exit(term.ExitInterrupted, keepErr)
}

// tell says something to the person at the prompt.
func (a *app) tell(t text.Text) {
	_ = stream.Print(a.Err, []board.Line{{Text: a.words().Say(t)}}, a.errCells()) // there is nobody left to tell
}

// errCells is how wide what is read on the error stream may be, 0 for as wide as it is.
func (a *app) errCells() int {
	if !a.ErrTerminal {
		return 0
	}
	return a.Width
}

// goOn is the command that goes on with the answers of a file.
func (p *place) goOn(kept string) string {
	return p.resumeLine(p.questions.command) + p.withFile(kept)
}

// withFile is the flag that names a file of answers, where it has to be named.
func (p *place) withFile(kept string) string {
	if kept == "" || kept == filepath.Join(p.dir, answersName) {
		return ""
	}
	return " --file " + steps.ShellWord(kept)
}

// keep writes the answers where nobody else's are lost, and gives the path; ""
// where there is nothing new to keep.
func (p *place) keep(known *spec.Draft) (string, error) {
	body := p.draft.WriteAnswers()
	if !ask.Migrates(p.asked.Get(ask.Goal)) || bytes.Equal(body, known.WriteAnswers()) {
		return "", nil
	}
	path, err := p.keepPath()
	if err != nil {
		return "", err
	}
	return path, writeAnswers(path, p.headed(p.draft, p.withFile(path)))
}

// writeAnswers writes an answers file, in a directory that need not be there yet.
func writeAnswers(path string, body []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return journal.WriteFile(path, body)
}

// keepPath is the file that was named for the answers; else that of the run
// directory, unless a run or other answers are there; else one that is new.
func (p *place) keepPath() (string, error) {
	free := func(path string) bool {
		_, err := os.Stat(path)
		return errors.Is(err, fs.ErrNotExist)
	}
	own := filepath.Join(p.dir, answersName)
	s, err := p.state()
	if err == nil && !journal.Claimed(s) { // a run that nobody approved makes room
		err = fs.ErrNotExist
	}
	switch {
	case p.file != "" && free(p.file):
		return p.file, nil
	case free(own) && err != nil, p.file == "" && err != nil:
		return own, nil
	}
	for n := 2; n < 100; n++ {
		if path := fmt.Sprintf("%s-answers-%d.yaml", filepath.Clean(p.dir), n); free(path) {
			return path, nil
		}
	}
	return "", &steps.Error{Summary: steps.T("There is no free name left to keep the answers under"), Fix: steps.T("Name a file that is not there yet with --file")}
}
