package migrate

import (
	"context"
	"fmt"
	"strconv"
	"time"

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

// greenWithin bounds the wait for replicas: copying them is bound by the same
// throttle as restoring, and a large domain needs hours.
const greenWithin = 24 * time.Hour

func (s settleStep) Info() engine.Info {
	return engine.Info{ID: StepSettle, Side: s.targetSide(), Title: steps.T("Replicas and health of the restored indices"), Optional: true}
}

func (s settleStep) Plan(ctx context.Context, w *engine.World) ([]steps.Change, error) {
	moves, _, err := s.moves(ctx, w)
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
	done, err := s.settled(ctx, moves, want)
	if err != nil {
		return nil, err
	}
	c := act(StepSettle, ref, after, done, steps.T("replicas of %d indices, then green health", len(moves)))
	return []steps.Change{c}, nil
}

// want is the number of replicas by target index: as answered, or what the index
// had, but never more than the target has nodes to put them on.
func (s settleStep) want(ctx context.Context, moves []steps.Move) (map[string]int, error) {
	health, err := s.facts.Health(ctx, s.targetSide())
	if err != nil {
		return nil, err
	}
	most := max(health.DataNodes-1, 0)
	want := map[string]int{}
	for _, m := range moves {
		n := min(m.Replicas, most)
		if s.spec.Move.Replicas != nil {
			n = *s.spec.Move.Replicas
		}
		want[m.As] = n
	}
	return want, nil
}

// settled says whether everything is so already; indices that are not there yet
// are not.
func (s settleStep) settled(ctx context.Context, moves []steps.Move, want map[string]int) (bool, error) {
	list, err := s.facts.Indices(ctx, s.targetSide())
	if err != nil {
		return false, err
	}
	done := 0
	for _, i := range list {
		if n, ok := want[i.Name]; ok && i.Replicas == n && i.Health == "green" {
			done++
		}
	}
	return done == len(moves), nil
}

func (s settleStep) Apply(ctx context.Context, w *engine.World, _ steps.Change, emit engine.Emit) error {
	moves, _, err := s.moves(ctx, w)
	if err != nil {
		return err
	}
	domain, err := s.facts.Signer(ctx, s.targetSide())
	if err != nil {
		return err
	}
	want, err := s.want(ctx, moves)
	if err != nil {
		return err
	}
	if err := setReplicas(ctx, domain, want); err != nil {
		return err
	}
	return s.untilGreen(ctx, w, domain, moves, emit)
}

// setReplicas changes what differs. An index that expands by itself is left to
// do so.
func setReplicas(ctx context.Context, domain *cluster.Cluster, want map[string]int) error {
	live, err := domain.IndexSettings(ctx, sortedKeys(want))
	if err != nil {
		return err
	}
	for _, name := range sortedKeys(want) {
		set := live[name]
		if expand := set[settingAutoExpand]; expand != "" && expand != "false" {
			continue
		}
		n := strconv.Itoa(want[name])
		if set[settingReplicas] == n {
			continue
		}
		if err := domain.PutIndexSettings(ctx, name, map[string]*string{settingReplicas: &n}); err != nil {
			return err
		}
	}
	return nil
}

func (s settleStep) untilGreen(ctx context.Context, w *engine.World, domain *cluster.Cluster, moves []steps.Move, emit engine.Emit) error {
	since := w.Now()
	for n := 0; ; n++ {
		h, err := domain.Health(ctx, targetNames(moves))
		if err != nil {
			return err
		}
		var p steps.Progress
		for _, i := range h.Indices {
			p.DoneShards += i.Active
			p.TotalShards += i.Active + i.Initializing + i.Unassigned
		}
		emit(p)
		if h.Status == "green" && len(h.Indices) == len(moves) {
			emit(steps.Waiting{})
			return nil
		}
		if w.Now().Sub(since) > greenWithin {
			return &steps.Error{
				Summary: steps.T("The restored indices have been %s for more than %s: %d shards are not assigned", h.Status, greenWithin.String(), h.Unassigned),
				Fix:     steps.T("See GET _cluster/allocation/explain on the target; fewer replicas or more nodes help"),
			}
		}
		emit(steps.Waiting{Reason: steps.T("the replicas to be copied: %d shards are not there yet", p.TotalShards-p.DoneShards), Since: since})
		if err := w.Wait(ctx, rest(n)); err != nil {
			return err
		}
	}
}

func (s settleStep) Verify(ctx context.Context, w *engine.World, _ steps.Change) (steps.Evidence, error) {
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
		return steps.Evidence{}, fmt.Errorf("%d of %d restored indices are there, health %s", len(h.Indices), len(moves), h.Status)
	}
	return steps.Evidence{Summary: steps.T("%d indices green, %d shards active", len(moves), h.Active)}, nil
}

// Takeback has nothing to do: replicas go with their indices.
func (s settleStep) Takeback(context.Context, *engine.World, steps.Change, engine.Emit) (steps.Text, error) {
	return steps.T("it goes with the restored indices"), nil
}
