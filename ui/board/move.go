package board

import (
	"fmt"

	"snapferry/steps"
)

// shownMoves bounds what a list shows before it counts instead.
const shownMoves = 12

// nameColumn is how far the name in a list reaches.
const nameColumn = 40

func (w Words) movesLines(p steps.Plan) []Line {
	if len(p.Moves) == 0 {
		return nil
	}
	lines := lined(listColumn, "", "Moves  "+w.moved(p))
	if exists(p, steps.KindIndices) {
		lines = lined(listColumn, "", "Moved  "+w.moved(p)+": all there already")
	}
	rows := moveRows(p.Moves)
	for i, r := range rows {
		if i == shownMoves {
			lines = append(lines, Line{fmt.Sprintf("       and %d more", len(rows)-shownMoves), listColumn})
			break
		}
		lines = append(lines, Line{fmt.Sprintf("       %s %10s  %d × %d shards", pad(w.Mask(r.name()), nameColumn), steps.Size(r.Bytes), r.Primaries, r.Replicas+1), listColumn + 2})
	}
	return lines
}

// moveRow is an index, or a data stream with all that stands behind it.
type moveRow struct {
	steps.Move
	behind int
}

func moveRows(moves []steps.Move) []moveRow {
	var rows []moveRow
	streams := map[string]int{}
	for _, m := range moves {
		at, more := streams[m.Stream]
		if more && m.Stream != "" {
			rows[at].Bytes, rows[at].Primaries, rows[at].behind = rows[at].Bytes+m.Bytes, rows[at].Primaries+m.Primaries, rows[at].behind+1
			continue
		}
		streams[m.Stream] = len(rows)
		rows = append(rows, moveRow{m, 1})
	}
	return rows
}

func (r moveRow) name() string {
	if r.Stream == "" {
		return renamed(r.Index, r.As)
	}
	return fmt.Sprintf("data stream %s, %d %s", renamed(r.Stream, r.StreamAs), r.behind, plural(r.behind, "index", "indices"))
}

func renamed(name, as string) string {
	if as == "" || as == name {
		return name
	}
	return name + " as " + as
}

// moved is what moves, in figures.
func (w Words) moved(p steps.Plan) string {
	var docs, bytes int64
	streams := map[string]bool{}
	for _, m := range p.Moves {
		docs += m.Docs
		bytes += m.Bytes
		if m.Stream != "" {
			streams[m.Stream] = true
		}
	}
	among := ""
	if n := len(streams); n > 0 {
		among = w.printer.Sprintf(" (with %d %s)", n, plural(n, "data stream", "data streams"))
	}
	return w.printer.Sprintf("%d %s%s, %d documents by _cat/indices, %s", len(p.Moves), plural(len(p.Moves), "index", "indices"), among, docs, steps.Size(bytes))
}

func (w Words) staysLines(p steps.Plan) []Line {
	if len(p.Stays) == 0 {
		return nil
	}
	lines := lined(listColumn, "", "Stays  what is left where it is, and why")
	for _, s := range p.Stays {
		name := s.What
		if s.Name != "" {
			name += " " + s.Name
		}
		if s.Count > 1 {
			name = fmt.Sprintf("%d × %s", s.Count, name)
		}
		lines = append(lines, Line{fmt.Sprintf("       %s %s", pad(w.Mask(name), nameColumn), w.Say(s.Why)), listColumn + nameColumn + 1})
	}
	return lines
}

func (w Words) estimateLines(e steps.Estimate) []Line {
	var lines []Line
	if took := Duration(e); took != "" {
		lines = lined(listColumn, "", "Time   "+took)
	}
	for _, t := range e.Basis {
		lines = append(lines, Line{"       " + w.Say(t), listColumn})
	}
	for i, t := range e.Cost {
		head := "       "
		if i == 0 {
			head = "Cost   "
		}
		lines = append(lines, Line{head + w.Say(t), listColumn})
	}
	return lines
}

// exists says that what a plan would do of a kind is there already.
func exists(p steps.Plan, kind steps.Kind) bool {
	for _, s := range p.Steps {
		for _, c := range s.Changes {
			if c.Ref.Kind == kind && c.Verb == steps.Exists {
				return true
			}
		}
	}
	return false
}

// toCome is the estimate of what is not there yet; nothing of what is.
func toCome(p steps.Plan) steps.Estimate {
	e := p.Estimate
	if exists(p, steps.KindSnapshot) {
		e.Snapshot = 0
	}
	if exists(p, steps.KindIndices) {
		e.Restore = 0
	}
	if e.Snapshot == 0 && e.Restore == 0 && exists(p, steps.KindIndices) {
		return steps.Estimate{}
	}
	return e
}

// Duration is the guess of how long the data moves, "" where there is none.
func Duration(e steps.Estimate) string {
	took := ""
	if e.Snapshot > 0 {
		took = "snapshot about " + About(e.Snapshot)
	}
	if e.Restore > 0 {
		took = join(took, "restore about "+About(e.Restore))
	}
	return took
}

// inShort is the end of a long plan: everything again that somebody who is about
// to approve it has to know.
func (w Words) inShort(p steps.Plan) []Line {
	lines := lined(listColumn+10, "", "In short")
	say := func(label, words string) {
		if words != "" {
			lines = append(lines, Line{fmt.Sprintf("       %-9s %s", label, words), listColumn + 10})
		}
	}
	by := map[steps.Verb][]string{}
	var gone []string
	for _, s := range p.Steps {
		for _, c := range s.Changes {
			words := w.Say(c.Summary)
			if lost := w.Say(c.Asks); lost != "" {
				words = lost + "; only by a yes of its own, or a flag"
			}
			by[verbOf(c)] = append(by[verbOf(c)], sided(s.Side, words))
			for _, d := range c.Deletes {
				gone = append(gone, w.Say(c.Loss(d)))
			}
		}
	}
	gone = append(gone, by[steps.Delete]...)
	list := func(label string, what []string, none string) {
		if len(what) == 0 {
			what = []string{none}
		}
		for _, words := range what {
			say(label, words)
			label = ""
		}
	}
	list("creates", by[steps.Create], "nothing")
	list("changes", by[steps.Modify], "nothing")
	list("deletes", gone, "nothing")
	list("does", by[steps.Act], "")
	list("is there", by[steps.Exists], "")
	if len(p.Moves) > 0 && !exists(p, steps.KindIndices) {
		say("moves", w.moved(p))
	}
	say("takes", Duration(toCome(p)))
	if len(p.Stays) > 0 {
		say("stays", w.Say(steps.Counted(stays(p), "%d thing, listed with its reason under Stays above", "%d things, listed with their reasons under Stays above")))
	}
	return lines
}

func stays(p steps.Plan) int {
	n := 0
	for _, s := range p.Stays {
		n += max(1, s.Count)
	}
	return n
}

// sided says on which side something is done, where it is one.
func sided(side steps.Side, what string) string {
	if side == "" {
		return what
	}
	return string(side) + ": " + what
}
