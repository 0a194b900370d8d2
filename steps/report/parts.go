package report

import "snapferry/steps"

// Part is a section of a report in finished words, with names hidden that are to be: for
// whoever lays it out. Rows have as many cells as Head.
type Part struct {
	Title string
	Lines []string
	Head  []string
	Rows  [][]string
	List  []string
}

// Parts are the sections in the order of every other form; the first is the title with
// what leads in.
func (r Report) Parts() []Part {
	said := func(list []steps.Text) []string {
		out := make([]string, len(list))
		for i, t := range list {
			out[i] = r.say(t)
		}
		return out
	}
	p := r.page()
	parts := []Part{{Title: r.say(p.title), Lines: said(p.lead)}}
	for _, s := range p.sections {
		part := Part{Title: r.say(s.title), Lines: said(s.lines), Head: said(s.head), List: said(s.list)}
		if s.rows != nil {
			for row := range s.rows {
				part.Rows = append(part.Rows, said(row))
			}
		}
		parts = append(parts, part)
	}
	return parts
}
