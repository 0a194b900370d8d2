package ask

import (
	"testing"

	"snapferry/steps/spec"
)

// TestAnotherShape: what was answered for one shape is wrong in another, stands in
// nobody's way there, and is found again by who comes back.
func TestAnotherShape(t *testing.T) {
	two := map[Key]string{
		"shape": string(spec.ShapeTwoAccounts), "source.account": "111122223333", "source.domain": "logs-prod", "bucket.name": "acme-os",
		"target.account": "444455556666", "target.control.base": "profile", "target.control.profile": "next", "target.domain": "logs-next",
		"target.mapper.base": "password", "target.mapper.user": "master", "move.rename_pattern": "",
	}
	for _, other := range []spec.Shape{spec.ShapeSameAccount, spec.ShapeSameDomain} {
		a := answersOf(t, two)
		turn := func(to spec.Shape) {
			q, _, _ := a.Find("shape")
			if e := a.Set(q, string(to)); e != nil {
				t.Fatal(e)
			}
		}
		before := a.Clone()
		turn(other)
		for k, v := range two {
			want := v
			if ofShape(k) {
				want = ""
			} else if k == "shape" {
				want = string(other)
			}
			if got := a.Get(k); got != want {
				t.Errorf("%s: %s is %q, want %q", other, k, got, want)
			}
		}
		if a.Answered("move.rename_pattern") {
			t.Errorf("%s: that no name changes was an answer for another shape", other)
		}
		turn(other)
		q, _, there := a.Find("target.domain")
		if there {
			if e := a.Set(q, "logs-two"); e != nil {
				t.Fatal(e)
			}
		}
		turn(spec.ShapeTwoAccounts)
		for k, v := range two {
			if got := a.Get(k); got != v || a.Answered(k) != before.Answered(k) {
				t.Errorf("%s and back: %s is %q, want %q", other, k, got, v)
			}
		}
		if turn(other); there && a.Get("target.domain") != "logs-two" {
			t.Errorf("%s once more: its domain is %q", other, a.Get("target.domain"))
		}
	}
}
