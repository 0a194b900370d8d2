package memory_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// step is one call and what must be in its answer. want is JSON: objects may
// have further members, lists must have the same length, and a string that
// begins with "~" is a regular expression. A want that begins with "=" is the
// text of a plain answer.
type step struct {
	call, body string
	status     int
	want       string
}

// play runs steps in order on one cluster; status 0 means 200.
func (w *world) play(steps []step) {
	w.t.Helper()
	for _, s := range steps {
		if s.status == 0 {
			s.status = 200
		}
		a := w.do(s.call, s.body)
		if a.status != s.status {
			w.t.Errorf("%s %s: status %d, want %d: %.500s", s.call, s.body, a.status, s.status, a.raw)
		}
		if s.want != "" {
			a.has(s.want)
		}
	}
}

// has checks an answer against a want of a step.
func (a answer) has(want string) {
	a.t.Helper()
	if text, plain := strings.CutPrefix(want, "="); plain {
		if a.raw != text {
			a.t.Errorf("%s: answered %q, want %q", a.call, a.raw, text)
		}
		return
	}
	var v any
	if err := json.Unmarshal([]byte(want), &v); err != nil {
		a.t.Fatalf("%s: the want is no JSON: %v: %s", a.call, err, want)
	}
	if miss := lacking("", a.body, v); miss != "" {
		a.t.Errorf("%s: %s\nanswer: %.900s", a.call, miss, a.raw)
	}
}

// lacking says what of want is not in got, "" for nothing.
func lacking(path string, got, want any) string {
	switch want := want.(type) {
	case map[string]any:
		have, isObject := got.(map[string]any)
		if !isObject {
			return fmt.Sprintf("%s is %v, want an object", path, got)
		}
		for k, v := range want {
			inner, ok := have[k]
			if !ok && v != nil {
				return path + "/" + k + " is missing"
			}
			if miss := lacking(path+"/"+k, inner, v); miss != "" {
				return miss
			}
		}
		return ""
	case []any:
		have, isList := got.([]any)
		if !isList || len(have) != len(want) {
			return fmt.Sprintf("%s is %v, want a list of %d", path, got, len(want))
		}
		for i := range want {
			if miss := lacking(fmt.Sprintf("%s/%d", path, i), have[i], want[i]); miss != "" {
				return miss
			}
		}
		return ""
	case string:
		pattern, isPattern := strings.CutPrefix(want, "~")
		if s, isString := got.(string); isPattern && isString && regexp.MustCompile(pattern).MatchString(s) {
			return ""
		}
	}
	if got != want {
		return fmt.Sprintf("%s is %v, want %v", path, got, want)
	}
	return ""
}

func TestLacking(t *testing.T) {
	const got = `{"a":1,"b":{"c":[1,"two",{"d":null}]},"e":"text 42"}`
	for want, good := range map[string]bool{
		`{}`: true, `{"a":1}`: true, `{"a":2}`: false, `{"z":1}`: false, `{"z":null}`: true, `{"b":{"c":[1,"two",{}]}}`: true,
		`{"b":{"c":[1,"two"]}}`: false, `{"b":[]}`: false, `{"e":"~^text \\d+$"}`: true, `{"e":"~nope"}`: false, `{"a":"~1"}`: false, `{"b":{"c":{"d":1}}}`: false,
	} {
		var g, w any
		if json.Unmarshal([]byte(got), &g) != nil || json.Unmarshal([]byte(want), &w) != nil {
			t.Fatal("bad JSON in the test")
		}
		if miss := lacking("", g, w); (miss == "") != good {
			t.Errorf("%s: %q", want, miss)
		}
	}
}

// each runs a test on every engine that has recorded bodies, and on one without.
func each(t *testing.T, f func(t *testing.T, v string)) {
	for _, v := range []string{"7.10.2", "2.19.4", "3.4.0", "2.11.0"} {
		t.Run(v, func(t *testing.T) { f(t, v) })
	}
}
