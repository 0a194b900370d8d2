package sandbox

import (
	"context"
	"fmt"
	"slices"
	"time"

	"snapferry/awsx/sandbox/world"
	"snapferry/awsx/text"
)

// Fault is a fault card: one thing in the world that is set wrongly, so that the
// failure happens by itself.
type Fault struct {
	ID string
	// Sets is what is set wrongly, Sees what somebody meets who walks the road.
	Sets, Sees text.Text
}

// card is a fault with how it is dealt. seed changes the new world, deal the new
// clusters and buckets, when they stand; deal may run again after a kill.
type card struct {
	Fault
	// access are the kinds of domains the fault needs; where nobody asked for
	// another kind the first of them is taken.
	access map[string][]AccessKind
	seed   func(*world.State, time.Time) error
	deal   func(context.Context, *Sandbox) error
}

// Faults are the fault cards there are, in the order of the road.
func Faults() []Fault {
	out := make([]Fault, len(cards))
	for i, c := range cards {
		out[i] = c.Fault
	}
	return out
}

// dealt are the cards that were asked for, in the order of Faults.
func (o Options) dealt() ([]card, error) {
	for _, id := range o.Faults {
		if !slices.ContainsFunc(cards, func(c card) bool { return c.ID == id }) {
			return nil, fmt.Errorf("the sandbox has no fault card %q", id)
		}
	}
	return slices.DeleteFunc(slices.Clone(cards), func(c card) bool { return !slices.Contains(o.Faults, c.ID) }), nil
}

// withFaults sees to it that the domains are such that the cards can take effect.
func (o Options) withFaults() (Options, error) {
	asked, err := o.dealt()
	if err != nil {
		return o, err
	}
	kinds := map[string]AccessKind{}
	for label, kind := range o.Access {
		kinds[label] = kind
	}
	for _, c := range asked {
		for label, needs := range c.access {
			have, said := kinds[label]
			if !said && !slices.Contains(needs, usualAccess(label)) {
				kinds[label] = needs[0]
			}
			if said && !slices.Contains(needs, have) {
				return o, &MadeError{fmt.Sprintf("the fault card %s needs a %s domain that is %v, not %s", c.ID, label, needs, have)}
			}
		}
	}
	if len(kinds) > 0 {
		o.Access = kinds
	}
	return o, nil
}

// seedFaults mis-sets a new world.
func (o Options) seedFaults(s *world.State, now time.Time) error {
	asked, err := o.dealt()
	for _, c := range asked {
		if err == nil && c.seed != nil {
			err = c.seed(s, now)
		}
		s.Faults = append(s.Faults, c.ID)
	}
	return err
}

// MadeError says that a world cannot be as it was asked for: it stands already and is
// otherwise, or what was asked for does not go together.
type MadeError struct{ why string }

func (e *MadeError) Error() string { return e.why }

// sameFaults refuses cards for a world that was made without them. Those it was
// made with stay dealt: what was put right since is not set wrong again.
func (s *Sandbox) sameFaults() error {
	var err error
	s.world.Read(func(st *world.State) {
		for _, id := range s.options.Faults {
			if !slices.Contains(st.Faults, id) {
				err = &MadeError{fmt.Sprintf("the sandbox in %s was made without the fault card %s", s.options.Dir, id)}
			}
		}
	})
	return err
}

// dealFaults mis-sets what lies in clusters and buckets, once.
func (s *Sandbox) dealFaults(ctx context.Context) error {
	var left []string
	s.world.Read(func(st *world.State) {
		left = slices.DeleteFunc(slices.Clone(st.Faults), func(id string) bool { return slices.Contains(st.Dealt, id) })
	})
	for _, c := range cards {
		if !slices.Contains(left, c.ID) {
			continue
		}
		if c.deal != nil {
			if err := c.deal(ctx, s); err != nil {
				return fmt.Errorf("deal the fault card %s: %w", c.ID, err)
			}
		}
		err := s.world.Write(func(st *world.State) error {
			st.Dealt = append(st.Dealt, c.ID)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// toDeal says that cards are left to be dealt.
func (s *Sandbox) toDeal() (left bool) {
	s.world.Read(func(st *world.State) { left = len(st.Dealt) < len(st.Faults) })
	return left
}
