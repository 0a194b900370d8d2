package ask

import (
	"maps"

	"snapferry/steps/spec"
)

// Preset has a goal begin with answers of its own: the sandbox's are another migration's
// for who stands on a bastion. Whoever chooses the goal has them in place of what it all
// began with; what a person has answered otherwise stays.
func (a *Answers) Preset(goal string, d *spec.Draft) {
	if a.presets == nil {
		a.presets = map[string]map[Key]string{"": maps.Clone(a.said)}
	}
	a.presets[goal] = New(d, a.today).said
}

// aim takes out what one goal began with, as far as it is as it was, and puts in what
// another begins with, where nothing else was said.
func (a *Answers) aim(from, to string) {
	for _, goal := range []*string{&from, &to} {
		if _, own := a.presets[*goal]; !own {
			*goal = ""
		}
	}
	if from == to {
		return
	}
	maps.DeleteFunc(a.said, func(k Key, v string) bool { began, was := a.presets[from][k]; return was && began == v })
	for k, v := range a.presets[to] {
		if !a.Answered(k) {
			a.said[k] = v
		}
	}
}
