package panel

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"snapferry/steps"
	"snapferry/ui/board"
)

// bar draws what is done of a whole.
func (l Look) bar(done, total int64, cells int) string {
	if cells <= 0 {
		return ""
	}
	full := 0
	if total > 0 {
		full = int(min(max(done, 0), total) * int64(cells) / total)
	}
	return l.Accent.Render(strings.Repeat(l.Glyphs.Full, full)) + l.Faint.Render(strings.Repeat(l.Glyphs.Empty, cells-full))
}

// measure is what is counted of a progress: bytes, or shards where those are not
// known.
func measure(bytes, totalBytes int64, shards, totalShards int) (done, total int64) {
	if totalBytes > 0 {
		return bytes, totalBytes
	}
	return int64(shards), int64(totalShards)
}

// figures are the words of board.ProgressLine without its own bar, so that a plain
// line and this board never say two things.
func figures(p steps.Progress) string {
	line := board.ProgressLine(p)
	if _, words, found := strings.Cut(line, "] "); found {
		return strings.Replace(words, " %  ", " %, ", 1)
	}
	return line
}

// progress draws a bar and the figures of it.
func (l Look) progress(p steps.Progress, width int) []string {
	done, total := measure(p.DoneBytes, p.TotalBytes, p.DoneShards, p.TotalShards)
	if total == 0 {
		return nil
	}
	lines := []string{l.bar(done, total, width)}
	return append(lines, l.words(l.Plain(figures(p)), width, l.Text.Render)...)
}

// itemCells is the least room of one index beside another.
const itemCells = 30

// perRow is how many indices stand beside each other in a room: fewer where their names
// are whole then, and all have room all the same.
func perRow(all []steps.ItemProgress, width, height int) int {
	columns, longest := max(1, width/itemCells), 0
	for _, it := range all {
		longest = max(longest, ansi.StringWidth(it.Name))
	}
	for columns > 1 && longest > nameCells(share(width, columns), shortBar) && len(all) <= height*(columns-1) {
		columns--
	}
	return columns
}

// share is the room of each of some columns.
func share(width, columns int) int { return (width - 2*(columns-1)) / columns }

// The cells behind an index's name, which has what is left: its bar, which is shorter
// where the name needs the room, and its percentage.
const longBar, shortBar, percent = 10, 5, 6

func nameCells(cells, bar int) int { return max(4, cells-bar-percent-2) }

// item is one index with a bar of its own.
func (l Look) item(p steps.ItemProgress, cells int) string {
	done, total := measure(p.DoneBytes, p.TotalBytes, p.DoneShards, p.TotalShards)
	share := int64(0)
	if total > 0 {
		share = min(done*100/total, 100)
	}
	name, bar := l.name(p.Name), longBar
	if ansi.StringWidth(name) > nameCells(cells, bar) {
		bar = shortBar
	}
	room := nameCells(cells, bar)
	return l.Cut(l.Fit(l.Middle(name, room), room)+" "+l.bar(done, total, bar)+fmt.Sprintf(" %3d %%", share), cells)
}
