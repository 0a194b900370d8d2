package cli

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"snapferry/steps"
	"snapferry/steps/migrate"
	"snapferry/steps/preflight"
)

// consents are what a person says beyond --yes, which approves the plan and
// nothing else.
type consents struct {
	yes           bool
	overwrite     []string
	accept        []string
	deleteContent bool
	deleteIndices bool
	pauseTimeout  time.Duration
	wait          time.Duration
}

func (c *consents) flags(f *pflag.FlagSet) {
	f.BoolVar(&c.yes, "yes", false, "approve the plan; nothing else")
	f.DurationVar(&c.pauseTimeout, "pause-timeout", time.Hour, "`duration` to wait for a new login when credentials expire, such as 30m")
	f.DurationVar(&c.wait, "wait", 0, "`duration` to wait for what somebody else has to do, such as 2h; on a terminal until ctrl+c")
}

func (c *consents) moveFlags(f *pflag.FlagSet) {
	f.StringArrayVar(&c.overwrite, "overwrite-index", nil, "`index` of the target that may be deleted and replaced; repeat for more")
	f.StringArrayVar(&c.accept, "accept", nil, "id of a `check` whose warning of weight is accepted; repeat for more")
}

func (c *consents) dataFlags(f *pflag.FlagSet) {
	f.BoolVar(&c.deleteContent, "delete-bucket-content", false, "also delete the snapshot and its files in the bucket")
	f.BoolVar(&c.deleteIndices, "delete-restored-indices", false, "also delete the restored indices nobody has written to since")
}

// deletes says whether a flag gave the confirmation that would be typed.
func (c *consents) deletes(typed string) bool {
	if typed == migrate.TypedIndices {
		return c.deleteIndices
	}
	return c.deleteContent
}

// known refuses to accept a check that there is not: nothing else would tell a
// slip of the finger, and the consent would be missing when it counts.
func (c *consents) known() error {
	var ids []string
	for _, check := range preflight.All() {
		ids = append(ids, string(check.Info().ID))
	}
	for _, id := range c.accept {
		if !slices.Contains(ids, id) {
			return mistyped(steps.T("--accept %s: there is no such check", id), steps.T("The ids stand in the output of snapferry preflight"), id, ids)
		}
	}
	return nil
}

// overwritable refuses a consent to overwrite an index this run does not restore.
// Where the indices cannot be read the checks will say so.
func (p *place) overwritable(ctx context.Context) error {
	if len(p.spec.Move.Overwrite) == 0 {
		return nil
	}
	selection, err := p.facts.Selection(ctx)
	if err != nil {
		return nil
	}
	moves := selection.Moves
	if p.past != nil { // what was approved may be gone from the source since
		moves = append(moves, p.past.ApprovedPlan.Moves...)
	}
	var names []string
	for _, m := range moves {
		names = append(names, m.As)
	}
	for _, n := range p.spec.Move.Overwrite {
		if !slices.Contains(names, string(n)) {
			return mistyped(steps.T("The index %s was named as one that may be overwritten, but this run restores none of that name", string(n)),
				steps.T("Name it as it is called on the target, after a rename"), string(n), names)
		}
	}
	return nil
}
