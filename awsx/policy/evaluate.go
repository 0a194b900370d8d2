package policy

import (
	"slices"
	"strings"

	"snapferry/awsx/text"
)

// Evaluate judges a request by one document alone, as if it were the only one.
// Principal is looked at in resource and trust policies only.
func (d Document) Evaluate(layer Layer, r Request) Decision {
	t := newAsked(r).tally(layer, d)
	return t.decide(t.allow.best(), layer)
}

// ref is a statement that decided.
type ref struct {
	layer      Layer
	sid        string
	doc, index int
}

var nowhere = ref{index: -1}

// tally is what the documents of one layer come to.
type tally struct {
	deny             truth
	denyAt, unsureAt ref
	allow            matches
	allowAt          [grants]ref
	why              []Reason
}

// tally judges all documents of a layer.
func (a *asked) tally(layer Layer, docs ...Document) tally {
	t := tally{denyAt: nowhere, unsureAt: nowhere, allowAt: [grants]ref{nowhere, nowhere, nowhere}}
	for i, d := range docs {
		a.variables = d.Version == Version2012
		for j, s := range d.Statements {
			m, reason := a.statement(layer, s)
			if len(d.extra) > 0 && m.best() > no {
				m = m.and(unsure)
				reason.All = append(reason.All, Miss{Element: ElementStatement, Unsure: true, Detail: text.New("the document has elements that are not known here")})
			}
			at := ref{layer, s.Sid, i, j}
			reason.Doc, reason.Index = i, j
			reason.Matched, reason.Unsure = m.best() == yes, m.best() == unsure
			t.why = append(t.why, reason)
			t.add(s.Effect, m, at)
		}
	}
	return t
}

func (t *tally) add(e Effect, m matches, at ref) {
	if slices.Contains(m[:], unsure) && t.unsureAt == nowhere {
		t.unsureAt = at
	}
	if e == EffectDeny {
		if m.best() > t.deny {
			t.deny, t.denyAt = m.best(), at
		}
		return
	}
	for g := range m {
		if m[g] > t.allow[g] {
			t.allow[g], t.allowAt[g] = m[g], at
		}
	}
}

// decide turns what one layer says into a decision; allowed is the answer to
// whether everything that must allow does, missing the layer that does not.
func (t tally) decide(allowed truth, missing Layer) Decision {
	d := Decision{Verdict: Implicit, Layer: missing, Index: -1, Why: t.why}
	at := nowhere
	switch {
	case t.deny == yes:
		d.Verdict, at = Deny, t.denyAt
	case allowed == yes && t.deny == no:
		d.Verdict, at = Allow, t.allowRef()
	case allowed != no:
		d.Verdict, at = Unknown, t.unsureAt
	}
	if at != nowhere {
		d.Layer, d.Sid, d.Doc, d.Index = at.layer, at.sid, at.doc, at.index
	}
	return d
}

func (t tally) allowRef() ref {
	for g := range t.allow {
		if t.allow[g] == yes {
			return t.allowAt[g]
		}
	}
	return nowhere
}

// statement judges one statement. The reason names the first element that is a
// certain no, else the first that cannot be told.
func (a *asked) statement(layer Layer, s Statement) (matches, Reason) {
	l := look{result: yes, reason: Reason{Layer: layer, Sid: s.Sid, Effect: s.Effect}}
	m := matches{direct: yes}
	if layer == LayerResource || layer == LayerTrust {
		var detail text.Text
		m, detail = a.principal(s)
		l.at(ElementPrincipal, m.best(), a.Who.String(), detail)
		if m.best() == yes && slices.Contains(m[:], unsure) {
			// Named for certain, but perhaps also in a way that gives more.
			l.reason.All = append(l.reason.All, Miss{Element: ElementPrincipal, Unsure: true, Want: a.Who.String(), Detail: detail})
		}
	}
	action, detail := a.action(s)
	l.at(ElementAction, action, a.Action, detail)
	if action == no && !a.sameService(s) {
		l.reason.Misses++
	}
	resource, detail := a.resource(layer, s)
	l.at(ElementResource, resource, a.Resource, detail)
	a.conditions(s.Condition, func(key string, t truth, detail text.Text) { l.at(ElementCondition, t, key, detail) })
	if len(s.extra) > 0 {
		l.at(ElementStatement, unsure, "", text.New("the statement has elements that are not known here"))
	}
	return m.and(l.result), l.reason
}

// look gathers what is found at the elements of one statement.
type look struct {
	result truth
	reason Reason
}

func (l *look) at(element Element, t truth, want string, detail text.Text) {
	if t == yes {
		return
	}
	known := func(m Miss) bool { return m.Element == element && !m.Unsure }
	if t == no && !slices.ContainsFunc(l.reason.All, known) {
		l.reason.Misses++
	}
	if t < l.result {
		l.result, l.reason.Element, l.reason.Detail = t, element, detail
	}
	l.reason.All = append(l.reason.All, Miss{Element: element, Unsure: t == unsure, Want: want, Detail: detail})
}

// action compares without regard to letter case.
func (a *asked) action(s Statement) (truth, text.Text) {
	anyOf := func(values []string) truth {
		result := no
		for _, v := range values {
			g, _ := (&asked{}).compile(strings.ToLower(v), true)
			result = or(result, truthOf(g.match(strings.ToLower(a.Action))))
		}
		return result
	}
	if s.NotAction != nil {
		return not(anyOf(s.NotAction)), text.New("NotAction leaves out %s", a.Action)
	}
	return anyOf(s.Action), text.New("Action is %s and the request is %s", strings.Join(s.Action, ", "), a.Action)
}

// sameService says that the statement speaks of the request's service at all.
func (a *asked) sameService(s Statement) bool {
	want, _, _ := strings.Cut(strings.ToLower(a.Action), ":")
	return s.NotAction != nil || slices.ContainsFunc(s.Action, func(v string) bool {
		have, _, _ := strings.Cut(strings.ToLower(v), ":")
		return have == want
	})
}

// resource compares with regard to letter case. A trust policy names none: it is
// about the role it stands on.
func (a *asked) resource(layer Layer, s Statement) (truth, text.Text) {
	switch {
	case s.NotResource != nil:
		t, void := a.anyResource(s.NotResource)
		if void {
			t = yes
		}
		return not(t), text.New("NotResource leaves out %s", a.Resource)
	case s.Resource != nil:
		t, _ := a.anyResource(s.Resource)
		return t, text.New("Resource is %s and the request is for %s", strings.Join(s.Resource, ", "), a.Resource)
	}
	return truthOf(layer == LayerResource || layer == LayerTrust), text.New("the statement names no Resource")
}

// anyResource also says whether a value is void because a variable in it has no
// value in this request.
func (a *asked) anyResource(values []string) (result truth, void bool) {
	for _, v := range values {
		t, ok := a.oneResource(v)
		result, void = or(result, t), void || !ok
	}
	return result, void
}

// oneResource compares an ARN part by part; parts that a short pattern leaves
// out match anything. A star that would have to reach over a colon is a case
// that AWS's documents exclude and its services do not all.
func (a *asked) oneResource(value string) (truth, bool) {
	g, known := a.compile(value, true)
	switch {
	case known == no:
		return no, false
	case value == "*":
		return yes, true
	case g.matchParts(a.Resource, glob{star}):
		return known, true
	case g.match(a.Resource):
		return unsure, true
	}
	return no, true
}
