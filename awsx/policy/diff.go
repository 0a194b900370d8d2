package policy

import (
	"slices"
	"strings"
)

// Line is one line of a diff.
type Line struct {
	Kind LineKind
	Text string
}

// LineKind says whether a line stays, comes or goes.
type LineKind string

// The kinds of lines.
const (
	LineContext LineKind = "context"
	LineAdd     LineKind = "add"
	LineRemove  LineKind = "remove"
)

// Diff compares two documents for a reader, statement by statement: one that
// means the same stays as before however it is written, one of the same Sid is
// compared line by line, others come or go whole. Nil means no difference in
// meaning.
func Diff(before, after Document) []Line {
	if before.Equal(after) {
		return nil
	}
	if before.IsZero() || after.IsZero() {
		return DiffJSON(string(before.Bytes()), string(after.Bytes()))
	}
	out := lineDiff(before.frame(), after.frame())
	out = append(out, Line{LineContext, `  "Statement": [`})
	rest := slices.Clone(after.Statements)
	take := func(match func(Statement) bool) (Statement, bool) {
		i := slices.IndexFunc(rest, match)
		if i < 0 {
			return Statement{}, false
		}
		s := rest[i]
		rest = slices.Delete(rest, i, i+1)
		return s, true
	}
	for _, b := range before.Statements {
		if _, same := take(b.Equal); same {
			out = append(out, all(LineContext, b.lines())...)
			continue
		}
		a, edited := take(func(s Statement) bool { return b.Sid != "" && s.Sid == b.Sid })
		if edited {
			out = append(out, lineDiff(b.lines(), a.lines())...)
			continue
		}
		out = append(out, all(LineRemove, b.lines())...)
	}
	for _, a := range rest {
		out = append(out, all(LineAdd, a.lines())...)
	}
	return append(out, all(LineContext, []string{"  ]", "}"})...)
}

// frame is the document's lines before its statements.
func (d Document) frame() []string {
	d.Statements = nil
	if d.IsZero() {
		return []string{"{"}
	}
	lines := strings.Split(d.Pretty(), "\n")
	return slices.DeleteFunc(lines, func(l string) bool { return l == "}" || strings.HasPrefix(l, `  "Statement"`) })
}

// lines is the statement as it stands in a pretty document, without the comma
// that depends on its neighbours.
func (s Statement) lines() []string {
	lines := strings.Split(s.Pretty(), "\n")
	for i := range lines {
		lines[i] = "    " + lines[i]
	}
	return lines
}

// DiffJSON compares any two JSON texts for a reader, line by line after
// indenting; "" is nothing. Texts that are not JSON are compared as they are.
// Nil means no difference.
func DiffJSON(before, after string) []Line {
	b, a := indent([]byte(before)), indent([]byte(after))
	if b == a {
		return nil
	}
	return lineDiff(splitLines(b), splitLines(a))
}

func splitLines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

func all(kind LineKind, lines []string) []Line {
	out := make([]Line, len(lines))
	for i, l := range lines {
		out[i] = Line{kind, l}
	}
	return out
}

// tooMany bounds the table of the comparison; beyond it (a document changed in
// several thousand lines) nobody reads line by line.
const tooMany = 4 << 20

// lineDiff is the shortest edit by longest common subsequence. A comma at a
// line's end only says that something follows and is no difference.
func lineDiff(before, after []string) []Line {
	same := func(i, j int) bool {
		return strings.TrimSuffix(before[i], ",") == strings.TrimSuffix(after[j], ",")
	}
	head := 0
	for head < len(before) && head < len(after) && same(head, head) {
		head++
	}
	tail := 0
	for tail < len(before)-head && tail < len(after)-head && same(len(before)-1-tail, len(after)-1-tail) {
		tail++
	}
	out := all(LineContext, after[:head])
	b, a := before[head:len(before)-tail], after[head:len(after)-tail]
	if len(b)*len(a) > tooMany {
		out = append(append(out, all(LineRemove, b)...), all(LineAdd, a)...)
	} else {
		out = append(out, middle(b, a, func(i, j int) bool { return same(head+i, head+j) })...)
	}
	return append(out, all(LineContext, after[len(after)-tail:])...)
}

func middle(before, after []string, same func(i, j int) bool) []Line {
	// common[i][j] is the length of what before[i:] and after[j:] share.
	common := make([][]int, len(before)+1)
	for i := range common {
		common[i] = make([]int, len(after)+1)
	}
	for i := len(before) - 1; i >= 0; i-- {
		for j := len(after) - 1; j >= 0; j-- {
			common[i][j] = max(common[i+1][j], common[i][j+1])
			if same(i, j) {
				common[i][j] = common[i+1][j+1] + 1
			}
		}
	}
	var out []Line
	i, j := 0, 0
	for i < len(before) || j < len(after) {
		switch {
		case i < len(before) && j < len(after) && same(i, j):
			out = append(out, Line{LineContext, after[j]})
			i, j = i+1, j+1
		case j == len(after) || i < len(before) && common[i+1][j] >= common[i][j+1]:
			out = append(out, Line{LineRemove, before[i]})
			i++
		default:
			out = append(out, Line{LineAdd, after[j]})
			j++
		}
	}
	return out
}
