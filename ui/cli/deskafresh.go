package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"snapferry/steps"
	"snapferry/steps/journal"
	"snapferry/ui/ask"
	"snapferry/ui/wizard"
)

// offerAfresh adds, where the directory has a run, that another one can be begun.
func (d *desk) offerAfresh(o *ask.Offer) {
	if s, err := d.state(); err == nil && s.RunID != "" {
		o.Options = append(o.Options, ask.Option{Value: ask.GoalAfresh, Label: steps.T("Start afresh"), Detail: steps.T("another run, in a directory of its own")})
	}
}

// beside is a directory for another run: one that nothing is in yet, beside this one
// and named by the day. One run has a directory to itself, whatever became of it.
func (d *desk) beside() string {
	day := filepath.Clean(d.dir) + "-" + d.Now().Format("2006-01-02")
	for dir, n := day, 2; ; n++ {
		if _, err := os.Lstat(dir); os.IsNotExist(err) {
			return dir
		}
		dir = fmt.Sprintf("%s-%d", day, n)
	}
}

// othersRun is the refusal of a directory that has the run of other answers, with the
// directory that would take these.
func (d *desk) othersRun(err error) error {
	if !errors.Is(err, journal.ErrOtherAnswers) {
		return err
	}
	return &wizard.OtherRunError{Err: err, Dir: d.beside()}
}

// afresh says what another run is, and what becomes of the one that is there.
func (d *desk) afresh() []steps.Text {
	begins := steps.T("It begins in the directory %s, with nothing answered yet.", d.beside())
	if d.file != "" {
		begins = steps.T("It begins in the directory %s, with the answers in %s.", d.beside(), d.file)
	}
	words := []steps.Text{begins}
	if d.sandbox == inRunDir {
		words = append(words, steps.T("It has a sandbox of its own: the world of the other run stays as it is, too."))
	}
	s, err := d.state()
	if err != nil {
		return words
	}
	stays := steps.T("Run %s in %s is not touched: its journal, its answers and what it made stay as they are.", s.RunID, d.dir)
	if s.Done == nil || !s.Done.OK {
		stays = steps.T("%s Go on with it at any time: %s", stays, d.resumeLine("run"))
	}
	return append(words, stays)
}
