package contract

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/awsid"
)

// Run plays every scenario that applies to a version and compares each answer
// with what the case demands and with the body a real node gave.
func Run(t *testing.T, w World, version string) { play(t, w, Scenarios(), version, compareWithGolden) }

// check judges one answer beyond the case's own demands.
type check func(t testing.TB, version, name string, got Answer)

func play(t *testing.T, w World, scenarios []Scenario, version string, more check) {
	for _, s := range scenarios {
		if !applies(s.On, version) || s.WrittenBy == version {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			// Clusters of different versions share the store, and several read
			// what one writes: each reader has a repository of its own.
			base := s.Name + "-" + version
			if s.WrittenBy != "" {
				earlier := runner{target: w.Cluster(t, s.WrittenBy), version: s.WrittenBy, scenario: s, base: base}
				earlier.clean(t)
				for _, c := range s.Earlier {
					earlier.run(t, c, nil)
				}
			}
			r := runner{target: w.Cluster(t, version), version: version, scenario: s, base: base}
			if s.Denies && r.target.Deny == nil {
				t.Skip("the target's store cannot be told to refuse")
			}
			r.clean(t)
			for _, c := range s.Cases {
				r.run(t, c, more)
			}
		})
	}
}

func applies(on []string, version string) bool {
	return len(on) == 0 || slices.Contains(on, version) || slices.Contains(on, family(version))
}

// family is the engine of a bare version: 7.x is Elasticsearch.
func family(version string) string {
	v, err := awsid.ParseEngineVersion(version)
	if err == nil && v.Major >= 5 {
		return "elasticsearch"
	}
	return "opensearch"
}

// Answer is a response, read and masked. Body is nil where there was none and a
// string where it was no JSON.
type Answer struct {
	Status int `json:"status"`
	Body   any `json:"body"`
}

type runner struct {
	target   Target
	version  string
	scenario Scenario
	base     string
}

// clean brings a cluster back to having no indices and no repositories. It asks
// as any client would, so that it works on every target. Running snapshots are
// waited for by the repository's own refusal to go.
func (r runner) clean(t testing.TB) {
	t.Helper()
	for try := 0; ; try++ {
		left := r.cleanOnce(t)
		if left == "" {
			return
		}
		if try == mostLooks {
			t.Fatalf("%s: cannot clean up: %s", r.scenario.Name, left)
		}
		r.target.Pass(time.Second)
	}
}

// listOfIndices names hidden and closed ones too.
const listOfIndices = "/_cat/indices?format=json&h=index&expand_wildcards=all"

func (r runner) cleanOnce(t testing.TB) (left string) {
	for name := range object(r.send(t, "GET /_snapshot", "").Body) {
		if a := r.send(t, "DELETE /_snapshot/"+name, ""); a.Status != http.StatusOK {
			left += fmt.Sprintln(name, a.Body)
		}
	}
	indices, _ := r.send(t, "GET "+listOfIndices, "").Body.([]any)
	for _, row := range indices {
		name := fmt.Sprint(object(row)["index"])
		if r.target.As != nil && name == securityIndex {
			continue
		}
		if a := r.send(t, "DELETE /"+name, ""); a.Status != http.StatusOK {
			left += fmt.Sprintln(name, a.Body)
		}
	}
	return left + r.cleanSecurity(t)
}

func object(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// mostLooks bounds every wait for something under way.
const mostLooks = 300

func (r runner) run(t *testing.T, c Case, more check) {
	if !applies(c.On, r.version) || c.EngineOnly && r.target.Fronted {
		return
	}
	if what, ok := strings.CutPrefix(c.Call, "DENY"); ok {
		r.target.Deny(strings.TrimSpace(what))
		return
	}
	if c.Name == "" {
		if a := r.until(t, c); a.Status >= 300 {
			t.Fatalf("%s: a step on the way failed: %d %v", c.Call, a.Status, a.Body)
		}
		return
	}
	t.Run(c.Name, func(t *testing.T) {
		a := r.until(t, c)
		r.judge(t, c, a)
		a.Body = mask{set(c.Volatile)}.value("", prune(a.Body, c.Keep))
		if more != nil {
			more(t, r.version, r.scenario.Name+"-"+c.Name, a)
		}
	})
}

func (r runner) until(t testing.TB, c Case) Answer {
	t.Helper()
	path, value, wait := strings.Cut(c.Until, "=")
	for range mostLooks {
		a := r.sendAs(t, c.As, c.Call, c.Body)
		if !wait || fmt.Sprint(at(a.Body, path)) == value {
			return a
		}
		r.target.Pass(100 * time.Millisecond)
	}
	t.Fatalf("%s: %s never came true; last answer: %v", c.Call, c.Until, r.sendAs(t, c.As, c.Call, c.Body))
	return Answer{}
}

// asRecorded is the status of cases that leave the whole answer to the record.
const asRecorded = -1

// judge compares an answer with what the case itself says.
func (r runner) judge(t testing.TB, c Case, a Answer) {
	t.Helper()
	want := c.Status
	for _, who := range []string{family(r.version), r.version} {
		if s, ok := c.Per[who]; ok {
			want = s
		}
	}
	if want == 0 {
		want = http.StatusOK
	}
	if a.Status != want && want != asRecorded {
		t.Errorf("status %d, want %d: %v", a.Status, want, a.Body)
	}
	if got := fmt.Sprint(at(a.Body, "error/type")); c.Error != "" && !slices.Contains(strings.Split(c.Error, "|"), got) {
		t.Errorf("error type %v, want %s", got, c.Error)
	}
	if got := fmt.Sprint(at(a.Body, "error/reason")); c.Reason != "" && !regexp.MustCompile(c.Reason).MatchString(got) {
		t.Errorf("reason %q does not match %s", got, c.Reason)
	}
}
