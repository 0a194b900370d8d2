package ask

import (
	"maps"
	"slices"
	"strings"

	"snapferry/steps"
	"snapferry/steps/spec"
)

// Unentered is a text that was typed at a question, as it was asked then, and was not
// entered.
type Unentered struct {
	Question
	Raw string
	// said are the answers of that time.
	said map[Key]string
}

// Begin keeps what is typed at a question that is left before it is answered, so
// that whoever comes back finds it. A secret is typed anew.
func (a *Answers) Begin(q Question, raw string) {
	if q.Kind != Secret {
		a.begun[q.Key] = Unentered{q, raw, maps.Clone(a.said)}
	}
}

// Begun is what was typed at a question and is no answer yet.
func (a *Answers) Begun(key Key) (raw string, ok bool) {
	u, ok := a.begun[key]
	return u.Raw, ok
}

// Forget drops what was typed at a question and is no answer.
func (a *Answers) Forget(key Key) { delete(a.begun, key) }

// Unentered are the texts that were typed and are not the answers, in the order of their
// keys.
func (a *Answers) Unentered() []Unentered {
	var list []Unentered
	for _, key := range slices.Sorted(maps.Keys(a.begun)) {
		u := a.begun[key]
		if u.Raw = strings.TrimSpace(u.Raw); u.Raw != "" && u.Raw != a.Get(key) {
			list = append(list, u)
		}
	}
	return list
}

// Enter makes a text the answer where its question, asked as it was, takes it and all
// answers together have no error that they had not before. Else it says why not, and
// changes nothing.
func (a *Answers) Enter(u Unentered) *steps.Error {
	now := a.Clone()
	if !Migrates(a.said[Goal]) {
		now.Amend(Goal, GoalMigrate)
	}
	if _, _, asked := now.Find(u.Key); !asked {
		return refuse(u.Question, steps.T("It is not asked any more"), steps.T("Answer what it follows from"))
	}
	if u.looked() && !maps.Equal(u.said, a.said) {
		return refuse(u.Question, steps.T("Other answers have changed since it was typed"), steps.T("Enter it"))
	}
	before := now.faults()
	if e := now.Set(u.Question, u.Raw); e != nil {
		return e
	}
	for _, e := range now.faults() {
		if !slices.ContainsFunc(before, func(b *steps.Error) bool { return b.Field == e.Field && b.Error() == e.Error() }) {
			return e
		}
	}
	a.put(u.Question, u.Raw)
	return nil
}

// looked says that what a look said of other answers is part of judging the text.
func (u Unentered) looked() bool { return u.isRegion() || u.From.What == Identity }

// faults are what is wrong or missing in the answers as a file has them.
func (a *Answers) faults() []*steps.Error {
	a = a.Clone()
	a.Amend(Goal, GoalMigrate)
	draft := a.Draft()
	_, built := draft.Build(a.today)
	_, partial := draft.Partial(a.today)
	return slices.Concat(a.Errors(""), partial, built)
}

// Repeatable says that a text may be shown: a secret is not, wherever it was typed.
func (u Unentered) Repeatable() bool {
	key := u.Key
	if strings.HasSuffix(string(key), tagsSuffix) {
		key += ".x" // each of them has a key of its own
	}
	return (&spec.Draft{}).Set(key, u.Raw) == nil
}
