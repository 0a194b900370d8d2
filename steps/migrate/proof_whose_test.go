package migrate

import (
	"strings"
	"testing"

	"snapferry/steps"
)

// TestMadeAnewWhileTheSnapshotRan: the snapshot may hold either of two indices of one
// name, and the source has only the second.
func TestMadeAnewWhileTheSnapshotRan(t *testing.T) {
	m := Manifest{Indices: map[string]IndexManifest{"a": {UUID: "u2", Docs: 1, MaxSeqNo: map[int]int64{0: 0}}, "b": {UUID: "v", Docs: 2}}}
	m.since(map[string]sight{"a": {uuid: "u1"}, "b": {uuid: "v"}})
	if !m.Indices["a"].Gone || m.Indices["b"].Gone {
		t.Errorf("%+v", m.Indices)
	}
	c := compare(steps.Move{Index: "a", As: "a"}, m.Indices["a"], manifestOf(10, map[int]int64{0: 9}))
	if len(c.Differences) > 0 || !c.Gone {
		t.Errorf("%+v", c)
	}
	// Of nothing but such indices there is no proof.
	_, err := Proof{Indices: []Comparison{c}}.evidence()
	if err == nil || !strings.Contains(err.Error(), "Nothing could be proven") {
		t.Errorf("error %v", err)
	}
	if _, err := (Proof{Indices: []Comparison{c, {As: "b"}}}).evidence(); err != nil {
		t.Errorf("error %v", err)
	}
}

// TestNobodyIsToldToDeleteOthers: an index that this run did not restore may be
// somebody's production.
func TestNobodyIsToldToDeleteOthers(t *testing.T) {
	differs := []steps.Text{steps.T("it is upside down")}
	stream := []StreamComparison{{As: "web", Differences: differs}}
	for name, c := range map[string]struct {
		proof   Proof
		deletes bool
	}{
		"own":                    {Proof{Indices: []Comparison{{As: "a", Differences: differs}}}, true},
		"another's":              {Proof{Indices: []Comparison{{As: "a", Differences: differs, theirs: true}}}, false},
		"own stream":             {Proof{Indices: []Comparison{{As: "a", Stream: "web"}}, Streams: stream}, true},
		"stream with another's":  {Proof{Indices: []Comparison{{As: "a", Stream: "web"}, {As: "b", Stream: "web", theirs: true}}, Streams: stream}, false},
		"own in such a stream":   {Proof{Indices: []Comparison{{As: "a", Stream: "web", Differences: differs}, {As: "b", Stream: "web", theirs: true}}}, false},
		"own in one of our own":  {Proof{Indices: []Comparison{{As: "a", Stream: "web", Differences: differs}}}, true},
		"another's beside is ok": {Proof{Indices: []Comparison{{As: "a", Differences: differs}, {As: "b", theirs: true}}}, true},
	} {
		_, err := c.proof.evidence()
		if e := own(err); e == nil || strings.Contains(e.Fix.String(), "Delete the") != c.deletes {
			t.Errorf("%s: %v", name, e)
		}
	}
}
