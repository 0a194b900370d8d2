package panel

import (
	"fmt"
	"strings"

	"snapferry/steps"
	"snapferry/steps/report"
	"snapferry/ui/board"
)

// ends heads a report by how the run ended.
var ends = map[report.Outcome]string{
	report.Unfinished: "The run has not ended", report.Done: "Done", report.TakenBack: "Taken back", report.Stopped: "Stopped, and can go on", report.Failed: "Failed; what is done stays done",
}

// Report draws the account of a run; files are where it was written.
func (l Look) Report(r report.Report, files []string, width int) []string {
	lines := l.reportHead(r, width)
	for _, f := range files {
		lines = append(lines, l.fact("written", l.name(f), width)...)
	}
	section := func(title string, body []string) {
		if len(body) > 0 {
			lines = append(append(lines, "", l.heading(steps.T("%s", title), width)), indented(2, body)...)
		}
	}
	inner := width - 2
	section("What failed", l.reportFailure(r, inner))
	section("What was left where it is, and why", l.left(r.Kept, inner))
	section(movedTitle(r.Moved.Arrived, r.Moved.Back), l.reportMoved(r.Moved, inner))
	section("What was proven", l.reportProven(r.Proven, inner))
	section("What was changed, and the undo for each", l.reportChanged(r.Changed, inner))
	section("What was handed over and is not read from here", l.reportHanded(r.Handed, inner))
	section("What was not moved, and why", l.left(r.Stays, inner))
	section("The estimate, and what came true", l.reportGuess(r.Guess, inner))
	section("The day after", l.reportAfter(r.DayAfter, inner))
	section("Index by index", l.reportIndices(r.Moved.Indices, inner)) // last, as there may be ten thousand
	return lines
}

func (l Look) reportAfter(list []steps.Text, width int) []string {
	var choices []Choice
	for i, t := range list {
		choices = append(choices, Choice{Key: fmt.Sprintf("%d", i+1), Does: t})
	}
	return l.Choices(choices, width)
}

func (l Look) reportHead(r report.Report, width int) []string {
	sign, paint := l.Glyphs.Pass, l.Good.Render
	switch r.Outcome {
	case report.Failed:
		sign, paint = l.Glyphs.Fail, l.Bad.Render
	case report.Stopped, report.Unfinished:
		sign, paint = l.Glyphs.Warn, l.Warn.Render
	}
	words := ends[r.Outcome]
	if at := stoppedAt(r); r.Outcome == report.Stopped && at != "" {
		words = at
	}
	if r.Outcome == report.Done && r.Moved.Arrived {
		words = l.as(steps.T("Done: %s, %s, moved and proven", steps.Indices(len(r.Moved.Indices)), steps.Size(r.Moved.Bytes)))
	}
	lines := l.words(sign+" "+words, width, paint)
	lines = append(lines, l.fact("run", l.name(r.RunID), width)...)
	if took := board.Took(r.Spent); took != "" {
		lines = append(lines, l.fact("took", took, width)...)
	}
	return lines
}

// stoppedAt says where a run stopped, "" where it cannot be told.
func stoppedAt(r report.Report) string {
	done, at := 0, steps.StepID("")
	for _, s := range r.Steps {
		switch s.Status {
		case steps.StatusDone, steps.StatusExisted, steps.StatusSkipped:
			done++
		default:
			if at == "" {
				at = s.ID
			}
		}
	}
	if at == "" {
		return ""
	}
	return fmt.Sprintf("Stopped at %s, with %d of %d steps done; it can go on", at, done, len(r.Steps))
}

func (l Look) reportFailure(r report.Report, width int) []string {
	if r.Failed == nil || r.Failed.Diagnosis == nil {
		return nil
	}
	return append(l.fact("step", string(r.Failed.ID), width), l.Diagnosis(*r.Failed.Diagnosis, width)...)
}

func movedTitle(arrived, back bool) string {
	switch {
	case back:
		return "What was moved, and taken back since"
	case !arrived:
		return "What is to be moved"
	}
	return "What was moved"
}

