package policy

import (
	"slices"

	"snapferry/awsx/text"
)

// Stack is every document that has a say in a request.
type Stack struct {
	Identity []Document
	// Boundary is nil where the principal has none.
	Boundary *Document
	// Session holds session policies; empty means none were passed.
	Session []Document
	// Resource is the policy on the resource, nil where it has none; Kind says
	// which (bucket, key, domain access, trust).
	Resource *Document
	Kind     Kind
	// Unread lists layers whose documents could not be read: what they would
	// say is unknown, which is not the same as nothing.
	Unread []Layer
}

// Decide judges a request by all documents together, as AWS does: an explicit
// deny anywhere is final; within an account identity or resource policy must
// allow (on keys and roles the resource's policy must), across accounts both;
// boundary and session policies cap what identity policies and grants to roles
// give, but not what the resource grants a user, a session or everybody by name.
// Organisation policies are not part of it.
func Decide(s Stack, r Request) Decision {
	a := newAsked(r)
	a.bounded = s.Boundary != nil
	j := judgement{who: r.Who, kind: s.Kind, resourceLayer: s.resourceLayer()}
	j.identity = s.read(a, LayerIdentity, s.Identity...)
	if r.Who.isRoot() {
		// The root user needs no identity policy and can have none.
		j.identity = a.tally(LayerIdentity)
		j.identity.allow[direct] = yes
	}
	j.boundary, j.session = s.cap(a, LayerBoundary, deref(s.Boundary)...), s.cap(a, LayerSession, s.Session...)
	j.resource = s.read(a, j.resourceLayer, deref(s.Resource)...)
	same := sameAccount(a)
	allowed := j.allowed(same)
	lacking := j.lacking(same)
	d := j.all(allowed).decide(allowed, lacking[0])
	if d.Verdict == Implicit {
		d.Lacking = lacking
	}
	if same == unsure && d.Verdict == Unknown {
		d.Why = append(d.Why, Reason{
			Layer: j.resourceLayer, Index: -1, Unsure: true, Element: ElementOwner,
			Detail: text.New("it is not known whose %s is, and another account needs more", r.Resource),
		})
	}
	return d
}

func (s Stack) resourceLayer() Layer {
	if s.Kind == KindTrust {
		return LayerTrust
	}
	return LayerResource
}

func deref(d *Document) []Document {
	if d == nil {
		return nil
	}
	return []Document{*d}
}

// read judges a layer; one that could not be read may say anything.
func (s Stack) read(a *asked, layer Layer, docs ...Document) tally {
	t := a.tally(layer, docs...)
	if slices.Contains(s.Unread, layer) {
		t.deny, t.unsureAt = max(t.deny, unsure), ref{layer: layer, index: -1}
		t.allow = t.allow.or(matches{unsure, unsure, unsure})
		t.why = append(t.why, Reason{
			Layer: layer, Index: -1, Unsure: true, Element: ElementDocument,
			Detail: text.New("the %s could not be read", layerName(layer, a.Action)),
		})
	}
	return t
}

// cap is read for a layer that only limits: where there is none, nothing does.
func (s Stack) cap(a *asked, layer Layer, docs ...Document) tally {
	t := s.read(a, layer, docs...)
	if len(docs) == 0 && !slices.Contains(s.Unread, layer) {
		t.allow[direct] = yes
	}
	return t
}

func sameAccount(a *asked) truth {
	if a.ResourceAccount == "" || a.Who.Account == "" {
		return unsure
	}
	return truthOf(a.ResourceAccount == a.Who.Account)
}

// judgement is what each layer says about one request.
type judgement struct {
	who           Who
	kind          Kind
	resourceLayer Layer

	identity, boundary, session, resource tally
}

// allowed says whether everything that must allow does.
func (j judgement) allowed(same truth) truth {
	if j.who.Anonymous || j.who.Service != "" {
		return j.resource.allow[direct]
	}
	limits := and(j.boundary.allow[direct], j.session.allow[direct])
	base := and(j.identity.allow[direct], limits)
	within, across := j.within(limits, base), and(j.resource.allow.best(), base)
	switch {
	case same == yes || within == across:
		return within
	case same == no:
		return across
	}
	return unsure
}

func (j judgement) needsResource() bool { return j.kind == KindKey || j.kind == KindTrust }

// within is the rule inside one account.
func (j judgement) within(limits, base truth) truth {
	granted := j.resource.allow
	result := or(granted[direct], or(and(granted[toRole], limits), and(granted[toAccount], base)))
	if j.needsResource() {
		return result
	}
	return or(result, base)
}

// lacking lists the layers that would have to allow and do not, the one that AWS
// names first. Within an account it is the shortest way that is asked for: a key
// that names the role needs no identity policy.
func (j judgement) lacking(same truth) []Layer {
	if j.who.Anonymous || j.who.Service != "" {
		return []Layer{j.resourceLayer}
	}
	granted := j.resource.allow
	var out []Layer
	if granted.best() == no && (same != yes || j.needsResource()) {
		out = append(out, j.resourceLayer)
		if same == yes {
			return out
		}
	}
	if j.identity.allow[direct] == no && (same != yes || granted[toRole] == no) {
		out = append(out, LayerIdentity)
	}
	if j.boundary.allow[direct] == no {
		out = append(out, LayerBoundary)
	}
	if j.session.allow[direct] == no {
		out = append(out, LayerSession)
	}
	if out == nil {
		// Nothing is a certain no: it is in doubt, or everything allows.
		out = []Layer{j.resourceLayer, LayerIdentity}
	}
	return out
}

// all puts the layers together. The deciding deny is the first in the order
// identity, resource, boundary, session: AWS names one and does not say how it
// chooses.
func (j judgement) all(allowed truth) tally {
	out := tally{denyAt: nowhere, unsureAt: nowhere, allowAt: [grants]ref{nowhere, nowhere, nowhere}}
	for _, t := range []tally{j.identity, j.resource, j.boundary, j.session} {
		if t.deny > out.deny {
			out.deny, out.denyAt = t.deny, t.denyAt
		}
		if out.unsureAt == nowhere {
			out.unsureAt = t.unsureAt
		}
		out.why = append(out.why, t.why...)
	}
	if allowed == yes {
		out.allow[direct], out.allowAt[direct] = yes, j.allowedBy()
	}
	return out
}

// allowedBy is the statement to name as the one that allowed: the identity's if
// that took part, since it is the caller's own.
func (j judgement) allowedBy() ref {
	base := and(j.identity.allow[direct], and(j.boundary.allow[direct], j.session.allow[direct]))
	if base == yes && !j.needsResource() {
		return j.identity.allowAt[direct]
	}
	return j.resource.allowRef()
}
