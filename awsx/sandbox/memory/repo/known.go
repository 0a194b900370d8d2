package repo

import (
	"context"
	"strconv"

	"snapferry/awsx/sandbox/memory/wire"
)

// Known is what a cluster that writes to a repository remembers of it. Before
// its first write an engine looks for the newest root index each time; from then
// on it trusts its memory, which is quick, and which makes it blind to what
// another cluster writes to the same place. The next write finds out, and from
// then on the repository is of no use to this cluster until it is registered
// anew.
type Known struct {
	// Gen is the generation this cluster wrote last, -1 before its first write.
	Gen int64
	// Tried is the generation of the last attempt.
	Tried int64
	// Corrupt says that another writer was noticed.
	Corrupt bool `json:",omitempty"`

	// body is the root index of that generation; it is read again after a restart.
	body []byte
}

// Unknown is what a cluster knows of a repository it has just registered.
func Unknown() *Known { return &Known{Gen: -1, Tried: -1} }

// trusted says that the root index is taken from memory. Readonly repositories
// have none.
func (r *Repository) trusted() bool { return r.opt.Known != nil && r.opt.Known.Gen >= 0 }

// corrupt is what every use of a disabled repository gives.
func (r *Repository) corrupt() *wire.Error {
	return wire.New(500, "repository_exception", "[%s] Could not read repository data because the contents of the repository do not match its expected state. "+
		"This is likely the result of either concurrently modifying the contents of the repository by a process other than this cluster or an issue with "+
		"the repository's underlying storage. The repository has been disabled to prevent corrupting its contents. To re-enable it and continue using it "+
		"please remove the repository from the cluster and add it again to make the cluster recover the known state of the repository from its physical contents.",
		r.opt.Name)
}

// recall reads the root index this cluster wrote last.
func (r *Repository) recall(ctx context.Context) ([]byte, *wire.Error) {
	k := r.opt.Known
	if k.body != nil {
		return k.body, nil
	}
	body, err := r.get(ctx, r.rootIndex(k.Gen))
	switch {
	case err == nil:
		k.body = body
	case err.Type == "no_such_file_exception":
		k.Corrupt = true
		return nil, r.corrupt().CausedBy(err)
	}
	return body, err
}

// stillThere looks, before a root index is replaced, that it is still the newest.
// Nothing but its own existence is asked for.
func (r *Repository) stillThere(ctx context.Context, gen int64) *wire.Error {
	if gen < 0 {
		return nil
	}
	_, err := r.get(ctx, r.rootIndex(gen))
	if err == nil || err.Type != "no_such_file_exception" {
		return err
	}
	if r.opt.Known != nil {
		r.opt.Known.Corrupt = true
	}
	return wire.New(500, "repository_exception", "[%s] concurrent modification of the index-N file, expected current generation [%d] but it was not found in the repository",
		r.opt.Name, gen)
}

// Unmoved refuses where another cluster has written since.
func (r *Repository) Unmoved(ctx context.Context) *wire.Error {
	if !r.trusted() {
		return nil
	}
	gen, err := r.latest(ctx)
	if err != nil || gen <= r.opt.Known.Gen {
		return err
	}
	return wire.New(500, "repository_exception", "[%s] concurrent modification of the index-N file, expected current generation [%d], actual current generation [%d]",
		r.opt.Name, r.opt.Known.Gen, gen)
}

// rootIndex is the key of a generation.
func (r *Repository) rootIndex(gen int64) string {
	return r.root("index-" + strconv.FormatInt(gen, 10))
}
