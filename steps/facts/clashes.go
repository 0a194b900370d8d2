package facts

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/spec"
)

// Clash is a name that keeps indices from coming back, with the answer that
// would have to change.
type Clash struct {
	// Name is the name on the receiving domain.
	Name string
	// Indices are those that would come back under it, or bring it as their alias.
	Indices []string
	Field   string
	Why     steps.Text
	Fix     steps.Text
	// Command are lines for a person to run, "" where words are all there is.
	Command string
	// Answers would put it right.
	Answers []steps.Answer
}

const (
	fieldReplacement = "move.rename_replacement"
	fieldOverwrite   = "move.overwrite"
	fieldIndices     = "move.indices"
	fieldAliases     = "move.aliases"
)

// AliasesMove says whether indices bring their aliases. Beside their originals
// they must not: whoever reads or writes through an alias would meet the copies.
func AliasesMove(s *spec.Spec) bool {
	return s.Shape != spec.ShapeSameDomain && s.Move.Aliases != spec.AliasesLeave
}

// Clashes lists what keeps indices from coming back under their names: what the
// new names do to each other, indices of another origin, aliases and data
// streams, as one name cannot be two things. recorded is as for Arrivals.
func (f *Facts) Clashes(ctx context.Context, side steps.Side, moves []steps.Move, recorded map[string]string) ([]Clash, error) {
	list := namedBadly(moves)
	there, err := f.standing(ctx, side, moves, recorded)
	if err != nil {
		return nil, err
	}
	list = append(list, there.names()...)
	list = append(list, there.streamNames(Streams(moves))...)
	if !AliasesMove(f.spec) {
		return list, nil
	}
	brought, err := f.AliasOptions(ctx, steps.Source)
	if err != nil {
		return nil, err
	}
	return slices.Concat(list, there.aliases(brought), there.shared(brought)), nil
}

// standing is what the receiving domain holds that does not make way.
type standing struct {
	// indices by name, with the options of their aliases; streams by name, with
	// their indices.
	indices map[string]map[string]json.RawMessage
	streams map[string][]string
	// coming are the moves that have not arrived yet.
	coming []steps.Move
	// arrived are those that have.
	arrived map[string]bool
	// spent are names of indices of another origin under which this run has restored its
	// own before: what was confirmed by name then was another index.
	spent map[string]bool
}

func (f *Facts) standing(ctx context.Context, side steps.Side, moves []steps.Move, recorded map[string]string) (standing, error) {
	s := standing{indices: map[string]map[string]json.RawMessage{}, streams: map[string][]string{}, spent: map[string]bool{}}
	there, err := f.Indices(ctx, side)
	if err != nil {
		return s, err
	}
	arrived, err := f.Arrivals(ctx, side, moves, recorded)
	if err != nil {
		return s, err
	}
	aliases, err := f.AliasOptions(ctx, side)
	if err != nil {
		return s, err
	}
	s.arrived = set(arrived.Ours)
	foreign, makeWay := set(arrived.Foreign), set(f.spec.Move.Overwrite)
	for _, i := range there {
		if i.DataStream != "" {
			s.streams[i.DataStream] = append(s.streams[i.DataStream], i.Name)
		}
		confirmed := makeWay[awsid.IndexName(i.Name)] && foreign[i.Name]
		s.spent[i.Name] = confirmed && recorded[i.Name] != ""
		if !confirmed || s.spent[i.Name] {
			s.indices[i.Name] = aliases[i.Name]
		}
	}
	for _, m := range moves {
		if !s.arrived[m.As] {
			s.coming = append(s.coming, m)
		}
	}
	return s, nil
}

// set is for looking names up among thousands.
func set[T ~string](list []T) map[T]bool {
	m := make(map[T]bool, len(list))
	for _, x := range list {
		m[x] = true
	}
	return m
}

// holders are the indices by their aliases.
func (s standing) holders() map[string]string {
	holders := map[string]string{}
	for _, n := range slices.Sorted(maps.Keys(s.indices)) {
		for alias := range s.indices[n] {
			holders[alias] = n
		}
	}
	return holders
}

