package facts_test

import (
	"net/http"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// web are the moves of a data stream of two generations.
func web(as string) []steps.Move {
	return []steps.Move{
		{Index: ".ds-web-000002", As: ".ds-" + as + "-000002", Stream: "web", StreamAs: as},
		{Index: ".ds-web-000001", As: ".ds-" + as + "-000001", Stream: "web", StreamAs: as},
	}
}

const makesStreams = `{"index_patterns":["web*"],"data_stream":{}}`

// TestStreamsInTheWay: what stands on the target under the names that a data
// stream needs, or has of it.
func TestStreamsInTheWay(t *testing.T) {
	r := newRoad(t)
	target, err := r.open(answers(nil)).Signer(r.ctx, steps.Target)
	must(t, err)
	plus := func(m steps.Move) []steps.Move { return append(web("web"), m) }
	for name, c := range map[string]struct {
		puts    []string // a path and its body after a blank
		moves   []steps.Move
		arrived []string // of what is put, as this run recorded it
		name    string
		why     string
	}{
		"nothing there":                 {moves: web("web")},
		"an index":                      {[]string{"/web {}"}, web("web"), nil, "web", "the target has an index of that name"},
		"an alias":                      {[]string{`/x {"aliases":{"web":{}}}`}, web("web"), nil, "web", "the target has an alias of that name, on index x"},
		"a stream":                      {[]string{"/_index_template/web " + makesStreams, "/_data_stream/web"}, web("web"), nil, "web", "the target has a data stream of that name"},
		"a stream, but renamed":         {[]string{"/_index_template/web " + makesStreams, "/_data_stream/web"}, web("old-web"), nil, "", ""},
		"a backing index alone":         {[]string{"/.ds-web-000001 {}"}, web("web"), nil, ".ds-web-000001", "the target has an index of that name already"},
		"an index it would make later":  {[]string{"/.ds-web-000003 {}"}, web("web"), nil, "web", "the target has an index .ds-web-000003"},
		"an index it made long ago":     {[]string{"/.ds-web-000000 {}"}, web("web"), nil, "", ""},
		"arrived, without its stream":   {[]string{"/.ds-web-000001 {}", "/.ds-web-000002 {}"}, web("web"), []string{".ds-web-000001", ".ds-web-000002"}, "web", "no data stream of the target holds them"},
		"arrived":                       {[]string{"/_index_template/web " + makesStreams, "/_data_stream/web"}, web("web")[1:], []string{".ds-web-000001"}, "", ""},
		"arrived, and one is gone":      {[]string{"/_index_template/web " + makesStreams, "/_data_stream/web"}, web("web"), []string{".ds-web-000001"}, "web", "its index .ds-web-000002 is not there any more"},
		"an alias that comes, too":      {nil, plus(steps.Move{Index: "mine", As: "mine"}), nil, "web", "it is an alias of mine, and data stream web would come back under that name"},
		"an alias that comes, to there": {[]string{"/_index_template/web " + makesStreams, "/_data_stream/web"}, []steps.Move{{Index: "mine", As: "mine"}}, nil, "web", "it is an alias of mine, and the target has an index or data stream of that name"},
	} {
		t.Run(name, func(t *testing.T) {
			defer r.wiped(target)
			f := r.open(answers(nil))
			source, err := f.Signer(r.ctx, steps.Source)
			must(t, err)
			if c.moves[len(c.moves)-1].Index == "mine" {
				r.put(source, map[string]string{"/mine": `{"aliases":{"web":{}}}`})
				defer func() { must(t, source.DeleteIndex(r.ctx, "mine")) }()
			}
			for _, put := range c.puts {
				path, body, _ := strings.Cut(put, " ")
				r.put(target, map[string]string{path: body})
			}
			list, err := f.Clashes(r.ctx, steps.Target, c.moves, recorded(t, r, f, c.arrived))
			must(t, err)
			if c.why == "" {
				if len(list) > 0 {
					t.Errorf("clashes %+v", list)
				}
				return
			}
			if len(list) != 1 || list[0].Name != c.name || !strings.Contains(list[0].Why.String(), c.why) || list[0].Fix.IsZero() || list[0].Field == "" {
				t.Errorf("clashes %+v", list)
			}
		})
	}
}

// recorded are the UUIDs of indices of the target, as a run writes them down.
func recorded(t *testing.T, r *road, f *facts.Facts, names []string) map[string]string {
	t.Helper()
	there, err := f.Indices(r.ctx, steps.Target)
	must(t, err)
	out := map[string]string{}
	for _, i := range there {
		if slices.Contains(names, i.Name) {
			out[i.Name] = i.UUID
		}
	}
	return out
}

// wiped removes what a case put on a domain, the template last that its streams live by.
func (r *road) wiped(c *cluster.Cluster) {
	r.t.Helper()
	for _, path := range []string{"/_data_stream/*web*", "/x?ignore_unavailable=true", "/.ds-*web*,web?expand_wildcards=all&ignore_unavailable=true", "/_index_template/*web*"} {
		_, err := c.Do(r.ctx, http.MethodDelete, path, nil)
		must(r.t, err)
	}
}

// TestStreamsWithoutTemplate: the lines that are printed make the template, and
// then nothing is missing any more.
func TestStreamsWithoutTemplate(t *testing.T) {
	r := newRoad(t)
	f := r.open(answers(nil))
	source, err := f.Signer(r.ctx, steps.Source)
	must(t, err)
	target, err := f.Signer(r.ctx, steps.Target)
	must(t, err)
	r.put(source, map[string]string{"/_component_template/web-part": `{"template":{"settings":{"index":{"number_of_replicas":"0"}}},"version":3}`})
	r.put(source, map[string]string{"/_index_template/web": `{"index_patterns":["web*"],"priority":7,"composed_of":["web-part"],"data_stream":{},"_meta":{"by":"it's us"}}`})
	for name, c := range map[string]struct {
		there map[string]string
		moves []steps.Move
		why   string
		lines []string
	}{
		"there":                     {there: map[string]string{"/_index_template/any-web": makesStreams}, moves: web("web")},
		"nothing streams":           {moves: []steps.Move{{Index: "web", As: "web"}}},
		"missing":                   {nil, web("web"), "no index template there makes its next index", []string{"PUT", "/_component_template/web-part", `"version": 3`, "/_index_template/web'", `"web*"`, `"priority": 7`}},
		"missing under a new name":  {nil, web("old-web"), "no index template", []string{"/_index_template/web'", `"old-web"`}},
		"the part is there":         {map[string]string{"/_component_template/web-part": `{"template":{}}`}, web("web"), "no index template", []string{"/_index_template/web'"}},
		"one that makes no streams": {map[string]string{"/_index_template/web": `{"index_patterns":["we*"],"priority":90}`}, web("web"), "the index template web there makes its next index, and makes no data streams", []string{"/_index_template/web-data-stream", `"priority": 91`}},
		"one that counts for more":  {map[string]string{"/_index_template/web-a": makesStreams, "/_index_template/web-b": `{"index_patterns":["w*b"],"priority":9}`}, web("web"), "the index template web-b there", []string{"/_index_template/web'", `"priority": 10`}},
		"none on the source either": {nil, []steps.Move{{Index: ".ds-odd-000001", As: ".ds-odd-web-000001", Stream: "odd", StreamAs: "odd-web"}}, "no index template", []string{"/_index_template/odd-web", `"odd-web"`, `"data_stream": {}`}},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				r.wiped(target)
				_, err := target.Do(r.ctx, http.MethodDelete, "/_component_template/web-part", nil)
				must(t, err)
			}()
			r.put(target, c.there)
			f.DropAll()
			got, err := f.Templateless(r.ctx, steps.Target, c.moves)
			must(t, err)
			if c.why == "" {
				if len(got) > 0 {
					t.Errorf("%+v", got)
				}
				return
			}
			if len(got) != 1 || !strings.Contains(got[0].Why.String(), c.why) || got[0].Field != "move.indices" {
				t.Fatalf("%+v", got)
			}
			for _, part := range c.lines {
				if !strings.Contains(got[0].Command, part) {
					t.Errorf("without %s:\n%s", part, got[0].Command)
				}
			}
			r.runLines(target, got[0].Command)
			f.DropAll()
			if got, err = f.Templateless(r.ctx, steps.Target, c.moves); err != nil || len(got) > 0 {
				t.Errorf("afterwards: %+v %v", got, err)
			}
			r.put(target, map[string]string{"/_data_stream/" + c.moves[0].StreamAs: ""})
		})
	}
}

