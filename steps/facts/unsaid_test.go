package facts

import (
	"testing"

	"snapferry/steps"
	"snapferry/steps/spec"
)

// TestWhatIsUnsaidIsThatSides: two sides of which nothing is known are not one, and
// whoever asks for one while the other is asked for does not share its answer.
func TestWhatIsUnsaidIsThatSides(t *testing.T) {
	known := spec.SideSpec{Account: "111111111111", Region: "eu-west-1", Domain: "logs", Control: spec.Identity{Base: "environment"}, Signer: spec.Identity{Base: "environment"}}
	without := func(drop func(*spec.SideSpec)) spec.SideSpec {
		s := known
		drop(&s)
		return s
	}
	for name, c := range map[string]struct {
		side spec.SideSpec
		one  bool
	}{
		"all said":       {known, true},
		"no domain":      {without(func(s *spec.SideSpec) { s.Domain = "" }), false},
		"by its host":    {without(func(s *spec.SideSpec) { s.Domain, s.Endpoint = "", "vpc-logs.eu-west-1.es.amazonaws.com" }), true},
		"no region":      {without(func(s *spec.SideSpec) { s.Region = "" }), false},
		"nothing at all": {spec.SideSpec{}, false},
	} {
		f := &Facts{opts: Options{Spec: &spec.Spec{Source: c.side, Target: c.side}}, spec: &spec.Spec{Source: c.side, Target: c.side}}
		if one := f.at(Slot{steps.Source, Signer}) == f.at(Slot{steps.Target, Signer}); one != c.one {
			t.Errorf("%s: the sides share what is learned: %t", name, one)
		}
	}
}
