package contract

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// scripted answers "METHOD /path" from a list, the last of which stays.
type scripted struct {
	answers map[string][]string
	calls   []string
	bodies  []string
}

func (s *scripted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	call := r.Method + " " + r.URL.RequestURI()
	s.calls, s.bodies = append(s.calls, call), append(s.bodies, string(body))
	list := s.answers[call]
	if len(list) == 0 {
		_, _ = io.WriteString(w, `{}`)
		return
	}
	if len(list) > 1 {
		s.answers[call] = list[1:]
	}
	var status int
	_, rest, _ := strings.Cut(list[0], " ")
	_, _ = fmt.Sscan(list[0], &status)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, rest)
}

// listener takes the place of a test, to see what a check says.
type listener struct {
	testing.TB
	said  []string
	fatal bool
}

func (l *listener) Helper() {}

func (l *listener) Errorf(format string, args ...any) {
	l.said = append(l.said, fmt.Sprintf(format, args...))
}

func (l *listener) Fatalf(format string, args ...any) {
	l.fatal = true
	l.Errorf(format, args...)
}

func over(s *scripted, passed *time.Duration) runner {
	return runner{version: "3.4.0", base: "base", target: Target{
		BaseURL: "http://x", Client: InProcess(s),
		Repository: map[string]any{"bucket": "b", "role_arn": "arn"},
		Pass:       func(d time.Duration) { *passed += d },
	}}
}

func TestJudge(t *testing.T) {
	wrong := Answer{Status: 500, Body: decode([]byte(`{"error":{"type":"a_exception","reason":"[r] is bad"}}`))}
	for name, tc := range map[string]struct {
		c    Case
		want string
	}{
		"as it should be":    {Case{Status: 500, Error: "a_exception", Reason: `^\[r\] is`}, ""},
		"one of two types":   {Case{Status: 500, Error: "b_exception|a_exception"}, ""},
		"for this version":   {Case{Status: 400, Per: map[string]int{"3.4.0": 500, "elasticsearch": 404}}, ""},
		"for this family":    {Case{Status: 400, Per: map[string]int{"opensearch": 500}}, ""},
		"success is assumed": {Case{}, "status 500, want 200"},
		"another type":       {Case{Status: 500, Error: "b_exception"}, "error type a_exception, want b_exception"},
		"another reason":     {Case{Status: 500, Reason: `^bad`}, `reason "[r] is bad" does not match ^bad`},
	} {
		t.Run(name, func(t *testing.T) {
			l := &listener{}
			runner{version: "3.4.0"}.judge(l, tc.c, wrong)
			if got := strings.Join(l.said, "\n"); !strings.HasPrefix(got, tc.want) || (got == "") != (tc.want == "") {
				t.Errorf("said %q, want %q", got, tc.want)
			}
		})
	}
}

func TestWhatAFrontAnswersIsLeftOut(t *testing.T) {
	for fronted, want := range map[bool]int{true: 0, false: 1} {
		var passed time.Duration
		s := &scripted{}
		r := over(s, &passed)
		r.target.Fronted = fronted
		r.run(t, Case{Call: "GET /x", EngineOnly: true}, nil)
		if len(s.calls) != want {
			t.Errorf("fronted: %v, asked %v", fronted, s.calls)
		}
	}
}

func TestUntilLooksAgain(t *testing.T) {
	var passed time.Duration
	s := &scripted{answers: map[string][]string{"GET /x": {`200 {"state":"RUNNING"}`, `200 {"state":"RUNNING"}`, `200 {"state":"DONE","n":1}`}}}
	a := over(s, &passed).until(t, Case{Call: "GET /x", Until: "state=DONE"})
	if d := cmp.Diff(decode([]byte(`{"state":"DONE","n":1}`)), a.Body); d != "" || passed != 200*time.Millisecond {
		t.Errorf("after %v: %s", passed, d)
	}
}

func TestUntilGivesUp(t *testing.T) {
	var passed time.Duration
	s := &scripted{answers: map[string][]string{"GET /x": {`200 {"state":"RUNNING"}`}}}
	r, l := over(s, &passed), &listener{TB: t}
	r.until(l, Case{Call: "GET /x", Until: "state=DONE"})
	if !l.fatal || len(s.calls) != mostLooks+1 {
		t.Errorf("%d looks, said %v", len(s.calls), l.said)
	}
}

