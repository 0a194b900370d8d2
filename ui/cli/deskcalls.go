package cli

import (
	"context"

	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/ui/panel"
)

// newestCalls are the last calls, masked where that was asked for.
func (d *desk) newestCalls() func(n int) []panel.Call {
	sides := d.hosts()
	return func(n int) []panel.Call {
		list := d.calls.last(n)
		for i := range list {
			c := &list[i]
			c.Side = sides[c.Host]
			c.Host, c.Path, c.Err = d.masker.Mask(c.Host), d.masker.Mask(c.Path), d.masker.Mask(c.Err)
		}
		return list
	}
}

// hosts says whose domain a host is, as far as it is known without asking anybody: two
// domains often have one name. A host that is both sides' tells nothing.
func (d *desk) hosts() map[string]steps.Side {
	sides, ctx := map[string]steps.Side{}, facts.Remembered(context.Background())
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		domain, err := d.facts.Domain(ctx, side)
		if err != nil || domain.Endpoint == "" {
			continue
		}
		if _, both := sides[domain.Endpoint]; both {
			return nil
		}
		sides[domain.Endpoint] = side
	}
	return sides
}