// runLines does what curl would do with the lines of a command, as a shell reads them.
func (r *road) runLines(c *cluster.Cluster, lines string) {
	r.t.Helper()
	out, err := exec.Command("sh", "-c", `curl() { for a in "$@"; do printf '%s\0' "$a"; done; printf '\n\0'; }`+"\n"+lines).Output()
	must(r.t, err)
	for _, call := range strings.Split(strings.TrimSuffix(string(out), "\n\x00"), "\n\x00") {
		method, path, body := "", "", ""
		args := strings.Split(strings.TrimSuffix(call, "\x00"), "\x00")
		for i, a := range args {
			switch {
			case a == "-X":
				method = args[i+1]
			case a == "-d", a == "--data-binary", a == "--data-raw", a == "--data":
				body = args[i+1]
			case strings.HasPrefix(a, "https://"):
				_, rest, _ := strings.Cut(strings.TrimPrefix(a, "https://"), "/")
				path = "/" + rest
			}
		}
		answer, err := c.Do(r.ctx, method, path, []byte(body))
		must(r.t, err)
		if f := answer.Failure(); f != nil {
			r.t.Errorf("%s %s %s: %v", method, path, body, f)
		}
	}
}

// TestStreamsOf: streams in the order of their names, their indices oldest first.
func TestStreamsOf(t *testing.T) {
	moves := append(web("web"), steps.Move{Index: "a", As: "a"}, steps.Move{Index: ".ds-web-0000010", As: ".ds-web-0000010", Stream: "web", StreamAs: "web"}, steps.Move{Index: ".ds-b-000001", Stream: "b"})
	got := facts.Streams(moves)
	if len(got) != 2 || got[0].Name != "b" || got[1].As != "web" || len(got[1].Moves) != 3 || got[1].Moves[0].Index != ".ds-web-000001" || got[1].Moves[2].Index != ".ds-web-0000010" {
		t.Errorf("%+v", got)
	}
	if got := facts.Streams(nil); got != nil {
		t.Errorf("%+v", got)
	}
}

