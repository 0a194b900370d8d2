package preflight

import (
	"context"
	"strings"

	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/facts"
)

func domainFound(side steps.Side) Check {
	return check{CheckInfo{
		ID: steps.CheckID(string(side) + "-domain-found"), Family: steps.FamilyDomain, Severity: steps.Block,
		Statement: steps.T("the %s domain exists in that account and region", string(side)),
		Why:       steps.T("Nothing can be moved from or to a domain that is not there."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		s := f.Spec().Side(side)
		v = v.on("%s %s", side, s.Domain)
		d, err := f.Domain(ctx, side)
		if _, is := missing(err); is {
			return one(v.fail(steps.T("account %s has no domain %s in %s", string(s.Account), string(s.Domain), string(s.Region)),
				steps.Fix{
					Text:    domainsThere(ctx, f, side),
					Command: f.command(side, s.Region, "opensearch list-domain-names"),
				}, f.How(facts.FactDomain, side)))
		}
		if err != nil {
			return one(v.unread(err))
		}
		if !d.Described {
			return one(v.note(steps.T("the control plane could not be asked; the domain itself was: %s at %s", d.Version.String(), d.Endpoint)))
		}
		return one(v.pass(steps.T("%s, %s, %d × %s, endpoint %s", d.ARN.String(), d.Version.String(), d.Nodes.Count, d.Nodes.Type, d.Endpoint)))
	}}
}

// domainsThere names what could have been meant.
func domainsThere(ctx context.Context, f *View, side steps.Side) steps.Text {
	list, err := f.Domains(ctx, side)
	if err != nil {
		return steps.T("Check name, region and account")
	}
	if len(list) == 0 {
		return steps.T("There is no domain at all: check %s.region and whose credentials are used", string(side))
	}
	names := make([]string, len(list))
	for i, d := range list {
		names[i] = string(d.Name)
	}
	return steps.T("There are: %s. Correct %s.domain, or the region or the account", strings.Join(names, ", "), string(side))
}

// foundID is the check others lean on.
func foundID(side steps.Side) steps.CheckID { return steps.CheckID(string(side) + "-domain-found") }

func domainAnswers(side steps.Side) Check {
	return check{CheckInfo{
		ID: steps.CheckID(string(side) + "-domain-answers"), Family: steps.FamilyDomain, Severity: steps.Block,
		Statement: steps.T("the %s domain answers a signed request of the signer", string(side)),
		Why:       steps.T("Every step on the domain is such a request; one refused here is refused there."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		v = v.on("%s %s", side, f.Spec().Side(side).Domain)
		if _, err := f.Domain(ctx, side); err != nil {
			// A typed endpoint could be asked all the same, and would be another domain's.
			if _, is := missing(err); is {
				return one(v.unread(err))
			}
		}
		curl := curlRoot(ctx, f, side)
		info, err := f.Answers(ctx, side)
		found := v.pass(steps.T("GET / says %s, cluster %s", info.Version.String(), info.ClusterName))
		switch is := failure.Of(err); {
		case err == nil:
		case is.Kind == failure.Denied && is.Front == failure.FrontEngine:
			// Signature and policies let it in to the engine, which knows the signer: what
			// that one may do there is a check of its own.
			found = v.pass(steps.T("GET / was let in, and the engine itself answered: %s", is.Message), f.How(facts.FactEngine, side))
		default:
			return one(f.letLater(ctx, side, is, v.refused(err, curl, f.How(facts.FactEngine, side))))
		}
		found.Fix.Command = curl
		return one(found)
	}}
}

// letLater softens the refusal of a signer that the plan gives the rights it lacks.
func (w *View) letLater(ctx context.Context, side steps.Side, is *failure.Failure, found steps.Finding) steps.Finding {
	if found.Outcome != steps.Block || is.Kind != failure.Denied {
		return found
	}
	c, ok := w.plannedOf(ctx, steps.KindAccessPolicy, side, "")
	if signer, err := w.signer(ctx, side); err == nil {
		if _, grant := w.signerAfter(ctx, w.Spec().RoleSide(side), signer); grant != nil {
			c, ok = *grant, true
		}
	}
	if !ok {
		return found
	}
	found.Outcome, found.Fix = steps.Note, steps.Fix{Text: steps.T("The plan does it: %s", c.Summary), Step: c.Step, Command: found.Fix.Command}
	return found
}

// curlRoot is the same request for a shell, "" where no client could be made.
func curlRoot(ctx context.Context, f *View, side steps.Side) string {
	c, err := f.Signer(ctx, side)
	if err != nil {
		return ""
	}
	req, err := c.Request("GET", "/", nil)
	if err != nil {
		return ""
	}
	return req.Curl()
}

func domainCalm(side steps.Side) Check {
	return check{CheckInfo{
		ID: steps.CheckID(string(side) + "-domain-calm"), Family: steps.FamilyDomain, Severity: steps.Warn,
		Statement: steps.T("the %s domain is not being changed or upgraded", string(side)),
		Why:       steps.T("During a change of configuration the service may refuse or slow snapshots and restores."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		v = v.on("%s %s", side, f.Spec().Side(side).Domain)
		d, err := f.Domain(ctx, side)
		switch {
		case err != nil:
			return one(v.unread(err))
		case !d.Described:
			return one(v.skipped(foundID(side), steps.T("only the control plane tells, and it could not be asked")))
		case d.Processing || d.Upgrading:
			return one(v.fail(steps.T("its state is %s", d.State), steps.Fix{Text: steps.T("Wait until the domain is Active")}))
		}
		return one(v.pass(steps.T("processing: no, upgrading: no")))
	}}
}

func domainHealthy(side steps.Side) Check {
	return check{CheckInfo{
		ID: steps.CheckID(string(side) + "-domain-healthy"), Family: steps.FamilyDomain, Severity: steps.Block,
		Statement: steps.T("nothing of the %s domain that matters for the move is red", string(side)),
		Why:       steps.T("A snapshot of an index without all its primaries fails or is partial. Red indices that do not move, and those of the target, are only told."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		v = v.on("%s %s", side, f.Spec().Side(side).Domain)
		h, err := f.Health(ctx, side)
		if err != nil {
			return one(v.unread(err))
		}
		evidence := steps.T("health %s, %s, %s not assigned", h.Status, steps.Counted(h.Nodes, "%d node", "%d nodes"), steps.Counted(h.Unassigned, "%d shard", "%d shards"))
		if h.Status != "red" {
			return one(v.pass(evidence))
		}
		red, err := redMoves(ctx, f, side)
		switch {
		case err != nil:
			return one(v.unread(err))
		case len(red) == 0:
			return one(v.note(steps.T("at least one primary is not assigned, of an index that does not move from here"), evidence))
		}
		return one(v.on("%s", strings.Join(red, ", ")).fail(steps.T("at least one primary is not assigned"),
			steps.Fix{Text: steps.T("See GET _cluster/allocation/explain on the domain and repair them, or leave them out with move.indices (-%s)", red[0])}, evidence))
	}}
}

// redMoves are the indices that would move from a side and are red; a target
// moves none.
func redMoves(ctx context.Context, f *View, side steps.Side) ([]string, error) {
	if side != steps.Source {
		return nil, nil
	}
	sel, err := f.Selection(ctx)
	if err != nil {
		return nil, err
	}
	list, err := f.Indices(ctx, side)
	if err != nil {
		return nil, err
	}
	health := map[string]string{}
	for _, i := range list {
		health[i.Name] = i.Health
	}
	var red []string
	for _, m := range sel.Moves {
		if health[m.Index] == "red" {
			red = append(red, m.Index)
		}
	}
	return red, nil
}

func slotFree() Check {
	return check{CheckInfo{
		ID: "snapshot-slot-free", Family: steps.FamilyDomain, Severity: steps.Note,
		Statement: steps.T("no other snapshot runs on the source"),
		Why:       steps.T("The service takes one snapshot at a time, its own hourly ones included; the run waits for the slot."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		running, err := f.RunningSnapshots(ctx, steps.Source)
		if err != nil {
			return one(v.unread(err))
		}
		if len(running) == 0 {
			return one(v.pass(steps.T("GET _snapshot/_status lists none")))
		}
		r := running[0]
		found := v.on("%s/%s", r.Repository, r.Name).note(steps.T("%d run now; the run waits until they are done", len(running)), f.How(facts.FactRunning, steps.Source))
		found.Fix.Text = steps.T("Nothing has to be done; never delete somebody else's")
		return one(found)
	}}
}
