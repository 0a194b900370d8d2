package steps

import "testing"

func TestBetween(t *testing.T) {
	const (
		bare  = `{"region":"eu"}`
		whole = `{"region":"eu","tags":{"run":"1","by":"us"},"lock":true}`
		one   = `{"S":[{"Sid":"a"}]}`
		two   = `{"S":[{"Sid":"a"},{"Sid":"b"}]}`
	)
	for _, tt := range []struct {
		name                string
		live, before, after Doc
		want                bool
	}{
		{"not begun", bare, bare, whole, true},
		{"done", whole, bare, whole, true},
		{"created, not finished", bare, "", whole, true},
		{"some of it", `{"region":"eu","tags":{"run":"1"}}`, "", whole, true},
		{"something foreign", `{"region":"eu","tags":{"team":"x"}}`, "", whole, false},
		{"another value", `{"region":"us"}`, "", whole, false},
		{"gone", "", bare, whole, false},
		{"lost what both have", `{"tags":{"run":"1","by":"us"}}`, bare, whole, false},
		{"half taken back", `{"region":"eu","lock":true}`, whole, bare, true},
		{"another shape", `{"region":["eu"]}`, bare, whole, false},
		{"a list instead", `["eu"]`, bare, whole, false},
		{"statements", `{"S":[{"Sid":"b"},{"Sid":"a"}]}`, one, two, true},
		{"a foreign statement", `{"S":[{"Sid":"a"},{"Sid":"x"}]}`, one, two, false},
		{"a lost statement", `{"S":[{"Sid":"b"}]}`, one, two, false},
		{"a list where none was", `{"S":[{"Sid":"a"}]}`, "{}", two, true},
		{"no JSON", "x", "y", whole, false},
		{"no JSON at the end", bare, bare, "z", true},
	} {
		if got := (Change{Before: tt.before, After: tt.after}).Underway(tt.live); got != tt.want {
			t.Errorf("%s, of a change: %v", tt.name, got)
		}
		if got := tt.live.Between(tt.before, tt.after); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// TestUnderwayFromBirth: what a thing comes with is neither ours nor foreign.
func TestUnderwayFromBirth(t *testing.T) {
	made := Change{After: `{"key":"ours","lock":true,"tags":{"run":"1"}}`, Newborn: `{"key":"default","lock":true}`}
	for live, want := range map[Doc]bool{
		"":                               true,
		`{"key":"default","lock":true}`:  true,
		`{"key":"ours","lock":true}`:     true,
		`{"key":"default","lock":false}`: false,
		`{"key":"theirs","lock":true}`:   false,
		`{"lock":true}`:                  true,
		`{"key":"default","lock":true,"tags":{"team":"x"}}`: false,
	} {
		if got := made.Underway(live); got != want {
			t.Errorf("%s: %v", live, got)
		}
	}
}
