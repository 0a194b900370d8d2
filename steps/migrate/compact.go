package migrate

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// manifestWire is a Manifest as it is written down: indices made from one template
// share their settings and aliases, and each set stands there once. A manifest of
// ten thousand indices is one record of the journal.
type manifestWire struct {
	manifestFields
	Sets    []map[string]string  `json:"sets,omitempty"`
	Indices map[string]indexWire `json:"indices"`
}

type manifestFields Manifest

// indexWire has the places of its sets in Sets, counted from 1; 0 is an empty one.
type indexWire struct {
	indexFields
	Settings int `json:"settings,omitempty"`
	Aliases  int `json:"aliases,omitempty"`
}

type indexFields IndexManifest

// MarshalJSON writes each set of settings and aliases once.
func (m Manifest) MarshalJSON() ([]byte, error) {
	w := manifestWire{manifestFields: manifestFields(m), Indices: map[string]indexWire{}}
	places := map[string]int{}
	place := func(set map[string]string) (int, error) {
		if len(set) == 0 {
			return 0, nil
		}
		b, err := json.Marshal(set)
		if err != nil {
			return 0, err
		}
		if places[string(b)] == 0 {
			w.Sets = append(w.Sets, set)
			places[string(b)] = len(w.Sets)
		}
		return places[string(b)], nil
	}
	for _, name := range slices.Sorted(maps.Keys(m.Indices)) {
		i := indexWire{indexFields: indexFields(m.Indices[name])}
		var err1, err2 error
		i.Settings, err1 = place(m.Indices[name].Settings)
		i.Aliases, err2 = place(m.Indices[name].Aliases)
		if err1 != nil || err2 != nil {
			return nil, fmt.Errorf("manifest of %s: %w %w", name, err1, err2)
		}
		w.Indices[name] = i
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON wrote. Indices share their sets.
func (m *Manifest) UnmarshalJSON(b []byte) error {
	var w manifestWire
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	*m = Manifest(w.manifestFields)
	m.Indices = make(map[string]IndexManifest, len(w.Indices))
	for name, i := range w.Indices {
		d := IndexManifest(i.indexFields)
		var ok1, ok2 bool
		d.Settings, ok1 = w.set(i.Settings)
		d.Aliases, ok2 = w.set(i.Aliases)
		if !ok1 || !ok2 {
			return fmt.Errorf("the manifest of %s names a set that is not there", name)
		}
		m.Indices[name] = d
	}
	return nil
}

func (w manifestWire) set(place int) (map[string]string, bool) {
	if place <= 0 || place > len(w.Sets) {
		return nil, place == 0
	}
	return w.Sets[place-1], true
}
