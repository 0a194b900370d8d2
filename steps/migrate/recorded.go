package migrate

import (
	"encoding/json"

	"snapferry/steps"
	"snapferry/steps/engine"
)

// earlier is what an earlier start of this run, or an earlier step of this one,
// wrote down about a step; zero for nothing, or for what cannot be read any more.
func earlier[T any](w *engine.World, id steps.StepID) T {
	e, _ := w.Evidence(id)
	return written[T](e)
}

func written[T any](e steps.Evidence) T {
	var v, none T
	if len(e.Data) == 0 || json.Unmarshal(e.Data, &v) != nil {
		return none
	}
	return v
}

func manifestBefore(w *engine.World) Manifest { return earlier[Manifest](w, StepSnapshot) }
func restoredBefore(w *engine.World) Restored { return earlier[Restored](w, StepRestore) }
func proofBefore(w *engine.World) Proof       { return earlier[Proof](w, StepVerify) }

// uuids are those of the indices that came back, by target name.
func (r Restored) uuids() map[string]string {
	uuids := map[string]string{}
	for n, i := range r.Indices {
		uuids[n] = i.UUID
	}
	return uuids
}

// RestoredBy are the UUIDs, by target name, of the indices a run restored, as
// its journal tells. A run that restored nothing yet gives none.
func RestoredBy(s *steps.State) map[string]string {
	st := s.Step(StepRestore)
	if st == nil {
		return nil
	}
	return written[Restored](st.Evidence).uuids()
}
