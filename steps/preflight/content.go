package preflight

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/facts"
)

func protectedStays() Check {
	return check{CheckInfo{
		ID: "protected-content-not-asked-for", Family: steps.FamilyFit, Severity: steps.Warn,
		Statement: steps.T("no pattern asks for indices that belong to their domain"),
		Why:       steps.T("The security index, dashboards objects and the state of plugins stay whatever is asked: a restore that holds the security index is refused with no permissions for [], whoever asks, and the target keeps its own of the others."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		indices, err := f.Indices(ctx, steps.Source)
		if err != nil {
			return one(v.unread(err))
		}
		var found []steps.Finding
		stay := 0
		for _, p := range append([]string{""}, f.Spec().Move.Patterns...) {
			var hit []string
			for _, x := range indices {
				switch why := facts.Protected(x.Name); {
				case why.IsZero():
				case p == "":
					stay++
				case asksFor(p, x):
					hit = append(hit, x.Name)
				}
			}
			if len(hit) > 0 {
				found = append(found, v.on("%s", p).fail(steps.T("it asks for %s, and this stays: %s", strings.Join(hit, ", "), facts.Protected(hit[0])),
					steps.Fix{Text: steps.T("Take it out of move.indices; dashboards objects move by export and import, users and mappings are set up on the target"), Answers: f.without(p)}, f.How(facts.FactIndices, steps.Source)))
			}
		}
		if len(found) > 0 {
			return found
		}
		return one(v.pass(steps.T("%s: %d protected indices stay, and no pattern names one", f.How(facts.FactIndices, steps.Source), stay)))
	}}
}

// asksFor says that a pattern means an index whose name begins with a dot: one that
// does not begin so does not reach it, as in the engine.
func asksFor(pattern string, x facts.Index) bool {
	if !strings.HasPrefix(pattern, ".") {
		return false
	}
	_, idle := facts.Match([]facts.Index{x}, []string{pattern})
	return len(idle) == 0
}

// securityIndices are what no restore may hold.
var securityIndices = []string{".opendistro_security", ".opensearch_security"}

func snapshotsRestorable() Check {
	return check{CheckInfo{
		ID: "snapshots-without-security-index", Family: steps.FamilyFit, Severity: steps.Note,
		Statement: steps.T("no snapshot that the target lists holds the security index"),
		Why:       steps.T("Somebody who restores it without a list of indices, or with one whose exclusions miss it (-.opendistro-* does), is refused with no permissions for [] and looks for rights that nobody could have. This program restores by an explicit list."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		side := receiving(f.Spec())
		guarded, err := f.Guarded(ctx, side)
		if err != nil {
			return one(v.unread(err))
		}
		if !guarded {
			return one(v.pass(steps.T("%s: no fine-grained access control", f.How(facts.FactDomain, side))))
		}
		list, err := f.Repositories(ctx, side)
		if err != nil {
			return one(v.unread(err))
		}
		var found []steps.Finding
		looked := 0
		for _, r := range list {
			if strings.HasPrefix(string(r.Name), "cs-") {
				continue // the service's own, which nobody restores from to move
			}
			held, err := f.Holds(ctx, side, r.Name)
			v := v.on("%s %s", string(side), string(r.Name))
			if err != nil {
				found = append(found, v.unread(err))
				continue
			}
			looked += len(held)
			if bad := slices.DeleteFunc(slices.Clone(held), func(s facts.Held) bool { return !holdsSecurity(s) }); len(bad) > 0 {
				found = append(found, f.listed(ctx, v, side, r.Name, bad))
			}
		}
		if len(found) > 0 {
			return found
		}
		return one(v.pass(steps.T("%s, _all: %s looked at", f.How(facts.FactRepository, side), steps.Counted(looked, "%d snapshot", "%d snapshots"))))
	}}
}

func holdsSecurity(s facts.Held) bool {
	return slices.ContainsFunc(securityIndices, func(name string) bool { return slices.Contains(s.Indices, name) })
}

// dated is what some engines put before the generation in the name of an index behind
// a data stream.
var dated = regexp.MustCompile(`-\d{4}\.\d\d\.\d\d$`)

// restorable parts what a snapshot holds: data streams by their names and all indices
// to restore, those behind streams among them; and what belongs to its domain.
func restorable(held []string) (streams, indices, kept []string) {
	for _, name := range held {
		stream, _ := cluster.BackedStream(name)
		switch {
		case stream != "":
			if stream = dated.ReplaceAllString(stream, ""); !slices.Contains(streams, stream) {
				streams = append(streams, stream)
			}
			indices = append(indices, name)
		case strings.HasPrefix(name, "."):
			kept = append(kept, name)
		default:
			indices = append(indices, name)
		}
	}
	slices.Sort(streams)
	return streams, indices, kept
}

// listed shows how the last of such snapshots is restored: by the names of all that
// nobody keeps for a domain. It is shown as a comment, as nobody here knows whose it
// is and whether the target has room for it; and not at all where no name is left,
// which would mean everything.
func (w *View) listed(ctx context.Context, v verdict, side steps.Side, repo awsid.RepositoryName, bad []facts.Held) steps.Finding {
	last := bad[len(bad)-1]
	found := v.note(steps.T("%s the security index, the last of them %s", steps.Counted(len(bad), "%d of its snapshots holds", "%d of its snapshots hold"), string(last.Name)), w.How(facts.FactRepository, side))
	found.Fix.Text = steps.T("Restore such a one by an explicit list of your own indices, without global state: no right helps")
	streams, names, kept := restorable(last.Indices)
	if len(names) > 0 {
		found.Fix.Text = steps.T("%s. Below, left out: %s", found.Fix.Text, strings.Join(kept, ", "))
	}
	asked := map[string]any{"indices": strings.Join(slices.Concat(streams, names), ","), "include_global_state": false}
	if len(streams) > 0 {
		// With fine-grained access control a stream counts as what stands behind it, and
		// its own name as missing.
		asked["ignore_unavailable"] = true
		found.Fix.Text = steps.T("%s; with the indices of the data streams: %s, whose templates the target has to have", found.Fix.Text, strings.Join(streams, ", "))
	}
	c, err := w.Signer(ctx, side)
	body, jerr := json.Marshal(asked)
	if err != nil || jerr != nil || len(names) == 0 {
		return found
	}
	at := fmt.Sprintf("/_snapshot/%s/%s/_restore", url.PathEscape(string(repo)), url.PathEscape(string(last.Name)))
	if req, err := c.Request(http.MethodPost, at, body); err == nil {
		found.Fix.Command = "# " + strings.ReplaceAll(req.Curl(), "\n", "\n# ")
	}
	return found
}
