package facts_test

import (
	"strings"
	"testing"

	"snapferry/steps"
	"snapferry/steps/facts"
)

func TestReplicaRule(t *testing.T) {
	plain, one, standby, wide := facts.ReplicaRule{Nodes: 3, Copies: 1}, facts.ReplicaRule{Nodes: 1, Copies: 1}, facts.ReplicaRule{Nodes: 3, Copies: 3}, facts.ReplicaRule{Nodes: 6, Copies: 3}
	for _, c := range []struct {
		rule    facts.ReplicaRule
		n, fit  int
		trouble string
	}{
		{plain, 0, 0, ""},
		{plain, 1, 1, ""},
		{plain, 2, 2, ""},
		{plain, 3, 2, "3 replicas need 4 data nodes"},
		{one, 0, 0, ""},
		{one, 1, 0, "there are 1"},
		{standby, 0, 2, "multiple of 3"},
		{standby, 1, 2, "1 replicas make 2 copies"},
		{standby, 2, 2, ""},
		{standby, 5, 2, "need 6 data nodes"},
		{wide, 3, 5, "multiple of 3"},
		{wide, 5, 5, ""},
		{wide, 9, 5, "need 10 data nodes"},
	} {
		if got := c.rule.Fit(c.n); got != c.fit {
			t.Errorf("%+v fits %d to %d, wants %d", c.rule, c.n, got, c.fit)
		}
		got := c.rule.Trouble(c.n).String()
		if (c.trouble == "") != (got == "") || !strings.Contains(got, c.trouble) {
			t.Errorf("%+v with %d: %q", c.rule, c.n, got)
		}
		if c.rule.Nodes >= c.rule.Copies && !c.rule.Trouble(c.rule.Fit(c.n)).IsZero() {
			t.Errorf("%+v fits %d to what it cannot hold", c.rule, c.n)
		}
	}
}

func TestReplicaRuleOfADomain(t *testing.T) {
	r := newRoad(t)
	got, err := r.open(answers(nil)).Replicas(r.ctx, steps.Source)
	if err != nil || got != (facts.ReplicaRule{Nodes: 3, Copies: 1}) {
		t.Errorf("%+v %v", got, err)
	}
}
