package migrate

import (
	"slices"

	"snapferry/steps"
	"snapferry/steps/facts"
)

// StreamComparison is one data stream, source against target. Its indices are
// compared as such.
type StreamComparison struct {
	Name string `json:"name"`
	As   string `json:"as"`
	// Generation is the target's.
	Generation  int          `json:"generation"`
	Differences []steps.Text `json:"differences,omitempty"`
	// Since are differences of a stream that had been proven equal before.
	Since []steps.Text `json:"since,omitempty"`
}

// compareStream judges whether a stream came back as one, with all its indices and
// what counts them, and can go on. The source may have rolled its own over between
// snapshot and manifest; what it was given then did not move.
func compareStream(s facts.Stream, source StreamManifest, target map[string]StreamManifest) StreamComparison {
	c := StreamComparison{Name: s.Name, As: s.As}
	differ := func(format string, args ...any) { c.Differences = append(c.Differences, steps.T(format, args...)) }
	live, there := target[s.As]
	if !there {
		differ("there is no such data stream")
		return c
	}
	c.Generation = live.Generation
	moved, as := set(sourceNames(s.Moves)), targetNames(s.Moves)
	for _, name := range as {
		if !slices.Contains(live.Indices, name) {
			differ("the index %s is not part of it", name)
		}
	}
	if i := slices.IndexFunc(live.Indices, func(n string) bool { return !slices.Contains(as, n) }); i >= 0 {
		differ("it has an index of its own, %s", live.Indices[i])
	}
	if live.Template == "" {
		differ("no index template makes its next index")
	}
	if source.Generation == 0 {
		return c // it was gone when the manifest was taken
	}
	later := 0
	for _, name := range source.Indices {
		if !moved[name] {
			later++
		}
	}
	if want := source.Generation - later; live.Generation != want {
		differ("its generation is %d on the source and %d on the target", want, live.Generation)
	}
	if live.Timestamp != source.Timestamp {
		differ("its timestamp field is %s on the source and %s on the target", source.Timestamp, live.Timestamp)
	}
	return c
}

// streamsProven compares the data streams that moved. What differs now and was
// equal at an earlier proof of the same snapshot is what became of it since.
func streamsProven(moves []steps.Move, manifest Manifest, target map[string]StreamManifest, before Proof) []StreamComparison {
	var list []StreamComparison
	for _, s := range facts.Streams(moves) {
		c := compareStream(s, manifest.Streams[s.Name], target)
		held := before.SnapshotUUID == manifest.SnapshotUUID && slices.ContainsFunc(before.Streams, func(b StreamComparison) bool { return b.As == c.As && len(b.Differences) == 0 })
		if held {
			c.Since, c.Differences = c.Differences, nil
		}
		list = append(list, c)
	}
	return list
}
