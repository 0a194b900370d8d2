package policy

import (
	"slices"
	"strings"

	"snapferry/awsx/text"
)

// Explain says for people why it was decided so: which statement it was, and
// where nothing allowed, what each layer lacks that would have had to.
func Explain(r Request, d Decision) text.Text {
	layer := layerName(d.Layer, r.Action)
	by := statementName(d.Sid, d.Index)
	switch d.Verdict {
	case Allow:
		if d.Index < 0 {
			return text.New("Allowed: the root user of the account may do everything in it")
		}
		return text.New("Allowed by %s of the %s", by, layer)
	case Deny:
		return text.New("Denied by %s of the %s, which no other policy can lift", by, layer)
	case Unknown:
		return text.New("It cannot be told whether %s on %s is allowed: %s", r.Action, r.Resource, joined(Lacks(r, d)))
	}
	return text.New("Nothing allows %s on %s: %s", r.Action, r.Resource, joined(Lacks(r, d)))
}

func joined(lacks []Lack) text.Text {
	out := lacks[0].Text
	for _, l := range lacks[1:] {
		out = text.New("%s; %s", out, l.Text)
	}
	return out
}

// Lack is what one layer would have to say for a request to be allowed, and does
// not.
type Lack struct {
	Layer Layer
	// Sid, Doc and Index name the statement that comes nearest; Index is -1 where
	// none is near, and Misses is then empty.
	Sid        string
	Doc, Index int
	// Misses are what keeps that statement from applying: the action, resource,
	// caller or condition to add or correct.
	Misses []Miss
	// Unsure says that it cannot be told whether the layer lacks anything.
	Unsure bool
	// Text is all of it as a clause about "it", the request.
	Text text.Text
}

// Lacks lists what stands between a request and its being allowed, a layer each:
// for Implicit what would have to be added, for Unknown what is in doubt, for
// Deny the statement that denies. It is empty for Allow and never otherwise.
func Lacks(r Request, d Decision) []Lack {
	switch d.Verdict {
	case Allow:
		return nil
	case Deny:
		return []Lack{{
			Layer: d.Layer, Sid: d.Sid, Doc: d.Doc, Index: d.Index,
			Text: text.New("%s of the %s denies it, which no other policy can lift", statementName(d.Sid, d.Index), layerName(d.Layer, r.Action)),
		}}
	case Unknown:
		return doubts(r, d)
	}
	out := make([]Lack, 0, len(d.Lacking))
	for _, layer := range d.Lacking {
		out = append(out, lack(r, d, layer))
	}
	return out
}

// lack is what one layer that would have to allow does not say.
func lack(r Request, d Decision, layer Layer) Lack {
	name := layerName(layer, r.Action)
	near, found := nearest(d, layer)
	if !found {
		return Lack{
			Layer: layer, Index: -1,
			Text: text.New("no statement of the %s allows it", name),
		}
	}
	return Lack{
		Layer: layer, Sid: near.Sid, Doc: near.Doc, Index: near.Index, Misses: near.All,
		Text: text.New("%s of the %s comes nearest, but %s", statementName(near.Sid, near.Index), name, details(near.All)),
	}
}

// nearest is the Allow of a layer that failed by one element alone, the later
// that element the nearer.
func nearest(d Decision, layer Layer) (Reason, bool) {
	order := []Element{ElementPrincipal, ElementAction, ElementResource, ElementCondition}
	rank := func(r Reason) int { return slices.Index(order, r.Element) }
	best, found := Reason{}, false
	for _, r := range d.Why {
		if r.Layer == layer && r.Effect == EffectAllow && r.Misses == 1 && (!found || rank(r) > rank(best)) {
			best, found = r, true
		}
	}
	return best, found
}

// doubts are the statements and layers that cannot be judged.
func doubts(r Request, d Decision) []Lack {
	var out []Lack
	for _, why := range d.Why {
		named := slices.ContainsFunc(why.All, func(m Miss) bool { return m.Unsure })
		if !why.Unsure && !(why.Matched && named) {
			continue
		}
		l := Lack{Layer: why.Layer, Sid: why.Sid, Doc: why.Doc, Index: why.Index, Misses: why.All, Unsure: true, Text: why.Detail}
		if why.Index >= 0 {
			l.Text = text.New("of %s of the %s, %s", statementName(why.Sid, why.Index), layerName(why.Layer, r.Action), details(why.All))
		}
		out = append(out, l)
	}
	return out
}

func details(misses []Miss) text.Text {
	out := misses[0].Detail
	for _, m := range misses[1:] {
		out = text.New("%s, and %s", out, m.Detail)
	}
	return out
}

// Gap is a request that is not allowed, or not certainly.
type Gap struct {
	Request  Request
	Decision Decision
	Lacks    []Lack
	Text     text.Text
}

// Gaps judges many requests by one stack and gives those that are not certainly
// allowed, in order: what a caller lacks for a piece of work.
func Gaps(s Stack, requests ...Request) []Gap {
	var out []Gap
	for _, r := range requests {
		if d := Decide(s, r); !d.Allowed() {
			out = append(out, Gap{r, d, Lacks(r, d), Explain(r, d)})
		}
	}
	return out
}

// Lacks says which elements of one statement keep it from applying to a request,
// nil if it applies; the statement stands in a document of this version.
func (s Statement) Lacks(layer Layer, version string, r Request) []Miss {
	a := newAsked(r)
	a.variables = version == Version2012
	_, reason := a.statement(layer, s)
	return reason.All
}

// statementName is how to find a statement: its Sid, or its number from 1.
func statementName(sid string, index int) text.Text {
	if sid != "" {
		return text.New("statement %q", sid)
	}
	return text.New("statement number %d", index+1)
}

// layerName is what people call the policy of a resource.
func layerName(l Layer, action string) string {
	if l != LayerResource {
		return string(l)
	}
	switch service, _, _ := strings.Cut(strings.ToLower(action), ":"); service {
	case "s3":
		return string(KindBucket)
	case "kms":
		return string(KindKey)
	case "es":
		return string(KindDomainAccess)
	}
	return string(l)
}
