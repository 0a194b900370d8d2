package facts_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// put sends bodies to a domain.
func (r *road) put(c *cluster.Cluster, bodies map[string]string) {
	r.t.Helper()
	for _, path := range slices.Backward(slices.Sorted(maps.Keys(bodies))) { // templates before streams
		answer, err := c.Do(r.ctx, http.MethodPut, path, []byte(bodies[path]))
		must(r.t, err)
		if f := answer.Failure(); f != nil {
			r.t.Fatal(f)
		}
	}
}

// TestClashesOnTheTarget: each thing that stands on the target is found to be in
// the way of the one index that moves, or not to be.
func TestClashesOnTheTarget(t *testing.T) {
	r := newRoad(t)
	open := func(change func(*spec.Spec)) *facts.Facts { return r.open(answers(change)) }
	f := open(nil)
	source, err := f.Signer(r.ctx, steps.Source)
	must(t, err)
	target, err := f.Signer(r.ctx, steps.Target)
	must(t, err)
	r.put(source, map[string]string{"/mine": `{"aliases":{"read":{},"write":{"is_write_index":true}}}`})
	move := steps.Move{Index: "mine", As: "mine"}
	as := func(name string) steps.Move { return steps.Move{Index: "mine", As: name} }
	cases := map[string]struct {
		puts  map[string]string
		move  steps.Move
		spec  func(*spec.Spec)
		name  string
		why   string
		field string
	}{
		"nothing there":              {move: move},
		"index":                      {map[string]string{"/mine": "{}"}, move, nil, "mine", "has an index of that name", "move.overwrite"},
		"index that may go":          {map[string]string{"/mine": "{}"}, move, func(s *spec.Spec) { s.Move.Overwrite = append(s.Move.Overwrite, "mine") }, "", "", ""},
		"index, but renamed":         {map[string]string{"/mine": "{}"}, as("other"), nil, "", "", ""},
		"alias of the name":          {map[string]string{"/theirs": `{"aliases":{"mine":{}}}`}, move, nil, "mine", "alias of that name, on index theirs", "move.rename_replacement"},
		"index named as our alias":   {map[string]string{"/read": "{}"}, move, nil, "read", "it is an alias of mine, and the target has an index", "move.indices"},
		"stream named as our alias":  {map[string]string{"/_index_template/read": `{"index_patterns":["read"],"data_stream":{}}`, "/_data_stream/read": ""}, move, nil, "read", "an index or data stream of that name", "move.indices"},
		"stream of the name":         {map[string]string{"/_index_template/mine": `{"index_patterns":["mine"],"data_stream":{}}`, "/_data_stream/mine": ""}, move, nil, "mine", "has a data stream of that name", "move.rename_replacement"},
		"same alias on both":         {map[string]string{"/theirs": `{"aliases":{"read":{}}}`}, move, nil, "read", "it is an alias of theirs", "move.aliases"},
		"same alias, two writers":    {map[string]string{"/theirs": `{"aliases":{"write":{"is_write_index":true}}}`}, move, nil, "write", "it is an alias of theirs", "move.aliases"},
		"same alias, left behind":    {map[string]string{"/theirs": `{"aliases":{"read":{}}}`, "/write": "{}"}, move, func(s *spec.Spec) { s.Move.Aliases = spec.AliasesLeave }, "", "", ""},
		"same alias, on what may go": {map[string]string{"/mine": `{"aliases":{"read":{}}}`}, move, func(s *spec.Spec) { s.Move.Overwrite = append(s.Move.Overwrite, "mine") }, "", "", ""},
		"renamed to its own alias":   {nil, as("read"), nil, "read", "and mine would come back under that name", "move.rename_replacement"},
		"aliases that stay behind":   {map[string]string{"/read": "{}"}, as("copy"), func(s *spec.Spec) { s.Shape = spec.ShapeSameDomain }, "", "", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			defer r.clear(target)
			r.put(target, c.puts)
			got, err := open(c.spec).Clashes(r.ctx, steps.Target, []steps.Move{c.move}, nil)
			must(t, err)
			if c.name == "" {
				if len(got) > 0 {
					t.Errorf("clashes %+v", got)
				}
				return
			}
			if len(got) != 1 || got[0].Name != c.name || got[0].Field != c.field || !strings.Contains(got[0].Why.String(), c.why) || got[0].Fix.IsZero() {
				t.Errorf("clashes %+v", got)
			}
			if !slices.Equal(got[0].Indices, []string{"mine"}) {
				t.Errorf("names %v", got[0].Indices)
			}
		})
	}
}

