package migrate

import (
	"encoding/json"
	"maps"
	"slices"

	"snapferry/awsx/failure"
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

// begunRestore is what the restore step writes down before it asks the engine.
type begunRestore struct {
	// Indices are target names: those that were not there, and were asked for.
	Indices []string `json:"indices"`
}

// begunBefore are the indices this run asked for and has not proven to be back yet.
func begunBefore(w *engine.World) map[string]bool {
	var b begunRestore
	if data := w.Begun(StepRestore); data == nil || json.Unmarshal(data, &b) != nil {
		return nil
	}
	return set(b.Indices)
}

// begin has the engine asked for indices that are not there, and writes down before
// that they will be this run's own. Of those of an earlier try it stays known; what the
// engine refused is not coming.
func (s restoreStep) begin(w *engine.World, missing []steps.Move, ask func() error) error {
	before := begunBefore(w)
	all := maps.Clone(before)
	if all == nil {
		all = map[string]bool{}
	}
	for _, m := range missing {
		all[m.As] = true
	}
	if err := w.Begin(StepRestore, begunRestore{slices.Sorted(maps.Keys(all))}); err != nil {
		return err
	}
	err := ask()
	if failure.Is(err, failure.Timeout) {
		return nil // it may have begun: the watch looks
	}
	if failure.Is(err, failure.Denied, failure.Missing, failure.Exists, failure.Conflict, failure.Invalid) {
		if broken := w.Begin(StepRestore, begunRestore{slices.Sorted(maps.Keys(before))}); broken != nil {
			return broken
		}
	}
	return err
}

// ownBefore are the UUIDs, by target name, of the indices that this run restored itself.
func ownBefore(w *engine.World) map[string]string {
	// Not Restored: what it tells of ten thousand is many times as large as these.
	type index struct {
		UUID string `json:"uuid"`
		Own  bool   `json:"own"`
	}
	uuids := map[string]string{}
	e, _ := w.Evidence(StepRestore)
	err := eachOf(e.Data, "indices", func(name string, value []byte) error {
		var i index
		err := json.Unmarshal(value, &i)
		if i.Own {
			uuids[name] = i.UUID
		}
		return err
	})
	if err != nil { // what cannot be read any more tells nothing
		return map[string]string{}
	}
	return uuids
}

// uuids are those of the indices that came back, by target name.
func (r Restored) uuids() map[string]string {
	uuids := map[string]string{}
	for n, i := range r.Indices {
		uuids[n] = i.UUID
	}
	return uuids
}

// RestoredBy are the UUIDs, by target name, of the indices a run restored, as
// its journal tells. A run that restored nothing, or took it back, gives none.
func RestoredBy(s *steps.State) map[string]string {
	st := s.Step(StepRestore)
	if st == nil || st.TakenBack {
		return nil
	}
	return written[Restored](st.Evidence).uuids()
}
