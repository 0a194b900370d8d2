package theme

// Glyphs are the signs of a look, one cell wide each but for those that say
// otherwise. Every sign has its ASCII counterpart, and stands beside words.
type Glyphs struct {
	// Outcomes of checks and states of steps.
	Pass, Fail, Warn, Unknown, Info, Skip, Running, Waiting string
	// Verbs of changes.
	Create, Change, Exists, Act string
	// Cursor is before the row that enter takes; Open and Closed before what folds.
	Cursor, Open, Closed string
	// Bar is what is done and what is left of a bar.
	Full, Empty string
	// Rule is a horizontal line; Corners and sides make a box.
	Rule, Side                                 string
	TopLeft, TopRight, BottomLeft, BottomRight string
	// Leg and Head make an arrow along the route.
	Leg, Head string
	// Dot stands between things in a line, Ellipsis for what was left out; the ASCII
	// one has two cells.
	Dot, Ellipsis string
	// Up, Down, Left and Right name the arrow keys; the ASCII ones are words.
	Up, Down, Left, Right string
	// Spin are the frames of what is under way.
	Spin []string
}

// Hidden stands for what was typed and must not be seen: a sign a letter would tell how
// long it is.
const Hidden = "typed, hidden"

var unicode = Glyphs{
	Pass: "✓", Fail: "✗", Warn: "!", Unknown: "?", Info: "i", Skip: "–", Running: "◐", Waiting: "○",
	Create: "+", Change: "~", Exists: "=", Act: "▸",
	Cursor: "▸", Open: "▾", Closed: "▸",
	Full: "█", Empty: "░",
	Rule: "─", Side: "│", TopLeft: "┌", TopRight: "┐", BottomLeft: "└", BottomRight: "┘",
	Leg: "━", Head: "▶",
	Dot: "·", Ellipsis: "…",
	Up: "↑", Down: "↓", Left: "←", Right: "→",
	Spin: []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"},
}

var ascii = Glyphs{
	Pass: "+", Fail: "x", Warn: "!", Unknown: "?", Info: "i", Skip: "-", Running: "*", Waiting: "o",
	Create: "+", Change: "~", Exists: "=", Act: ">",
	Cursor: ">", Open: "v", Closed: ">",
	Full: "#", Empty: "-",
	Rule: "-", Side: "|", TopLeft: "+", TopRight: "+", BottomLeft: "+", BottomRight: "+",
	Leg: "=", Head: ">",
	Dot: "-", Ellipsis: "..",
	Up: "up", Down: "down", Left: "left", Right: "right",
	Spin: []string{"|", "/", "-", "\\"},
}
