package cli

import (
	"context"
	"fmt"
	"strings"

	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
	"snapferry/ui/term"
)

// typedKeys are access keys as somebody typed them. They are kept in memory only
// and handed on at once.
type typedKeys struct {
	id            string
	secret, token secretWord
}

// newKeys are keys as they were typed or pasted: no key has blanks in it, and what is
// pasted may have them around it.
func newKeys(id, secret, token string) typedKeys {
	return typedKeys{strings.TrimSpace(id), newSecret(strings.TrimSpace(secret)), newSecret(strings.TrimSpace(token))}
}

// askKeys asks for the keys of every identity whose answer says that they are
// typed in. Where nobody can be asked that is an error of the answers.
func (p *place) askKeys(ctx context.Context) (map[facts.Slot]typedKeys, error) {
	got := map[facts.Slot]typedKeys{}
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		s := p.spec.Side(side)
		for _, who := range []struct {
			role facts.Role
			id   spec.Identity
		}{{facts.Control, s.Control}, {facts.Signer, s.Signer}, {facts.Mapper, s.Mapper}} {
			slot := facts.Slot{Side: side, Role: who.role}
			if k, ok := p.typedFor(slot); ok && who.id.Base == "keys" {
				got[slot] = k
				continue
			}
			same := who.role != facts.Control && s.Control.Base == "keys"
			if who.id.Base != "keys" || same || p.looking {
				continue
			}
			// One account, said to be used the same way: one person, asked once.
			if k, ok := got[facts.Slot{Side: steps.Source, Role: who.role}]; ok && p.spec.Source.Account == p.spec.Target.Account {
				got[facts.Slot{Side: side, Role: who.role}] = k
				continue
			}
			k, err := p.askKey(ctx, fmt.Sprintf("%s.%s", side, who.role))
			if err != nil {
				return nil, err
			}
			got[slot] = k
			p.remember(slot, k)
		}
	}
	return got, nil
}

// typedFor are the keys that were typed for a slot already.
func (p *place) typedFor(slot facts.Slot) (typedKeys, bool) {
	if p.asked != nil {
		at := spec.Key(string(slot.Side) + "." + string(slot.Role) + ".keys.")
		if secret := p.asked.Secret(at + "secret"); !secret.IsZero() {
			return newKeys(p.asked.Secret(at+"id").Reveal(), secret.Reveal(), p.asked.Secret(at+"token").Reveal()), true
		}
	}
	k, ok := p.keys[slot]
	return k, ok
}

// remember keeps typed keys for the next time this start connects.
func (p *place) remember(slot facts.Slot, k typedKeys) {
	if p.keys == nil {
		p.keys = map[facts.Slot]typedKeys{}
	}
	p.keys[slot] = k
}

func (p *place) askKey(ctx context.Context, field string) (k typedKeys, err error) {
	if !p.Interactive() {
		return k, term.Exit(term.ExitUsage, &steps.Error{
			Field: field, Summary: steps.T("Keys that are typed in need a terminal to be asked on"),
			Fix: steps.T("Run on a terminal, or answer with a profile, the environment, an instance or a task role"),
		})
	}
	id, err := p.ask(ctx, "Access key id for "+field+": ")
	if err != nil {
		return k, err
	}
	secret, err := p.secret(ctx, "Secret access key (not shown, not stored): ")
	if err != nil {
		return k, err
	}
	token, err := p.secret(ctx, "Session token, if there is one (not shown, not stored): ")
	return newKeys(id, secret, token), err
}

// mfa asks for the six digits of a device; nil where nobody can be asked.
func (p *place) mfa() func(context.Context, string) (string, error) {
	if !p.Interactive() {
		return nil
	}
	return func(ctx context.Context, serial string) (string, error) {
		return p.ask(ctx, "Code of the MFA device "+p.words().Mask(serial)+": ")
	}
}
