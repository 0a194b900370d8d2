package policy

import (
	"bytes"
	"slices"
)

// frame is a parsed document around its statements. IAM and KMS give a document
// back as it was put, blanks and all; so ours must not show that we were there.
type frame struct {
	head, tail  []byte
	version, id string
	// single says that Statement was an object, not a list.
	single bool
}

// gap is the white space before and after a statement.
type gap struct{ lead, trail []byte }

// layout takes down what stands around the statements in the source.
func (p parser) layout(n node, items []node, d *Document) {
	src, end := p.src.src, n.at+len(n.raw)
	d.around = &frame{head: src[:n.at:n.at], tail: src[end:], single: n.kind == '{'}
	if d.around.single {
		return
	}
	blank := func(from int) []byte {
		rest := src[from:]
		return rest[: len(rest)-len(bytes.TrimLeft(rest, " \t\r\n")) : len(rest)]
	}
	at := n.at + 1
	for i, item := range items {
		g := gap{lead: blank(at), trail: blank(item.at + len(item.raw))}
		d.Statements[i].gap = g
		at = item.at + len(item.raw) + len(g.trail) + 1
	}
}

// fits says that nothing around the statements was changed since.
func (f *frame) fits(d Document) bool {
	return f != nil && f.version == d.Version && f.id == d.ID && len(d.Statements) > 0
}

// list is the value of Statement.
func (d Document) list() []byte {
	if d.around != nil && d.around.single && len(d.Statements) == 1 {
		return d.Statements[0].bytes()
	}
	statements := make([][]byte, len(d.Statements))
	for i, s := range d.Statements {
		statements[i] = slices.Concat(s.gap.lead, s.bytes(), s.gap.trail)
	}
	return slices.Concat([]byte("["), bytes.Join(statements, []byte(",")), []byte("]"))
}

// add appends a statement in the layout of the one before it.
func (d *Document) add(s Statement) {
	s.gap = gap{}
	if n := len(d.Statements); n > 0 {
		last := &d.Statements[n-1].gap
		s.gap, last.trail = *last, nil
	}
	d.Statements = append(d.Statements, s)
}

// put replaces statement i in its place.
func (d *Document) put(i int, s Statement) {
	s.gap = d.Statements[i].gap
	d.Statements[i] = s
}

// cut takes statement i out; what stood before the closing bracket stays there,
// so that cut undoes add.
func (d *Document) cut(i int) {
	if last := len(d.Statements) - 1; i == last && i > 0 && len(d.Statements[i-1].gap.trail) == 0 {
		d.Statements[i-1].gap.trail = d.Statements[i].gap.trail
	}
	d.Statements = slices.Delete(d.Statements, i, i+1)
}
