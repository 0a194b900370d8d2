package facts

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/steps"
)

// Selection is what of the source moves and what stays, and why.
type Selection struct {
	// Moves are in the order of the index names.
	Moves []steps.Move
	// Stays lists indices with a reason of their own one by one, those left by
	// pattern as one line, and what a snapshot never carries.
	Stays []steps.Stay
	// Idle are patterns that hit no index.
	Idle []string
	// Torn are the data streams of which not every index would move: they would not
	// be streams any more.
	Torn []Clash
}

// Selection applies the answered patterns to the source's indices.
func (f *Facts) Selection(ctx context.Context) (Selection, error) {
	indices, err := f.Indices(ctx, steps.Source)
	if err != nil {
		return Selection{}, err
	}
	s := f.chosen(indices)
	others, err := f.Left(ctx, steps.Source)
	if err != nil {
		return Selection{}, err
	}
	s.Stays = append(s.Stays, others...)
	return s, nil
}

// chosen is the selection among the indices of one reading. A dozen checks and as many
// steps ask for it, at the same time and of thousands of indices: it is made once a
// reading, and its lists are for looking only.
func (f *Facts) chosen(indices []Index) Selection {
	f.selecting.Lock()
	defer f.selecting.Unlock()
	if len(indices) == 0 || f.selectedOf != &indices[0] {
		f.selected = f.choose(indices)
		f.selectedOf = nil
		if len(indices) > 0 {
			f.selectedOf = &indices[0]
		}
	}
	return f.selected
}

func (f *Facts) choose(indices []Index) Selection {
	choices, idle := Match(indices, f.spec.Move.Patterns)
	s := Selection{Idle: idle, Torn: torn(choices)}
	move := f.Mover()
	left := 0
	for _, c := range choices {
		x := c.Index
		switch {
		case c.Moves():
			s.Moves = append(s.Moves, move(x))
		case c.Reason == ReasonPattern:
			left++
		default:
			s.Stays = append(s.Stays, steps.Stay{What: "index", Name: x.Name, Count: 1, Why: c.Why})
		}
	}
	if left > 0 {
		s.Stays = append(s.Stays, steps.Stay{What: "index", Count: left, Why: steps.T("left by your patterns")})
	}
	s.Moves, s.Stays = slices.Clip(s.Moves), slices.Clip(s.Stays) // whoever adds to one gets a list of his own
	return s
}

// Mover gives the moves of indices of the source, under the names that the answers
// give them.
func (f *Facts) Mover() func(Index) steps.Move {
	rename, made := f.spec.Move.Renamer(), map[awsid.EngineVersion]string{}
	return func(x Index) steps.Move {
		if _, known := made[x.CreatedVersion]; !known {
			made[x.CreatedVersion] = x.CreatedVersion.String()
		}
		m := steps.Move{
			Index: x.Name, As: rename(x.Name), Docs: x.Docs, Bytes: x.PrimaryBytes,
			Primaries: x.Primaries, Replicas: x.Replicas, Created: made[x.CreatedVersion],
		}
		if x.DataStream != "" {
			m.Stream, m.StreamAs = x.DataStream, rename(x.DataStream)
			if rest, ok := strings.CutPrefix(x.Name, backingPrefix); ok {
				m.As = backingPrefix + rename(rest) // as the engine does it [seen on 2.19.4 and 3.4.0 nodes]
			}
		}
		return m
	}
}

// leftKinds is what a domain holds beside its indices and a snapshot without
// global state does not carry, with the call that counts it.
var leftKinds = []struct {
	what, path string
	// list is the name of the list in the answer; "" counts the answer's own names.
	list string
	why  steps.Text
}{
	{"index template (old form)", "/_template", "", steps.T("templates are part of the global state, which is never restored; new indices on the target need them")},
	{"index template", "/_index_template", "index_templates", steps.T("templates are part of the global state, which is never restored; new indices on the target need them")},
	{"component template", "/_component_template", "component_templates", steps.T("they are part of the global state, which is never restored")},
	{"ingest pipeline", "/_ingest/pipeline", "", steps.T("pipelines are part of the global state, which is never restored; writers that name one need it")},
}

// leftUncounted is what has no call that every domain answers.
var leftUncounted = []steps.Stay{
	{What: "index policy (ISM)", Why: steps.T("policies and their state belong to the domain; set them up on the target")},
	{What: "dashboards object", Why: steps.T("dashboards objects move by export and import")},
	{What: "user, role and mapping", Why: steps.T("security objects belong to the domain and cannot be restored")},
	{What: "cluster setting", Why: steps.T("persistent settings belong to the domain")},
}

// Left counts what stays behind beside the indices. What a domain does not let
// us count (an old engine, rights that neither signer nor mapper has) is listed with
// a count of 0.
func (f *Facts) Left(ctx context.Context, side steps.Side) ([]steps.Stay, error) {
	list, err := domainFact(ctx, f, FactLeft, side, "", left(false))
	if failure.Is(err, failure.Denied) {
		return domainFact(ctx, f, FactLeft, side, "in part", left(true))
	}
	return list, err
}

// left counts; in part, what is refused is listed uncounted.
func left(inPart bool) func(context.Context, *cluster.Cluster) ([]steps.Stay, error) {
	return func(ctx context.Context, c *cluster.Cluster) ([]steps.Stay, error) {
		var out []steps.Stay
		for _, k := range leftKinds {
			n, counted, err := count(ctx, c, k.path, k.list)
			if err != nil && !(inPart && failure.Is(err, failure.Denied)) {
				return nil, err
			}
			if n > 0 || !counted {
				out = append(out, steps.Stay{What: k.what, Count: n, Why: k.why})
			}
		}
		out = append(out, leftUncounted...)
		slices.SortStableFunc(out, func(a, b steps.Stay) int { return cmp.Compare(min(b.Count, 1), min(a.Count, 1)) })
		return out, nil
	}
}

// count asks how many of a kind there are. counted is false where the domain
// would not say, and a refusal is an error, as somebody else may ask; a path it does not know (404) means there are none.
func count(ctx context.Context, c *cluster.Cluster, path, list string) (n int, counted bool, err error) {
	answer, err := c.Do(ctx, http.MethodGet, path, nil)
	if err != nil {
		return 0, false, err
	}
	if answer.Status == http.StatusNotFound {
		return 0, true, nil
	}
	var body map[string]json.RawMessage
	if is := answer.Failure(); is != nil && is.Kind == failure.Denied {
		return 0, false, is
	}
	if answer.Failure() != nil || json.Unmarshal(answer.Body, &body) != nil {
		return 0, false, nil
	}
	if list == "" {
		return len(body), true, nil
	}
	var items []json.RawMessage
	if json.Unmarshal(body[list], &items) != nil {
		return 0, false, nil
	}
	return len(items), true, nil
}
