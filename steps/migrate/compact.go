package migrate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// manifestWire is a Manifest as it is written down: indices made from one template
// share their settings and aliases, and each set stands there once. A manifest of
// ten thousand indices is one record of the journal: behind these fields they follow as
// "indices", written and read one by one.
type manifestWire struct {
	manifestFields
	Sets []map[string]string `json:"sets,omitempty"`
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
	w, places := manifestWire{manifestFields: manifestFields(m)}, map[string]int{}
	place := func(set map[string]string) int {
		if len(set) == 0 {
			return 0
		}
		b, _ := json.Marshal(set) // strings by strings, in order
		if places[string(b)] == 0 {
			w.Sets = append(w.Sets, set)
			places[string(b)] = len(w.Sets)
		}
		return places[string(b)]
	}
	var indices bytes.Buffer
	for n, name := range slices.Sorted(maps.Keys(m.Indices)) {
		i := m.Indices[name]
		index, err := json.Marshal(map[string]indexWire{name: {indexFields(i), place(i.Settings), place(i.Aliases)}})
		if err != nil {
			return nil, fmt.Errorf("manifest of %s: %w", name, err)
		}
		if n > 0 {
			indices.WriteByte(',')
		}
		indices.Write(index[1 : len(index)-1])
	}
	front, err := json.Marshal(w)
	if err != nil {
		return nil, err
	}
	return slices.Concat(front[:len(front)-1], []byte(`,"indices":{`), indices.Bytes(), []byte("}}")), nil
}

// UnmarshalJSON reads what MarshalJSON wrote. Indices share their sets.
func (m *Manifest) UnmarshalJSON(b []byte) error {
	var w manifestWire
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	*m = Manifest(w.manifestFields)
	m.Indices = map[string]IndexManifest{}
	return eachOf(b, "indices", func(name string, i indexWire) error {
		d := IndexManifest(i.indexFields)
		var ok1, ok2 bool
		d.Settings, ok1 = w.set(i.Settings)
		d.Aliases, ok2 = w.set(i.Aliases)
		if !ok1 || !ok2 {
			return fmt.Errorf("the manifest of %s names a set that is not there", name)
		}
		m.Indices[name] = d
		return nil
	})
}

func (w manifestWire) set(place int) (map[string]string, bool) {
	if place <= 0 || place > len(w.Sets) {
		return nil, place == 0
	}
	return w.Sets[place-1], true
}

// eachOf reads the object that is the member of that name in another, one member after
// the other: of thousands, not all are made before the first is taken.
func eachOf[T any](b []byte, member string, take func(name string, value T) error) error {
	d := json.NewDecoder(bytes.NewReader(b))
	return members(d, func(name string) error {
		if name != member {
			var other json.RawMessage
			return d.Decode(&other)
		}
		return members(d, func(name string) error {
			var v T
			if err := d.Decode(&v); err != nil {
				return err
			}
			return take(name, v)
		})
	})
}

// members calls take for every member of the object that comes next, to read its value;
// a null has none.
func members(d *json.Decoder, take func(name string) error) error {
	if t, err := d.Token(); err != nil || t == nil {
		return err
	} else if t != json.Delim('{') {
		return fmt.Errorf("there is %v where an object has to be", t)
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		if err := take(name.(string)); err != nil { // a decoder gives nothing else for a name
			return err
		}
	}
	_, err := d.Token()
	return err
}
