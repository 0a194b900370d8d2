package report

import (
	"encoding/json"
	"slices"

	"snapferry/steps"
)

// counted are the documents of the target's indices as a proof has counted them, in the
// way of _count; nil as long as there is none.
func counted(s *steps.State) map[string]int64 {
	var known map[string]int64
	for _, st := range s.Steps {
		if acts(s.Plan, st.ID) != steps.KindProof || st.Status != steps.StatusDone && st.Status != steps.StatusExisted {
			continue
		}
		var proof struct {
			Indices []struct {
				As     string `json:"as"`
				Docs   int64  `json:"target_docs"`
				Nested bool   `json:"nested_counted"`
			} `json:"indices"`
		}
		if json.Unmarshal(st.Evidence.Data, &proof) != nil {
			continue
		}
		known = map[string]int64{}
		for _, i := range proof.Indices {
			if !i.Nested {
				known[i.As] = i.Docs
			}
		}
	}
	return known
}

// move takes in what is to move. A proof's figures go before the plan's, if it has
// counted all of it: those are of _cat/indices, with every object of a nested field.
func (r *Report) move(s *steps.State) {
	r.Moved.Indices = slices.Clone(s.Plan.Moves)
	known := counted(s)
	r.Moved.Counted = len(r.Moved.Indices) > 0
	for i, m := range r.Moved.Indices {
		r.Moved.Planned += m.Docs
		docs, counted := known[m.As]
		if r.Moved.Counted = r.Moved.Counted && counted; counted {
			r.Moved.Indices[i].Docs = docs
		}
		r.Moved.Docs += r.Moved.Indices[i].Docs
		r.Moved.Bytes += m.Bytes
	}
}
