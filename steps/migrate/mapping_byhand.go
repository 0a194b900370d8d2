package migrate

import (
	"context"
	"slices"

	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/resource"
)

// MapByHand is all that somebody else has to make on a side's domain for a signer whom
// nobody here can map: what a run would hand over, less what it has. What moves is known
// by name where the source can be seen, else by the patterns that name it.
func MapByHand(ctx context.Context, f *facts.Facts, side steps.Side, who cluster.AuthInfo) ([]steps.Change, error) {
	s := mappingStep{&route{spec: f.Spec(), facts: f}, side, steps.StepID(string(side) + "-mapping")}
	moves := s.byPattern()
	if sel, err := f.Selection(ctx); err == nil && len(sel.Moves) > 0 {
		moves = sel.Moves
	}
	ref := func(kind steps.Kind, name string) steps.Ref { return steps.Ref{Kind: kind, Side: side, Name: name} }
	list := []steps.Change{s.sees(ref(steps.KindFGACRole, s.observerRole()), steps.Absent, true, moves)}
	for role, live := range map[string]steps.Doc{roleSnapshots: resource.RoleMapping{}.Doc(), s.observerRole(): steps.Absent} {
		if slices.Contains(who.Roles, role) {
			continue
		}
		c, err := s.adds(ref(steps.KindRoleMapping, role), live, true, who.User)
		if err != nil {
			return nil, err
		}
		if role == roleSnapshots {
			list = slices.Insert(list, 0, c)
			continue
		}
		list = append(list, c)
	}
	return list, nil
}
