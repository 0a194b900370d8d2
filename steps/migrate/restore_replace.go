package migrate

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"snapferry/steps"
	"snapferry/steps/engine"
)

// replaced is an index of another origin that a restore may delete. A name would be
// that of whatever is made under it later, too.
type replaced struct {
	Name string `json:"name"`
	UUID string `json:"uuid"`
}

// inTheWay are indices of the target by name and UUID, with how many documents each
// holds.
func (s restoreStep) inTheWay(ctx context.Context, names []string) ([]replaced, map[string]int64, error) {
	if len(names) == 0 {
		return nil, nil, nil
	}
	all, err := s.facts.Indices(ctx, s.targetSide())
	if err != nil {
		return nil, nil, err
	}
	var list []replaced
	wanted, docs := set(names), map[string]int64{}
	for _, x := range all {
		if wanted[x.Name] {
			list = append(list, replaced{x.Name, x.UUID})
			docs[x.Name] = x.Docs
		}
	}
	return list, docs, nil
}

// alsoApproved adds what was approved and may be gone by now, so that a start which died
// between a deletion and the restore needs no second approval.
func alsoApproved(w *engine.World, list []replaced) []replaced {
	if p, ok := w.Approved(); ok {
		list = append(slices.Clip(list), approvedReplaces(p)...)
	}
	slices.SortFunc(list, func(a, b replaced) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.UUID, b.UUID)) })
	return slices.Compact(list)
}

// approvedReplaces gives none for plans of before indices were told by their UUIDs:
// what they name has to be approved anew.
func approvedReplaces(p steps.Plan) []replaced {
	for _, st := range p.Steps {
		for _, c := range st.Changes {
			var d restoreDoc
			if c.Step == StepRestore && json.Unmarshal([]byte(c.After), &d) == nil {
				return d.Replaces
			}
		}
	}
	return nil
}

// mayGo refuses what is there of others and is not the very index that was approved.
func (s restoreStep) mayGo(ctx context.Context, approved []replaced, foreign []string) error {
	live, _, err := s.inTheWay(ctx, foreign)
	if err != nil {
		return err
	}
	for _, x := range live {
		switch {
		case slices.Contains(approved, x) && x.UUID != "":
			continue
		case slices.ContainsFunc(approved, func(a replaced) bool { return a.Name == x.Name }):
			return &steps.Error{
				Field:   "move.overwrite",
				Summary: steps.T("The target has another index %s than the one that was approved to be deleted", x.Name),
				Fix:     steps.T("Find out who made it since; run again to see what it holds and to approve anew"),
			}
		default:
			return &steps.Error{
				Field:   "move.overwrite",
				Summary: steps.T("The target has got an index %s since the plan was approved", x.Name),
				Fix:     steps.T("Find out who made it; then rename on the way, leave it out, or confirm with --overwrite-index %s that it may be deleted", x.Name),
			}
		}
	}
	return nil
}
