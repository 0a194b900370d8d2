package resource

import (
	"context"
	"maps"

	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/steps"
)

// repositoryKind is the registration of a snapshot repository on a domain. It is
// written and read by the signer; deleting it never deletes objects.
type repositoryKind struct {
	access Access
	opts   Options
}

// Read gives type and settings as the domain shows them. That a registration is
// there proves nothing about the bucket; the step verifies.
func (k repositoryKind) Read(ctx context.Context, ref steps.Ref) (steps.Doc, error) {
	c, err := k.access.Signer(ctx, ref.Side)
	if err != nil {
		return "", err
	}
	r, err := c.Repository(ctx, awsid.RepositoryName(ref.Name))
	if err != nil || r == nil {
		return steps.Absent, err
	}
	return Repository{Type: r.Type, Settings: r.Settings}.Doc(), nil
}

// normal leaves out a readonly that says what its absence says.
func (r Repository) normal() Repository {
	if r.Settings["readonly"] == "false" {
		r.Settings = maps.Clone(r.Settings)
		delete(r.Settings, "readonly")
	}
	return r
}

// Write registers; the engine verifies by itself as it does so. A failed
// verification leaves the registration behind (seen in the engine's code and on
// the managed service), so one that was not there before is removed again.
func (k repositoryKind) Write(ctx context.Context, ref steps.Ref, was, want steps.Doc) error {
	after, _, err := ParseRepository(want)
	if err != nil {
		return err
	}
	c, err := k.access.Signer(ctx, ref.Side)
	if err != nil {
		return err
	}
	name := awsid.RepositoryName(ref.Name)
	err = c.PutRepository(ctx, cluster.Repository{Name: name, Type: after.Type, Settings: after.Settings})
	if err == nil || ctx.Err() != nil {
		return err
	}
	left, rerr := k.Read(ctx, ref)
	switch {
	case rerr != nil || !left.Exists():
		return err
	case failure.Is(err, failure.Timeout) && left == want:
		// No answer came in time, but it was done; the step's own verification
		// says whether the nodes reach the bucket.
		return nil
	case was.Exists() || left != want:
		return err
	}
	if derr := c.DeleteRepository(ctx, name); derr != nil {
		return &steps.Error{
			Summary: steps.T("Repository %s could not be verified, and its registration was left behind", ref.Name),
			Fix:     steps.T("Mend the cause and run again, or remove it with DELETE _snapshot/%s", ref.Name),
			Cause:   err,
		}
	}
	return err
}

// Delete takes the registration away and never an object (engine documentation).
func (k repositoryKind) Delete(ctx context.Context, ref steps.Ref, _ steps.Doc) error {
	c, err := k.access.Signer(ctx, ref.Side)
	if err != nil {
		return err
	}
	return c.DeleteRepository(ctx, awsid.RepositoryName(ref.Name))
}

// Takeback: a registration has no place for a mark, so it is ours as long as it
// is what we wrote, letter by letter.
func (k repositoryKind) Takeback(live, before, after steps.Doc) (steps.Doc, bool, steps.Text) {
	switch {
	case !live.Exists() && !before.Exists():
		return steps.Absent, true, steps.Text{}
	case !live.Exists():
		return live, false, steps.T("the registration was removed since")
	case live != after:
		return live, false, steps.T("the registration was changed since")
	}
	return before, true, steps.Text{}
}
