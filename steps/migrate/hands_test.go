package migrate

import (
	"errors"
	"testing"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// TestWhatTheMapperWasNotAskedFor: what the signer is refused is done as the mapper;
// where that one's secret was not given, this is what is told, the refusal after it.
func TestWhatTheMapperWasNotAskedFor(t *testing.T) {
	r := newRoad(t, options{})
	refused := func(*cluster.Cluster) error { return &failure.Failure{Kind: failure.Denied, Message: "no permissions"} }
	for base, notSaid := range map[string]bool{"keys": true, "none": false, "": false} {
		r.spec.Target.Mapper = spec.Identity{Base: base}
		r.start()
		err := (&route{spec: r.spec, facts: r.facts}).allowed(r.ctx, steps.Target, refused)
		if errors.Is(err, facts.ErrNotSaid) != notSaid || !failure.Is(err, failure.Denied) {
			t.Errorf("mapper %q: %v", base, err)
		}
	}
}
