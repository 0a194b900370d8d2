package steps

import "slices"

// ByOthers are the changes of the approved plan that came true, as far as is known, and
// that this run did not make: they were handed over. Newest first; for CleanUp those of
// helpers only.
func (s *State) ByOthers(p Purpose) []Change {
	var list []Change
	for _, sp := range slices.Backward(s.ApprovedPlan.Steps) {
		st := s.Step(sp.ID)
		for _, c := range slices.Backward(sp.Changes) {
			if st.past(c) && c.Mutates() && c.Verb != Act && (p != CleanUp || c.Helper) && s.newest(c.ID) == nil {
				list = append(list, c)
			}
		}
	}
	return list
}

// past says that the run has gone past a change of the step. One that nobody here can
// read is left to whatever needs it to show it, and its step skipped.
func (st *StepState) past(c Change) bool {
	return st != nil && (st.Status == StatusDone || st.Status == StatusExisted || st.Status == StatusSkipped && c.Unread)
}

// Stay says that it stays, and who would have it go.
func (c Change) Stay() Stay {
	why := T("It was handed over: somebody else made it, and not this run.")
	if c.Unread {
		why = T("It was handed over, and cannot be read here: if it is there, somebody else made it, and not this run.")
	}
	return Stay{What: string(c.Ref.Kind), Name: c.Ref.Name, Count: 1, Why: why, How: OthersUndo(c.Ref)}
}

// OthersUndo says what whoever did it takes out again; before anything else stood there,
// or beside what else stands there.
func OthersUndo(ref Ref) Text {
	switch ref.Kind {
	case KindRole:
		return T("Whoever made it deletes the role %s, or takes out of it what was added.", ref.Name)
	case KindSignerGrant:
		return T("Whoever made it deletes the policy %s of %s.", ref.In, ref.Name)
	case KindBucketPolicy, KindKeyPolicy, KindAccessPolicy:
		return T("Whoever made it takes the statements out again whose Sid begins with Snapferry, and leaves the rest.")
	case KindRoleMapping:
		return T("Whoever made it takes the entry out of the mapping of %s again, and leaves the rest.", ref.Name)
	}
	return T("Whoever made it takes it back; snapferry undo leaves it alone.")
}
