package memory

import (
	"maps"
	"strings"

	"snapferry/awsx/sandbox/memory/wire"
)

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
