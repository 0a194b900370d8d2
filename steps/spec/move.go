package spec

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/steps"
)

// DefaultRepository is the name a repository is registered under unless another
// was said.
const DefaultRepository awsid.RepositoryName = "snapferry"

// What becomes of aliases.
const (
	AliasesKeep  = "keep"
	AliasesLeave = "leave"
)

// How content is compared after the restore.
const (
	ProofSample = "sample"
	ProofAll    = "all"
	ProofCounts = "counts"
)

// move reads what moves and under which names.
func (b *builder) move(today time.Time) {
	m := &b.spec.Move
	m.Patterns = b.patterns("move.indices")
	if !b.d.Said("move.indices") {
		m.Patterns = []string{"*"}
	}
	b.rename(m)
	if raw := strings.TrimSpace(b.d.Get("move.replicas")); raw != "" {
		n, err := strconv.Atoi(raw)
		if err != nil || n < 0 || n > 100 {
			b.fail("move.replicas", steps.T("%q is not a number of replicas", raw), steps.T("Say 0, 1, 2 …, or leave it out to keep what each index had"))
		} else {
			m.Replicas = &n
		}
	}
	b.aliases(m)
	var ok bool
	if m.Snapshot, ok = take(b, "move.snapshot", awsid.ParseSnapshotName); !ok && !b.d.Said("move.snapshot") && !today.IsZero() {
		m.Snapshot = awsid.SnapshotName("snapferry-" + today.UTC().Format("20060102"))
	}
	if m.Repository, ok = take(b, "move.repository", awsid.ParseRepositoryName); !ok && !b.d.Said("move.repository") {
		m.Repository = DefaultRepository
	}
	if m.Proof = b.one("move.proof", ProofSample, ProofAll, ProofCounts); m.Proof == "" {
		m.Proof = ProofSample
	}
	for _, name := range items(b.d.Get("move.overwrite")) {
		if why := IndexTrouble(name); !why.IsZero() {
			b.fail("move.overwrite", steps.T("%q is not the name of one index", name), steps.T("Name each index that may be replaced; patterns are not taken here"))
			continue
		}
		m.Overwrite = append(m.Overwrite, awsid.IndexName(name))
	}
}

// aliases come along unless said otherwise; beside their originals they never do.
func (b *builder) aliases(m *MoveSpec) {
	const key = "move.aliases"
	said, beside := b.one(key, AliasesKeep, AliasesLeave), b.d.Get("shape") == string(ShapeSameDomain)
	switch {
	case beside && said == AliasesKeep:
		b.fail(key, steps.T("Beside their originals indices cannot have their aliases"), steps.T("Say leave, or leave it out: who reads through an alias would meet the copies, too"))
	case !beside && said == AliasesLeave:
		m.Aliases = AliasesLeave
	}
}

// patterns reads names and patterns, each perhaps with a hyphen before it.
func (b *builder) patterns(key Key) []string {
	var out []string
	said := items(b.d.Get(key))
	for _, p := range said {
		if why := patternTrouble(strings.TrimPrefix(p, "-")); !why.IsZero() {
			b.fail(key, steps.T("%q is not an index name or pattern: %s", p, why), steps.T("Use names as _cat/indices shows them, with * for any characters, for example logs-*"))
			continue
		}
		out = append(out, p)
	}
	if b.d.Said(key) && len(said) == 0 {
		b.fail(key, steps.T("No index is named"), steps.T("Say * for all, or leave it out"))
	}
	return out
}

// IndexTrouble says why no index can have this name, zero if one can: the engine's
// rules (MetadataCreateIndexService.validateIndexOrAliasName).
func IndexTrouble(name string) steps.Text {
	switch {
	case name == "" || name == "." || name == "..":
		return steps.T("nothing is left of the name")
	case name != strings.ToLower(name):
		return steps.T("index names hold no capital letters")
	case strings.ContainsAny(name, "\\/*?\"<>|,#: \t\r\n"):
		return steps.T(`index names hold none of \ / * ? " < > | , # : and no blanks`)
	case strings.ContainsRune("_-+", rune(name[0])):
		return steps.T("index names do not start with _, - or +")
	case len(name) > 255:
		return steps.T("index names have at most 255 bytes, this one has %d", len(name))
	}
	return steps.Text{}
}

// patternTrouble says why no index can have a name of this pattern.
func patternTrouble(pattern string) steps.Text {
	if pattern == "_all" {
		return steps.T("say * for all")
	}
	return IndexTrouble(strings.ReplaceAll(pattern, "*", "x"))
}

// groupName is a group by its name in a replacement, whose capitals enter no name.
var groupName = regexp.MustCompile(`\$\{[^}]*\}`)

// rename needs both halves or neither. Beside their originals indices must be
// renamed, elsewhere they may be.
func (b *builder) rename(m *MoveSpec) {
	const pattern, replacement = "move.rename_pattern", "move.rename_replacement"
	p, r := b.d.Get(pattern), b.d.Get(replacement)
	switch {
	case p == "" && r == "":
		if b.d.Get("shape") == string(ShapeSameDomain) && !b.partial {
			b.fail(pattern, steps.T("Beside their originals indices need other names"), steps.T("Say for example rename_pattern: ^(.+)$ and rename_replacement: restored-$1"))
		}
		return
	case p == "":
		b.fail(pattern, steps.T("A replacement is given, but not what it replaces"), steps.T("Say ^(.+)$ for the whole name"))
		return
	case r == "":
		b.fail(replacement, steps.T("A pattern is given, but not what takes its place"), steps.T("Say for example restored-$1"))
		return
	}
	rename, err := Renamer(p, r)
	if err != nil {
		key := Key(pattern)
		if e, ok := err.(*RenameError); ok && e.Replacement {
			key = replacement
		}
		b.refuse(key, err)
		return
	}
	if said := groupName.ReplaceAllString(r, ""); said != strings.ToLower(said) || rename("x") != strings.ToLower(rename("x")) {
		b.fail(replacement, steps.T("The replacement makes names with capital letters"), steps.T("Index names are lower case"))
		return
	}
	m.RenamePattern, m.RenameReplacement = p, r
}

// Renamer says what each index will be called on the target, which is its own
// name where nothing is renamed.
func (m MoveSpec) Renamer() func(string) string {
	if m.RenamePattern == "" {
		return func(name string) string { return name }
	}
	rename, err := Renamer(m.RenamePattern, m.RenameReplacement)
	if err != nil {
		// Build has refused it; a Spec built by hand keeps the names.
		return func(name string) string { return name }
	}
	return rename
}
