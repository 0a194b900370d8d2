package wizard

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/ask"
)

// flow knows where one is, and it alone decides which screen is next: the pages of
// questions in their order, then checks, plan, run and report.
type flow struct {
	made
	at place
	// page is the name of the page of questions that is shown, or was shown last.
	page string
	// planned is the plan that is reviewed and done.
	planned Planned
	// accept are the warnings that were accepted for it.
	accept []steps.CheckID
	out    Outcome
}

type (
	// doneMsg says that a page of questions is through, and what was proven at its end.
	doneMsg struct{ news steps.Text }
	// pastMsg is the run that the directory has.
	pastMsg struct {
		planned Planned
		state   *steps.State
		err     error
	}
)

// startPage is the name of the first page.
const startPage = "start"

// first is the screen the program begins with.
func (f *flow) first() screen { return f.open(startPage) }

// open shows a page of questions; the first one where there is none of that name.
func (f *flow) open(name string) screen {
	pages := f.Answers.Pages()
	i := max(0, slices.IndexFunc(pages, func(p ask.Page) bool { return p.Name == name }))
	f.at, f.page = atPages, pages[i].Name
	return newPage(f.made, pages[i], i, len(pages)-1)
}

// next is the screen that a message asks for; nil stays.
func (f *flow) next(msg tea.Msg) screen {
	switch msg := msg.(type) {
	case doneMsg:
		s := f.after()
		if p, is := s.(interface{ tell(steps.Text) }); is {
			p.tell(msg.news)
		}
		return s
	case backMsg:
		return f.before()
	case goMsg:
		return f.to(msg)
	case pastMsg:
		f.at, f.out.Err = atReport, msg.err
		return newLooked(f.made, msg)
	}
	return nil
}

// after is what follows the page that is through.
func (f *flow) after() screen {
	pages := f.Answers.Pages()
	i := slices.IndexFunc(pages, func(p ask.Page) bool { return p.Name == f.page })
	goal := f.Answers.Get(ask.Goal)
	switch {
	case f.page == startPage && goal == ask.GoalExplain:
		return f.to(goMsg{to: atExplain})
	case f.page == startPage && goal == ask.GoalAfresh && f.Afresh != nil:
		f.at = atAfresh
		return newAfresh(f.made)
	case f.page == startPage && goal == ask.GoalReport:
		return newPast(f.made)
	case i+1 < len(pages):
		return f.open(pages[i+1].Name)
	}
	return f.to(goMsg{to: atChecks})
}

// before is the screen before the one that is shown. Nothing typed is lost.
func (f *flow) before() screen {
	pages := f.Answers.Pages()
	i := slices.IndexFunc(pages, func(p ask.Page) bool { return p.Name == f.page })
	switch f.at {
	case atPages:
		return f.open(pages[max(0, i-1)].Name)
	case atChecks:
		return f.open(f.page)
	case atReview:
		return f.to(goMsg{to: atChecks})
	case atRun: // what is done is not undone by a key
		return nil
	}
	f.out.Err = nil // of what was looked at, and is no more
	return f.open(startPage)
}

// to goes to a place. There is no plan without the answers it needs.
func (f *flow) to(msg goMsg) screen {
	if msg.to == atReview {
		f.out.Err = nil // of a run that is gone on with
		if f.at == atChecks {
			f.accept = msg.accept
		}
		if f.Answers.Get(ask.Goal) == ask.GoalCheck {
			f.set(ask.Goal, ask.GoalMigrate)
		}
		if missing := f.Answers.Missing(); len(missing) > 0 {
			_, page, _ := f.Answers.Find(missing[0].Key)
			return f.open(f.Answers.Pages()[page].Name)
		}
	}
	f.at = msg.to
	switch msg.to {
	case atChecks:
		return newChecks(f.made)
	case atReview:
		return newReview(f.made, f.accept)
	case atRun:
		f.planned = msg.planned
		return newRunning(f.made, f.planned, msg.by)
	case atReport:
		f.out.Err = msg.err
		return newReported(f.made, f.planned, msg.state, msg.err)
	case atExplain:
		return newExplaining(f.made)
	}
	return f.open(f.page)
}

// set gives an answer in the person's place.
func (f *flow) set(key ask.Key, value string) {
	if q, _, ok := f.Answers.Find(key); ok {
		_ = f.Answers.Set(q, value) // one of the question's own options
	}
}
