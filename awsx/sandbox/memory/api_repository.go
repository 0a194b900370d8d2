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
	place := backend.Place{RoleARN: r.Settings.str("role_arn"), Bucket: r.Settings.str("bucket"), Region: r.Settings.str("region")}
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
	return repo.Options{
		Name: name, Base: r.Settings.str("base_path"), Readonly: r.readonly(), Manager: c.eng.manager(),
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

// checkRepository is what the engine refuses before it registers anything. A
// missing bucket OpenSearch 3 finds out only when it uses it.
func (c *Cluster) checkRepository(name string, r *repository) *wire.Error {
	if r.Type != "s3" {
		return wire.New(500, "repository_exception", "[%s] repository type [%s] does not exist", name, r.Type)
	}
	failed := func(format string, args ...any) *wire.Error {
		return wire.New(500, "repository_exception", "[%s] failed to create repository", name).CausedBy(wire.IllegalArgument(format, args...))
	}
	if r.Settings.str("bucket") == "" && !c.eng.atLeast(3, 0) {
		return failed("No bucket defined for s3 repository")
	}
	switch class := strings.ToLower(r.Settings.str("storage_class")); class {
	case "", "standard", "reduced_redundancy", "standard_ia", "onezone_ia", "intelligent_tiering":
	case "glacier", "deep_archive":
		return wire.New(500, "repository_exception", "[%s] failed to create repository", name).
			CausedBy(wire.New(500, "blob_store_exception", "Glacier storage class is not supported"))
	default:
		return wire.New(500, "repository_exception", "[%s] failed to create repository", name).
			CausedBy(wire.New(500, "blob_store_exception", "`%s` is not a valid S3 Storage Class.", r.Settings.str("storage_class")))
	}
	for _, k := range []string{"readonly", "compress"} {
		if v := r.Settings.str(k); v != "" && v != "true" && v != "false" {
			return failed("Failed to parse value [%s] as only [true] or [false] are allowed.", v)
		}
	}
	chunk, buffer := parseBytes(r.Settings.str("chunk_size"), 1<<40), parseBytes(r.Settings.str("buffer_size"), 100<<20)
	if chunk < buffer {
		return wire.New(500, "repository_exception", "[%s] chunk_size (%s) can't be lower than buffer_size (%s).", name, wire.Bytes(chunk), wire.Bytes(buffer))
	}
	return nil
}

// repositoryFree refuses to change or remove what a snapshot or restore uses.
// From OpenSearch 3 on a change of the throttles alone is taken.
func (c *Cluster) repositoryFree(name string, next *repository) *wire.Error {
	was := c.state.Repositories[name]
	if was == nil || !c.inUse(name) {
		return nil
	}
	if next != nil && maps.EqualFunc(was.Settings, next.Settings, sameSetting) {
		return nil
	}
	if next != nil && c.eng.atLeast(3, 0) && maps.EqualFunc(was.unthrottled(), next.unthrottled(), sameSetting) {
		return nil
	}
	return wire.NewForeign(500, "illegal_state_exception", "trying to modify or unregister repository that is currently used")
}

// sameSetting compares what may be a string or a list.
func sameSetting(a, b any) bool { return scalar(a) == scalar(b) }

// unthrottled are the settings without the two limits of speed.
func (r *repository) unthrottled() settings {
	s := maps.Clone(r.Settings)
	delete(s, "max_snapshot_bytes_per_sec")
	delete(s, "max_restore_bytes_per_sec")
	return s
}

// inUse says that a snapshot is being taken to, or restored from, a repository.
func (c *Cluster) inUse(name string) bool {
	for _, s := range c.state.Running {
		if s.Repository == name {
			return true
		}
	}
	for _, ix := range c.indices {
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

// cleanRepository finds nothing to clean: deletions leave nothing behind.
func (c *Cluster) cleanRepository(r *call) (reply, *wire.Error) {
	rp, err := c.open(r.ctx, r.vars["repository"])
	if err != nil {
		return reply{}, err
	}
	if _, err := rp.Load(r.ctx); err != nil {
		return reply{}, err
	}
	return ok(wire.Obj("results", wire.Obj("deleted_bytes", 0, "deleted_blobs", 0)))
}

// parseBytes reads a size such as 40mb.
func parseBytes(v string, otherwise int64) int64 {
	v = strings.ToLower(strings.TrimSpace(v))
	for i, unit := range []string{"kb", "mb", "gb", "tb", "pb"} {
		if n, found := strings.CutSuffix(v, unit); found {
			return int64(settings{"n": n}.number("n", 0)) << (10 * (i + 1))
		}
	}
	if n, found := strings.CutSuffix(v, "b"); found {
		v = n
	}
	if n := (settings{"n": v}).number("n", -1); n >= 0 {
		return int64(n)
	}
	return otherwise
}

// throttle is an explicit limit below the default of 40 MB a second and node,
// which is obeyed to the letter; 0 for none.
func (r *repository) throttle(key string) int64 {
	if n := parseBytes(r.Settings.str(key), 0); n > 0 && n < 40<<20 {
		return n
	}
	return 0
}

// shownVersion is how this engine reads a version number. Elasticsearch does not
// know OpenSearch's mask and reads another number out of it.
func (c *Cluster) shownVersion(id int) string {
	if c.eng.v.Family == awsid.Elasticsearch && id&mask != 0 {
		return unmaskedReading(id)
	}
	return versionOf(id).Number()
}
