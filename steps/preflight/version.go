package preflight

import (
	"context"
	"errors"

	"snapferry/awsx/awsid"
	"snapferry/steps"
)

// oldestReadable is the oldest version whose indices an engine of this major can
// read (Version.computeMinIndexCompatVersion in the engine's source).
func oldestReadable(v awsid.EngineVersion) awsid.EngineVersion {
	es := func(major int) awsid.EngineVersion {
		return awsid.EngineVersion{Family: awsid.Elasticsearch, Major: major}
	}
	if v.Family == awsid.Elasticsearch {
		if v.Major == 5 {
			return es(2) // there were no 3 and 4
		}
		return es(v.Major - 1)
	}
	switch v.Major {
	case 1:
		return es(6)
	case 2:
		return es(7)
	}
	return awsid.EngineVersion{Family: awsid.OpenSearch, Major: v.Major - 1}
}

func versionPath() Check {
	return check{CheckInfo{
		ID: "version-path", Family: steps.FamilyFit, Severity: steps.Block,
		Statement: steps.T("a snapshot of the source's version can be restored by the target's version"),
		Why:       steps.T("An engine refuses snapshots of a newer version, and of one more than a major older; OpenSearch 3 does not even list those of Elasticsearch."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		from, to, err := versions(ctx, f)
		if err != nil {
			return one(v.unread(err))
		}
		v = v.on("%s to %s", from, to)
		cause, fix := Path(from, to)
		switch {
		case !cause.IsZero():
			return one(v.fail(cause, steps.Fix{Text: fix}))
		case from.Family == awsid.Elasticsearch && to.Family == awsid.OpenSearch && to.Major == 2:
			return one(v.note(steps.T("AWS's upgrade table offers this path only through OpenSearch 1.x; real nodes of 7.10.2 and 2.19.4 were seen to do it directly")))
		}
		return one(v.pass(steps.T("%s can read what %s writes", to.String(), from.String())))
	}}
}

// Path says why a domain of version to can restore no snapshot of version from, and
// the way out; both are zero where it can.
func Path(from, to awsid.EngineVersion) (cause, fix steps.Text) {
	switch {
	case from.Compare(to) > 0:
		return steps.T("the source is newer than the target"), steps.T("Upgrade the target to %s or later", from.String())
	case from.Compare(oldestReadable(to)) < 0:
		return steps.T("%s reads nothing older than %s", to.String(), oldestReadable(to).String()),
			steps.T("Go through a domain of a version in between, where the indices are reindexed")
	}
	return steps.Text{}, steps.Text{}
}

func versions(ctx context.Context, f *View) (from, to awsid.EngineVersion, err error) {
	a, err := f.Engine(ctx, steps.Source)
	if err != nil {
		return from, to, err
	}
	b, err := f.Engine(ctx, receiving(f.Spec()))
	return a.Version, b.Version, err
}

func indexVersions() Check {
	return check{CheckInfo{
		ID: "index-created-versions", Family: steps.FamilyFit, Severity: steps.Block,
		Statement: steps.T("every index that moves was created by a version the target can read"),
		Why:       steps.T("An index keeps the version it was created with through every upgrade of its domain, and the target judges that one."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		to, err := f.Engine(ctx, receiving(f.Spec()))
		if err != nil {
			return one(v.unread(err))
		}
		sel, err := f.Selection(ctx)
		if err != nil {
			return one(v.unread(err))
		}
		oldest := oldestReadable(to.Version)
		var bad []steps.Finding
		for _, m := range sel.Moves {
			v := v.on("%s", m.Index)
			made, err := awsid.ParseEngineVersion(m.Created)
			switch {
			case err != nil:
				bad = append(bad, v.unread(errors.New("its settings do not tell which version created it")))
				continue
			case made.Compare(oldest) >= 0:
				continue
			}
			bad = append(bad, v.fail(steps.T("it was created by %s; %s reads from %s on", made.String(), to.Version.String(), oldest.String()),
				steps.Fix{Text: steps.T("Reindex it on the source (POST _reindex into a new index), or leave it out")}))
		}
		if len(bad) > 0 {
			return bad
		}
		return one(v.pass(steps.T("%s, none created before %s", steps.Indices(len(sel.Moves)), oldest.String())))
	}}
}
