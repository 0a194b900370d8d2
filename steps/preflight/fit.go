package preflight

import (
	"context"
	"errors"
	"iter"
	"strconv"

	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/migrate"
	"snapferry/steps/resource"
)

func somethingMoves() Check {
	return check{CheckInfo{
		ID: "something-moves", Family: steps.FamilyFit, Severity: steps.Block,
		Statement: steps.T("the patterns hit at least one index that can move"),
		Why:       steps.T("An empty list means all indices to the engine, protected ones included, and is refused."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		sel, err := f.Selection(ctx)
		if err != nil {
			return one(v.unread(err))
		}
		if len(sel.Moves) == 0 {
			return one(v.fail(steps.T("none would move: nothing matches, or what matches has to stay"), steps.Fix{Text: steps.T("Widen move.indices")}, staying(sel.Stays)...))
		}
		return one(v.pass(steps.Counted(len(sel.Moves), "%d index moves", "%d indices move")))
	}}
}

// shownStays bounds the list of what stays where nothing moves.
const shownStays = 20

// staying tells what stays and why, for whoever wonders why nothing moves.
func staying(stays []steps.Stay) []steps.Text {
	var list []steps.Text
	for i, s := range stays {
		if i == shownStays {
			return append(list, steps.T("and %d more", len(stays)-shownStays))
		}
		list = append(list, steps.T("%s %s stays: %s", s.What, s.Name, s.Why))
	}
	return list
}

func patternsHit() Check {
	return check{CheckInfo{
		ID: "patterns-hit", Family: steps.FamilyFit, Severity: steps.Warn,
		Statement: steps.T("every pattern hits at least one index"),
		Why:       steps.T("A name with a typing mistake moves nothing, and nobody would notice."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		sel, err := f.Selection(ctx)
		if err != nil {
			return one(v.unread(err))
		}
		var idle []steps.Finding
		for _, p := range sel.Idle {
			idle = append(idle, v.on("%s", p).fail(steps.T("no index of the source has such a name"), steps.Fix{Text: steps.T("Correct it in move.indices, or take it out"), Answers: f.without(p)}))
		}
		if len(idle) > 0 {
			return idle
		}
		return one(v.pass(steps.Counted(len(f.Spec().Move.Patterns), "%d pattern", "%d patterns")))
	}}
}

func namesFree() Check {
	return check{CheckInfo{
		ID: "index-names-free", Family: steps.FamilyFit, Severity: steps.Block,
		Statement: steps.T("every index that moves can have its name on the target"),
		Why:       steps.T("Two indices cannot come back under one name, the engine refuses to restore over an open index, and one name cannot be an index and an alias. It says so at the restore only, when the snapshot is taken already. To an alias that other indices have there it just adds, and whoever reads or writes through that meets what came back."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		sel, err := f.Selection(ctx)
		if err != nil {
			return one(v.unread(err))
		}
		clashes, err := f.Clashes(ctx, receiving(f.Spec()), sel.Moves, f.Recorded())
		if err != nil {
			return one(v.unread(err))
		}
		if bad := v.clashes(clashes, f.How(facts.FactIndices, receiving(f.Spec()))); len(bad) > 0 {
			return bad
		}
		return one(v.pass(steps.T("%s, none taken twice, none of another origin on the target", steps.Counted(len(sel.Moves), "%d name", "%d names"))))
	}}
}

func snapshotNameFree() Check {
	return check{CheckInfo{
		ID: "snapshot-name-free", Family: steps.FamilyFit, Severity: steps.Block,
		Statement: steps.T("the snapshot's name is free, or the snapshot is one we can go on with"),
		Why:       steps.T("The engine refuses a second snapshot of a name, and one that is partial or somebody else's cannot be trusted."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		m := f.Spec().Move
		v = v.on("%s/%s", m.Repository, m.Snapshot)
		s, err := f.Snapshot(ctx, steps.Source, m.Repository, m.Snapshot)
		switch {
		case err != nil:
			return one(v.unread(err))
		case s == nil:
			return one(v.pass(steps.T("there is none of that name")))
		case s.Metadata["snapferry_run"] == "" && !s.KeepsMetadata():
			found := v.note(steps.T("it exists in state %s; %s keeps no mark with a snapshot, so the run goes on with it only if it took it itself", s.State, s.Version.String()))
			found.Fix.Text = steps.T("Choose another move.snapshot if it is somebody else's")
			return one(found)
		case s.Metadata["snapferry_run"] == "":
			return one(v.fail(steps.T("it exists in state %s and was not taken by snapferry", s.State), steps.Fix{Text: steps.T("Choose another move.snapshot")}))
		}
		if own := f.unfit(ctx, s); own != nil {
			return one(v.fail(own.Summary, steps.Fix{Text: own.Fix}, steps.T("it exists in state %s", s.State)))
		}
		return one(v.pass(steps.T("it exists in state %s, taken by run %s", s.State, s.Metadata["snapferry_run"])))
	}}
}

// unfit is why the plan refuses a snapshot that snapferry took. What this very run took
// is of what was approved then, whatever the source has been given since.
func (w *View) unfit(ctx context.Context, s *cluster.Snapshot) (own *steps.Error) {
	if errors.As(migrate.SnapshotWhole(s), &own) || s.Metadata["snapferry_run"] == w.Run() {
		return own
	}
	if sel, err := w.Selection(ctx); err == nil { // what cannot be read is another check's finding
		errors.As(migrate.SnapshotHolds(s, sel.Moves), &own)
	}
	return own
}

func repositoryFree() Check {
	return check{CheckInfo{
		ID: "repository-name-free", Family: steps.FamilyFit, Severity: steps.Block,
		Statement: steps.T("the repository's name is free on both domains, or names this very bucket and base path"),
		Why:       steps.T("Registering under a name that is taken would change a registration others use."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		m, b := f.Spec().Move, f.Spec().Bucket
		found := []steps.Finding{}
		for _, side := range sides(f.Spec()) {
			v := v.on("%s %s", side, m.Repository)
			r, err := f.Repository(ctx, side, m.Repository)
			switch {
			case err != nil:
				found = append(found, v.unread(err))
			case r == nil:
				found = append(found, v.pass(steps.T("there is none of that name")))
			case r.Settings["bucket"] != string(b.Name) || r.Settings["base_path"] != string(b.BasePath):
				found = append(found, v.fail(steps.T("the %s domain has a repository %s, registered for s3://%s/%s", string(side), string(m.Repository), r.Settings["bucket"], r.Settings["base_path"]),
					steps.Fix{Text: steps.T("Choose another move.repository")}))
			case (r.Settings["readonly"] == "true") != (side == steps.Target):
				found = append(found, v.fail(steps.T("the %s domain has a repository %s, registered for this bucket and base path with readonly %q", string(side), string(m.Repository), r.Settings["readonly"]),
					steps.Fix{Text: steps.T("Choose another move.repository: the source has to write, and a second writer would corrupt the repository")}))
			default:
				found = append(found, f.adoptable(ctx, v, side, r))
			}
		}
		return found
	}}
}

// adoptable is the finding of a registration for this bucket and base path: the plan
// also looks at its role and what it hands over.
func (w *View) adoptable(ctx context.Context, v verdict, side steps.Side, r *cluster.Repository) steps.Finding {
	err := migrate.RepositoryFits(ctx, w.Facts, side, resource.Repository{Type: r.Type, Settings: r.Settings})
	var own *steps.Error
	switch {
	case err == nil:
		return v.pass(steps.T("registered already, for this bucket, base path and role"))
	case !errors.As(err, &own):
		return v.unread(err)
	case own.Field != "move.repository":
		return v.skipped(spellingID, own.Summary)
	}
	return v.fail(own.Summary, steps.Fix{Text: own.Fix}, w.How(facts.FactRepository, side))
}

func replicasFit() Check {
	return check{CheckInfo{
		ID: "replicas-fit", Family: steps.FamilyFit, Severity: steps.Block,
		Statement: steps.T("the target can hold the number of replicas that was answered"),
		Why:       steps.T("No two copies of a shard share a node, and with Multi-AZ with standby their number must be a multiple of three: the indices would never be green, or the engine refuses them."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		rule, err := f.Replicas(ctx, receiving(f.Spec()))
		asked := f.Spec().Move.Replicas
		switch {
		case err != nil:
			return one(v.unread(err))
		case asked == nil:
			return one(v.pass(steps.T("every index keeps its number, fitted to %d data nodes and copies in multiples of %d", rule.Nodes, rule.Copies)))
		}
		if why := rule.Trouble(*asked); !why.IsZero() {
			return one(v.fail(why, steps.Fix{Text: steps.T("Answer %d as move.replicas, or leave it out", rule.Fit(*asked)), Answers: []steps.Answer{{Key: "move.replicas", Value: strconv.Itoa(rule.Fit(*asked))}}}))
		}
		return one(v.pass(steps.T("%d replicas on %d data nodes", *asked, rule.Nodes)))
	}}
}

// limitsShards says that an engine holds to cluster.max_shards_per_node. Elasticsearch
// does from 7 on; 6.5 to 6.8 know the setting and only warn, as the service does not have
// them enforce it, and those before do not know it (breaking changes of Elasticsearch 7).
func limitsShards(v awsid.EngineVersion) bool {
	return v.Family != awsid.Elasticsearch || v.Major >= 7
}

func shardRoom() Check {
	return check{CheckInfo{
		ID: "shard-room", Family: steps.FamilyFit, Severity: steps.Block,
		Statement: steps.T("the target may hold that many shards more"),
		Why:       steps.T("A cluster refuses a restore that would take it over cluster.max_shards_per_node times its data nodes. Elasticsearch before 7 refuses none for that."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		side := receiving(f.Spec())
		h, err := f.Health(ctx, side)
		if err != nil {
			return one(v.unread(err))
		}
		to, err := f.Engine(ctx, side)
		if err != nil {
			return one(v.unread(err))
		}
		moves, err := coming(ctx, f)
		if err != nil {
			return one(v.unread(err))
		}
		now, add := h.Active+h.Initializing+h.Unassigned, 0
		for m := range moves {
			add += m.Primaries * (1 + m.Replicas)
		}
		if !limitsShards(to.Version) {
			return one(v.pass(steps.T("%d shards now, %d to come; %s refuses no restore for their number", now, add, to.Version.String())))
		}
		per, err := f.MaxShardsPerNode(ctx, side)
		if err != nil {
			return one(v.unread(err))
		}
		most := per * max(h.DataNodes, 1)
		evidence := steps.T("%d shards now, %d to come, %d allowed (%d on each of %d nodes)", now, add, most, per, max(h.DataNodes, 1))
		if now+add > most {
			return one(v.fail(steps.T("there would be too many"), steps.Fix{Text: steps.T("Fewer replicas (move.replicas), fewer indices, or more nodes")}, evidence))
		}
		return one(v.pass(evidence))
	}}
}

// coming are the moves that have not arrived yet, with the replicas each will
// have: as answered, else what it had as far as the domain can hold them.
func coming(ctx context.Context, f *View) (iter.Seq[steps.Move], error) {
	sel, err := f.Selection(ctx)
	if err != nil {
		return nil, err
	}
	side := receiving(f.Spec())
	rule, err := f.Replicas(ctx, side)
	if err != nil {
		return nil, err
	}
	arrived, err := f.Arrivals(ctx, side, sel.Moves, f.Recorded())
	if err != nil {
		return nil, err
	}
	ours := map[string]bool{}
	for _, name := range arrived.Ours {
		ours[name] = true
	}
	return func(yield func(steps.Move) bool) {
		for _, m := range sel.Moves {
			if ours[m.As] {
				continue
			}
			if m.Replicas = rule.Fit(m.Replicas); f.Spec().Move.Replicas != nil {
				m.Replicas = *f.Spec().Move.Replicas
			}
			if !yield(m) {
				return
			}
		}
	}, nil
}

func diskRoom() Check {
	return check{CheckInfo{
		ID: "disk-room", Family: steps.FamilyFit, Severity: steps.Block,
		Statement: steps.T("the target has disk for what comes"),
		Why:       steps.T("Shards that find no disk stay unassigned, and below min(20 %%, 20 GB) a node the service blocks writes."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		nodes, err := f.Nodes(ctx, receiving(f.Spec()))
		if err != nil {
			return one(v.unread(err))
		}
		moves, err := coming(ctx, f)
		if err != nil {
			return one(v.unread(err))
		}
		var free, keep, need int64
		data := 0
		for _, n := range nodes {
			if n.Data {
				data++
				free += n.DiskAvailable
				keep += min(n.DiskTotal/5, 20<<30)
			}
		}
		for m := range moves {
			need += m.Bytes * int64(1+m.Replicas)
		}
		evidence := steps.T("%d bytes free on %d nodes, %d of them must stay free, %d bytes come with their replicas", free, data, keep, need)
		switch {
		case data == 0:
			return one(v.unread(errors.New("the domain names no data node")))
		case need > free-keep:
			return one(v.fail(steps.T("it would not fit"), steps.Fix{Text: steps.T("Larger volumes, more nodes, fewer replicas, or fewer indices")}, evidence))
		}
		return one(v.pass(evidence))
	}}
}
