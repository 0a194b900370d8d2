package preflight

import (
	"context"
	"maps"
	"slices"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/resource"
)

// nobodysID stands for the unique id of a role that is not there yet: no id that a
// policy shows can be its own.
const nobodysID = "AROA0000000000000000"

// snapshotRole is a role the service assumes, as it is or as it will be.
type snapshotRole struct {
	actor
	arn    awsid.ARN
	exists bool
	trust  policy.Document
	// inline by name, attached by ARN.
	inline, attached map[string]policy.Document
}

// file puts a document away, or notes that it cannot be understood.
func (r *snapshotRole) file(w *View, side steps.Side, in map[string]policy.Document, name string, raw account.Document) {
	doc, err := policy.Parse(raw)
	if err != nil {
		r.lacks(policy.LayerIdentity, w.Partly(facts.FactRole, side, err))
		return
	}
	in[name] = doc
}

// gather lists the documents for judging.
func (r *snapshotRole) gather() {
	r.own.Identity = nil
	for _, docs := range []map[string]policy.Document{r.inline, r.attached} {
		for _, name := range slices.Sorted(maps.Keys(docs)) {
			r.own.Identity = append(r.own.Identity, docs[name])
		}
	}
}

// role is the snapshot role of a side. One that is not there under exactly its
// name has exists false.
func (w *View) role(ctx context.Context, side steps.Side) (snapshotRole, error) {
	s := w.Spec().Side(side)
	live, err := w.Role(ctx, side)
	if err != nil {
		return snapshotRole{}, err
	}
	r := snapshotRole{arn: s.Role.ARN, inline: map[string]policy.Document{}, attached: map[string]policy.Document{}}
	if r.arn.IsZero() {
		r.arn = awsid.RoleARN(s.Region.Partition(), s.Account, s.Role.Path, s.Role.Name)
	}
	r.who = policy.Who{Account: string(r.arn.Account), ARN: r.arn.String(), UniqueID: nobodysID}
	if live.Found == nil {
		return r, nil
	}
	found := live.Found
	r.exists, r.arn = true, found.ARN
	r.who = policy.Who{Account: string(found.ARN.Account), ARN: found.ARN.String(), UniqueID: found.UniqueID}
	if found.Incomplete != nil {
		r.lacks(policy.LayerIdentity, w.Partly(facts.FactRole, side, found.Incomplete))
	}
	for name, raw := range found.Inline {
		r.file(w, side, r.inline, name, raw)
	}
	for _, m := range found.Attached {
		r.file(w, side, r.attached, m.ARN.String(), m.Document)
	}
	if r.trust, err = policy.Parse(found.Trust); err != nil {
		return r, w.Partly(facts.FactRole, side, err)
	}
	w.bounded(ctx, side, &r.actor, found.Boundary)
	r.gather()
	return r, nil
}

// roleAfter is the role as the plan leaves it; nil where no step changes it.
func (w *View) roleAfter(ctx context.Context, side steps.Side, r snapshotRole) (snapshotRole, *steps.Change) {
	c, ok := w.Planned(ctx, steps.Ref{Kind: steps.KindRole, Side: side, Name: r.arn.Name()})
	if !ok {
		return r, nil
	}
	doc, there, err := resource.ParseRole(c.After)
	if err != nil || !there {
		return r, nil
	}
	if r.trust, err = resource.ParsePolicy(doc.Trust); err != nil {
		return r, nil
	}
	r.inline = map[string]policy.Document{}
	for name, raw := range doc.Inline {
		if r.inline[name], err = resource.ParsePolicy(raw); err != nil {
			return r, nil
		}
	}
	if boundary, err := awsid.ParseARN(doc.Boundary); err == nil && !r.exists {
		w.bounded(ctx, side, &r.actor, boundary)
	}
	r.gather()
	return r, &c
}

// blindRole is blind of the step that makes or mends a side's snapshot role; an
// adopted one no step mends.
func (w *View) blindRole(ctx context.Context, side steps.Side) error {
	if !w.Spec().Side(side).Role.ARN.IsZero() {
		return nil
	}
	return w.blind(ctx, steps.StepID(string(side)+"-role"))
}
