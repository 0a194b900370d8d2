package cli

import (
	"context"
	"fmt"
	"slices"

	"snapferry/steps"
	"snapferry/steps/diagnose"
	"snapferry/steps/engine"
)

// diagnosed explains an error. A password that a domain refuses is named by its answer.
func (p *place) diagnosed(err error) steps.Diagnosis { return diagnose.Error(p.facts.Refused(err)) }

// decided is what is done about a failed step. Before one is tried again that failed
// by a password, the password is asked for anew: the same one would fail again.
func (p *place) decided(list []engine.Step) func(context.Context, steps.StepID, steps.Diagnosis) engine.Decision {
	decide := p.onFailure(list)
	if decide == nil {
		return nil
	}
	return func(ctx context.Context, step steps.StepID, d steps.Diagnosis) engine.Decision {
		decision := decide(ctx, step, d)
		i := slices.IndexFunc(list, func(s engine.Step) bool { return s.Info().ID == step })
		wrong := slices.ContainsFunc(d.Causes, func(c steps.Cause) bool { return c.ID == "wrong-login" })
		if decision != engine.Retry || !wrong || i < 0 {
			return decision
		}
		if side := list[i].Info().Side; p.spec.Side(side).Mapper.Base == basePassword {
			if err := p.anew(ctx, side); err != nil {
				return engine.Stop
			}
		}
		return decision
	}
}

// anew asks for the password of a side's mapper; enter keeps the one there is.
func (p *place) anew(ctx context.Context, side steps.Side) error {
	user := p.words().Mask(p.spec.Side(side).Mapper.User)
	typed, err := p.secret(ctx, fmt.Sprintf("Password of %s on the %s domain (not shown, not stored; enter keeps the one that was given): ", user, side))
	if err != nil || typed == "" {
		return err
	}
	word := newSecret(typed)
	if p.hushed == nil {
		p.hushed = map[steps.Side]secretWord{}
	}
	p.hushed[side] = word
	p.facts.Repeat(side, word)
	return nil
}
