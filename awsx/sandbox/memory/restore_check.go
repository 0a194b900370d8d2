package memory

import (
	"slices"
	"strings"
	"time"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/wire"
)

// fixedOnRestore cannot be changed by index_settings, keptOnRestore cannot be
// left out by ignore_index_settings.
var (
	fixedOnRestore = strings.Fields("index.number_of_shards index.version.created index.uuid index.creation_date index.history.uuid")
	keptOnRestore  = append(strings.Fields("index.number_of_replicas index.auto_expand_replicas index.version.upgraded"), fixedOnRestore...)
)

// resettle applies index_settings and ignore_index_settings.
func (p *plan) resettle(ix *planned) *wire.Error {
	word := "setting"
	if p.c.eng.atLeast(2, 17) {
		word = "UnmodifiableOnRestore setting"
	}
	out := settings{}
	for _, k := range p.q.ignore {
		if slices.Contains(keptOnRestore, k) {
			if p.c.eng.atLeast(2, 17) && !slices.Contains(fixedOnRestore, k) {
				return p.refuse("cannot remove setting [%s] on restore", k)
			}
			return p.refuse("cannot remove %s [%s] on restore", word, k)
		}
	}
	for k, v := range ix.meta.Settings {
		if slices.Contains(keptOnRestore, k) || !names.MatchAny(p.q.ignore, k) {
			out[k] = v
		}
	}
	for _, k := range p.q.set.keys() {
		if slices.Contains(fixedOnRestore, k) {
			return p.refuse("cannot modify %s [%s] on restore", word, k)
		}
		if known, _ := settingKind(k); !known {
			// An unknown setting does not stop a restore; it is put aside.
			out["archived."+k] = p.q.set[k]
			continue
		}
		out[k] = p.q.set[k]
		if out[k] == nil {
			delete(out, k)
		}
	}
	if err := checkCounts(out); err != nil {
		return err
	}
	delete(out, "index.verified_before_close")
	ix.meta.Settings = out
	ix.meta.Closed, ix.meta.ClosedAt = false, time.Time{}
	return nil
}

// aliases decides which aliases an index brings.
func (p *plan) aliases(ix *planned) {
	if !p.q.aliases {
		ix.meta.Aliases = nil
		if ix.over != nil {
			ix.meta.Aliases = ix.over.meta.Aliases
		}
		return
	}
	renamed := map[string]object{}
	for alias, o := range ix.meta.Aliases {
		renamed[p.q.renameAlias.Rename(alias)] = o
	}
	ix.meta.Aliases = renamed
}

// aliasConflicts refuses an alias that is the name of a restored index, of an
// existing one, or that would have two write indices.
func (p *plan) aliasConflicts() *wire.Error {
	brought := map[string]bool{}
	for _, ix := range p.indices {
		for alias := range ix.meta.Aliases {
			brought[alias] = p.q.aliases
		}
	}
	for _, ix := range p.indices {
		if brought[ix.meta.Name] {
			return p.refuse("cannot rename index [%s] into [%s] because of conflict with an alias with the same name", ix.source, ix.meta.Name)
		}
	}
	writers := map[string][]string{}
	for _, ix := range p.indices {
		for alias, o := range ix.meta.Aliases {
			if p.c.indices[alias] != nil {
				return wire.NewForeign(500, "illegal_state_exception", "index, alias, and data stream names need to be unique, but the following duplicates were found [%s (alias of %s) conflicts with index]",
					alias, &index{meta: ix.meta})
			}
			if o["is_write_index"] == true {
				writers[alias] = append(writers[alias], ix.meta.Name)
			}
		}
	}
	for _, alias := range sortedNames(writers) {
		list := writers[alias]
		for _, held := range p.c.aliasHolders(alias) {
			if held.meta.Aliases[alias]["is_write_index"] == true && !slices.Contains(list, held.meta.Name) {
				list = append(list, held.meta.Name)
			}
		}
		if len(list) > 1 {
			slices.Sort(list)
			return wire.NewForeign(500, "illegal_state_exception", "alias [%s] has more than one write index [%s]", alias, strings.Join(list, ","))
		}
	}
	return nil
}
