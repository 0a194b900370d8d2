package panel

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"snapferry/steps"
)

// Run draws the board of a run. It keeps the lines it drew: of a run only a line or
// two change between two pictures, and styling is what costs. It belongs to one
// screen and one look; another look wants another Run.
type Run struct {
	look  Look
	state *steps.State
	calls []Call
	kept  map[slot]line
	width int
	// seen is the step that is looked at, "" for the one of interest.
	seen steps.StepID
}

// See has a step looked at, "" for the one of interest as the run goes on.
func (r *Run) See(id steps.StepID) { r.seen = id }

// At is the step that is looked at, -1 where there is none.
func (r *Run) At(s *steps.State) int {
	for i := range s.Steps {
		if r.seen != "" && s.Steps[i].ID == r.seen {
			return i
		}
	}
	return Current(s)
}

// slot is a place on the board, and the room it has.
type slot struct {
	part  part
	at    int
	width int
}

// part is a kind of place.
type part int

const (
	stepPart part = iota
	itemPart
	callPart
	barPart
)

// line is what was drawn of a value, which is comparable.
type line struct {
	of    any
	drawn []string
}

// NewRun makes a board for a look.
func NewRun(l Look) *Run { return &Run{look: l, kept: map[slot]line{}} }

// keep draws a value of a place, or gives what was drawn of it.
func (r *Run) keep(s slot, of any, draw func() []string) []string {
	if have, ok := r.kept[s]; ok && have.of == of {
		return have.drawn
	}
	drawn := draw()
	r.kept[s] = line{of, drawn}
	return drawn
}

// View draws a state at a time: steps at the left, the one of interest at the
// right; in a narrow room that one first and the others below it.
func (r *Run) View(s *steps.State, calls []Call, now time.Time, frame, width, height int) []string {
	r.state, r.calls = s, calls
	r.look.Now, r.look.Frame = now, frame
	if r.width != width { // nobody comes back to an odd size
		r.width = width
		clear(r.kept)
	}
	l := r.look
	if len(s.Steps) == 0 {
		return l.Into(l.Busy(steps.T("The run begins"), width), width, height)
	}
	at := r.At(s)
	head := r.head(Current(s), width)
	if width < narrow {
		return r.stacked(head, at, width, height)
	}
	room := height - 2
	side := min(48, max(38, width*36/100)) // the names of our steps are whole
	left := r.steps(at, side, room)
	right := r.detail(at, width-side-3, room)
	out := make([]string, 0, height)
	out = append(out, head, "")
	rule := " " + l.Faint.Render(l.Glyphs.Side) + " "
	for i := range max(len(left), len(right)) {
		a, b := "", ""
		if i < len(left) {
			a = left[i]
		}
		if i < len(right) {
			b = right[i]
		}
		if a == "" {
			a = strings.Repeat(" ", side)
		}
		out = append(out, a+rule+b)
	}
	return out[:min(len(out), max(0, height))]
}

// Current is the step of interest: the one that runs, else that failed or was
// stopped, else the first that waits, else the last.
func Current(s *steps.State) int {
	for _, want := range []steps.StepStatus{steps.StatusRunning, steps.StatusFailed, steps.StatusStopped, steps.StatusWaiting} {
		for i := range s.Steps {
			if s.Steps[i].Status == want {
				return i
			}
		}
	}
	return len(s.Steps) - 1
}

// head says how far the run is.
func (r *Run) head(at, width int) string {
	s, l := r.state, r.look
	done := 0
	for i := range s.Steps {
		switch s.Steps[i].Status {
		case steps.StatusDone, steps.StatusExisted, steps.StatusSkipped:
			done++
		}
	}
	words := fmt.Sprintf("Step %d of %d", min(at+1, len(s.Steps)), len(s.Steps))
	if done == len(s.Steps) {
		words = "All steps are done"
	}
	// As the report has it: what it took to read the plan is no work, nor is the night
	// between two starts.
	if worked := s.Worked(l.Now); worked > 0 {
		words += " " + l.Glyphs.Dot + " " + spent(worked, true) + " at work"
	}
	if s.RunID != "" {
		words += " " + l.Glyphs.Dot + " run " + l.name(s.RunID)
	}
	return l.Strong.Render(l.Cut(words, width))
}

