package panel

import (
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"snapferry/steps"
)

// fewestCalls and mostCalls bound the pane of calls, its title and the air above it
// included; where there is less room for it, there is none. fewestItems is how much
// the indices keep beside it.
const (
	fewestItems = 3
	fewestCalls = 4
	mostCalls   = 16
)

// detail is the pane of the step of interest: what it is, how far, what it waits
// for, what went wrong; below it the newest calls.
func (r *Run) detail(at, width, height int) []string {
	if height <= 0 {
		return nil
	}
	st := &r.state.Steps[at]
	lines := r.keep(slot{barPart, at, width}, barKey(st), func() []string { return r.above(st, width) })
	if len(lines) > height {
		more := r.look.Faint.Render(r.look.Cut(r.look.Glyphs.Ellipsis+" space shows it whole", width))
		return append(lines[:height-1:height-1], more)
	}
	lines = lines[:len(lines):len(lines)]
	room := height - len(lines)
	if st.Diagnosis == nil {
		most := room
		if len(r.calls) > 0 && room >= fewestCalls+fewestItems {
			most = max(room-fewestCalls, room/2)
		}
		items := r.items(st.Progress.Items, width, most)
		lines = append(lines, items...)
		room -= len(items)
	}
	if room < fewestCalls || len(r.calls) == 0 {
		return lines
	}
	lines = append(lines, "")
	return append(lines, r.callLines(width, min(room-1, mostCalls))...)
}

// pane is what the upper part of a pane is drawn of.
type pane struct {
	status               steps.StepStatus
	done, total          int64
	shards, totals       int
	rate, eta            int64
	reason               string
	since, until         time.Time
	diagnosis, diagnosed *steps.Diagnosis
	evidence             string
	instructed           *steps.Instruction
	skipped              string
}

func barKey(st *steps.StepState) pane {
	p := st.Progress
	return pane{
		status: st.Status, done: p.DoneBytes, total: p.TotalBytes, shards: p.DoneShards, totals: p.TotalShards, rate: p.BytesPerSecond, eta: p.ETASeconds,
		reason: st.Wait.Reason.String(), since: st.Wait.Since, until: st.Wait.Until, instructed: st.Wait.Instruction, diagnosis: st.Diagnosis, diagnosed: st.Wait.Diagnosis,
		evidence: st.Evidence.Summary.String(), skipped: st.Why.String(),
	}
}

// above draws that part.
func (r *Run) above(st *steps.StepState, width int) []string {
	l := r.look.Brief()
	lines := []string{l.Accent.Render(l.Cut(string(st.ID), width))}
	lines = append(lines, l.words(l.as(st.Title), width, l.Dim.Render)...)
	if st.Diagnosis != nil {
		return append(lines, l.Diagnosis(*st.Diagnosis, width)...)
	}
	lines = append(lines, l.progress(honest(st), width)...)
	lines = append(lines, l.waits(st.Wait, width)...)
	if !st.Why.IsZero() {
		lines = append(lines, l.fact("skipped", l.as(st.Why), width)...)
	}
	if !st.Evidence.Summary.IsZero() {
		lines = append(lines, l.fact("proven", l.as(st.Evidence.Summary), width)...)
	}
	return lines
}

// honest is how far a step is: while it waits or stands still, nothing has a rate, and a guess of the
// rest that was made before is none.
func honest(st *steps.StepState) steps.Progress {
	p := st.Progress
	if !st.Wait.Reason.IsZero() || st.Status != steps.StatusRunning {
		p.BytesPerSecond, p.ETASeconds = 0, 0
	}
	return p
}

