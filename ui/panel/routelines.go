package panel

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// sides is how many lines the route has where it has no boxes: a line a side, and the
// bucket between them.
const sides = 3

// routeLines says of both sides whose they are, what runs there and who works; between
// them stands the bucket, once it is known.
func (l Look) routeLines(r Route, width int) []string {
	lines := []string{l.sideLine(r.Source, "source", width)}
	if r.Bucket.Name != "" {
		lines = append(lines, l.bucketLine(r, width))
	}
	return append(lines, l.sideLine(r.Target, "target", width))
}

// sideLine is a side in a line. The account and the time that is left stay whole, the
// names share what these leave.
func (l Look) sideLine(e End, side string, width int) string {
	dot := " " + l.Faint.Render(l.Glyphs.Dot) + " "
	head := l.Dim.Render(side)
	if e.Account != "" {
		head += " " + l.Strong.Render(l.name(e.Account.Grouped()))
	}
	left := l.until(e)
	if left != "" {
		left = dot + left
	}
	domain, version, who := "not chosen yet", l.version(e), l.as(e.Who)
	if e.Domain != "" {
		domain = l.name(e.Domain)
	}
	room := width - ansi.StringWidth(head+dot+left+version)
	if who != "" {
		room -= ansi.StringWidth(dot)
		cells := max(fewestOfWho, room-ansi.StringWidth(domain)) // what the domain leaves
		who = l.Cut(who, min(cells, ansi.StringWidth(who)))
		room -= ansi.StringWidth(who)
		who = dot + who
	}
	return l.Cut(head+dot+l.Middle(domain, max(1, room))+version+who+left, width)
}

// fewestOfWho are the cells of who works that a long name of a domain leaves.
const fewestOfWho = 8

// version is that of a side's engine, behind its domain; "" while it is not known.
func (l Look) version(e End) string {
	words := l.Plain(e.Engine)
	if words == "" {
		return ""
	}
	return " " + words[strings.LastIndex(words, " ")+1:]
}

// bucketLine is the bucket between its two legs, with the rate of what moves.
func (l Look) bucketLine(r Route, width int) string {
	name, traits := "s3://"+l.name(r.Bucket.Name), ""
	for _, t := range []string{l.Plain(r.Bucket.Region), l.Plain(r.Bucket.Encryption)} {
		if t != "" {
			traits += " " + l.Glyphs.Dot + " " + t
		}
	}
	rate := l.rate(r)
	if rate != "" {
		rate = "  " + l.Accent.Render(rate)
	}
	room := width - 2 - 2*(short+1) - ansi.StringWidth(rate)
	if ansi.StringWidth(name+traits) > room {
		traits = "" // the name says more
	}
	return l.Cut("  "+l.arrow(short)+" "+l.Middle(name, room-ansi.StringWidth(traits))+l.Dim.Render(traits)+" "+l.arrow(short)+rate, width)
}
