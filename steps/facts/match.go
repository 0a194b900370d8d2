package facts

import (
	"strings"

	"snapferry/steps"
)

// Reason is why an index stays.
type Reason string

// The reasons. ReasonNone moves.
const (
	ReasonNone      Reason = ""
	ReasonProtected Reason = "protected"
	ReasonClosed    Reason = "closed"
	ReasonHidden    Reason = "hidden"
	ReasonPattern   Reason = "pattern"
)

// Choice is what becomes of one index.
type Choice struct {
	Index  Index
	Reason Reason
	// Why says the reason in words; zero for an index that moves.
	Why steps.Text
}

// Moves says that the index is taken along.
func (c Choice) Moves() bool { return c.Reason == ReasonNone }

// Match says of every index whether it moves, in the order given, and which
// patterns hit nothing at all.
//
// Patterns are names or names with * for any characters, taken in order; one
// with a leading hyphen takes out what earlier ones took in. Patterns that only
// take out are understood as "all but". As in the engine, a pattern reaches names
// that begin with a dot only if it begins with one itself, and hidden indices
// only by such a pattern or by their full name. The index of a data stream goes by
// the stream's name, and by its own where the pattern begins with a dot. What is
// protected stays however it is asked for.
func Match(indices []Index, patterns []string) (choices []Choice, idle []string) {
	patterns = withAll(patterns)
	used := make([]bool, len(patterns))
	choices = make([]Choice, len(indices))
	for i, x := range indices {
		taken, byDefault := false, false
		for n, p := range patterns {
			out := strings.HasPrefix(p, "-")
			p = strings.TrimPrefix(p, "-")
			if !hits(p, x) {
				continue
			}
			used[n] = true
			switch {
			case out:
				taken, byDefault = false, false
			case reaches(p, x):
				taken = true
			default:
				byDefault = true // a wildcard would take it, were it not hidden
			}
		}
		reason, why := judge(x, taken, byDefault)
		choices[i] = Choice{Index: x, Reason: reason, Why: why}
	}
	for n, p := range patterns {
		if !used[n] && !strings.HasPrefix(p, "-") {
			idle = append(idle, p)
		}
	}
	return choices, idle
}

// withAll puts "*" before patterns that only take out.
func withAll(patterns []string) []string {
	for _, p := range patterns {
		if !strings.HasPrefix(p, "-") {
			return patterns
		}
	}
	return append([]string{"*"}, patterns...)
}

// hits says whether a pattern names an index.
func hits(pattern string, x Index) bool {
	if x.DataStream == "" {
		return glob(pattern, x.Name)
	}
	return glob(pattern, x.DataStream) || (strings.HasPrefix(pattern, ".") && glob(pattern, x.Name))
}

// reaches applies the engine's rule for names that begin with a dot and for
// hidden indices to a pattern that matches.
func reaches(pattern string, x Index) bool {
	name, hidden := x.Name, x.Hidden
	if x.DataStream != "" { // hidden behind its stream, which is not
		name, hidden = x.DataStream, false
	}
	if strings.HasPrefix(name, ".") || hidden {
		return pattern == x.Name || strings.HasPrefix(pattern, ".")
	}
	return true
}

// judge gives the strongest reason to stay first: one that no pattern can lift.
func judge(x Index, taken, hidden bool) (Reason, steps.Text) {
	why := Protected(x.Name)
	switch {
	case !why.IsZero():
		return ReasonProtected, why
	case !taken && hidden:
		return ReasonHidden, steps.T("it is hidden; name it, or use a pattern that begins with a dot, to move it")
	case !taken:
		return ReasonPattern, steps.T("left by your patterns")
	case !x.Open:
		return ReasonClosed, steps.T("it is closed, and a snapshot takes open indices only; open it to move it")
	}
	return ReasonNone, steps.Text{}
}

// glob matches a name against a pattern with *, the only wildcard the engine has.
func glob(pattern, name string) bool {
	head, rest, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == name
	}
	if !strings.HasPrefix(name, head) {
		return false
	}
	name = name[len(head):]
	for {
		part, after, more := strings.Cut(rest, "*")
		if !more {
			return len(name) >= len(part) && strings.HasSuffix(name, part)
		}
		i := strings.Index(name, part)
		if i < 0 {
			return false
		}
		name, rest = name[i+len(part):], after
	}
}
