package ask

import (
	"snapferry/steps"
	"snapferry/steps/spec"
)

func (w *walk) move() {
	w.page("move", steps.T("What moves"), steps.T("Indices by name and pattern, and how they are called and kept on the target. The source is only read."))
	w.ask(Question{
		Key: "move.indices", Kind: List, Live: true, Example: "logs-*, metrics-*, -logs-debug-*", From: Request{Indices, steps.Source, slotSigner}, Proof: Request{Selection, steps.Source, slotSigner}, Unsaid: "*, all that can move",
		Title: steps.T("Indices"),
		Help: Help{
			What:  steps.T("Names and patterns in order, separated by commas; a leading hyphen takes out again. Indices the service keeps for itself stay where they are."),
			Where: steps.T("In the console: OpenSearch Service, the domain, Indices."),
			CLI:   "snapferry probe GET /_cat/indices?v --side source",
		},
	})
	beside := w.shape() == spec.ShapeSameDomain
	open := !beside && w.opened("move.more", steps.T("More to set: names, replicas, proof"), steps.T("other names on the target, replicas, aliases, names of snapshot and repository, the depth of the proof, and indices that may be replaced"))
	w.rename(beside, open)
	if beside {
		open = w.opened("move.more", steps.T("More to set: replicas, proof"), steps.T("replicas, names of snapshot and repository, the depth of the proof, and indices that may be replaced"))
	}
	if !beside { // there they never come along
		w.rare(open, aliases())
	}
	w.rare(open, kept()...)
}

// The two halves of a rename.
const (
	renamePattern     Key = "move.rename_pattern"
	renameReplacement Key = "move.rename_replacement"
)

// rename is a matter of two halves: where one was said the other is needed.
func (w *walk) rename(beside, open bool) {
	pattern, replacement := w.a.said[renamePattern], w.a.said[renameReplacement]
	if !beside && !open && pattern == "" && replacement == "" {
		return
	}
	w.ask(Question{
		Key: renamePattern, Kind: Text, Example: "^(.+)$", Title: steps.T("Pattern of the names to change"), Needed: beside || replacement != "", Unsaid: "no name is changed",
		Help: Help{What: steps.T("A regular expression over index names, in the engine's own dialect (Java). ^(.+)$ takes the whole name as its first group.")},
	})
	if !beside && w.a.said[renamePattern] == "" && replacement == "" {
		return
	}
	w.ask(Question{
		Key: renameReplacement, Kind: Text, Live: true, Example: "restored-$1", Title: steps.T("What takes its place"), Needed: true,
		Help: Help{What: steps.T("The new name; $1 is the first group of the pattern. restored-$1 puts restored- before every name.")},
	})
}

func aliases() Question {
	return Question{
		Key: "move.aliases", Kind: Choice, Title: steps.T("What becomes of aliases"), Unsaid: spec.AliasesKeep,
		Help: Help{What: steps.T("Indices bring their aliases along. Where indices of the target have the same alias that cannot be: who reads through it would find both.")},
		Options: []Option{
			{spec.AliasesKeep, steps.T("Indices bring their aliases"), steps.T("the usual way")},
			{spec.AliasesLeave, steps.T("Aliases stay behind"), steps.T("put on by hand what is wanted")},
		},
	}
}

// kept are the questions about what moves that most leave out.
func kept() []Question {
	return []Question{
		{
			Key: "move.replicas", Kind: Text, Live: true, Example: "1", Title: steps.T("Replicas on the target"), Unsaid: "what each index had",
			Help: Help{What: steps.T("How many copies each shard has beside its primary. A domain with standby wants a multiple of three copies in all."), Where: steps.T("In the console: OpenSearch Service, the domain, Cluster configuration."), CLI: "snapferry probe GET /_cat/indices?v --side source"},
		},
		{
			Key: "move.snapshot", Kind: Text, Live: true, Example: "before-the-move", Title: steps.T("Name of the snapshot"),
			Help:   Help{What: steps.T("Small letters, digits and hyphens, new in its repository. A run that is gone on with keeps its name.")},
			derive: func(s *spec.Spec) string { return string(s.Move.Snapshot) },
		},
		{
			Key: "move.repository", Kind: Text, Live: true, Example: "snapferry", Title: steps.T("Name of the repository on the domains"),
			Help:   Help{What: steps.T("Under this name both domains know the folder in the bucket.")},
			derive: func(s *spec.Spec) string { return string(s.Move.Repository) },
		},
		{
			Key: "move.proof", Kind: Choice, Title: steps.T("How much is compared afterwards"), Unsaid: spec.ProofSample,
			Help: Help{What: steps.T("All of it counts documents and compares mappings and settings; sample and all also compare documents by content.")},
			Options: []Option{
				{spec.ProofSample, steps.T("A sample of documents"), steps.T("the usual way")},
				{spec.ProofAll, steps.T("Every document"), steps.T("reads both domains whole")},
				{spec.ProofCounts, steps.T("Counts only"), steps.Text{}},
			},
		},
		{
			Key: "move.overwrite", Kind: List, Example: "logs-000001", Title: steps.T("Indices of the target that may be replaced"), Unsaid: "none",
			Help: Help{What: steps.T("Names, one by one, of indices of the target that a restore may delete and write anew.")},
		},
	}
}
