package migrate

import (
	"context"
	"encoding/json"

	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// restoreStep brings the indices back on the target: an explicit list, without
// global state, first without replicas (settle adds them), renamed on request.
// An index that is there already is never touched unless its name was confirmed.
type restoreStep struct{ *route }

type restoreDoc struct {
	Repository        string            `json:"repository"`
	Snapshot          string            `json:"snapshot"`
	Indices           []string          `json:"indices"`
	DataStreams       []string          `json:"data_streams,omitempty"`
	IncludeGlobal     bool              `json:"include_global_state"`
	IncludeAliases    bool              `json:"include_aliases"`
	RenamePattern     string            `json:"rename_pattern,omitempty"`
	RenameReplacement string            `json:"rename_replacement,omitempty"`
	IndexSettings     map[string]string `json:"index_settings,omitempty"`
	IgnoreSettings    []string          `json:"ignore_index_settings,omitempty"`
	Replaces          []replaced        `json:"replaces,omitempty"`
}

func (s restoreStep) Info() engine.Info {
	return engine.Info{ID: StepRestore, Side: s.targetSide(), Title: steps.T("Restore on the target domain")}
}

func (s restoreStep) Plan(ctx context.Context, w *engine.World) ([]steps.Change, error) {
	moves, _, err := s.wanted(ctx, w)
	if err != nil {
		return nil, err
	}
	if err := s.clashes(ctx, w, moves); err != nil {
		return nil, err
	}
	if err := s.templateless(ctx, moves); err != nil {
		return nil, err
	}
	there, err := s.there(ctx, w, moves)
	if err != nil {
		return nil, err
	}
	inTheWay, docs, err := s.inTheWay(ctx, there.Foreign)
	if err != nil {
		return nil, err
	}
	m := s.spec.Move
	doc := restoreDoc{
		Repository: string(m.Repository), Snapshot: string(m.Snapshot), Indices: sourceNames(moves), DataStreams: streamNames(moves),
		RenamePattern: m.RenamePattern, RenameReplacement: m.RenameReplacement,
		IncludeAliases: facts.AliasesMove(s.spec), Replaces: alsoApproved(w, inTheWay),
	}
	if doc.IndexSettings, err = s.firstReplicas(ctx); err != nil {
		return nil, err
	}
	if s.spec.Shape != spec.ShapeSameDomain {
		doc.IgnoreSettings = placing
	}
	after, err := document(doc)
	if err != nil {
		return nil, err
	}
	health, err := s.facts.Health(ctx, s.targetSide())
	if err != nil {
		return nil, err
	}
	// What has come is not there yet as long as primaries are on their way.
	arrived := len(there.Ours) == len(moves) && done(health, moves)
	ref := steps.Ref{Kind: steps.KindIndices, Side: s.targetSide(), Name: string(m.Snapshot), In: string(m.Repository)}
	c := act(StepRestore, ref, after, arrived, restores(doc))
	if !arrived {
		c.Deletes, c.DeletesDocs = there.Foreign, docs
	}
	return []steps.Change{c}, nil
}

// placing are settings that name nodes by their attributes. Another domain has
// other nodes; with these an index would find no place there.
var placing = []string{"index.routing.allocation.require.*", "index.routing.allocation.include.*", "index.routing.allocation.exclude.*"}

// firstReplicas keeps the first copy the only one while it comes back. Multi-AZ
// with standby wants copies in multiples of three from the start (AWS developer
// guide, restoring snapshots).
func (s restoreStep) firstReplicas(ctx context.Context) (map[string]string, error) {
	d, err := s.facts.Domain(ctx, s.targetSide())
	if err != nil {
		return nil, err
	}
	n := "0"
	if d.Nodes.Standby {
		n = "2"
	}
	return map[string]string{"index.number_of_replicas": n}, nil
}

// clashes stop the plan: what the engine would refuse at the restore must not be
// found out when a snapshot was taken for it.
func (s restoreStep) clashes(ctx context.Context, w *engine.World, moves []steps.Move) error {
	list, err := s.facts.Clashes(ctx, s.targetSide(), moves, restoredBefore(w).uuids())
	if err != nil || len(list) == 0 {
		return err
	}
	c := list[0]
	return &steps.Error{
		Field:   c.Field,
		Summary: steps.T("The name %s cannot be used for %s: %s", c.Name, steps.Few(c.Indices, fewNames), c.Why),
		Fix:     c.Fix,
	}
}

func (s restoreStep) Apply(ctx context.Context, w *engine.World, c steps.Change, emit engine.Emit) error {
	moves, _, err := s.moves(ctx, w)
	if err != nil {
		return err
	}
	domain, err := s.facts.Signer(ctx, s.targetSide())
	if err != nil {
		return err
	}
	there, err := s.there(ctx, w, moves)
	if err != nil {
		return err
	}
	if err := s.start(ctx, w, domain, c, moves, there); err != nil {
		return err
	}
	v := &restoreWatch{restoreStep: s, domain: domain, watch: newWatch(w, emit, moves)}
	return v.untilDone(ctx)
}

// start deletes what was confirmed and asks the engine to restore what is not there
// yet. A restore makes all of its indices at once, so one that is missing is not on
// its way.
func (s restoreStep) start(ctx context.Context, w *engine.World, domain *cluster.Cluster, c steps.Change, moves []steps.Move, there facts.Arrivals) error {
	var doc restoreDoc
	if err := json.Unmarshal([]byte(c.After), &doc); err != nil {
		return err
	}
	ours := set(there.Ours)
	var missing []steps.Move
	for _, m := range moves {
		if !ours[m.As] {
			missing = append(missing, m)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	if err := s.mayGo(ctx, doc.Replaces, there.Foreign); err != nil {
		return err
	}
	if err := s.restorable(ctx, domain, moves, missing); err != nil {
		return err
	}
	for _, n := range there.Foreign {
		if err := s.allowed(ctx, s.targetSide(), func(c *cluster.Cluster) error { return c.DeleteIndex(ctx, n) }); err != nil {
			return err
		}
	}
	return s.begin(w, missing, func() error {
		return domain.Restore(ctx, s.spec.Move.Repository, s.spec.Move.Snapshot, cluster.RestoreSpec{
			Indices: sourceNames(missing), DataStreams: streamNames(missing), RenamePattern: doc.RenamePattern, RenameReplacement: doc.RenameReplacement,
			WithoutAliases: !doc.IncludeAliases, IndexSettings: doc.IndexSettings, IgnoreIndexSettings: doc.IgnoreSettings,
		})
	})
}

// Verify wants every primary of every index started. What was recorded when an
// index had come back stays recorded: what was written to it since is how undo
// knows that it belongs to somebody by now.
func (s restoreStep) Verify(ctx context.Context, w *engine.World, _ steps.Change, _ engine.Emit) (steps.Evidence, error) {
	moves, _, err := s.moves(ctx, w)
	if err != nil {
		return steps.Evidence{}, err
	}
	domain, err := s.facts.Signer(ctx, s.targetSide())
	if err != nil {
		return steps.Evidence{}, err
	}
	health, err := domain.Health(ctx, targetNames(moves))
	if err != nil {
		return steps.Evidence{}, err
	}
	var shards int
	for _, m := range moves {
		h, ok := health.Indices[m.As]
		if !ok || h.ActivePrimaries < h.Primaries {
			return steps.Evidence{}, &steps.Error{
				Summary: steps.T("The index %s is not on the target with all its primaries", m.As),
				Fix:     steps.T("See GET _cat/shards/%s on the target, then run again", m.As),
			}
		}
		shards += h.Primaries
	}
	made, before, begun := Restored{Indices: make(map[string]RestoredIndex, len(moves))}, restoredBefore(w), begunBefore(w)
	note := func(name string, now cluster.IndexStats) {
		own := begun[name]
		made.Indices[name] = RestoredIndex{UUID: now.UUID, MaxSeqNo: now.MaxSeqNo, Own: &own}
		if was, ok := before.Indices[name]; ok && was.UUID == now.UUID {
			made.Indices[name] = was
		}
	}
	for _, m := range moves {
		note(m.As, cluster.IndexStats{}) // for one that closed since
	}
	if err := domain.EachStats(ctx, targetNames(moves), note); err != nil {
		return steps.Evidence{}, err
	}
	if made.EngineSeconds = before.EngineSeconds; made.EngineSeconds == 0 {
		if made.EngineSeconds, err = engineSeconds(ctx, domain, targetNames(moves)); err != nil {
			return steps.Evidence{}, err
		}
	}
	data, err := json.Marshal(made)
	return steps.Evidence{Summary: steps.T("%s, %s started", steps.Indices(len(moves)), steps.Counted(shards, "%d primary", "%d primaries")), Data: data}, err
}

// Restored is the Data of the restore step's evidence: what undo may delete.
type Restored struct {
	// EngineSeconds is the span from the first to the last shard's recovery.
	EngineSeconds float64                  `json:"engine_seconds"`
	Indices       map[string]RestoredIndex `json:"indices"`
}

// RestoredIndex is one index as it was when it had come back.
type RestoredIndex struct {
	UUID     string        `json:"uuid"`
	MaxSeqNo map[int]int64 `json:"max_seq_no"`
	// Own says that this run asked for it; others restored from the same snapshot. nil
	// is a journal of before this was told.
	Own *bool `json:"own,omitempty"`
}

func engineSeconds(ctx context.Context, domain *cluster.Cluster, indices []string) (float64, error) {
	var first, last int64
	err := domain.EachRecovery(ctx, indices, func(r cluster.ShardRecovery) {
		if !r.FromSnapshot() || r.Start.IsZero() || r.Stop.IsZero() {
			return
		}
		from, to := r.Start.UnixMilli(), r.Stop.UnixMilli()
		if first == 0 || from < first {
			first = from
		}
		last = max(last, to)
	})
	return float64(last-first) / 1000, err
}
