package report

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"snapferry/steps"
)

// page is a report as a reader sees it, before it is Markdown or HTML.
type page struct {
	title    steps.Text
	lead     []steps.Text
	sections []section
}

// section has a title and whichever of the parts it needs, in this order.
type section struct {
	title steps.Text
	lines []steps.Text
	head  []steps.Text
	// rows are made one by one, as there may be thousands; nil is none.
	rows iter.Seq[[]steps.Text]
	list []steps.Text
}

// each makes a row of every one of a list.
func each[T any](list []T, row func(T) []steps.Text) iter.Seq[[]steps.Text] {
	if len(list) == 0 {
		return nil
	}
	return func(yield func([]steps.Text) bool) {
		for _, x := range list {
			if !yield(row(x)) {
				return
			}
		}
	}
}

// page puts the sections in the order a reader needs them: what went wrong, what
// arrived and how that is known, whom to ask about which change, what is missing;
// and leaves out those that have nothing to say.
func (r Report) page() page {
	p := page{title: steps.T("Migration %s", r.RunID), lead: r.lead()}
	if r.RunID == "" {
		p.title = steps.T("No migration yet")
	}
	for _, s := range []section{r.failure(), r.left(), r.moved(), r.proven(), r.changes(), r.others(), r.stays(), r.guess(), r.table(), {title: steps.T("The day after"), list: r.DayAfter}} {
		if len(s.lines)+len(s.list) > 0 || s.rows != nil {
			p.sections = append(p.sections, s)
		}
	}
	return p
}

func (r Report) lead() []steps.Text {
	words := map[Outcome]steps.Text{
		Unfinished: steps.T("The run has not ended yet: it is at work, or was killed. Nothing is lost either way."),
		Done:       r.ended(),
		TakenBack:  steps.T("What the run made was taken back, as far as it is listed so below."),
		Stopped:    steps.T("The run was stopped and can go on."),
		Failed:     steps.T("The run failed. What is done stays done; running again goes on from there."),
	}
	lead := []steps.Text{words[r.Outcome]}
	if r.o.Resume != "" && (r.Outcome == Unfinished || r.Outcome == Stopped || r.Outcome == Failed) && r.RunID != "" {
		lead = append(lead, steps.T("Go on with: %s", r.o.Resume))
	}
	if !r.Started.IsZero() {
		lead = append(lead, steps.T("From %s to %s, by %s.", stamp(r.Started), stamp(r.Ended), r.Program))
		lead = append(lead, r.took()...)
	}
	return lead
}

// took says what the steps took, and the time over which that lay where it is another:
// between two starts nobody works, nor while a person reads a plan.
func (r Report) took() []steps.Text {
	switch {
	case r.Worked == 0:
		return nil
	case r.Away():
		return []steps.Text{steps.T("The steps worked %s, over %s.", span(r.Worked), span(r.Over))}
	}
	return []steps.Text{steps.T("The steps worked %s.", span(r.Worked))}
}

// failure gives every cause with its fix, most likely first, as the diagnosis
// ranks them: the first is not always the one.
func (r Report) failure() section {
	if r.Failed == nil || r.Failed.Diagnosis == nil {
		return section{}
	}
	d := r.Failed.Diagnosis
	s := section{title: steps.T("What failed"), lines: []steps.Text{steps.T("Step %s: %s", string(r.Failed.ID), d.Summary)}}
	for _, c := range d.Causes {
		s.list = append(s.list, c.Summary)
		if !c.Fix.IsZero() {
			s.list = append(s.list, steps.T("Fix: %s", c.Fix))
		}
	}
	return s
}

// moved calls it moved only once the restore is proven; before, the same table
// says what is to be moved.
func (r Report) moved() section {
	s := section{title: steps.T("What was moved")}
	if len(r.Moved.Indices) == 0 {
		return s
	}
	switch {
	case r.Moved.Back:
		s.title = steps.T("What was moved, and taken back since")
	case !r.Moved.Arrived:
		s.title = steps.T("What is to be moved")
	}
	words := "Indices: %d. Documents: %d, as _cat/indices counts them: an object in a nested field is one, too. Size: %s. Counted on the primaries when the plan was made."
	if r.Moved.Counted {
		words = "Indices: %d. Documents: %d, as _count tells of the target. Size: %s, of the primaries when the plan was made."
		if r.Moved.Planned > r.Moved.Docs {
			words += " The plan had more documents, from _cat/indices: an object in a nested field is one there, too."
		}
	}
	s.lines = append(s.lines, steps.T(words, len(r.Moved.Indices), r.Moved.Docs, steps.Size(r.Moved.Bytes)))
	for _, l := range r.Moved.Legs {
		s.lines = append(s.lines, steps.T("%s: %s for %s in %s.", l.Title, span(l.Seconds), steps.Size(l.Bytes), steps.Counted(l.Shards, "%d shard", "%d shards")))
	}
	if n := len(r.Moved.Replaced); n > 0 {
		s.lines = append(s.lines, steps.T("Indices of the target that were deleted first, as confirmed by name, and that no undo brings back: %d.", n))
		for _, name := range r.Moved.Replaced {
			s.list = append(s.list, steps.T("Deleted on the target: %s", name))
		}
	}
	s.head = []steps.Text{steps.T("Index"), steps.T("On the target"), steps.T("Documents"), steps.T("Size"), steps.T("Shards")}
	s.rows = each(r.Moved.Indices, func(m steps.Move) []steps.Text {
		return []steps.Text{plain(m.Index), plain(m.As), steps.T("%d", m.Docs), steps.T("%s", steps.Size(m.Bytes)), steps.T("%d × %d", m.Primaries, 1+m.Replicas)}
	})
	return s
}

