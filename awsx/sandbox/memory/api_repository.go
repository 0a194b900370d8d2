package memory

import (
	"context"
	"maps"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/repo"
	"snapferry/awsx/sandbox/memory/wire"
)

// repository is a registered snapshot repository: what the caller wrote, all
// settings as strings.
type repository struct {
	Type     string
	Settings settings
	// Known is what this cluster remembers of the place since its first write.
	Known *repo.Known `json:",omitempty"`
}

// repositoryRoutes are the APIs of this family: registration, its verification
// and its removal, none of which deletes an object in the store.
func (c *Cluster) repositoryRoutes() []route {
	const (
		all = "/_snapshot"
		one = "/_snapshot/{repository}"
		a   = "cluster:admin/repository/"
		p   = "verify" + pManager
	)
	return []route{
		{"GET", all, a + "get", pManager, c.getRepositories},
		{"GET", one, a + "get", pManager, c.getRepositories},
		{"PUT", one, a + "put", p, c.putRepository},
		{"POST", one, a + "put", p, c.putRepository},
		{"DELETE", one, a + "delete", pManager, c.deleteRepository},
		{"POST", one + "/_verify", a + "verify", pManager, c.verifyRepository},
		{"POST", one + "/_cleanup", a + "_cleanup", pManager, c.cleanRepository},
	}
}

// repositoryMissing is the engine's 404 for a name that is not registered.
func repositoryMissing(name string) *wire.Error {
	return wire.New(404, "repository_missing_exception", "[%s] missing", name)
}

// registered finds a repository by its exact name.
func (c *Cluster) registered(name string) (*repository, *wire.Error) {
	if r := c.state.Repositories[name]; r != nil {
		return r, nil
	}
	return nil, repositoryMissing(name)
}

// open reaches a repository's place as its role. A role that cannot be assumed
// shows at the first use of the store, not here.
func (c *Cluster) open(ctx context.Context, name string) (*repo.Repository, *wire.Error) {
	r, err := c.registered(name)
	if err != nil {
		return nil, err
	}
	if r.Settings.str("bucket") == "" {
		return repo.New(repo.Closed(errNoBucket), c.repositoryOptions(name, r)), nil
	}
	place := backend.Place{RoleARN: r.Settings.str("role_arn"), Bucket: r.Settings.str("bucket"), Region: r.Settings.str("region"), CannedACL: r.Settings.str("canned_acl")}
	blobs, oerr := c.opt.Roles.Open(ctx, place)
	if oerr != nil {
		blobs = repo.Closed(oerr)
	}
	return repo.New(blobs, c.repositoryOptions(name, r)), nil
}

// errNoBucket is the SDK's own refusal of a request without a bucket.
var errNoBucket = wire.NewForeign(500, "sdk_client_exception", "Unable to marshall request to JSON: Bucket cannot be empty.").
	CausedBy(wire.IllegalArgument("Bucket cannot be empty."))

// repositoryOptions is how this engine sees a repository. Shard data goes under
// hashed prefixes from OpenSearch 3 on.
func (c *Cluster) repositoryOptions(name string, r *repository) repo.Options {
	if r.Known == nil {
		r.Known = repo.Unknown()
	}
	known := r.Known
	if r.readonly() {
		known = nil
	}
	return repo.Options{
		Name: name, Known: known, Base: r.Settings.str("base_path"), Readonly: r.readonly(), Manager: c.eng.manager(),
		SDK: c.eng.sdk(), Hashed: c.eng.atLeast(3, 0) && !strings.EqualFold(r.Settings.str("shard_path_type"), "fixed"),
		Random: c.opt.Random,
	}
}

// readonly says that this cluster must not write there, because another one
// does.
func (r *repository) readonly() bool { return r.Settings.str("readonly") == "true" }

// getRepositories shows type and settings as they were sent, every value as a
// string.
func (c *Cluster) getRepositories(r *call) (reply, *wire.Error) {
	out := object{}
	for _, w := range splitList(r.vars["repository"]) {
		if c.state.Repositories[w] == nil && !names.IsPattern(w) && w != "_all" {
			return reply{}, repositoryMissing(w)
		}
	}
	wanted := splitList(r.vars["repository"])
	for name, rp := range c.state.Repositories {
		if names.IsAll(wanted) || names.MatchAny(wanted, name) {
			out[name] = wire.Obj("type", rp.Type, "settings", rp.Settings.shown(false))
		}
	}
	return ok(out)
}

