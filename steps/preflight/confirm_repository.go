package preflight

import (
	"context"

	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/diagnose"
	"snapferry/steps/facts"
)

// registered is the repository an error names, else the answers', on a side; nil
// where it is not, or nobody can tell.
func (w *View) registered(ctx context.Context, side steps.Side, about diagnose.Subject) *cluster.Repository {
	name := w.Spec().Move.Repository
	if about.Repository != "" {
		name = awsid.RepositoryName(about.Repository)
	}
	r, err := w.Repository(ctx, side, name)
	if err != nil {
		return nil
	}
	return r
}

// notReadonly: who may only read cannot verify a repository that is to be written.
func notReadonly(ctx context.Context, w *View, side steps.Side, about diagnose.Subject) diagnose.Seen {
	r := w.registered(ctx, side, about)
	if r == nil {
		return diagnose.Seen{}
	}
	return seen(!w.Spec().RoleWrites(side) && r.Settings["readonly"] != "true", w.setting(side, r, "readonly"))
}

func isReadonly(ctx context.Context, w *View, side steps.Side, about diagnose.Subject) diagnose.Seen {
	r := w.registered(ctx, side, about)
	if r == nil {
		return diagnose.Seen{}
	}
	return seen(r.Settings["readonly"] == "true", w.setting(side, r, "readonly"))
}

// aclSent: a bucket that takes no lists takes the one that hands objects over, and
// from its own account "private", which the engine sends by itself.
func aclSent(ctx context.Context, w *View, side steps.Side, about diagnose.Subject) diagnose.Seen {
	r := w.registered(ctx, side, about)
	if r == nil {
		return diagnose.Seen{}
	}
	acl := r.Settings["canned_acl"]
	wrong := acl != "" && acl != "private" && acl != "bucket-owner-full-control" || w.Spec().RoleHandsOver(side) && acl != "bucket-owner-full-control"
	return seen(wrong, w.setting(side, r, "canned_acl"))
}

func (w *View) setting(side steps.Side, r *cluster.Repository, name string) steps.Text {
	return steps.T("%s of %s: %s is %q", w.How(facts.FactRepository, side), string(r.Name), name, r.Settings[name])
}

// otherFolder compares the registrations of both sides, which have to name one
// folder of one bucket.
func otherFolder(ctx context.Context, w *View, _ steps.Side, about diagnose.Subject) diagnose.Seen {
	a, b := w.registered(ctx, steps.Source, about), w.registered(ctx, receiving(w.Spec()), about)
	if a == nil || b == nil {
		return diagnose.Seen{}
	}
	at := func(r *cluster.Repository) string {
		return "s3://" + r.Settings["bucket"] + "/" + r.Settings["base_path"]
	}
	return seen(at(a) != at(b), steps.T("the source has it at %s, the target at %s", at(a), at(b)))
}

// inState says that the snapshot an error names is in one of these states.
func inState(states ...string) look {
	return func(ctx context.Context, w *View, side steps.Side, about diagnose.Subject) diagnose.Seen {
		if about.Repository == "" || about.Snapshot == "" {
			return diagnose.Seen{}
		}
		s, err := w.Snapshot(ctx, side, awsid.RepositoryName(about.Repository), awsid.SnapshotName(about.Snapshot))
		if err != nil || s == nil {
			return diagnose.Seen{}
		}
		is := false
		for _, state := range states {
			is = is || s.State == state
		}
		return seen(is, steps.T("%s: its state is %s", w.How(facts.FactSnapshot, side), s.State))
	}
}
