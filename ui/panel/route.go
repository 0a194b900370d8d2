package panel

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"snapferry/steps"
)

// boxed is the width from which the route is drawn as boxes, and tall the height
// it takes then: four lines of boxes and one for the rate of what moves.
// least is the least room of the bucket.
const (
	boxed = 96
	tall  = 5
	gap   = 6
	least = 24
)

// Known says that there is something to draw.
func (r Route) Known() bool { return r.Source.known() || r.Target.known() }

func (e End) known() bool { return e.Domain != "" || e.Account != "" }

// Route draws the route: five lines of boxes, three lines where these are too wide,
// or one where there is no room for them.
func (l Look) Route(r Route, width, height int) []string {
	return l.Alive(l.Still(r, width, height), r)
}

// Still draws the route as it is between two pictures of the animation; whoever
// draws several a second keeps it.
func (l Look) Still(r Route, width, height int) []string {
	switch {
	case height <= 0:
		return nil
	case height < sides:
		return []string{l.routeLine(r, width)}
	case width < boxed || height < tall:
		return l.routeLines(r, width)
	}
	return l.Into(l.routeBoxes(r, width), width, height)
}

// routeLine has the names alone, and the sessions that are nearly over.
func (l Look) routeLine(r Route, width int) string {
	names := []string{l.endShort(r.Source, "source"), l.endShort(r.Target, "target")}
	arrows := 1
	if r.Bucket.Name != "" {
		names = []string{names[0], "s3://" + l.name(r.Bucket.Name), names[1]}
		arrows = 2
	}
	ends := []string{l.hurry(r.Source), l.hurry(r.Target)}
	rate := l.rate(r)
	if rate != "" {
		rate = "  " + l.Accent.Render(rate)
	}
	room := width - ansi.StringWidth(ends[0]+ends[1]+rate) - arrows*(short+2)
	for i, cells := range shares(names, room) {
		names[i] = l.Middle(names[i], cells)
	}
	line := names[0] + ends[0]
	for i := range arrows {
		line += " " + l.arrow(short) + " " + names[i+1]
	}
	return l.Cut(line+ends[1]+rate, width)
}

// shares gives every name its cells: what a short one does not need the long ones
// have.
func shares(names []string, room int) []int {
	out := make([]int, len(names))
	for left := len(names); left > 0; {
		fair, settled := max(0, room)/left, false
		for i, n := range names {
			if need := ansi.StringWidth(n); out[i] == 0 && need <= fair {
				out[i], room, left, settled = max(1, need), room-need, left-1, true
			}
		}
		if settled {
			continue
		}
		for i := range out {
			if out[i] == 0 {
				out[i] = fair
			}
		}
		return out
	}
	return out
}

// endShort is an end in a word or two.
func (l Look) endShort(e End, side string) string {
	if e.Domain == "" {
		return side
	}
	return l.name(e.Domain)
}

// hurry is the time left where little is.
func (l Look) hurry(e End) string {
	if e.Expires.IsZero() || e.Expires.Sub(l.Now) >= soon {
		return ""
	}
	return " " + l.until(e)
}

// until is the time left of a side, with whose it is where that is not who signs.
func (l Look) until(e End) string {
	left := l.remaining(e.Expires)
	if left != "" && e.Ends != "" {
		return l.Dim.Render(e.Ends) + " " + left
	}
	return left
}

// rate is how fast data moves, "" where no honest figure is known.
func (l Look) rate(r Route) string {
	if r.Moving == NoLeg || r.Rate <= 0 {
		return ""
	}
	return steps.Size(r.Rate) + "/s"
}

// arrow is a leg on which nothing moves.
func (l Look) arrow(cells int) string {
	return l.Faint.Render(strings.Repeat(l.Glyphs.Leg, cells-1) + l.Glyphs.Head)
}

// The lengths of an arrow: in a line, and between boxes.
const (
	short = 3
	long  = gap - 2
)

// Alive gives a still route its moving leg: a gap travels along its arrow.
func (l Look) Alive(still []string, r Route) []string {
	row, cells := 0, short
	switch len(still) {
	case sides:
		row = 1
	case tall:
		row, cells = 1, long
	}
	if r.Moving == NoLeg || row >= len(still) {
		return still
	}
	leg := 1
	if r.Moving == In && r.Bucket.Name != "" {
		leg = 2
	}
	parts := strings.SplitN(still[row], l.arrow(cells), 3)
	if len(parts) <= leg { // there was no room for it
		return still
	}
	at := l.Frame % cells
	alive := strings.Repeat(l.Glyphs.Leg, at) + l.Glyphs.Dot + strings.Repeat(l.Glyphs.Leg, max(0, cells-2-at)) + l.Glyphs.Head
	if at == cells-1 {
		alive = strings.Repeat(l.Glyphs.Leg, at) + l.Glyphs.Dot
	}
	out := slices.Clone(still)
	out[row] = strings.Join(parts[:leg], l.arrow(cells)) + l.Accent.Render(alive) + strings.Join(parts[leg:], l.arrow(cells))
	return out
}

