package steps

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
)

// Digest fingerprints what a plan does: its changes, their documents and what
// moves under which name. Sizes, counts and the estimate are left out, as they
// drift while the source is live and approve nothing.
func (p Plan) Digest() string {
	// A shape of its own, so that a new field of Change does not make approvals
	// of journals that are already written void.
	type move struct{ Index, As string }
	type change struct {
		ID            string
		Verb          Verb
		Before, After Doc
		Holes         []Hole
	}
	var what struct {
		Purpose Purpose
		Changes []change
		Moves   []move
	}
	what.Purpose = p.Purpose
	for _, s := range p.Steps {
		for _, c := range s.Changes {
			what.Changes = append(what.Changes, change{c.ID, c.Verb, c.Before, c.After, c.Holes})
		}
	}
	for _, m := range p.Moves {
		what.Moves = append(what.Moves, move{m.Index, m.As})
	}
	b, err := json.Marshal(what)
	if err != nil { // strings in, JSON out: it cannot fail, and must not approve if it does
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Change finds a change by id.
func (p Plan) Change(id string) (Change, bool) {
	for _, s := range p.Steps {
		for _, c := range s.Changes {
			if c.ID == id {
				return c, true
			}
		}
	}
	return Change{}, false
}

// Uncovered lists the changes of a plan that no approval in force covers; none
// means that the plan may be run.
//
// An approval lives on when the plan is made again after a stop: what has become
// so since needs no approval, and what is still to be done is covered as long as
// it ends in the approved document and starts from the approved one, or from
// the half-done work of our own intent.
func (s *State) Uncovered(next Plan) []Change {
	if next.Purpose != Migrate {
		if s.InverseApproval.Digest != "" && s.InverseApproval.Digest == next.Digest() {
			return nil
		}
		return choose(next, Change.Mutates)
	}
	return choose(next, func(c Change) bool { return (c.Mutates() || s.abandons(c)) && !s.covered(c) })
}

func choose(p Plan, which func(Change) bool) []Change {
	var chosen []Change
	for _, st := range p.Steps {
		for _, c := range st.Changes {
			if which(c) {
				chosen = append(chosen, c)
			}
		}
	}
	return chosen
}

// abandons says that a change would leave as it is what we began to change: an
// approved end is not given up silently.
func (s *State) abandons(c Change) bool {
	p := s.Pending(c.ID)
	return p != nil && c.Verb == Exists && c.Ref.Kind != KindProof && c.After != p.Change.Before && c.After != p.Change.After
}

// covered compares documents with their holes filled: what was a hole when the
// plan was approved may be known by now.
func (s *State) covered(c Change) bool {
	seen, ok := s.ApprovedPlan.Change(c.ID)
	if !ok || s.Approval.Digest == "" {
		return false
	}
	fill := func(d Doc) Doc { return d.Fill(s.Filled) }
	if fill(c.After) != fill(seen.After) {
		return false
	}
	if c.Verb == Act || fill(c.Before) == fill(seen.Before) {
		return true
	}
	p := s.Pending(c.ID)
	return p != nil && p.Change.After == fill(c.After) && p.Change.Underway(fill(c.Before))
}

const holeOpen, holeClose = "{{hole:", "}}"

// HoleMark is how a hole of that name stands in a document, inside a string.
func HoleMark(name string) string { return holeOpen + name + holeClose }

// Fill puts the values known into the document's holes and leaves the others.
func (d Doc) Fill(values map[string]string) Doc {
	if !strings.Contains(string(d), holeOpen) {
		return d
	}
	s := string(d)
	for name, v := range values {
		q := quoted(v)
		s = strings.ReplaceAll(s, HoleMark(name), string(q[1:len(q)-1]))
	}
	return Doc(s)
}

// Open names the first hole that is still in the document, "" if there is none.
func (d Doc) Open() string {
	_, rest, found := strings.Cut(string(d), holeOpen)
	if !found {
		return ""
	}
	name, _, _ := strings.Cut(rest, holeClose)
	return name
}