func (l Look) reportMoved(m report.Moved, width int) []string {
	if len(m.Indices) == 0 {
		return nil
	}
	counted := "%s, %s, %s; documents by _cat/indices, nested objects too"
	if m.Counted || m.Planned == 0 {
		counted = "%s, %s, %s"
	}
	lines := l.fact("in all", l.as(steps.T(counted, steps.Indices(len(m.Indices)), documents(m.Docs), steps.Size(m.Bytes))), width)
	if m.Counted && m.Planned > m.Docs {
		lines = append(lines, l.fact("", l.as(steps.T("by _cat/indices, as in the plan: %s, with nested objects", documents(m.Planned))), width)...)
	}
	for _, leg := range m.Legs {
		lines = append(lines, l.fact(string(leg.Step), l.as(steps.T("%s in %s, %s", steps.Size(leg.Bytes), steps.Counted(leg.Shards, "%d shard", "%d shards"), span(leg.Seconds))), width)...)
	}
	for _, name := range m.Replaced {
		lines = append(lines, l.fact("deleted", "on the target first, for good: "+l.name(name), width)...)
	}
	return lines
}

// documents counts documents.
func documents(n int64) steps.Text {
	if n == 1 {
		return steps.T("%d document", n)
	}
	return steps.T("%d documents", n)
}

func (l Look) reportIndices(list []steps.Move, width int) []string {
	var lines []string
	paint := once(l.Dim.Render)
	for _, i := range list {
		name := l.name(i.Index)
		if i.As != "" && i.As != i.Index {
			name += " as " + l.name(i.As)
		}
		lines = append(lines, l.row(name, fmt.Sprintf("%12s %10s", l.Say(steps.T("%d", i.Docs)), steps.Size(i.Bytes)), width, paint)...)
	}
	return lines
}

func (l Look) reportProven(list []report.Proof, width int) []string {
	var lines []string
	for _, p := range list {
		lines = append(lines, l.words(l.Glyphs.Pass+" "+string(p.Step)+": "+l.as(p.Evidence.Summary), width, l.Text.Render)...)
		for _, e := range p.Evidence.Lines {
			lines = append(lines, indented(4, l.words(l.as(e), width-4, l.Dim.Render))...)
		}
	}
	return lines
}

func (l Look) reportChanged(list []report.Changed, width int) []string {
	var lines []string
	for _, c := range list {
		sign, _, paint := l.verb(c.Verb)
		where := string(c.Side)
		if c.Account != "" {
			where += " " + l.name(c.Account)
		}
		head := l.words(sign+" "+l.as(c.Summary), width, paint)
		lines = append(lines, head...)
		lines = append(lines, indented(4, l.words(where+": "+c.State+". "+l.as(c.Undo), width-4, l.Dim.Render))...)
	}
	return lines
}

func (l Look) reportHanded(list []report.Handed, width int) []string {
	var lines []string
	for _, h := range list {
		lines = append(lines, l.words(l.as(h.Summary), width, l.Text.Render)...)
		lines = append(lines, indented(4, l.words(strings.TrimSpace(l.as(h.Known)+" "+l.as(h.Undo)), width-4, l.Dim.Render))...)
	}
	return lines
}

func (l Look) reportGuess(g report.Guess, width int) []string {
	var lines []string
	for _, leg := range []struct {
		what  string
		guess float64
		real  float64
	}{{"snapshot", g.Plan.Snapshot.Seconds(), g.SnapshotSeconds}, {"restore", g.Plan.Restore.Seconds(), g.RestoreSeconds}} {
		switch {
		case leg.guess > 0 && leg.real > 0:
			lines = append(lines, l.fact(leg.what, "estimated about "+span(leg.guess)+", took "+span(leg.real), width)...)
		case leg.guess > 0:
			lines = append(lines, l.fact(leg.what, "estimated about "+span(leg.guess), width)...)
		}
	}
	return lines
}
