package ask

import (
	"maps"

	"snapferry/steps/spec"
)

// Preset has a goal, or else a shape, begin with answers of its own: the sandbox's are
// another migration's for who stands on a bastion, and inside one account no other may be
// named. Whoever chooses it has them in place of what it all began with; what a person has
// answered otherwise stays. A shape's hold no shape.
func (a *Answers) Preset(goal string, d *spec.Draft) {
	if a.presets == nil {
		a.presets = map[string]map[Key]string{"": maps.Clone(a.said)}
	}
	a.presets[goal] = New(d, a.today).said
}

// begins is the goal or shape whose answers of its own hold, "" for none.
func (a *Answers) begins() string {
	if goal := a.said[Goal]; goal != "" && a.presets[goal] != nil {
		return goal
	}
	return a.said["shape"]
}

// turn notes a goal or a shape, and has it begin with what is its own.
func (a *Answers) turn(key Key, to string) {
	a.aim(a.begins(), "")
	if key == "shape" {
		a.trade(a.said[key], to)
	}
	a.said[key] = to
	a.aim("", a.begins())
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