// left is what a taking back was to take and did not.
func (r Report) left() section {
	s := section{title: steps.T("What was left where it is, and why")}
	s.head = []steps.Text{steps.T("What"), steps.T("Why"), steps.T("And if it shall go")}
	s.rows = each(r.Kept, func(k steps.Stay) []steps.Text { return []steps.Text{steps.T("%s %s", k.What, k.Name), k.Why, k.How} })
	return s
}

func (r Report) proven() section {
	s := section{title: steps.T("What was proven")}
	for _, p := range r.Proven {
		s.list = append(s.list, steps.T("%s: %s", string(p.Step), p.Evidence.Summary))
		for _, l := range p.Evidence.Lines {
			s.list = append(s.list, steps.T("%s: %s", string(p.Step), l))
		}
	}
	return s
}

// changes are grouped by side, as each side's account belongs to somebody else.
func (r Report) changes() section {
	s := section{title: steps.T("What was changed, and the undo for each")}
	s.head = []steps.Text{steps.T("Account"), steps.T("Thing"), steps.T("Change"), steps.T("State"), steps.T("Undo")}
	if r.o.Undo != "" && len(r.Changed) > 0 {
		s.lines = append(s.lines, steps.T("Taken back, newest first and after showing it, by: %s", r.o.Undo))
	}
	sorted := slices.Clone(r.Changed)
	order := []steps.Side{steps.Source, steps.BucketOwner, steps.Target}
	slices.SortStableFunc(sorted, func(a, b Changed) int {
		return cmp.Compare(slices.Index(order, a.Side), slices.Index(order, b.Side))
	})
	s.rows = each(sorted, func(c Changed) []steps.Text {
		return []steps.Text{r.where(c.Side, c.Account), steps.T("%s %s", string(c.Ref.Kind), c.Ref.Name), c.Summary, c.state(), c.Undo}
	})
	return s
}

// state says "made" of what was not there before.
func (c Changed) state() steps.Text {
	switch {
	case c.State == "undone":
		return steps.T("taken back")
	case c.State == "made" && c.Verb == steps.Modify:
		return steps.T("changed")
	case c.State == "made" && (c.Verb == steps.Act || c.Verb == steps.Delete):
		return steps.T("done")
	}
	return plain(c.State)
}

// status says of a step that nobody has come to that it is not begun: nothing waits.
func (l StepLine) status() steps.Text {
	if l.Status == steps.StatusWaiting {
		return steps.T("not begun")
	}
	return plain(string(l.Status))
}

// where is a side, with its account if that is known.
func (Report) where(side steps.Side, account string) steps.Text {
	if account == "" {
		return plain(string(side))
	}
	return steps.T("%s %s", string(side), account)
}

// stays has a line also for what could not be counted: that there may be
// something is the point.
func (r Report) stays() section {
	s := section{title: steps.T("What was not moved, and why")}
	s.head = []steps.Text{steps.T("What"), steps.T("Count"), steps.T("Why")}
	s.rows = each(r.Stays, func(t steps.Stay) []steps.Text {
		what := plain(t.What)
		if t.Name != "" {
			what = steps.T("%s %s", t.What, t.Name)
		}
		count := steps.T("not counted")
		if t.Count > 0 {
			count = steps.T("%d", t.Count)
		}
		return []steps.Text{what, count, t.Why}
	})
	return s
}

// guess compares only what this run did itself; a leg that existed has no time.
func (r Report) guess() section {
	s := section{title: steps.T("The estimate, and what came true")}
	for _, g := range []struct {
		what  steps.Text
		guess time.Duration
		real  float64
	}{
		{steps.T("Snapshot"), r.Guess.Plan.Snapshot, r.Guess.SnapshotSeconds},
		{steps.T("Restore"), r.Guess.Plan.Restore, r.Guess.RestoreSeconds},
	} {
		if g.guess > 0 && g.real > 0 {
			s.lines = append(s.lines, steps.T("%s: estimated %s, took %s.", g.what, span(g.guess.Seconds()), span(g.real)))
		} else if g.guess > 0 {
			s.lines = append(s.lines, steps.T("%s: estimated %s.", g.what, span(g.guess.Seconds())))
		}
	}
	s.list = append(slices.Clone(r.Guess.Plan.Basis), r.Guess.Plan.Cost...)
	return s
}

func (r Report) table() section {
	s := section{title: steps.T("Steps")}
	s.head = []steps.Text{steps.T("Step"), steps.T("Side"), steps.T("Status"), steps.T("Time")}
	s.rows = each(r.Steps, func(st StepLine) []steps.Text {
		return []steps.Text{plain(string(st.ID)), plain(string(st.Side)), st.status(), steps.T("%s", span(st.Seconds))}
	})
	return s
}
