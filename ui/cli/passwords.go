package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/migrate"
	"snapferry/steps/spec"
)

// basePassword is the answer that says: the mapper is an internal user.
const basePassword = "password"

// passwordName is the variable of the environment a side's password may come in.
func passwordName(side steps.Side) string {
	return "SNAPFERRY_" + strings.ToUpper(string(side)) + "_MAPPER_PASSWORD"
}

// passwords are those of the internal users the answers name: from a file
// descriptor, the environment, the sandbox that made the user, or the person at
// the terminal, in this order. They stay in memory.
func (p *place) passwords(ctx context.Context, sandbox map[steps.Side]secretWord) (map[steps.Side]secretWord, error) {
	got := map[steps.Side]secretWord{}
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		user := p.spec.Side(side).Mapper
		if user.Base != basePassword {
			continue
		}
		if said, ok := got[steps.Source]; ok && p.spec.Shape == spec.ShapeSameDomain && user.User == p.spec.Source.Mapper.User {
			got[side] = said // one user of one domain: asked once
			continue
		}
		made, ok := sandbox[side]
		word, err := p.password(ctx, side, ok)
		if err != nil {
			return nil, err
		}
		switch {
		case !word.IsZero():
			got[side] = word
		case ok:
			got[side] = made
		}
	}
	return got, nil
}

// password is what was given for a side, none where nothing was: whatever cannot
// go on without says so, and a run that has its mappings needs none. A descriptor
// and a person give it once for all times this start connects.
func (p *place) password(ctx context.Context, side steps.Side, known bool) (word secretWord, err error) {
	if p.asked != nil {
		if said := p.asked.Secret(spec.Key(side) + ".mapper.password"); !said.IsZero() {
			return said, nil
		}
	}
	if !p.hushed[side].IsZero() {
		return p.hushed[side], nil
	}
	defer func() {
		if p.hushed == nil {
			p.hushed = map[steps.Side]secretWord{}
		}
		p.hushed[side] = word
	}()
	if fd := p.passwordFD[side]; fd != 0 {
		return readPassword(fd, side)
	}
	if word := p.Env(passwordName(side)); word != "" {
		return newSecret(word), nil
	}
	if known || p.looking || p.unmapped || !p.Interactive() {
		return word, nil
	}
	if p.later != nil {
		p.later[side] = true
		return word, nil
	}
	return p.typedPassword(ctx, side)
}

// typedPassword asks for it; enter goes on without.
func (p *place) typedPassword(ctx context.Context, side steps.Side) (secretWord, error) {
	user := p.words().Mask(p.spec.Side(side).Mapper.User)
	typed, err := p.secret(ctx, fmt.Sprintf("Password of %s on the %s domain (not shown, not stored; enter goes on without): ", user, side))
	return newSecret(typed), err
}

// connected connects, and only then asks for the passwords that are needed: none where
// the signer has its roles already and nothing is mapped that could be taken back.
func (p *place) connected(ctx context.Context) (*facts.Facts, error) {
	p.later = map[steps.Side]bool{}
	f, err := p.connect(ctx)
	later := p.later
	if p.later = nil; err != nil {
		return nil, err
	}
	one := p.spec.Shape == spec.ShapeSameDomain && p.spec.Source.Mapper.User == p.spec.Target.Mapper.User
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		word := p.hushed[steps.Source] // one user of one domain: asked once
		if !later[side] || !p.mapsBack(side) && migrate.Mapped(ctx, f, side) {
			continue
		}
		if side == steps.Source || !one {
			if word, err = p.typedPassword(ctx, side); err != nil {
				return nil, err
			}
		}
		if p.hushed[side] = word; !word.IsZero() {
			f.Repeat(side, word)
		}
	}
	return f, nil
}

// mapsBack says that a command which is no move may have to take back what the run in
// the directory mapped on a side.
func (p *place) mapsBack(side steps.Side) bool {
	return p.questions == nil && p.past != nil && slices.ContainsFunc(p.past.Changes, func(c steps.ChangeState) bool {
		ref := c.Change.Ref
		return c.Undone.IsZero() && ref.Side == side && (ref.Kind == steps.KindRoleMapping || ref.Kind == steps.KindFGACRole)
	})
}

// mostPassword bounds what is read: a password, not a device that never ends.
const mostPassword = 4 << 10

func readPassword(fd int, side steps.Side) (secretWord, error) {
	refused := func(why string) (secretWord, error) {
		return secretWord{}, usage(&steps.Error{
			Summary: steps.T("--%s-mapper-password-fd %d: %s", string(side), fd, why),
			Fix:     steps.T("Hand it over open, as in: snapferry run … --%s-mapper-password-fd 3 3<FILE", string(side)),
		})
	}
	f := os.NewFile(uintptr(fd), "password")
	if fd < 0 || f == nil {
		return refused("there is no such file descriptor")
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, mostPassword))
	if err != nil {
		return refused("it cannot be read")
	}
	word := strings.TrimRight(string(b), "\r\n")
	if word == "" {
		return refused("nothing was in it")
	}
	return newSecret(word), nil
}