// names are the clashes of new names with what stands there.
func (s standing) names() []Clash {
	holders := s.holders()
	var list []Clash
	for _, m := range s.coming {
		c := Clash{
			Name: m.As, Indices: []string{m.Index}, Field: fieldReplacement,
			Fix: steps.T("Rename on the way (move.rename_pattern), or leave the index out"),
		}
		_, taken := s.indices[m.As]
		switch {
		case taken && m.Stream != "" && slices.Contains(s.streams[m.StreamAs], m.As):
			continue // it is the stream that is in the way
		case s.spent[m.As]:
			c.Field, c.Why = fieldOverwrite, steps.T("the target has an index of that name, and this run has restored its own under it before: what was confirmed then was another one")
			c.Fix = steps.T("Find out who made it since. If nobody needs it delete it by hand (DELETE /%s on the target) and run again; else leave the index out", m.As)
		case taken:
			c.Field, c.Why = fieldOverwrite, steps.T("the target has an index of that name already")
			c.Fix = steps.T("Rename on the way (move.rename_pattern), leave it out, or confirm that the target's may be deleted with --overwrite-index %s", m.As)
		case holders[m.As] != "":
			c.Why = steps.T("the target has an alias of that name, on index %s", holders[m.As])
		case s.streams[m.As] != nil:
			c.Why = steps.T("the target has a data stream of that name")
		default:
			continue
		}
		list = append(list, c)
	}
	return list
}

// aliases are the clashes of the aliases that come along with names of indices, here or
// among those that move. The engine finds them at the restore only, when the snapshot is
// taken already.
func (s standing) aliases(brought map[string]map[string]json.RawMessage) []Clash {
	coming := map[string]string{}
	for _, m := range s.coming {
		coming[m.As] = m.Index
		if m.Stream != "" {
			coming[m.StreamAs] = "data stream " + m.Stream
		}
	}
	var list []Clash
	for _, m := range s.coming {
		for _, alias := range slices.Sorted(maps.Keys(brought[m.Index])) {
			c := Clash{Name: alias, Indices: []string{m.Index}, Field: fieldIndices, Fix: steps.T("Rename or remove one of the two, leave aliases behind (move.aliases: leave), or leave the index out")}
			_, taken := s.indices[alias]
			switch {
			case coming[alias] != "":
				c.Field = fieldReplacement
				c.Why = steps.T("it is an alias of %s, and %s would come back under that name", m.Index, coming[alias])
			case taken, s.streams[alias] != nil:
				c.Why = steps.T("it is an alias of %s, and the target has an index or data stream of that name", m.Index)
			default:
				continue
			}
			list = append(list, c)
		}
	}
	return list
}

// shared are the aliases that come along and that indices of another origin have: reads
// through them would find both, and writes be refused or go into what came back.
func (s standing) shared(brought map[string]map[string]json.RawMessage) []Clash {
	theirs := map[string]string{}
	for _, n := range slices.Sorted(maps.Keys(s.indices)) {
		if s.arrived[n] {
			continue
		}
		for alias := range s.indices[n] {
			theirs[alias] = n
		}
	}
	with := map[string][]string{}
	for _, m := range s.coming {
		for alias := range brought[m.Index] {
			if theirs[alias] != "" {
				with[alias] = append(with[alias], m.Index)
			}
		}
	}
	var list []Clash
	for _, alias := range slices.Sorted(maps.Keys(with)) {
		list = append(list, Clash{
			Name: alias, Indices: with[alias], Field: fieldAliases,
			Why:     steps.T("on the target it is an alias of %s: reads through it would find both, and writes be refused or go into what came back", theirs[alias]),
			Fix:     steps.T("Leave aliases behind (move.aliases: leave) and put on by hand what is wanted, or take the alias off on one of the two sides first"),
			Answers: []steps.Answer{{Key: fieldAliases, Value: spec.AliasesLeave}},
		})
	}
	return list
}

// namedBadly are the clashes of the new names alone: two indices under one name,
// and names the engine or its plugins do not take.
func namedBadly(moves []steps.Move) []Clash {
	under := map[string][]string{}
	for _, m := range moves {
		under[m.As] = append(under[m.As], m.Index)
	}
	for _, s := range Streams(moves) {
		under[s.As] = append(under[s.As], s.Name)
	}
	list := unnumbered(moves)
	for _, name := range slices.Sorted(maps.Keys(under)) {
		c := Clash{Name: name, Indices: under[name], Field: fieldReplacement}
		if len(c.Indices) > 1 {
			c.Why = steps.T("%s would all come back under this one name", strings.Join(c.Indices, ", "))
			c.Fix = steps.T("Keep what tells them apart: put it in parentheses in move.rename_pattern, and name it in the replacement, for example ^(.+)$ and copy-of-$1")
			list = append(list, c)
		}
		if name == c.Indices[0] {
			continue // it has the name already
		}
		if c.Why = spec.IndexTrouble(name); c.Why.IsZero() {
			c.Why = Protected(name)
		}
		if !c.Why.IsZero() {
			c.Fix = steps.T("Choose a replacement that makes other names")
			list = append(list, c)
		}
	}
	return list
}
