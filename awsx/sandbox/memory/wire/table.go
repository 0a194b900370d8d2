package wire

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Column is one column of a cat table.
type Column struct {
	Name    string
	Aliases []string
	// Hidden columns appear only when asked for by name.
	Hidden bool
	// Right aligns numbers.
	Right bool
	Help  string
}

// Table is a cat answer before it is rendered. A cell is a string, an integer,
// a Bytes, a Duration or nil.
type Table struct {
	Columns []Column
	Rows    [][]any
}

// Look says how a table is wanted; each field is a query parameter of the cat
// APIs.
type Look struct {
	Headers bool   // v
	Columns string // h
	Sort    string // s
	Bytes   string // bytes
	Time    string // time
	Help    bool   // help
}

// Col declares a visible column.
func Col(name string, aliases ...string) Column { return Column{Name: name, Aliases: aliases} }

// Num declares a visible, right-aligned column.
func Num(name string, aliases ...string) Column {
	return Column{Name: name, Aliases: aliases, Right: true}
}

// Hidden makes a column one that must be asked for.
func Hidden(c Column) Column {
	c.Hidden = true
	return c
}

// Text renders the table as the aligned lines a person sees.
func (t Table) Text(l Look) (string, error) {
	if l.Help {
		return t.help(), nil
	}
	picked, rows, err := t.view(l)
	if err != nil {
		return "", err
	}
	lines := make([][]string, 0, len(rows)+1)
	if l.Headers {
		head := make([]string, len(picked))
		for i, p := range picked {
			head[i] = p.shown
		}
		lines = append(lines, head)
	}
	for _, r := range rows {
		line := make([]string, len(picked))
		for i, p := range picked {
			line[i] = cell(r[p.at], l)
		}
		lines = append(lines, line)
	}
	return t.align(picked, lines), nil
}

// JSON renders the table as format=json: a list of objects whose values are
// strings or null.
func (t Table) JSON(l Look) ([]Object, error) {
	picked, rows, err := t.view(l)
	if err != nil {
		return nil, err
	}
	out := make([]Object, 0, len(rows))
	for _, r := range rows {
		o := make(Object, 0, len(picked))
		for _, p := range picked {
			if r[p.at] == nil {
				o = o.Set(p.shown, nil)
			} else {
				o = o.Set(p.shown, cell(r[p.at], l))
			}
		}
		out = append(out, o)
	}
	return out, nil
}

// pick is a chosen column: where it stands and under which name it was asked.
type pick struct {
	at    int
	shown string
}

// view picks columns and orders rows.
func (t Table) view(l Look) ([]pick, [][]any, error) {
	rows := slices.Clone(t.Rows)
	if err := t.order(rows, l.Sort); err != nil {
		return nil, nil, err
	}
	if l.Columns == "" {
		var all []pick
		for i, c := range t.Columns {
			if !c.Hidden {
				all = append(all, pick{i, c.Name})
			}
		}
		return all, rows, nil
	}
	var picked []pick
	seen := map[int]bool{}
	for name := range strings.SplitSeq(l.Columns, ",") {
		name = strings.TrimSpace(name)
		for i, c := range t.Columns {
			// A column that is asked for twice is shown once, by its first name.
			if (c.called(name) || glob(name, c.Name)) && !seen[i] {
				seen[i] = true
				shown := name
				if strings.Contains(name, "*") {
					shown = c.Name
				}
				picked = append(picked, pick{i, shown})
			}
		}
	}
	return picked, rows, nil
}

// called says whether a column goes by a name.
func (c Column) called(name string) bool { return c.Name == name || slices.Contains(c.Aliases, name) }

// glob matches a column pattern with one star.
func glob(pattern, s string) bool {
	head, tail, ok := strings.Cut(pattern, "*")
	return ok && len(s) >= len(head)+len(tail) && strings.HasPrefix(s, head) && strings.HasSuffix(s, tail)
}

// order sorts rows by the s= parameter: "store.size:desc,index".
func (t Table) order(rows [][]any, by string) error {
	if by == "" {
		return nil
	}
	type key struct {
		at   int
		desc bool
	}
	var keys []key
	for part := range strings.SplitSeq(by, ",") {
		name, dir, _ := strings.Cut(strings.TrimSpace(part), ":")
		at := slices.IndexFunc(t.Columns, func(c Column) bool { return c.called(name) })
		if at < 0 {
			return NewForeign(500, "unsupported_operation_exception", "Unable to sort by unknown sort key `%s`", name)
		}
		keys = append(keys, key{at, dir == "desc"})
	}
	slices.SortStableFunc(rows, func(a, b []any) int {
		for _, k := range keys {
			c := compare(a[k.at], b[k.at])
			if k.desc {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return 0
	})
	return nil
}

// compare orders two cells: nothing first, numbers by size, the rest as text.
func compare(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	x, okX := number(a)
	y, okY := number(b)
	if okX && okY {
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	}
	return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
}

// number gives cells that are numbers their value.
func number(v any) (int64, bool) {
	switch n := v.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	case Bytes:
		return int64(n), true
	case Duration:
		return int64(n), true
	}
	return 0, false
}

// cell prints one cell.
func cell(v any, l Look) string {
	switch n := v.(type) {
	case nil:
		return ""
	case string:
		return n
	case Bytes:
		if l.Bytes != "" {
			return n.In(l.Bytes)
		}
		return n.String()
	case Duration:
		switch l.Time {
		case "ms":
			return strconv.FormatInt(int64(n), 10)
		case "s":
			return strconv.FormatInt(int64(n)/1000, 10)
		case "m":
			return strconv.FormatInt(int64(n)/60_000, 10)
		}
		return n.String()
	}
	return fmt.Sprint(v)
}
