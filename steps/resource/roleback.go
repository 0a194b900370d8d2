package resource

import (
	"maps"
	"slices"

	"snapferry/steps"
)

// Takeback of a role we made deletes it whole, but only while it is what we
// made: whoever added to it since may depend on it. Of a role that was there
// before, only what we merged in is taken out.
func (k roleKind) Takeback(live, before, after steps.Doc) (steps.Doc, bool, steps.Text) {
	l, there, err1 := ParseRole(live)
	b, existed, err2 := ParseRole(before)
	a, _, err3 := ParseRole(after)
	switch {
	case err1 != nil || err2 != nil || err3 != nil:
		return live, false, steps.T("the role's document cannot be read any more")
	case !there:
		return steps.Absent, true, steps.Text{}
	case !existed:
		if why := stillOurs(l, a); !why.IsZero() {
			return live, false, why
		}
		return steps.Absent, true, steps.Text{}
	}
	return unmergeRole(l, b, a)
}

// stillOurs says why a role is no longer what we made, nothing if it is. A role
// whose making was broken off lacks some of our policies and is ours all the same.
func stillOurs(live, made Role) steps.Text {
	switch {
	case live.Tags[TagRun] == "" || live.Tags[TagRun] != made.Tags[TagRun]:
		return steps.T("the role does not carry the mark of this run")
	case live.ARN != made.ARN:
		return steps.T("it is another role of that name: %s", live.ARN)
	case !slices.Equal(live.Attached, made.Attached):
		return steps.T("policies were attached to the role since")
	case live.Trust != made.Trust:
		return steps.T("the role's trust policy was edited since")
	}
	for name, doc := range live.Inline {
		if made.Inline[name] != doc {
			return steps.T("the role's policy %s was added or edited since", name)
		}
	}
	return steps.Text{}
}

// unmergeRole takes our part out of trust, inline policies and tags. One part
// that cannot be told from others' keeps the whole role as it is: half a way back
// would be a state nobody planned.
func unmergeRole(live, before, after Role) (steps.Doc, bool, steps.Text) {
	want := live
	var ok bool
	var why steps.Text
	if want.Trust, ok, why = unmerge(live.Trust, before.Trust, after.Trust); !ok {
		return live.Doc(), false, why
	}
	want.Inline = maps.Clone(live.Inline)
	for name, ours := range after.Inline {
		if before.Inline[name] == ours {
			continue
		}
		left, ok, why := unmerge(live.Inline[name], before.Inline[name], ours)
		if !ok {
			return live.Doc(), false, why
		}
		if left == steps.Absent {
			delete(want.Inline, name)
		} else {
			want.Inline[name] = left
		}
	}
	want.Tags = takenBack(live.Tags, before.Tags, after.Tags)
	return want.Doc(), true, steps.Text{}
}

// takenBack is the inverse merge of tags: what after set is as it was before,
// unless somebody set it to something else since.
func takenBack(live, before, after map[string]string) map[string]string {
	want := maps.Clone(live)
	for key, value := range after {
		old, had := before[key]
		switch {
		case (had && old == value) || live[key] != value:
		case had:
			want[key] = old
		default:
			delete(want, key)
		}
	}
	return want
}
