package memory

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/wire"
)

// aliasRoutes are the APIs of this family: aliases are read per index or by
// name, and changed one by one or, through _aliases, several at once: a reader
// never sees the half of it.
func (c *Cluster) aliasRoutes() []route {
	const get, put = "indices:admin/aliases/get", "indices:admin/aliases"
	p := pIndices + pManager
	return []route{
		{"GET", "/_alias", get, p, c.getAlias},
		{"GET", "/_alias/{name}", get, p, c.getAlias},
		{"HEAD", "/_alias/{name}", get, p, c.getAlias},
		{"GET", "/_aliases", get, p, c.getAlias},
		{"GET", "/{index}/_alias", get, p, c.getAlias},
		{"GET", "/{index}/_alias/{name}", get, p, c.getAlias},
		{"POST", "/_aliases", put, p, c.updateAliases},
		{"PUT", "/{index}/_alias/{name}", put, p, c.putAlias},
		{"DELETE", "/{index}/_alias/{name}", put, p, c.deleteAlias},
	}
}

// getAlias shows the aliases of the indices named. Indices without any are
// shown too, unless aliases were asked for by name.
func (c *Cluster) getAlias(r *call) (reply, *wire.Error) {
	e := lenient
	e.hidden = true
	found, err := c.find(r, e)
	if err != nil {
		return reply{}, err
	}
	wanted := splitList(r.vars["name"])
	all := names.IsAll(wanted)
	out := object{}
	seen := map[string]bool{}
	for _, ix := range found {
		hits := map[string]object{}
		for alias, o := range ix.meta.Aliases {
			if all || names.MatchAny(wanted, alias) {
				hits[alias] = o
				seen[alias] = true
			}
		}
		if all || len(hits) > 0 {
			out[ix.meta.Name] = wire.Obj("aliases", hits)
		}
	}
	var missing []string
	for _, w := range wanted {
		if !all && !names.IsPattern(w) && !seen[w] {
			missing = append(missing, w)
		}
	}
	return aliasReply(out, missing)
}

// aliasFree refuses an alias that has the name of an index.
func (c *Cluster) aliasFree(alias string) *wire.Error {
	ix := c.indices[alias]
	if ix == nil {
		return nil
	}
	return ix.about(wire.New(400, "invalid_alias_name_exception", "Invalid alias name [%s], an index exists with the same name as the alias", alias))
}

// aliasReply adds to what was found what was not: then the status is 404.
func aliasReply(out object, missing []string) (reply, *wire.Error) {
	if missing == nil {
		return ok(out)
	}
	word, list := "alias", ""
	if len(missing) > 1 {
		word = "aliases"
	}
	for i, m := range missing {
		if i > 0 {
			list += ","
		}
		list += m
	}
	out["error"] = word + " [" + list + "] missing"
	out["status"] = 404
	return reply{status: 404, body: out}, nil
}

// aliasChange is one entry of _aliases, spread over indices and names.
type aliasChange struct {
	ix    *index
	alias string
	// options is nil for a removal.
	options object
	// whole removes the index itself.
	whole bool
}

// updateAliases reads every action before the first takes effect, so that a
// list with one bad entry changes nothing.
func (c *Cluster) updateAliases(r *call) (reply, *wire.Error) {
	body, err := r.object()
	if err != nil {
		return reply{}, err
	}
	actions, _ := body["actions"].([]any)
	if len(actions) == 0 {
		return reply{}, wire.IllegalArgument("No action specified")
	}
	var changes []aliasChange
	for _, a := range actions {
		one, _ := a.(object)
		for verb, v := range one {
			options, _ := v.(object)
			more, err := c.readAliasAction(verb, options)
			if err != nil {
				return reply{}, err
			}
			changes = append(changes, more...)
		}
	}
	return c.applyAliases(changes)
}