func TestClean(t *testing.T) {
	var passed time.Duration
	s := &scripted{answers: map[string][]string{
		"GET /_snapshot":       {`200 {"r":{}}`, `200 {"r":{}}`, `200 {}`},
		"DELETE /_snapshot/r":  {`500 {"error":"in use"}`, `200 {}`},
		"GET " + listOfIndices: {`200 [{"index":"a"}]`, `200 []`},
	}}
	over(s, &passed).clean(t)
	want := []string{"GET /_snapshot", "DELETE /_snapshot/r", "GET " + listOfIndices, "DELETE /a", "GET /_snapshot", "DELETE /_snapshot/r", "GET " + listOfIndices}
	if d := cmp.Diff(want, s.calls); d != "" || passed != time.Second {
		t.Errorf("after %v: %s", passed, d)
	}
}

func TestBodies(t *testing.T) {
	var passed time.Duration
	r := over(&scripted{}, &passed)
	for body, want := range map[string]string{
		"@repository":                         `{"type":"s3","settings":{"base_path":"base","bucket":"b","role_arn":"arn"}}`,
		"@repository readonly=true bucket=":   `{"type":"s3","settings":{"base_path":"base","readonly":"true","role_arn":"arn"}}`,
		`{"indices":"a"}`:                     `{"indices":"a"}`,
		"@repository max_restore_bytes_x=1kb": `{"type":"s3","settings":{"base_path":"base","bucket":"b","max_restore_bytes_x":"1kb","role_arn":"arn"}}`,
	} {
		got, kind := r.payload(t, body)
		if d := cmp.Diff(decode([]byte(want)), decode(got)); d != "" || kind != "application/json" {
			t.Errorf("%s (%s): %s", body, kind, d)
		}
	}
	docs, kind := r.payload(t, "@bulk logs 3 50")
	lines := strings.Split(strings.TrimSpace(string(docs)), "\n")
	if len(lines) != 6 || kind != "application/x-ndjson" || !json.Valid([]byte(lines[5])) || len(lines[5]) < 50 {
		t.Errorf("%s: %q", kind, lines)
	}
}

// sorted are tables that are asked for in an order, oneRow those that have one.
var (
	sorted = regexp.MustCompile(`[?&]s=`)
	oneRow = regexp.MustCompile(`/_cat/(count|health|nodes)\b`)
)

// TestScenariosAreSound: tables are asked for in an order, names are unique, patterns compile, waits are written
// as PATH=VALUE, and every golden body belongs to a case.
func TestScenariosAreSound(t *testing.T) {
	names := map[string]bool{}
	for _, s := range slices.Concat(Scenarios(), SecurityScenarios()) {
		if (s.WrittenBy == "") != (s.Earlier == nil) {
			t.Errorf("%s: WrittenBy and Earlier belong together", s.Name)
		}
		for _, c := range slices.Concat(s.Earlier, s.Cases) {
			if _, err := regexp.Compile(c.Reason); err != nil || c.Until != "" && !strings.Contains(c.Until, "=") || !strings.Contains(c.Call, " /") && !strings.HasPrefix(c.Call, "DENY") {
				t.Errorf("%s: %+v: %v", s.Name, c, err)
			}
			if c.Name == "" {
				continue
			}
			// The engine makes the rows of most tables from hash maps and clocks.
			if strings.Contains(c.Call, "/_cat/") && !oneRow.MatchString(c.Call) && !sorted.MatchString(c.Call) {
				t.Errorf("%s-%s: the rows of %s come in no order; say s=", s.Name, c.Name, c.Call)
			}
			if full := s.Name + "-" + c.Name; names[full] {
				t.Errorf("there are two cases %s", full)
			} else {
				names[full] = true
			}
		}
	}
	versions, err := recorded.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range versions {
		files, _ := recorded.ReadDir("testdata/" + v.Name())
		for _, f := range files {
			if name := strings.TrimSuffix(f.Name(), ".json"); !names[name] {
				t.Errorf("%s/%s belongs to no case", v.Name(), f.Name())
			}
		}
	}
}

func TestGoldenComparison(t *testing.T) {
	body := func(s string) Answer { return Answer{Status: 200, Body: decode([]byte(s))} }
	for name, tc := range map[string]struct {
		name string
		got  Answer
		ok   bool
	}{
		"equal":          {"snapshot-create", body(`{"accepted":true}`), true},
		"another value":  {"snapshot-create", body(`{"accepted":false}`), false},
		"another kind":   {"snapshot-create", body(`{"accepted":"true"}`), false},
		"one more":       {"snapshot-create", body(`{"accepted":true,"x":1}`), false},
		"another status": {"snapshot-create", Answer{Status: 201, Body: decode([]byte(`{"accepted":true}`))}, false},
		"never recorded": {"no-such-case", body(`{}`), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := differs("3.4.0", tc.name, tc.got); (got == "") != tc.ok {
				t.Errorf("said %q", got)
			}
		})
	}
}
