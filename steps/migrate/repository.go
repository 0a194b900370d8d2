package migrate

import (
	"context"
	"fmt"

	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
	"snapferry/steps/resource"
)

// repositoryStep wants the bucket registered as a snapshot repository on a
// side's domain: writable on the source, read-only on the target, because two
// writers corrupt a repository.
type repositoryStep struct {
	*route
	side steps.Side
	id   steps.StepID
}

func (s repositoryStep) Info() engine.Info {
	return engine.Info{ID: s.id, Side: s.side, Title: steps.T("Snapshot repository on the %s domain", string(s.side))}
}

func (s repositoryStep) ref() steps.Ref {
	return steps.Ref{Kind: steps.KindRepository, Side: s.side, Name: string(s.spec.Move.Repository)}
}

func (s repositoryStep) Plan(ctx context.Context, w *engine.World) ([]steps.Change, error) {
	live, err := w.Doc(ctx, s.ref())
	if err != nil {
		return nil, err
	}
	role, err := s.roleARN(ctx, s.side)
	if err != nil {
		return nil, err
	}
	want, err := s.adopted(live, s.want(role))
	if err != nil {
		return nil, err
	}
	b := s.spec.Bucket
	c := steps.NewChange(s.id, s.ref(), live, want, steps.T("repository %s at s3://%s/%s", string(s.spec.Move.Repository), string(b.Name), string(b.BasePath)))
	c.Helper = true
	return []steps.Change{c}, nil
}

func (s repositoryStep) want(role awsid.ARN) resource.Repository {
	b := s.spec.Bucket
	settings := map[string]string{"bucket": string(b.Name), "region": string(b.Region), "role_arn": role.String()}
	if b.BasePath != "" {
		settings["base_path"] = string(b.BasePath)
	}
	if s.side == steps.Target {
		settings["readonly"] = "true"
	}
	if s.use(s.side).handsOver {
		// The engine sends the canned list "private" unless told otherwise, which a
		// bucket of another account refuses (elastic/elasticsearch#104527).
		settings["canned_acl"] = "bucket-owner-full-control"
	}
	return resource.Repository{Type: "s3", Settings: settings}
}

// adopted takes a registration that is there as it is, if it is for the same
// bucket, folder and role, and as readonly as it has to be. Settings beside
// these, such as throttles, are their owner's. Any other one is not changed:
// others may depend on it.
func (s repositoryStep) adopted(live steps.Doc, want resource.Repository) (steps.Doc, error) {
	have, exists, err := resource.ParseRepository(live)
	if err != nil || !exists {
		return want.Doc(), err
	}
	differ := func(what, has, wants string) error {
		return &steps.Error{
			Field:   "move.repository",
			Summary: steps.T("The %s domain has a repository %s already, whose %s is %q and not %q", string(s.side), string(s.spec.Move.Repository), what, has, wants),
			Fix:     steps.T("Choose another repository name, or remove that registration if nobody needs it (the objects in the bucket stay)"),
		}
	}
	if have.Type != want.Type {
		return "", differ("type", have.Type, want.Type)
	}
	for _, k := range []string{"bucket", "base_path", "role_arn", "readonly", "canned_acl"} {
		if k == "canned_acl" && want.Settings[k] == "" {
			continue // whatever its owner chose, he writes into a bucket of his own
		}
		if have.Settings[k] != want.Settings[k] && !(k == "readonly" && have.Settings[k] == "false" && want.Settings[k] == "") {
			return "", differ(k, have.Settings[k], want.Settings[k])
		}
	}
	return live, nil
}

// RepositoryFits says why a run would not go on with a registration that is there, nil
// where it would.
func RepositoryFits(ctx context.Context, f *facts.Facts, side steps.Side, live resource.Repository) error {
	s := repositoryStep{route: &route{spec: f.Spec(), facts: f}, side: side}
	role, err := s.roleARN(ctx, side)
	if err == nil {
		_, err = s.adopted(live.Doc(), s.want(role))
	}
	return err
}

// Prove has every node reach the bucket. Verifying writes and deletes a file, so
// where nothing was made the repository is listed instead.
func (s repositoryStep) Prove(ctx context.Context, _ *engine.World, _ []steps.Change, changed bool) (steps.Evidence, error) {
	c, err := s.facts.Signer(ctx, s.side)
	if err != nil {
		return steps.Evidence{}, err
	}
	name := s.spec.Move.Repository
	if !changed {
		list, err := c.Snapshots(ctx, name)
		if err != nil {
			return steps.Evidence{}, err
		}
		return steps.Evidence{Summary: steps.T("the repository answers, it lists %s", steps.Counted(len(list), "%d snapshot", "%d snapshots"))}, nil
	}
	nodes, err := c.VerifyRepository(ctx, name)
	if err != nil {
		return steps.Evidence{}, err
	}
	if len(nodes) == 0 {
		return steps.Evidence{}, fmt.Errorf("the verification of repository %s named no node", name)
	}
	return steps.Evidence{Summary: steps.Counted(len(nodes), "%d node reaches the bucket as the snapshot role", "%d nodes reach the bucket as the snapshot role")}, nil
}