// clear removes what a case put on a domain.
func (r *road) clear(c *cluster.Cluster) {
	r.t.Helper()
	streams, err := c.DataStreams(r.ctx)
	must(r.t, err)
	for _, s := range streams {
		_, err := c.Do(r.ctx, http.MethodDelete, "/_data_stream/"+s.Name, nil)
		must(r.t, err)
	}
	for _, template := range []string{"read", "mine"} {
		_, err := c.Do(r.ctx, http.MethodDelete, "/_index_template/"+template, nil)
		must(r.t, err)
	}
	list, err := c.Indices(r.ctx)
	must(r.t, err)
	for _, i := range list {
		if !strings.HasPrefix(i.Name, ".") {
			must(r.t, c.DeleteIndex(r.ctx, i.Name))
		}
	}
}

// TestWhatWaitsForItsTurnIsOurs: a restored index is there before any of its
// shards is on a node. Then only allocation explain tells where it comes from.
func TestWhatWaitsForItsTurnIsOurs(t *testing.T) {
	r := newRoad(t)
	f := r.open(answers(beside))
	c := r.registered(f)
	r.put(c, map[string]string{
		"/mine": `{"settings":{"index":{"number_of_replicas":0,"routing.allocation.require._name":"nobody"}}}`,
	})
	// The primaries of both are nowhere; only one of them was to come from us.
	r.put(c, map[string]string{"/whole": `{"settings":{"index":{"number_of_replicas":0}}}`})
	must(t, c.CreateSnapshot(r.ctx, "snapferry", "s-1", cluster.SnapshotSpec{Indices: []string{"whole"}}))
	must(t, c.Restore(r.ctx, "snapferry", "s-1", cluster.RestoreSpec{
		Indices: []string{"whole"}, RenamePattern: "^(.+)$", RenameReplacement: "old-$1",
		IndexSettings: map[string]string{"index.routing.allocation.require._name": "nobody"},
	}))
	f.DropAll()
	got, err := f.Arrivals(r.ctx, steps.Source, []steps.Move{{Index: "whole", As: "old-whole"}, {Index: "x", As: "mine"}}, nil)
	must(t, err)
	if !slices.Equal(got.Ours, []string{"old-whole"}) || !slices.Equal(got.Foreign, []string{"mine"}) {
		t.Errorf("arrivals %+v", got)
	}
	clashes, err := f.Clashes(r.ctx, steps.Source, []steps.Move{{Index: "whole", As: "old-whole"}}, nil)
	if err != nil || len(clashes) > 0 {
		t.Errorf("what is on its way is in its own way: %+v %v", clashes, err)
	}
}

// TestWhatHasArrived is in nobody's way by its own name, but by an alias that
// somebody gave it there.
func TestWhatHasArrived(t *testing.T) {
	r := newRoad(t)
	f := r.open(answers(nil))
	target, err := f.Signer(r.ctx, steps.Target)
	must(t, err)
	r.put(target, map[string]string{"/arrived": "{}"})
	there, err := f.Indices(r.ctx, steps.Target)
	must(t, err)
	recorded := map[string]string{}
	for _, i := range there {
		recorded[i.Name] = i.UUID
	}
	moves := []steps.Move{{Index: "arrived", As: "arrived"}, {Index: "coming", As: "coming"}}
	for _, given := range []string{"", "/arrived/_alias/coming"} {
		if given != "" {
			r.put(target, map[string]string{given: ""})
			f.DropAll()
		}
		list, err := f.Clashes(r.ctx, steps.Target, moves, recorded)
		must(t, err)
		if given == "" && len(list) > 0 || given != "" && (len(list) != 1 || list[0].Name != "coming") {
			t.Errorf("with %q: %+v", given, list)
		}
	}
}
