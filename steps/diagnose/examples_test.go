package diagnose

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

// example is one error somebody met. file is a body recorded from real nodes, of
// every version that has it; text is of a field report, the documentation or the
// engine's source.
type example struct {
	file, text string
	layer, id  string
}

const recorded = "../../awsx/sandbox/contract/testdata"

// bodies gives the recorded answers of a name by version.
func bodies(t *testing.T, name string) map[string]*failure.Failure {
	t.Helper()
	found := map[string]*failure.Failure{}
	for _, version := range []string{"7.10.2", "2.19.4", "3.4.0"} {
		b, err := os.ReadFile(filepath.Join(recorded, version, name+".json"))
		if os.IsNotExist(err) {
			continue
		}
		var g struct {
			Status int             `json:"status"`
			Body   json.RawMessage `json:"body"`
		}
		if err == nil {
			err = json.Unmarshal(b, &g)
		}
		if err != nil {
			t.Fatal(err)
		}
		found[version] = failure.Parse(g.Status, plain(g.Body))
	}
	if len(found) == 0 {
		t.Fatalf("nobody has recorded %s", name)
	}
	return found
}

// plain gives an answer that is no JSON as it came: it is recorded as a string.
func plain(body json.RawMessage) []byte {
	var text string
	if json.Unmarshal(body, &text) == nil && text != "" {
		return []byte(text)
	}
	return body
}

func TestExamples(t *testing.T) {
	used := make([]bool, len(rules))
	for _, e := range examples {
		list := map[string]*failure.Failure{"text": {Kind: failure.Unknown, Message: e.text, Body: []byte(e.text)}}
		if e.file != "" {
			list = bodies(t, e.file)
		}
		for version, f := range list {
			d := Error(f)
			if d.Unknown || d.Layer != e.layer || d.Causes[0].ID != e.id {
				t.Errorf("%s%s (%s): layer %q, causes %+v", e.file, e.text, version, d.Layer, d.Causes)
			}
			if i := known(f); i >= 0 {
				used[i] = true
			}
		}
	}
	for i, r := range rules {
		if !used[i] {
			t.Errorf("nobody has met rule %v", r.all)
		}
	}
}

// TestEveryRecordedRefusal: what real nodes refuse on the way of a migration is
// known; what is not has to be listed here.
func TestEveryRecordedRefusal(t *testing.T) {
	unknown := map[string]bool{
		"repositories-malformed": true, "repositories-no-type": true, // no request of ours
		"restore-refused-unknown-parameter": true, "snapshot-refused-metadata-no-object": true,
		"sec-restore-master-malformed": true, "sec-restore-master-unknown-parameter": true, "sec-restore-signer-malformed": true, "sec-restore-signer-unknown-parameter": true,
		"sec-unmapped-signer-no-json": true, "sec-unmapped-signer-no-such-parameter": true, "sec-unmapped-signer-wrong-method": true,
		// Answers to HEAD have no words.
		"sec-unmapped-signer-exists": true, "sec-snapshots-signer-exists": true, "sec-observer-signer-exists": true,
	}
	for _, pattern := range []string{"repositories-*", "restore-*", "snapshot-*", "store-*", "red-*", "too-*", "from-*", "sec-restore-*", "sec-stream-*", "sec-whole-*", "sec-unmapped-*", "sec-snapshots-*", "sec-observer-*", "sec-all-access-*", "sec-locked-out-*"} {
		files, err := filepath.Glob(filepath.Join(recorded, "*", pattern+".json"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var g struct {
				Status int             `json:"status"`
				Body   json.RawMessage `json:"body"`
			}
			name := filepath.Base(file[:len(file)-len(".json")])
			if err := json.Unmarshal(b, &g); err != nil || g.Status < 400 || unknown[name] {
				continue
			}
			if d := Error(failure.Parse(g.Status, plain(g.Body))); d.Unknown {
				t.Errorf("%s is unknown: %s", file[len(recorded):], d.Summary)
			}
		}
	}
}

func TestCausesAreForPeople(t *testing.T) {
	check := func(where string, list []steps.Cause) {
		seen := map[string]bool{}
		for _, c := range list {
			if c.ID == "" || c.Summary.IsZero() || c.Fix.IsZero() || seen[c.ID] {
				t.Errorf("%s: %+v", where, c)
			}
			seen[c.ID] = true
		}
	}
	for _, e := range Catalogue() {
		check(e.Words[0], e.Causes)
		if e.Layer == "" && e.Causes[0].ID != "no-words" || len(e.Causes) == 0 {
			t.Errorf("%v has no layer or no cause", e.Words)
		}
	}
	for kind, c := range general {
		check(string(kind), []steps.Cause{c})
	}
}