// TestManyNowhere: however many indices are on no node, few calls tell whose they are.
func TestManyNowhere(t *testing.T) {
	r := newRoad(t)
	f := r.open(answers(func(s *spec.Spec) { s.Target = s.Source }))
	c := r.registered(f)
	var names []string
	var moves []steps.Move
	for i := range 30 {
		n := "many-" + strconv.Itoa(100+i)
		names, moves = append(names, n), append(moves, steps.Move{Index: n, As: "old-" + n}, steps.Move{Index: n, As: "else-" + n})
		r.put(c, map[string]string{"/" + n: `{"settings":{"index":{"number_of_replicas":0}}}`, "/else-" + n + "?wait_for_active_shards=0": `{"settings":{"index":{"number_of_replicas":0,"routing.allocation.require._name":"nobody"}}}`})
	}
	must(t, c.CreateSnapshot(r.ctx, "snapferry", "s-1", cluster.SnapshotSpec{Indices: names}))
	must(t, c.Restore(r.ctx, "snapferry", "s-1", cluster.RestoreSpec{
		Indices: names, RenamePattern: "^(.+)$", RenameReplacement: "old-$1", IndexSettings: map[string]string{"index.routing.allocation.require._name": "nobody"},
	}))
	f.DropAll()
	r.made()
	got, err := f.Arrivals(r.ctx, steps.Source, moves, nil)
	must(t, err)
	if len(got.Ours) != 30 || len(got.Nowhere) != 30 || len(got.Foreign) != 30 {
		t.Errorf("%d ours, %d nowhere, %d foreign", len(got.Ours), len(got.Nowhere), len(got.Foreign))
	}
	explained := 0
	for _, call := range r.made() {
		if strings.Contains(call, "allocation/explain") {
			explained++
		}
	}
	if explained > 20 {
		t.Errorf("%d shards explained one by one", explained)
	}
}