// putRepository registers or re-registers, and verifies unless told not to.
func (c *Cluster) putRepository(r *call) (reply, *wire.Error) {
	body, err := r.object()
	if err != nil {
		return reply{}, err
	}
	name := r.vars["repository"]
	inner, _ := body["settings"].(object)
	rp := &repository{Settings: flatten(inner)}
	maps.DeleteFunc(rp.Settings, func(_ string, v any) bool { return v == nil })
	if rp.Type, _ = body["type"].(string); rp.Type == "" {
		return reply{}, wire.Invalid("type is missing")
	}
	if err := names.CheckRepository(name); err != nil {
		return reply{}, err
	}
	if err := c.checkRepository(name, rp); err != nil {
		return reply{}, err
	}
	if err := c.repositoryFree(name, rp); err != nil {
		return reply{}, err
	}
	// Registered again as it was, a repository stays what it is, disabled or not.
	if was := c.state.Repositories[name]; was != nil && was.Type == rp.Type && maps.EqualFunc(was.Settings, rp.Settings, sameSetting) {
		rp.Known = was.Known
	}
	// Registered comes before verified: a failing verification leaves the
	// registration behind, as on a real domain.
	c.state.Repositories[name] = rp
	if err := c.save(); err != nil {
		return reply{}, storageError(err)
	}
	verify, err := r.flag("verify", true)
	if err != nil {
		return reply{}, err
	}
	if v, ok := body["verify"].(bool); ok {
		verify = v
	}
	if verify {
		if err := c.verify(r.ctx, name); err != nil {
			return reply{}, err
		}
	}
	return acknowledged()
}

// inUse says that a snapshot is being taken to, or restored from, a repository.
func (c *Cluster) inUse(name string) bool {
	for _, s := range c.state.Running {
		if s.Repository == name {
			return true
		}
	}
	for _, ix := range c.byName {
		if ix.meta.Restored != nil && ix.meta.Restored.Repository == name && c.restoring(ix) {
			return true
		}
	}
	return false
}

// deleteRepository unregisters; the objects stay where they are.
func (c *Cluster) deleteRepository(r *call) (reply, *wire.Error) {
	var hits []string
	for name := range c.state.Repositories {
		if names.MatchAny(splitList(r.vars["repository"]), name) {
			hits = append(hits, name)
		}
	}
	if len(hits) == 0 {
		return reply{}, repositoryMissing(r.vars["repository"])
	}
	for _, name := range hits {
		if err := c.repositoryFree(name, nil); err != nil {
			return reply{}, err
		}
	}
	for _, name := range hits {
		delete(c.state.Repositories, name)
	}
	if err := c.save(); err != nil {
		return reply{}, storageError(err)
	}
	return acknowledged()
}

// verifyRepository is the only proof that a registration works; it names the
// nodes that took part.
func (c *Cluster) verifyRepository(r *call) (reply, *wire.Error) {
	if err := c.verify(r.ctx, r.vars["repository"]); err != nil {
		return reply{}, err
	}
	nodes := wire.Object{}
	for _, n := range c.state.Nodes {
		nodes = nodes.Set(n.ID, wire.Obj("name", n.Name))
	}
	return ok(wire.Obj("nodes", nodes))
}

// verify tries a repository from every node.
func (c *Cluster) verify(ctx context.Context, name string) *wire.Error {
	rp, err := c.open(ctx, name)
	if err != nil {
		return err
	}
	nodes := make([]repo.Node, len(c.state.Nodes))
	for i, n := range c.state.Nodes {
		nodes[i] = repo.Node{ID: n.ID, Shown: c.shownNode(n)}
	}
	return rp.Verify(ctx, nodes)
}

// cleanRepository removes what earlier deletions were not allowed to remove. It
// refuses while any snapshot runs.
func (c *Cluster) cleanRepository(r *call) (reply, *wire.Error) {
	name := r.vars["repository"]
	rp, err := c.open(r.ctx, name)
	if err != nil {
		return reply{}, err
	}
	var busy []string
	for _, s := range c.state.Running {
		busy = append(busy, s.Name)
	}
	if busy != nil {
		return reply{}, wire.NewForeign(500, "illegal_state_exception", "Cannot cleanup [%s] - a snapshot is currently running in [SnapshotsInProgress[%s]]", name, strings.Join(busy, ","))
	}
	blobs, bytes, err := rp.Clean(r.ctx)
	if err != nil {
		return reply{}, err
	}
	if err := c.save(); err != nil {
		return reply{}, storageError(err)
	}
	return ok(wire.Obj("results", wire.Obj("deleted_bytes", bytes, "deleted_blobs", blobs)))
}

// shownVersion is how this engine reads a version number. Elasticsearch does not
// know OpenSearch's mask and reads another number out of it.
func (c *Cluster) shownVersion(id int) string {
	if c.eng.v.Family == awsid.Elasticsearch && id&mask != 0 {
		return unmaskedReading(id)
	}
	return versionOf(id).Number()
}
