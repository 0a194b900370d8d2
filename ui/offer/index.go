package offer

import (
	"context"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/ui/ask"
)

// indices lists what is on the side's domain: what can move with its size, what
// cannot with the reason.
func indices(ctx context.Context, f *facts.Facts, r ask.Request) (ask.Offer, error) {
	list, err := f.Indices(ctx, r.Side)
	if nobody(err) {
		return ask.Offer{}, nil
	}
	if err != nil {
		return ask.Offer{}, err
	}
	choices, _ := facts.Match(list, []string{"*"})
	var o ask.Offer
	var bytes int64
	var stay []ask.Option
	for _, c := range choices {
		if !c.Moves() {
			stay = append(stay, ask.Option{Value: c.Index.Name, Detail: steps.T("stays: %s", c.Why)})
			continue
		}
		bytes += c.Index.PrimaryBytes
		o.Options = append(o.Options, ask.Option{Value: c.Index.Name, Detail: steps.T("%s, %d x %d, made with %s", steps.Size(c.Index.PrimaryBytes), c.Index.Primaries, 1+c.Index.Replicas, made(c.Index.CreatedVersion))})
	}
	o.Note = steps.T("%d indices with %s can move, %d stay where they are.", len(o.Options), steps.Size(bytes), len(stay))
	o.Options = append(o.Options, stay...)
	o.Try = func(patterns []string) []ask.Hit { return try(list, patterns) }
	return o, nil
}

// try says what patterns do to each index.
func try(list []facts.Index, patterns []string) []ask.Hit {
	choices, _ := facts.Match(list, patterns)
	hits := make([]ask.Hit, len(choices))
	for i, c := range choices {
		x := c.Index
		hits[i] = ask.Hit{
			Name: x.Name, Stream: x.DataStream, Bytes: x.PrimaryBytes, Primaries: x.Primaries, Copies: 1 + x.Replicas,
			Made: made(x.CreatedVersion), Moves: c.Moves(), Left: c.Reason == facts.ReasonPattern, Why: c.Why,
		}
	}
	return hits
}

// made is the version an index was made with; that of OpenSearch goes without its
// name, as most are of it.
func made(v awsid.EngineVersion) string {
	if v.Family == awsid.OpenSearch {
		return v.Number()
	}
	return v.String()
}

// selection says what the patterns hit.
func selection(ctx context.Context, f *facts.Facts, _ ask.Request) (ask.Offer, error) {
	s, err := f.Selection(ctx)
	if nobody(err) {
		return ask.Offer{}, nil
	}
	if err != nil {
		return ask.Offer{}, err
	}
	if len(s.Idle) > 0 {
		return ask.Offer{}, &steps.Error{
			Summary: steps.T("Nothing there is called %s", strings.Join(s.Idle, ", ")),
			Fix:     steps.T("Correct the pattern; * stands for any characters"),
		}
	}
	var bytes, docs int64
	for _, m := range s.Moves {
		bytes, docs = bytes+m.Bytes, docs+m.Docs
	}
	if len(s.Moves) == 0 {
		return ask.Offer{}, &steps.Error{Summary: steps.T("With these patterns nothing moves"), Fix: steps.T("Say * for everything that can move")}
	}
	return ask.Offer{Note: steps.T("%d indices move, with %s in %d documents by _cat/indices.", len(s.Moves), steps.Size(bytes), docs)}, nil
}
