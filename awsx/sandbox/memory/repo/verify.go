package repo

import (
	"context"

	"snapferry/awsx/sandbox/memory/wire"
)

// Node is a node of the cluster that verifies.
type Node struct {
	ID string
	// Shown is how the engine prints the node in texts: {name}{id}{…}.
	Shown string
}

// Verify tries the repository from every node: the elected one writes
// tests-SEED/master.dat, each node reads it and writes data-NODE.dat, and all of
// it is deleted. A readonly repository is only listed, which proves no more than
// that the root can be listed.
func (r *Repository) Verify(ctx context.Context, nodes []Node) *wire.Error {
	if r.opt.Readonly {
		if _, err := r.latest(ctx); err != nil {
			return r.unreachable(err)
		}
		return nil
	}
	seed := wire.UUID(r.opt.Random)
	dir := r.root("tests-" + seed + "/")
	if err := r.put(ctx, dir+"master.dat", []byte(seed)); err != nil {
		return r.unreachable(err)
	}
	list := ""
	for _, n := range nodes {
		if err := r.verifyNode(ctx, n, dir, seed); err != nil {
			if list != "" {
				list += ", "
			}
			list += "[" + n.ID + ", '" + err.Java() + "']"
		}
	}
	if list != "" {
		// The engine leaves the test files behind when a node failed.
		return wire.New(500, "repository_verification_exception", "[%s] [%s]", r.opt.Name, list)
	}
	return r.sweep(ctx, dir)
}

// unreachable is the elected node's failure. The base path stands in it in
// brackets, part by part.
func (r *Repository) unreachable(cause *wire.Error) *wire.Error {
	return wire.New(500, "repository_verification_exception", "[%s] path %s is not accessible on %s node",
		r.opt.Name, r.shown(), r.opt.Manager).CausedBy(cause)
}

// verifyNode is one node's part.
func (r *Repository) verifyNode(ctx context.Context, n Node, dir, seed string) *wire.Error {
	refuse := func(cause *wire.Error, format string, args ...any) *wire.Error {
		return wire.New(500, "repository_verification_exception", "["+r.opt.Name+"] "+format, args...).CausedBy(cause)
	}
	store := "BlobStore{" + r.opt.Base + "}"
	if err := r.put(ctx, dir+"data-"+n.ID+".dat", []byte(seed)); err != nil {
		return refuse(err, "store location [%s] is not accessible on the node [%s]", store, n.Shown)
	}
	body, err := r.get(ctx, dir+"master.dat")
	switch {
	case err != nil && err.Type == "no_such_file_exception":
		return refuse(err, "a file written by %s to the store [%s] cannot be accessed on the node [%s]. "+
			"This might indicate that the store [%s] is not shared between this node and the %s node or that "+
			"permissions on the store don't allow reading files written by the %s node",
			r.opt.Manager, store, n.Shown, store, r.opt.Manager, r.opt.Manager)
	case err != nil:
		return refuse(err, "Failed to verify repository")
	case string(body) != seed:
		return refuse(nil, "Seed read from master.dat was [%s] but expected seed [%s]", body, seed)
	}
	return nil
}

// sweep deletes the test folder.
func (r *Repository) sweep(ctx context.Context, dir string) *wire.Error {
	blobs, err := r.list(ctx, dir)
	if err == nil {
		keys := make([]string, 0, len(blobs))
		for _, b := range blobs {
			keys = append(keys, b.Key)
		}
		err = r.remove(ctx, keys)
	}
	if err != nil {
		return wire.New(500, "repository_verification_exception", "[%s] cannot delete test data at %s", r.opt.Name, r.shown()).CausedBy(err)
	}
	return nil
}
