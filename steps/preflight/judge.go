package preflight

import (
	"maps"
	"slices"
	"strings"

	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/resource"
)

// plea is what somebody wants to do, with his own policies and the policy of what
// he wants to do it with.
type plea struct {
	actor
	requests []policy.Request
	// resource is nil where there is none; unreadResource why it could not be read.
	resource       *policy.Document
	kind           policy.Kind
	unreadResource error
}

// everything stands in for a layer that is not the one to be judged.
var everything = policy.Document{Version: policy.Version2012, Statements: []policy.Statement{
	{Effect: policy.EffectAllow, Action: []string{"*"}, Resource: []string{"*"}},
}}

// ownGaps are the requests that the one who asks lacks rights of his own for. The
// other side is taken to agree, as it has a check of its own; what it grants him
// by name, he needs no right of his own for.
func (p plea) ownGaps() []policy.Gap {
	if p.who.Anonymous || p.who.Service != "" {
		return nil // no rights of its own could help
	}
	var gaps []policy.Gap
	for _, r := range p.requests {
		both := p.own
		both.Resource, both.Kind = p.resource, p.kind
		if p.unreadResource != nil {
			both.Unread = append(slices.Clone(both.Unread), policy.LayerResource)
		}
		together := policy.Decide(both, r)
		if together.Allowed() {
			continue
		}
		alone := r
		alone.ResourceAccount = p.who.Account
		for _, g := range policy.Gaps(p.own, alone) {
			if g.Decision.Verdict == policy.Implicit && together.Verdict == policy.Unknown && p.unreadResource != nil {
				g.Decision.Verdict = policy.Unknown // what could not be read may grant it
			}
			gaps = append(gaps, g)
		}
	}
	return gaps
}

// resourceGaps are the requests in whose way the resource's policy stands, however
// much the one who asks may do.
func (p plea) resourceGaps() []policy.Gap {
	s := policy.Stack{Identity: []policy.Document{everything}, Resource: p.resource, Kind: p.kind}
	if p.own.Boundary != nil || slices.Contains(p.own.Unread, policy.LayerBoundary) {
		s.Boundary = &everything
	}
	if p.unreadResource != nil {
		s.Unread = []policy.Layer{policy.LayerResource}
	}
	return policy.Gaps(s, p.requests...)
}

// ruling is what gaps are turned into a finding by.
type ruling struct {
	now []policy.Gap
	// absent says that the thing is not there yet, so that now means nothing.
	absent bool
	// then are the gaps the plan leaves, by the changes of these things; change is
	// nil where no step that can be planned changes any of them.
	then   []policy.Gap
	change *steps.Change
	// unread is why something of what would decide is not known, left the same of
	// what the plan leaves; stuck why it is not known whether the plan mends it.
	unread, left, stuck error
	// seen is what was looked at, as evidence.
	seen []steps.Text
	// fix is the way out where no step is one.
	fix func(policy.Gap) steps.Fix
}

// rule says that all is well, that the plan makes it well, or that it stops. A gap
// the plan leaves that cannot be judged is one: what is unknown is never well.
func (v verdict) rule(r ruling) steps.Finding {
	mended := r.change != nil && len(r.then) == 0
	switch {
	case r.absent && mended:
		found := v.pass(append(r.seen, steps.T("there is none yet; the plan makes it so: %s", r.change.Summary))...)
		found.Fix.Step = r.change.Step
		return found
	case r.absent && r.change == nil:
		return v.skipped(spellingID, steps.T("there is none yet, and no step can be planned that would make it"))
	case r.absent:
		r.now, r.unread = r.then, r.left
	case len(r.now) == 0:
		return v.pass(r.seen...)
	}
	evidence := append(slices.Clone(r.seen), tried(r.now)...)
	switch {
	case !certain(r.now) && r.unread != nil:
		return v.unread(r.unread)
	case !certain(r.now):
		return v.doubt(cause(r.now), evidence...)
	case mended && !r.absent:
		return v.mended(cause(r.now), *r.change, evidence...)
	case r.change != nil && !certain(r.then) && r.left != nil:
		return v.open(cause(r.now), r.left, evidence...)
	case r.change != nil && !certain(r.then):
		return v.doubt(steps.T("%s. Whether the plan puts it right is not known: %s", cause(r.now), cause(r.then)), append(evidence, tried(r.then)...)...)
	}
	if r.change == nil && r.stuck != nil {
		return v.open(cause(r.now), r.stuck, evidence...)
	}
	first := r.now[slices.IndexFunc(r.now, isCertain)]
	return v.fail(cause(r.now), r.fix(first), evidence...)
}

