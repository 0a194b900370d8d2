package ask

import (
	"strconv"
	"strings"

	"snapferry/steps"
	"snapferry/steps/spec"
)

// walk goes through all questions once, in order. Each looks at the answers
// before it, which is how it knows whether it applies: the list is plain code,
// read from top to bottom, and the draft is what applied on the way.
type walk struct {
	a     *Answers
	draft *spec.Draft
	pages []Page
}

func (a *Answers) walk() *walk {
	w := &walk{a: a, draft: &spec.Draft{}}
	w.start()
	if Migrates(w.a.said[Goal]) {
		w.account(steps.Source)
		w.account(steps.Target)
		w.domains()
		w.bucket()
		w.move()
	}
	w.finish()
	return w
}

// page begins a page.
func (w *walk) page(name string, title, why steps.Text) {
	w.pages = append(w.pages, Page{Name: name, Title: title, Why: why})
}

// ask puts a question on the page and gives its raw answer, "" where there is none.
func (w *walk) ask(q Question) string {
	p := &w.pages[len(w.pages)-1]
	p.Questions = append(p.Questions, q)
	if q.Memory {
		return w.a.said[q.Key]
	}
	if strings.HasSuffix(string(q.Key), tagsSuffix) {
		for k, v := range w.a.said {
			if strings.HasPrefix(string(k), string(q.Key)+".") {
				_ = w.draft.Set(k, v) // judged when it was typed
			}
		}
		return w.a.tags(q.Key)
	}
	_ = w.draft.Set(q.Key, w.a.said[q.Key]) // judged when it was typed
	return w.a.said[q.Key]
}

// opened asks whether there is more to set on this page than most have to.
func (w *walk) opened(key Key, title, what steps.Text) bool {
	return w.ask(Question{
		Key: key, Kind: YesNo, Memory: true, Default: No, Title: title,
		Help: Help{What: steps.T("Most leave this at no. Yes also asks for %s.", what)},
	}) == Yes
}

// rare puts questions on the page that most leave out: those that were answered,
// and all of them where the page was opened.
func (w *walk) rare(open bool, list ...Question) {
	for _, q := range list {
		if open || w.a.Get(q.Key) != "" {
			w.ask(q)
		}
	}
}

// said says whether anything below a key was answered.
func (w *walk) said(key Key) bool {
	for k, v := range w.a.said {
		if v != "" && strings.HasPrefix(string(k), string(key)+".") {
			return true
		}
	}
	return false
}

// finish drops empty pages and tells of each question what holds while it is left
// out, which may rest on answers that come after it.
func (w *walk) finish() {
	s, _ := w.draft.Partial(w.a.today)
	var pages []Page
	for _, p := range w.pages {
		for i := range p.Questions {
			if q := &p.Questions[i]; q.derive != nil && w.draft.Get(q.Key) == "" {
				q.Unsaid = q.derive(s)
			}
		}
		if len(p.Questions) > 0 {
			pages = append(pages, p)
		}
	}
	w.pages = pages
}

// cli is an AWS CLI command line with what is known of the side it is for. The profile
// that a chain of roles begins with is another account's.
func (w *walk) cli(side steps.Side, command string) string {
	line, role := "aws "+command, w.assumed(side)
	if profile := w.draft.Get(Key(side) + ".control.profile"); profile != "" && role == "" {
		line += " --profile " + steps.ShellWord(profile)
	}
	if region := w.draft.Get(Key(side) + ".region"); region != "" && !strings.HasPrefix(command, "iam ") {
		line += " --region " + steps.ShellWord(region)
	}
	if role != "" {
		line += "  # as " + role + ", assumed first"
	}
	return line
}

// assumed is the last role that a side's control identity assumes, "" for none.
func (w *walk) assumed(side steps.Side) (role string) {
	for n := 1; ; n++ {
		next := w.draft.Get(Key(side) + ".control.chain." + Key(strconv.Itoa(n)) + ".role")
		if next == "" {
			return role
		}
		role = next
	}
}

// shape is what kind of move it is, as far as was said.
func (w *walk) shape() spec.Shape {
	if s := w.draft.Get("shape"); s != "" {
		return spec.Shape(s)
	}
	return spec.ShapeTwoAccounts
}

// bastion says that only the domain can be reached from here.
func (w *walk) bastion() bool { return w.a.said[Goal] == GoalBastion }
