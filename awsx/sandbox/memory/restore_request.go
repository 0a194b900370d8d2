package memory

import (
	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/wire"
)

// restoreRequest is the body of POST …/_restore.
type restoreRequest struct {
	sel                     names.Selection
	global, aliases         bool
	partial                 bool
	rename, renameAlias     *names.Renamer
	set                     settings
	ignore                  []string
	pattern, with           string
	aliasPattern, aliasWith string
}

// readRestore reads the body. Unlike a snapshot's, it may hold nothing unknown.
func (c *Cluster) readRestore(body object) (restoreRequest, *wire.Error) {
	q := restoreRequest{aliases: true, set: settings{}}
	q.sel.AllowNoIndices = true
	q.sel.Ordered = !c.eng.atLeast(2, 5)
	flags := map[string]*bool{
		"ignore_unavailable": &q.sel.IgnoreUnavailable, "allow_no_indices": &q.sel.AllowNoIndices,
		"include_global_state": &q.global, "include_aliases": &q.aliases, "partial": &q.partial,
	}
	for _, k := range sortedNames(body) {
		v := body[k]
		var err *wire.Error
		switch {
		case flags[k] != nil:
			err = readFlag(flags, k, v)
		case k == "indices":
			q.sel.Names, err = indexNames(v)
		case k == "index_settings":
			inner, isObject := v.(object)
			if !isObject {
				return q, wire.IllegalArgument("malformed index_settings section")
			}
			q.set = flatten(inner).prefixed()
		case k == "ignore_index_settings":
			q.ignore = stringList(v)
		default:
			err = c.readRename(&q, k, v)
		}
		if err != nil {
			return q, err
		}
	}
	var err *wire.Error
	if q.rename, err = names.NewRenamer(q.pattern, q.with); err != nil {
		return q, err
	}
	q.renameAlias, err = names.NewRenamer(q.aliasPattern, q.aliasWith)
	return q, err
}

// readRename reads the members about names; what is left is unknown.
func (c *Cluster) readRename(q *restoreRequest, k string, v any) *wire.Error {
	into := map[string]*string{"rename_pattern": &q.pattern, "rename_replacement": &q.with}
	if c.eng.atLeast(2, 16) {
		into["rename_alias_pattern"], into["rename_alias_replacement"] = &q.aliasPattern, &q.aliasWith
	}
	if to := into[k]; to != nil {
		s, isString := v.(string)
		if !isString {
			return wire.IllegalArgument("malformed %s", k)
		}
		*to = s
		return nil
	}
	switch k {
	case "expand_wildcards", "ignore_throttled":
		return nil
	case "storage_type":
		if c.eng.atLeast(2, 7) && v == "local" {
			return nil
		}
		if c.eng.atLeast(2, 7) {
			if v != "remote_snapshot" {
				return wire.IllegalArgument("Invalid storage_type: %s", scalar(v))
			}
			return wire.IllegalArgument("the sandbox's embedded cluster restores to local storage only")
		}
	case "source_remote_store_repository":
		if c.eng.atLeast(2, 10) {
			return nil
		}
	}
	return wire.IllegalArgument("Unknown parameter %s", k)
}