// routeBoxes draws two boxes, or three where the bucket is known.
func (l Look) routeBoxes(r Route, width int) []string {
	third := r.Bucket.Name != ""
	if !third {
		side := (width - gap) / 2
		return l.abreast([][]string{l.end(r.Source, "source", side), l.end(r.Target, "target", side)}, l.rate(r), side)
	}
	// What stands in the middle is short, and who signs at the sides is long.
	middle := min(max(least, ansi.StringWidth(r.Bucket.Name)+len("s3://")+5), (width-2*gap)/3)
	side := (width - 2*gap - middle) / 2
	boxes := [][]string{l.end(r.Source, "source", side), l.store(r.Bucket, middle), l.end(r.Target, "target", side)}
	at := side
	if r.Moving == In {
		at += gap + middle
	}
	return l.abreast(boxes, l.rate(r), at)
}

// abreast puts boxes beside each other with arrows between, and the rate under the
// leg that moves.
func (l Look) abreast(boxes [][]string, rate string, at int) []string {
	lines := make([]string, 0, tall)
	for row := range boxes[0] {
		var line strings.Builder
		for i, b := range boxes {
			line.WriteString(b[row])
			switch {
			case i == len(boxes)-1:
			case row == 1:
				line.WriteString(" " + l.arrow(long) + " ")
			default:
				line.WriteString(strings.Repeat(" ", gap))
			}
		}
		lines = append(lines, line.String())
	}
	if rate == "" {
		return append(lines, "")
	}
	at = max(0, at+gap/2-ansi.StringWidth(rate)/2)
	return append(lines, strings.Repeat(" ", at)+l.Accent.Render(rate))
}

// end is the box of a side.
func (l Look) end(e End, side string, width int) []string {
	title := side
	if e.Account != "" {
		title += " " + l.Glyphs.Dot + " " + l.name(e.Account.Grouped())
	}
	domain := l.name(e.Domain)
	if domain == "" {
		domain = "not chosen yet"
	}
	who := l.as(e.Who)
	if who == "" {
		who = "nobody known yet"
	}
	engine := l.Plain(e.Engine)
	if ansi.StringWidth(domain+engine)+1 > width-4 { // the name says more: of the engine its version stays
		engine = engine[strings.LastIndex(engine, " ")+1:]
	}
	return l.box(title, [2]string{domain, engine}, [2]string{who, l.until(e)}, width)
}

func (l Look) store(s Store, width int) []string {
	lines := [2]string{s.Region, l.Plain(s.Encryption)}
	owner := ""
	if s.Owner != "" {
		owner = "owner: " + string(s.Owner)
	}
	return l.box("s3://"+l.name(s.Name), lines, [2]string{owner, ""}, width)
}

// box has a title in its upper edge and two lines, each with words at the left,
// which give way, and at the right, which do not.
func (l Look) box(title string, first, second [2]string, width int) []string {
	g, inner := l.Glyphs, max(0, width-4)
	head := l.Middle(title, inner-1)
	fill := strings.Repeat(g.Rule, max(0, width-4-ansi.StringWidth(head)))
	lines := []string{l.Faint.Render(g.TopLeft+" ") + l.Strong.Render(head) + l.Faint.Render(" "+fill+g.TopRight)}
	for _, row := range [][2]string{first, second} {
		right := l.Cut(row[1], inner)
		room := inner - ansi.StringWidth(right)
		if right != "" {
			room--
		}
		body := l.Fit(l.Middle(row[0], max(0, room)), max(0, room))
		if right != "" {
			body += " " + right
		}
		lines = append(lines, l.Faint.Render(g.Side)+" "+l.Fit(body, inner)+" "+l.Faint.Render(g.Side))
	}
	return append(lines, l.Faint.Render(g.BottomLeft+strings.Repeat(g.Rule, max(0, width-2))+g.BottomRight))
}

// legs are the kinds of acts that move data along a leg of the route.
var legs = map[steps.Kind]Leg{steps.KindSnapshot: Out, steps.KindIndices: In}

// Moves gives the leg data is on in a state, and how fast.
func Moves(s *steps.State) (Leg, int64) {
	for i := range s.Steps {
		st := &s.Steps[i]
		if st.Status != steps.StatusRunning || !st.Wait.Reason.IsZero() { // who waits moves nothing
			continue
		}
		for _, p := range s.Plan.Steps {
			if p.ID == st.ID && len(p.Changes) > 0 {
				return legs[p.Changes[0].Ref.Kind], st.Progress.BytesPerSecond
			}
		}
	}
	return NoLeg, 0
}
