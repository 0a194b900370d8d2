package migrate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"

	"snapferry/awsx/cluster"
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
	names := slices.Sorted(maps.Keys(m.Indices))
	for _, name := range names {
		place(m.Indices[name].Settings)
		place(m.Indices[name].Aliases)
	}
	front, err := json.Marshal(w)
	if err != nil {
		return nil, err
	}
	out := append(front[:len(front)-1], `,"indices":{`...) // grows by less than a buffer does
	for n, name := range names {
		i := m.Indices[name]
		index, err := json.Marshal(map[string]indexWire{name: {indexFields(i), place(i.Settings), place(i.Aliases)}})
		if err != nil {
			return nil, fmt.Errorf("manifest of %s: %w", name, err)
		}
		if n > 0 {
			out = append(out, ',')
		}
		out = append(out, index[1:len(index)-1]...)
	}
	return append(out, "}}"...), nil
}

// UnmarshalJSON reads what MarshalJSON wrote. Indices share their sets.
func (m *Manifest) UnmarshalJSON(b []byte) error {
	w, err := readManifest(b)
	if err != nil {
		return err
	}
	*m, err = w.of(maps.Keys(w.indices))
	return err
}

// writtenManifest is a Manifest as it stands in JSON, which it holds on to: of ten thousand
// indices those are made that are asked for.
type writtenManifest struct {
	manifestWire
	indices map[string][]byte
}

func readManifest(b []byte) (w writtenManifest, err error) {
	if err := json.Unmarshal(b, &w.manifestWire); err != nil {
		return w, err
	}
	w.indices = map[string][]byte{}
	return w, eachOf(b, "indices", func(name string, value []byte) error {
		w.indices[name] = value
		return nil
	})
}

// of makes the manifest of some of the indices; those it does not know are left out.
func (w writtenManifest) of(names iter.Seq[string]) (Manifest, error) {
	m := Manifest(w.manifestFields)
	m.Indices = map[string]IndexManifest{}
	for name := range names {
		value, known := w.indices[name]
		if !known {
			continue
		}
		var i indexWire
		if err := json.Unmarshal(value, &i); err != nil {
			return m, fmt.Errorf("the manifest of %s: %w", name, err)
		}
		d := IndexManifest(i.indexFields)
		var ok1, ok2 bool
		d.Settings, ok1 = w.set(i.Settings)
		d.Aliases, ok2 = w.set(i.Aliases)
		if !ok1 || !ok2 {
			return m, fmt.Errorf("the manifest of %s names a set that is not there", name)
		}
		m.Indices[name] = d
	}
	return m, nil
}

func (w manifestWire) set(place int) (map[string]string, bool) {
	if place <= 0 || place > len(w.Sets) {
		return nil, place == 0
	}
	return w.Sets[place-1], true
}

// eachOf gives the members of the object that is the member of that name in another, each
// as a part of b.
func eachOf(b []byte, member string, take func(name string, value []byte) error) error {
	d := json.NewDecoder(bytes.NewReader(b))
	var read json.RawMessage // in the same room each time
	return cluster.Members(d, func(name string) error {
		if name != member {
			return d.Decode(&read)
		}
		return cluster.Members(d, func(name string) error {
			if err := d.Decode(&read); err != nil {
				return err
			}
			to := d.InputOffset()
			return take(name, b[to-int64(len(read)):to:to])
		})
	})
}
