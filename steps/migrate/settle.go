package migrate

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/engine"
)

// settleStep gives the restored indices the number of replicas they shall have
// for good, and waits until the domain has made them: green health.
type settleStep struct{ *route }

const (
	settingReplicas   = "index.number_of_replicas"
	settingAutoExpand = "index.auto_expand_replicas"
)

func (s settleStep) Info() engine.Info {
	return engine.Info{ID: StepSettle, Side: s.targetSide(), Title: steps.T("Replicas and health of the restored indices"), Optional: true}
}

func (s settleStep) Plan(ctx context.Context, w *engine.World) ([]steps.Change, error) {
	moves, _, err := s.wanted(ctx, w)
	if err != nil {
		return nil, err
	}
	want, err := s.want(ctx, moves)
	if err != nil {
		return nil, err
	}
	after, err := document(want)
	if err != nil {
		return nil, err
	}
	ref := steps.Ref{Kind: steps.KindIndexSettings, Side: s.targetSide(), Name: string(s.spec.Move.Snapshot)}
	done, err := s.settled(ctx, want)
	if err != nil {
		return nil, err
	}
	c := act(StepSettle, ref, after, done, steps.T("replicas of %s, then green health", steps.Indices(len(moves))))
	c.Within = steps.Ref{Kind: steps.KindIndices, Side: s.targetSide(), Name: string(s.spec.Move.Snapshot), In: string(s.spec.Move.Repository)}
	c.Reversible = false // replicas go with their indices
	return []steps.Change{c}, nil
}

// want is the number of replicas by target index: as answered, or what the index
// had, fitted to what the target can hold.
func (s settleStep) want(ctx context.Context, moves []steps.Move) (map[string]int, error) {
	rule, err := s.facts.Replicas(ctx, s.targetSide())
	if err != nil {
		return nil, err
	}
	asked := s.spec.Move.Replicas
	if asked != nil {
		if why := rule.Trouble(*asked); !why.IsZero() {
			return nil, &steps.Error{
				Field:   "move.replicas",
				Summary: steps.T("The target cannot hold that many replicas: %s", why),
				Fix:     steps.T("Answer %d, or leave it out", rule.Fit(*asked)),
			}
		}
	}
	want := map[string]int{}
	for _, m := range moves {
		if want[m.As] = rule.Fit(m.Replicas); asked != nil {
			want[m.As] = *asked
		}
	}
	return want, nil
}

// settled says whether everything is so already; indices that are not there yet
// are not. The number of replicas of one that expands by itself is its own affair.
func (s settleStep) settled(ctx context.Context, want map[string]int) (bool, error) {
	list, err := s.facts.Indices(ctx, s.targetSide())
	if err != nil {
		return false, err
	}
	there := 0
	var other []string
	for _, i := range list {
		n, ours := want[i.Name]
		switch {
		case !ours:
		case i.Health != "green":
			return false, nil
		case i.Replicas != n:
			other = append(other, i.Name)
			fallthrough
		default:
			there++
		}
	}
	if there < len(want) || len(other) == 0 {
		return there == len(want), nil
	}
	domain, err := s.facts.Signer(ctx, s.targetSide())
	if err != nil {
		return false, err
	}
	expanding := 0
	err = domain.EachSettings(ctx, other, func(_ string, settings map[string]string) {
		if expands(settings) {
			expanding++
		}
	})
	return err == nil && expanding == len(other), err
}

func expands(settings map[string]string) bool {
	v := settings[settingAutoExpand]
	return v != "" && v != "false"
}

func (s settleStep) Apply(ctx context.Context, w *engine.World, c steps.Change, emit engine.Emit) error {
	moves, _, err := s.moves(ctx, w)
	if err != nil {
		return err
	}
	domain, err := s.facts.Signer(ctx, s.targetSide())
	if err != nil {
		return err
	}
	var want map[string]int // as it was approved, not as it would be reckoned now
	if err := json.Unmarshal([]byte(c.After), &want); err != nil {
		return err
	}
	if err := setReplicas(ctx, domain, want); err != nil {
		return err
	}
	v := &settleWatch{domain: domain, watch: newWatch(w, emit, moves)}
	return v.untilGreen(ctx)
}

// setReplicas changes what differs. An index that expands by itself is left to
// do so.
func setReplicas(ctx context.Context, domain *cluster.Cluster, want map[string]int) error {
	names, right := slices.Sorted(maps.Keys(want)), map[string]bool{}
	err := domain.EachSettings(ctx, names, func(name string, live map[string]string) {
		if expands(live) || live[settingReplicas] == strconv.Itoa(want[name]) {
			right[name] = true
		}
	})
	if err != nil {
		return err
	}
	differ := map[string][]string{} // by the number they shall have
	for _, name := range names {
		if n := strconv.Itoa(want[name]); !right[name] {
			differ[n] = append(differ[n], name)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(differ)) {
		if err := domain.PutIndexSettings(ctx, differ[n], map[string]*string{settingReplicas: &n}); err != nil {
			return err
		}
	}
	return nil
}

// Verify wants all of them green.
func (s settleStep) Verify(ctx context.Context, w *engine.World, _ steps.Change, _ engine.Emit) (steps.Evidence, error) {
	moves, _, err := s.moves(ctx, w)
	if err != nil {
		return steps.Evidence{}, err
	}
	domain, err := s.facts.Signer(ctx, s.targetSide())
	if err != nil {
		return steps.Evidence{}, err
	}
	h, err := domain.Health(ctx, targetNames(moves))
	if err != nil {
		return steps.Evidence{}, err
	}
	if h.Status != "green" || len(h.Indices) != len(moves) {
		return steps.Evidence{}, &steps.Error{
			Summary: steps.T("restored indices that are there: %d of %d, and their health is %s", len(h.Indices), len(moves), h.Status),
			Fix:     steps.T("Run again: what is missing is made"),
		}
	}
	return steps.Evidence{Summary: steps.T("%s green, %s active", steps.Indices(len(moves)), shardCount(h.Active))}, nil
}

// Takeback has nothing to do: replicas go with their indices.
func (s settleStep) Takeback(context.Context, *engine.World, steps.Change, engine.Emit) (steps.Text, error) {
	return steps.T("it goes with the restored indices"), nil
}
