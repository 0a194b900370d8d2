package facts_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// TestWhatIsUnsaidIsThatSides: two sides of which nothing is known are not one.
func TestWhatIsUnsaidIsThatSides(t *testing.T) {
	r := newRoad(t)
	for name, s := range map[string]*spec.Spec{
		"nothing said": answers(func(s *spec.Spec) { s.Source, s.Target = spec.SideSpec{}, spec.SideSpec{} }),
		"no domain":    answers(func(s *spec.Spec) { s.Target = s.Source; s.Source.Domain, s.Target.Domain = "", "" }),
	} {
		f := r.open(s)
		var all sync.WaitGroup
		for i := range 200 { // who asks while another does shares the answer
			side := []steps.Side{steps.Target, steps.Source}[i%2]
			all.Go(func() {
				_, described := f.Domain(r.ctx, side)
				_, indices := f.Indices(r.ctx, side)
				_, who := f.Identity(r.ctx, side, facts.Control)
				for _, err := range []error{described, indices, who} {
					var said *steps.Error
					if errors.As(err, &said) && !strings.HasPrefix(said.Field, string(side)+".") {
						t.Errorf("%s: the %s misses %s", name, side, said.Field)
					}
				}
				if described == nil || indices == nil {
					t.Errorf("%s: the %s is known", name, side)
				}
			})
		}
		all.Wait()
	}
}
