package preflight

import (
	"context"

	"snapferry/steps"
	"snapferry/steps/facts"
)

func streamsWhole() Check {
	return check{CheckInfo{
		ID: "streams-whole", Family: steps.FamilyFit, Severity: steps.Block,
		Statement: steps.T("every data stream moves with all of its indices, or not at all"),
		Why:       steps.T("Pulled apart, what comes back are hidden indices that no stream knows. A closed index is not in a snapshot at all."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		sel, err := f.Selection(ctx)
		if err != nil {
			return one(v.unread(err))
		}
		if bad := v.clashes(sel.Torn, f.How(facts.FactDataStreams, steps.Source)); len(bad) > 0 {
			return bad
		}
		return one(v.pass(steps.T("%s: %s", f.How(facts.FactDataStreams, steps.Source), steps.Counted(len(facts.Streams(sel.Moves)), "%d data stream moves", "%d data streams move"))))
	}}
}

func streamsHaveTemplates() Check {
	return check{CheckInfo{
		ID: "stream-templates-there", Family: steps.FamilyFit, Severity: steps.Block,
		Statement: steps.T("every data stream that moves has its index template on the target"),
		Why:       steps.T("A snapshot without global state carries no templates. A stream comes back without one and takes documents, until its next rollover fails."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		sel, err := f.Selection(ctx)
		if err != nil {
			return one(v.unread(err))
		}
		side := receiving(f.Spec())
		without, err := f.Templateless(ctx, side, sel.Moves)
		if err != nil {
			return one(v.unread(err))
		}
		how := f.How(facts.FactTemplates, side)
		if bad := v.clashes(without, how); len(bad) > 0 {
			return bad
		}
		return one(v.pass(steps.T("%s: %s, each with its template", how, steps.Counted(len(facts.Streams(sel.Moves)), "%d data stream", "%d data streams"))))
	}}
}

// clashes are findings of what stands in the way of names, one each.
func (v verdict) clashes(list []facts.Clash, how steps.Text) []steps.Finding {
	var bad []steps.Finding
	for _, c := range list {
		bad = append(bad, v.on("%s", c.Name).fail(c.Why, steps.Fix{Text: c.Fix, Command: c.Command, Answers: c.Answers}, how, steps.T("on the source: %s", steps.Few(c.Indices, shownStays))))
	}
	return bad
}
