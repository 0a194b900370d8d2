package migrate

import (
	"encoding/json"

	"snapferry/steps"
)

// RestoredBy are the UUIDs, by target name, of the indices a run restored, as
// its journal tells. A run that restored nothing yet gives none.
func RestoredBy(s *steps.State) map[string]string {
	st := s.Step(StepRestore)
	if st == nil {
		return nil
	}
	var made Restored
	if json.Unmarshal(st.Evidence.Data, &made) != nil {
		return nil
	}
	uuids := map[string]string{}
	for n, i := range made.Indices {
		uuids[n] = i.UUID
	}
	return uuids
}