// waits says what a step waits for and since when, and who has to do what about it.
func (l Look) waits(w steps.Waiting, width int) []string {
	if w.Reason.IsZero() {
		return nil
	}
	reason, since := l.as(w.Reason), ""
	if !w.Since.IsZero() {
		since = "since " + l.clock(w.Since)
	}
	if !w.Until.IsZero() {
		since += ", given up at " + l.clock(w.Until)
	}
	var lines []string
	switch do := w.Instruction; {
	case do != nil && reason == l.as(steps.T("%s: %s", do.Who, do.What)): // which the errand says, too
		lines = l.HandOver(*do, since, width)
	default:
		if since != "" {
			reason += " (" + since + ")"
		}
		if lines = l.fact("waits for", reason, width); do != nil {
			lines = append(append(lines, ""), l.HandOver(*do, "", width)...)
		}
	}
	switch {
	case w.Diagnosis == nil:
	case l.brief && !w.Until.IsZero(): // it mostly passes: whoever wants to know now can
		lines = append(append(lines, ""), l.Hint(steps.T("space tells what it may be if it does not pass"), width)...)
	default:
		lines = append(append(lines, ""), l.Diagnosis(*w.Diagnosis, width)...)
	}
	return lines
}

// clock is a time of day, as whoever sits here has it.
func (l Look) clock(t time.Time) string { return t.In(l.Now.Location()).Format("15:04:05") }

// items are the indices that move now, as many as there is room for.
func (r *Run) items(all []steps.ItemProgress, width, height int) []string {
	if len(all) == 0 || height < 2 {
		return nil
	}
	// By name: an order by what is done would shuffle them with every look.
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b steps.ItemProgress) int { return strings.Compare(a.Name, b.Name) })
	columns := perRow(all, width, height-1)
	cells := share(width, columns)
	lines := append(make([]string, 0, height), "")
	for i := 0; i < len(all) && len(lines) < height; i += columns {
		row := ""
		for j := i; j < min(len(all), i+columns); j++ {
			if j > i {
				row += "  "
			}
			row += r.keep(slot{itemPart, j, cells}, all[j], func() []string { return []string{r.look.item(all[j], cells)} })[0]
		}
		lines = append(lines, row)
	}
	return lines
}

// callLines is the pane of calls.
func (r *Run) callLines(width, height int) []string {
	shown := r.calls[max(0, len(r.calls)-height+1):]
	lines := append(make([]string, 0, height), r.look.heading(steps.T("Calls"), width))
	for i, c := range shown {
		lines = append(lines, r.keep(slot{callPart, i, width}, c, func() []string { return []string{r.look.call(c, width)} })[0])
	}
	return lines
}

// Step draws everything about a step, for whoever wants to see it whole.
func (l Look) Step(st steps.StepState, logs []steps.LogLine, width int) []string {
	lines := []string{l.Strong.Render(l.Cut(string(st.ID), width))}
	lines = append(lines, l.fact("does", l.as(st.Title), width)...)
	lines = append(lines, l.fact("side", string(st.Side), width)...)
	_, _, word := l.status(st.Status, 0)
	lines = append(lines, l.fact("state", word, width)...)
	lines = append(lines, l.fact("proven", l.as(st.Evidence.Summary), width)...)
	for _, e := range st.Evidence.Lines {
		lines = append(lines, l.fact("", l.as(e), width)...)
	}
	lines = append(lines, l.fact("skipped", l.as(st.Why), width)...)
	lines = append(lines, l.progress(honest(&st), width)...)
	for _, it := range st.Progress.Items {
		if ansi.StringWidth(l.name(it.Name)) > itemCells { // whole, where everything is
			lines = append(lines, l.broken(l.name(it.Name), width, l.Text.Render)...)
		}
		lines = append(lines, l.item(it, min(width, 2*itemCells)))
	}
	lines = append(lines, l.waits(st.Wait, width)...)
	if st.Diagnosis != nil {
		lines = append(append(lines, ""), l.Diagnosis(*st.Diagnosis, width)...)
	}
	first := true
	for _, line := range logs {
		if line.Step != st.ID {
			continue
		}
		if first {
			lines, first = append(lines, "", l.heading(steps.T("What it said"), width)), false
		}
		lines = append(lines, l.fact(l.clock(line.At), l.as(line.Text), width)...)
	}
	return lines
}