// stacked is the board in one column.
func (r *Run) stacked(head string, at, width, height int) []string {
	// The list of steps keeps three lines at least: before, now, after.
	list := min(len(r.state.Steps), max(3, height-14))
	out := append([]string{head}, r.detail(at, width, height-list-2)...)
	out = append(out, "")
	out = append(out, r.steps(at, width, height-len(out))...)
	return out[:min(len(out), max(0, height))]
}

// steps is the list of steps, around the one of interest where not all fit.
func (r *Run) steps(at, width, height int) []string {
	all := r.state.Steps
	if height <= 0 {
		return nil
	}
	from := 0
	if len(all) > height {
		from = max(0, min(at-height/2, len(all)-height))
	}
	out := make([]string, 0, height)
	for i := from; i < min(len(all), from+height); i++ {
		out = append(out, r.step(i, width))
	}
	return out
}

// stepRow is what a step's row is drawn of.
type stepRow struct {
	id     steps.StepID
	status steps.StepStatus
	time   string
	frame  int
	waits  bool
	seen   bool
}

// step is one row: state, name, time, and what it waits for.
func (r *Run) step(i, width int) string {
	st := &r.state.Steps[i]
	row := stepRow{id: st.ID, status: st.Status, waits: !st.Wait.Reason.IsZero(), seen: st.ID == r.seen}
	switch {
	case st.Status == steps.StatusRunning:
		row.time = spent(st.Active+r.look.Now.Sub(st.Since), true)
		if !row.waits { // who waits stands still
			row.frame = r.look.Frame
		}
	case st.Active > 0:
		row.time = spent(st.Active, false)
	}
	return r.keep(slot{stepPart, i, width}, row, func() []string { return []string{r.drawStep(row, width)} })[0]
}

func (r *Run) drawStep(row stepRow, width int) string {
	sign, paint, word := r.look.status(row.status, row.frame)
	if row.waits {
		sign, word = r.look.Glyphs.Running, "waits"
	}
	name := r.look.Text.Render
	switch row.status {
	case steps.StatusRunning:
		name = r.look.Selected.Render
	case steps.StatusWaiting, steps.StatusSkipped:
		name = r.look.Dim.Render
	}
	if row.seen {
		sign, name = r.look.Glyphs.Cursor, r.look.Selected.Render
	}
	end := r.look.Dim.Render(r.look.Fit(word, 8)) + right(row.time, 8)
	room := max(4, width-2-18)
	return r.look.Cut(paint(sign)+" "+name(r.look.Fit(r.look.Middle(string(row.id), room), room))+"  "+end, width)
}

// right puts words at the right end of a column.
func right(s string, cells int) string {
	return strings.Repeat(" ", max(0, cells-ansi.StringWidth(s))) + s
}

// status is the sign of a step's state, its style and its word.
func (l Look) status(s steps.StepStatus, frame int) (string, painter, string) {
	switch g := l.Glyphs; s {
	case steps.StatusRunning:
		return g.Spin[frame%len(g.Spin)], l.Accent.Render, "runs"
	case steps.StatusDone:
		return g.Pass, l.Good.Render, "done"
	case steps.StatusExisted:
		return g.Exists, l.Good.Render, "was so"
	case steps.StatusFailed:
		return g.Fail, l.Bad.Render, "failed"
	case steps.StatusSkipped:
		return g.Skip, l.Dim.Render, "skipped"
	case steps.StatusStopped:
		return g.Running, l.Warn.Render, "stopped"
	}
	return l.Glyphs.Waiting, l.Faint.Render, ""
}
