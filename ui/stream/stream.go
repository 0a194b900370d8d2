// Package stream shows a run as lines: plain ones for people and logs, JSON ones
// for programs. Both take the same records, and both are done when the feed is.
//
// It does not know how a run works, and it never holds one up: a slow reader
// loses progress lines only, which the feed sees to.
package stream

import (
	"fmt"
	"io"
	"time"

	"snapferry/awsx/text"
	"snapferry/steps"
	"snapferry/ui/board"
)

// Sink takes records in order. Beat is called when nothing has happened for a
// while.
type Sink interface {
	Records(batch []steps.Record) error
	Beat(now time.Time) error
}

// Schema is the version of the JSON lines. It only grows.
const Schema = "snapferry/1"

// progressEvery is how often a moving step gets a plain line: a log wants to be
// read afterwards.
const progressEvery = 2 * time.Second

// Lines writes plain lines: time, step, words; no control sequences.
type Lines struct {
	out   io.Writer
	words board.Words
	// diffs is how many lines of a document a plan shows.
	diffs int
	// cells is how wide a line may be, 0 for as wide as it is.
	cells int
	// titles say what a step is about and summaries what a change is, by its id,
	// once a plan told them.
	titles    map[steps.StepID]string
	summaries map[string]string
	// last is when the running step last got a line of its own, said what it was.
	last    time.Time
	said    string
	step    steps.StepID
	waiting steps.Waiting
	running bool
}

// NewLines gives the plain sink; diffs is as in board.PlanLines. cells is the
// width of the terminal, 0 where out is none.
func NewLines(out io.Writer, words board.Words, diffs, cells int) *Lines {
	return &Lines{out: out, words: words, diffs: diffs, cells: cells}
}

// Records writes the lines of a batch.
func (l *Lines) Records(batch []steps.Record) error {
	for _, r := range batch {
		if err := l.record(r); err != nil {
			return err
		}
	}
	return nil
}

func (l *Lines) record(r steps.Record) error {
	switch e := r.Event.(type) {
	case steps.PlanMade:
		return l.plan(e.Plan)
	case steps.StepStarted:
		l.step, l.running, l.waiting = r.Step, true, steps.Waiting{}
		if title := l.titles[r.Step]; title != "" {
			return l.write(r.At, r.Step, board.Line{Text: "starts: " + title})
		}
	case steps.Waiting:
		same := sameWait(e.Reason, l.waiting.Reason)
		if l.waiting = e; same {
			return nil // said once, then by the heartbeat
		}
	case steps.Progress:
		if line := board.ProgressLine(e); line == l.said || r.At.Sub(l.last) < progressEvery && !whole(e) {
			return nil
		}
	case steps.StepSkipped:
		l.running = false
		if title := l.titles[r.Step]; title != "" {
			return l.write(r.At, r.Step, board.Line{Text: "skipped: " + title + ": " + l.words.Say(e.Why)})
		}
	case steps.ChangeUndone:
		if words := l.summaries[e.ID]; words != "" {
			e.ID = words
			r.Event = e
		}
	case steps.StepDone, steps.StepFailed, steps.RunDone, steps.Paused:
		l.running = false
	}
	for _, line := range l.words.EventLines(r.Event) {
		if err := l.write(r.At, r.Step, line); err != nil {
			return err
		}
	}
	return nil
}

// sameWait says that the same is waited for, however far it is.
func sameWait(a, b text.Text) bool {
	return a.String() == b.String() || a.Format == b.Format && a.Format != "%s"
}

// whole says that a step has nothing left to move; that line is always shown.
func whole(p steps.Progress) bool {
	return p.DoneBytes >= p.TotalBytes && p.DoneShards >= p.TotalShards
}

// plan stands by itself, without times.
func (l *Lines) plan(p steps.Plan) error {
	l.titles, l.summaries = map[steps.StepID]string{}, map[string]string{}
	for _, s := range p.Steps {
		l.titles[s.ID] = l.words.Say(s.Title)
		for _, c := range s.Changes {
			l.summaries[c.ID] = l.words.Say(made(c.Summary))
		}
	}
	return Print(l.out, append(l.words.PlanLines(p, l.diffs), board.Line{}), l.cells)
}

// made is what a change made, also where the plan is to take it back, whose words
// carry those of the change.
func made(summary text.Text) text.Text {
	if len(summary.Args) == 1 {
		if inner, ok := summary.Args[0].(text.Text); ok {
			return inner
		}
	}
	return summary
}

// Print writes lines, broken to a width; 0 cells breaks none.
func Print(out io.Writer, lines []board.Line, cells int) error {
	for _, l := range lines {
		for _, part := range l.Wrap(cells) {
			if _, err := fmt.Fprintln(out, part); err != nil {
				return err
			}
		}
	}
	return nil
}

// wordsColumn is where the words of a line begin, behind time and step.
const wordsColumn = 29

func (l *Lines) write(at time.Time, step steps.StepID, line board.Line) error {
	l.last, l.said = at, line.Text
	line.Text = fmt.Sprintf("%s  %-18s %s", at.Local().Format("15:04:05"), step, line.Text)
	line.Hang += wordsColumn
	return Print(l.out, []board.Line{line}, l.cells)
}

// heartbeat is how long a running step may be silent.
const heartbeat = 10 * time.Second

// Beat says that the running step is still at work, and what it waits for.
func (l *Lines) Beat(now time.Time) error {
	if !l.running || now.Sub(l.last) < heartbeat {
		return nil
	}
	if l.waiting.Reason.IsZero() {
		return l.write(now, l.step, board.Line{Text: "still at work"})
	}
	return l.write(now, l.step, board.Line{Text: fmt.Sprintf("still waiting for: %s (since %s)",
		l.words.Say(l.waiting.Reason), l.waiting.Since.Local().Format("15:04:05"))})
}
