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

// nameConflicts refuses an index that is renamed to an alias that is brought, and
// whatever else would have the name of another thing.
func (p *plan) nameConflicts() *wire.Error {
	brought := map[string]bool{}
	coming := newcomers{p.c, map[string]*index{}, map[string]int{}}
	for _, ix := range p.indices {
		coming.indices[ix.meta.Name] = &index{meta: ix.meta}
		for alias := range ix.meta.Aliases {
			brought[alias] = p.q.aliases
		}
	}
	for _, ix := range p.indices {
		if brought[ix.meta.Name] {
			return p.refuse("cannot rename index [%s] into [%s] because of conflict with an alias with the same name", ix.source, ix.meta.Name)
		}
	}
	for _, ds := range p.streams {
		coming.streams[p.q.rename.Rename(ds.Name)] = ds.Generation
	}
	return coming.check()
}
