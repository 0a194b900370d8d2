package cli

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"snapferry/steps"
	"snapferry/steps/journal"
	"snapferry/steps/spec"
)

// otherwise adds to the refusal of a directory with a run of other answers which
// answers those are.
func (p *place) otherwise(err error) error {
	var said *steps.Error
	if !errors.Is(err, journal.ErrOtherAnswers) || !errors.As(err, &said) {
		return err
	}
	named := *said
	named.Summary = steps.T("%s%s", strings.TrimSuffix(said.Summary.String(), "."), p.namely())
	return usage(&named)
}

// namely are the answers that differ from those of the run in the directory, in
// brackets; nothing where they cannot be read.
func (p *place) namely() steps.Text {
	b, err := os.ReadFile(filepath.Join(p.dir, answersName))
	if err != nil {
		return steps.T("")
	}
	there, errs := spec.ReadAnswers(b)
	if len(errs) > 0 {
		return steps.T("")
	}
	if list := differing(there, p.draft); !list.IsZero() {
		return steps.T(" (%s)", list)
	}
	return steps.T("")
}

// mostDiffering is how many answers are named; whoever has more of them means
// another migration.
const mostDiffering = 3

// differing names the answers that make two runs of them: not who asks and on which
// way, and not the snapshot's name where one of them leaves it to the day.
func differing(there, here *spec.Draft) steps.Text {
	keys := slices.Concat(there.Keys(), here.Keys())
	slices.Sort(keys)
	var list []steps.Text
	more := 0
	for _, k := range slices.Compact(keys) {
		a, b := there.Get(k), here.Get(k)
		if a == b || k == "move.snapshot" && (a == "" || b == "") || elsewise(k) {
			continue
		}
		if len(list) == mostDiffering {
			more++
			continue
		}
		list = append(list, steps.T("%s is %s there and %s here", string(k), saidOr(a), saidOr(b)))
	}
	if len(list) == 0 {
		return steps.Text{}
	}
	all := list[0]
	for _, t := range list[1:] {
		all = steps.T("%s; %s", all, t)
	}
	if more > 0 {
		all = steps.T("%s; and more: %d", all, more)
	}
	return all
}

// elsewise says that an answer is about who asks, or on which way, and makes no
// other run.
func elsewise(k spec.Key) bool {
	parts := strings.Split(string(k), ".")
	return len(parts) > 1 && slices.Contains([]string{"control", "signer", "mapper", "via", "auth", "endpoint"}, parts[1])
}

func saidOr(value string) string {
	if value == "" {
		return "not said"
	}
	return value
}
