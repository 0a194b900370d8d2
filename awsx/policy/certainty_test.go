package policy

import (
	"maps"
	"testing"
)

// What is certain must stay so whatever the unknown turns out to be: taking
// knowledge away from a case may make its verdict Unknown, never another one.

func TestLessKnownContextNeverChangesTheVerdict(t *testing.T) {
	doubts := 0
	for _, c := range loadCases(t) {
		for key := range c.Context {
			known := Decide(c.stack, c.request)
			without := c.request
			without.Context = maps.Clone(c.Context)
			delete(without.Context, key)
			absent := Decide(c.stack, without)
			without.ContextUnknown = append([]string{key}, c.Unknown...)
			doubt := Decide(c.stack, without)
			if doubt.Verdict == Unknown {
				doubts++
				continue
			}
			if doubt.Allowed() != known.Allowed() || absent.Verdict != Unknown && doubt.Allowed() != absent.Allowed() {
				t.Errorf("%s/%s: %s with %s unknown, %s as it is, %s when absent", c.file, c.Name, doubt.Verdict, key, known.Verdict, absent.Verdict)
			}
		}
	}
	if doubts == 0 {
		t.Error("no key mattered anywhere: the test looks at nothing")
	}
}

func TestUnreadLayersNeverChangeTheVerdict(t *testing.T) {
	doubts := 0
	for _, c := range loadCases(t) {
		for _, layer := range []Layer{LayerIdentity, LayerResource, LayerBoundary, LayerSession, LayerTrust} {
			if c.Want == Unknown || layer == LayerTrust != (c.Kind == KindTrust) && (layer == LayerTrust || layer == LayerResource) {
				continue
			}
			blind := c.stack
			blind.Unread = append([]Layer{layer}, blind.Unread...)
			switch layer {
			case LayerIdentity:
				blind.Identity = nil
			case LayerBoundary:
				blind.Boundary = nil
			case LayerSession:
				blind.Session = nil
			default:
				blind.Resource = nil
			}
			d := Decide(blind, c.request)
			if d.Verdict == Unknown {
				doubts++
			} else if d.Allowed() != (c.Want == Allow) {
				t.Errorf("%s/%s: %s without having read the %s, want %s", c.file, c.Name, d.Verdict, layer, c.Want)
			}
		}
	}
	if doubts == 0 {
		t.Error("no layer mattered anywhere: the test looks at nothing")
	}
}

func TestUnknownResourceOwner(t *testing.T) {
	for _, c := range loadCases(t) {
		r := c.request
		r.ResourceAccount = ""
		if newAsked(r).ResourceAccount != "" || c.Want == Unknown {
			continue // the ARN tells, or it is in doubt anyhow
		}
		r.ContextUnknown = append([]string{"aws:ResourceAccount"}, c.Unknown...)
		if d := Decide(c.stack, r); d.Verdict != Unknown && d.Allowed() != (c.Want == Allow) {
			t.Errorf("%s/%s: %s without knowing the owner, want %s", c.file, c.Name, d.Verdict, c.Want)
		}
	}
}

// An explicit deny is final: added to any document of any stack it refuses.
func TestDenyIsFinal(t *testing.T) {
	deny := Statement{Sid: "Final", Effect: EffectDeny, Action: []string{"*"}, Resource: []string{"*"}}
	for _, c := range loadCases(t) {
		if c.request.Who.isRoot() {
			continue // identity policies do not reach the root user
		}
		s := c.stack
		s.Identity = append([]Document{{Version: Version2012, Statements: []Statement{deny}}}, s.Identity...)
		if d := Decide(s, c.request); d.Verdict != Deny || d.Layer != LayerIdentity || d.Sid != "Final" {
			t.Errorf("%s/%s: %s by %s %q", c.file, c.Name, d.Verdict, d.Layer, d.Sid)
		}
	}
}