// readAliasAction spreads one entry over the indices and aliases it names;
// indices may be wildcards here, but not aliases.
func (c *Cluster) readAliasAction(verb string, options object) ([]aliasChange, *wire.Error) {
	if !slices.Contains([]string{"add", "remove", "remove_index"}, verb) {
		// The columns are right for a first action without blanks.
		const at = 14
		text := fmt.Sprintf("[1:%d] [alias_action] unknown field [%s]", at, verb) + didYouMean(verb, []string{"add", "remove", "remove_index"}, " ")
		return nil, wire.New(400, "x_content_parse_exception", "[1:%d] [aliases] failed to parse field [actions]", at+len(verb)+3).
			CausedBy(wire.New(400, "x_content_parse_exception", "%s", text))
	}
	expressions := append(stringList(options["index"]), stringList(options["indices"])...)
	found, err := c.resolveList(expressions, expand{none: false, open: true, closed: true, noAliases: true})
	if err != nil {
		return nil, err
	}
	var out []aliasChange
	for _, ix := range found {
		if stream := c.streamOf(ix.meta.Name); stream != "" {
			return nil, wire.IllegalArgument("The provided expressions [%s] match a backing index belonging to data stream [%s]. Data streams and their backing indices don't support aliases.",
				strings.Join(expressions, ","), stream)
		}
		if verb == "remove_index" {
			out = append(out, aliasChange{ix: ix, whole: true})
			continue
		}
		for _, alias := range append(stringList(options["alias"]), stringList(options["aliases"])...) {
			ch := aliasChange{ix: ix, alias: alias}
			if verb == "add" {
				ch.options = aliasOptions(options)
			}
			out = append(out, ch)
		}
	}
	return out, nil
}

// applyAliases makes changes true. An alias may not have the name of an index,
// and a call that only removes must find something to remove.
func (c *Cluster) applyAliases(changes []aliasChange) (reply, *wire.Error) {
	removed := false
	removals := 0
	var doomed []*index
	for _, ch := range changes {
		if err := ch.ix.blocked(true); err != nil {
			return reply{}, err
		}
		if err := c.aliasFree(ch.alias); err != nil && ch.options != nil {
			return reply{}, err
		}
		if ch.whole {
			doomed = append(doomed, ch.ix)
		}
		if ch.options == nil && !ch.whole {
			removals++
			_, has := ch.ix.meta.Aliases[ch.alias]
			removed = removed || has || names.IsPattern(ch.alias)
		}
	}
	if removals == len(changes) && !removed && removals > 0 {
		return reply{}, wire.New(404, "aliases_not_found_exception", "aliases [%s] missing", changes[0].alias).
			With("resource.type", "aliases").With("resource.id", changes[0].alias)
	}
	if err := c.notInSnapshot("delete", doomed); err != nil {
		return reply{}, err
	}
	for _, ch := range changes {
		if ch.whole {
			if err := c.abandon(ch.ix); err != nil {
				return reply{}, storageError(err)
			}
			continue
		}
		next := maps.Clone(ch.ix.meta.Aliases)
		if next == nil {
			next = map[string]object{}
		}
		if ch.options != nil {
			next[ch.alias] = ch.options
		} else {
			maps.DeleteFunc(next, func(a string, _ object) bool { return names.Match(ch.alias, a) })
		}
		ch.ix.meta.Aliases = next
		if err := ch.ix.saveMeta(); err != nil {
			return reply{}, storageError(err)
		}
	}
	return acknowledged()
}

// putAlias is the short form of one "add".
func (c *Cluster) putAlias(r *call) (reply, *wire.Error) {
	body, err := r.object()
	if err != nil {
		return reply{}, err
	}
	body["index"], body["alias"] = r.vars["index"], r.vars["name"]
	changes, err := c.readAliasAction("add", body)
	if err != nil {
		return reply{}, err
	}
	return c.applyAliases(changes)
}

// deleteAlias is the short form of one "remove".
func (c *Cluster) deleteAlias(r *call) (reply, *wire.Error) {
	changes, err := c.readAliasAction("remove", object{"index": r.vars["index"], "alias": r.vars["name"]})
	if err != nil {
		return reply{}, err
	}
	return c.applyAliases(changes)
}

// stringList reads a JSON value that is a string (cut at commas) or a list.
func stringList(v any) []string {
	switch v := v.(type) {
	case string:
		return splitList(v)
	case []any:
		out := make([]string, 0, len(v))
		for _, e := range v {
			out = append(out, scalar(e))
		}
		return out
	}
	return nil
}