// doubt is the finding of what rests on a condition that cannot be judged here.
func (v verdict) doubt(cause steps.Text, evidence ...steps.Text) steps.Finding {
	found := v.finding(steps.Unknown)
	found.Cause, found.Evidence = cause, evidence
	found.Fix.Text = steps.T("Look at the statement: what it asks for cannot be known from here")
	return found
}

// open is the finding of what is not so, where it cannot be told whether the plan
// puts it right.
func (v verdict) open(cause steps.Text, stuck error, evidence ...steps.Text) steps.Finding {
	found := v.unread(stuck)
	if found.Outcome != steps.Unknown {
		return found
	}
	found.Cause = steps.T("%s. Whether the plan puts it right is not known: %s", cause, found.Cause)
	found.Evidence = append(evidence, found.Evidence...)
	return found
}

// mended is the finding of what a step of the plan puts right.
func (v verdict) mended(cause steps.Text, c steps.Change, evidence ...steps.Text) steps.Finding {
	found := v.note(cause, evidence...)
	found.Fix = steps.Fix{Text: steps.T("The plan does it: %s", c.Summary), Step: c.Step, Diff: diff(c)}
	if c.Unread {
		found.Fix.Text = steps.T("The plan hands it over, as nobody here may do it: %s", c.Summary)
	}
	return found
}

func isCertain(g policy.Gap) bool { return g.Decision.Verdict != policy.Unknown }

// certain says that something is refused for sure.
func certain(gaps []policy.Gap) bool { return slices.ContainsFunc(gaps, isCertain) }

// cause tells the first gap that is certain, else the first, and how many are
// like it.
func cause(gaps []policy.Gap) steps.Text {
	i := max(slices.IndexFunc(gaps, isCertain), 0)
	g := gaps[i]
	why := g.Lacks[0].Text
	for _, l := range g.Lacks[1:] {
		why = steps.T("%s; %s", why, l.Text)
	}
	if len(gaps) == 1 {
		return steps.T("%s on %s: %s", g.Request.Action, g.Request.Resource, why)
	}
	return steps.T("%s on %s: %s (and %d more that are refused)", g.Request.Action, g.Request.Resource, why, len(gaps)-1)
}

func tried(gaps []policy.Gap) []steps.Text {
	var out []steps.Text
	for _, g := range gaps {
		out = append(out, steps.T("tried %s on %s: %s", g.Request.Action, g.Request.Resource, string(g.Decision.Verdict)))
	}
	return out
}

// diff shows what a change adds and takes away, of policies statement by statement.
func diff(c steps.Change) string {
	switch c.Ref.Kind {
	case steps.KindRole:
		before, _, err := resource.ParseRole(c.Before)
		after, _, err2 := resource.ParseRole(c.After)
		if err != nil || err2 != nil {
			return ""
		}
		parts := []string{between(before.Trust, after.Trust)}
		for _, name := range slices.Sorted(maps.Keys(after.Inline)) {
			parts = append(parts, between(before.Inline[name], after.Inline[name]))
		}
		return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n")
	case steps.KindBucketPolicy, steps.KindKeyPolicy, steps.KindAccessPolicy, steps.KindSignerGrant:
		return between(c.Before, c.After)
	}
	return marked(policy.DiffCanonical(string(c.Before), string(c.After)))
}

// between compares two policies.
func between(before, after steps.Doc) string {
	b, err := resource.ParsePolicy(before)
	a, err2 := resource.ParsePolicy(after)
	if err != nil || err2 != nil {
		return ""
	}
	return marked(policy.Diff(b, a))
}

func marked(lines []policy.Line) string {
	var b strings.Builder
	for _, l := range lines {
		switch l.Kind {
		case policy.LineAdd:
			b.WriteString("+ " + l.Text + "\n")
		case policy.LineRemove:
			b.WriteString("- " + l.Text + "\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}
