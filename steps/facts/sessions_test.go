package facts_test

import (
	"testing"

	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// TestViewsShareSessions: a second view asks with the session of the first, and
// with a secret that was typed anew for the same key id.
func TestViewsShareSessions(t *testing.T) {
	r := newRoad(t)
	own := r.box.Info().Accounts[0]
	shared := &facts.Sessions{}
	s := answers(func(s *spec.Spec) { s.Source.Control = spec.Identity{Base: "keys"} })
	view := func(secret string) *facts.Facts {
		return r.open(s, func(o *facts.Options) {
			o.Sessions = shared
			o.Keys = map[facts.Slot]session.Keys{{Side: steps.Source, Role: facts.Control}: {AccessKeyID: own.AccessKey, Secret: session.NewSecret(secret)}}
		})
	}
	opened := func(f *facts.Facts) *session.Session {
		got, err := f.Session(r.ctx, steps.Source, facts.Control)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	mistyped := view("wrong")
	if _, err := mistyped.Identity(r.ctx, steps.Source, facts.Control); err == nil {
		t.Fatal("a wrong secret was taken")
	}
	right := view(own.Secret)
	if opened(mistyped) != opened(right) {
		t.Error("each view opened a session of its own")
	}
	if who, err := right.Identity(r.ctx, steps.Source, facts.Control); err != nil || who.Account != own.ID {
		t.Errorf("with the secret typed again: %+v, %v", who, err)
	}
	if alone := r.open(s, func(o *facts.Options) {
		o.Keys = map[facts.Slot]session.Keys{{Side: steps.Source, Role: facts.Control}: {AccessKeyID: own.AccessKey, Secret: session.NewSecret(own.Secret)}}
	}); opened(alone) == opened(right) {
		t.Error("a view that shares nothing got a session of others")
	}
}
