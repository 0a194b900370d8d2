package wizard

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"snapferry/ui/panel"
)

// The smallest terminal everything fits on, and the height from which the route
// has its boxes; below it is one line.
const (
	leastWidth  = 60
	leastHeight = 20
	boxesHeight = 24
	// boastWidth is from where there is room to say that nothing is lost.
	boastWidth = 100
)

// chrome is what surrounds every screen: where one is, the route, the keys.
type chrome struct {
	width, height, frame int
	route                panel.Route
	// learned counts the changes of the route.
	learned int
	// What was drawn last: most pictures change one row, which is the screen's.
	titled, ruled, headed, keyed kept
}

// quitKey leaves. What was answered is kept.
var quitKey = key.NewBinding(key.WithKeys("ctrl+c"), key.WithHelp("ctrl+c", "quit"))

// View draws a frame: as many lines as the terminal has, none wider.
func (r *root) View() tea.View {
	v := tea.NewView(strings.Join(r.lines(), "\n"))
	v.AltScreen = true
	return v
}

// lines are those of a frame.
func (r *root) lines() []string {
	w, h := r.chrome.width, r.chrome.height
	if r.chrome.tooSmall() {
		return r.instead(w, h)
	}
	rule := r.chrome.ruled.draw(drawnOf{width: w, dark: r.theme.Dark}, func() []string {
		return []string{r.theme.Faint.Render(strings.Repeat(r.theme.Glyphs.Rule, w))}
	})[0]
	top := append([]string{r.title(w), rule}, r.head()...)
	room := r.bodyHeight()
	body := strings.Split(r.body(w, room), "\n")
	for i, l := range body {
		if body[i] = r.theme.Spoken(l); ansi.StringWidth(body[i]) > w {
			body[i] = ansi.Truncate(body[i], w, "")
		}
	}
	body = body[:min(len(body), room)]
	for len(body) < room {
		body = append(body, "")
	}
	return append(append(top, body...), rule, r.keys(w))
}

// title says where one is, and that nothing is real where nothing is.
func (r *root) title(w int) string {
	here := r.Words.Say(r.screen.Title())
	return r.chrome.titled.draw(drawnOf{words: here, width: w, dark: r.theme.Dark}, func() []string {
		badge := ""
		if r.Sandbox {
			badge = r.theme.Sandbox.Render("SANDBOX")
		}
		here = " " + r.theme.Glyphs.Dot + " " + here
		room := w - ansi.StringWidth(badge) - 1
		line := r.theme.Title.Render("snapferry") + r.theme.Text.Render(r.theme.Cut(here, room-len("snapferry")))
		return []string{r.theme.Fit(line, room) + " " + badge}
	})[0]
}

// bodyHeight is what title, route, keys and their rules leave to the screen.
func (r *root) bodyHeight() int { return r.chrome.height - len(r.still()) - 4 }

// head is the route, once something of it is known. What moves on it is alive.
func (r *root) head() []string {
	return r.look(r.chrome.frame).Alive(r.still(), r.chrome.route)
}

// still is the route without what moves. The time that is left goes by the minute.
func (r *root) still() []string {
	if !r.chrome.route.Known() {
		return nil
	}
	w, h, now := r.chrome.width, r.chrome.height, r.Now()
	of := drawnOf{width: w, route: r.chrome.learned, minute: now.Unix() / 60, dark: r.theme.Dark, boxes: h >= boxesHeight}
	if h < boxesHeight {
		h = 1
	}
	return r.chrome.headed.draw(of, func() []string { return r.look(0).Still(r.chrome.route, w, h) })
}

// body is the screen, or what stands over it.
func (r *root) body(w, h int) string {
	switch {
	case r.modal != nil:
		return r.modal.View()
	case r.helping:
		return r.allKeys(w)
	case r.cover.sheet != nil:
		return strings.Join(r.cover.sheet.view(r.look(r.chrome.frame), w, h), "\n")
	}
	return r.screen.View(r.chrome.frame)
}

// bindings are the keys of the screen, or of the sheet over it.
func (r *root) bindings() []key.Binding {
	if r.cover.sheet != nil {
		return append(r.scrollKeys(), bind("esc", "close", "esc"))
	}
	return r.screen.Keys()
}

// quits are the keys that leave. A screen with something of weight under way says itself
// what stops it, and how; what is over it has to say so in its place.
func (r *root) quits() []key.Binding {
	if _, is := r.screen.(interruptible); !is {
		return []key.Binding{quitKey}
	}
	if r.cover.sheet == nil && r.modal == nil {
		return nil
	}
	return slices.DeleteFunc(r.screen.Keys(), func(k key.Binding) bool { return k.Help().Key != "ctrl+c" })
}

// keys is the line of keys; how one gets out is never cut off.
func (r *root) keys(w int) string {
	list, out := r.bindings(), r.quits()
	if r.at == atPages && w >= boastWidth {
		out[0].SetHelp("ctrl+c", "quit (answers are kept)")
	}
	switch {
	case r.modal != nil:
		list = r.modal.Keys()
	case r.helping:
		list, out = []key.Binding{bind("any key", "back to the screen", "esc")}, nil
	default:
		if !typing(r.screen) {
			out = append([]key.Binding{helpKey}, out...)
		}
	}
	of := drawnOf{words: spelled(list) + "|" + spelled(out), width: w, dark: r.theme.Dark}
	return r.chrome.keyed.draw(of, func() []string {
		end := r.theme.Keys(w, out)
		line := r.theme.Keys(w-ansi.StringWidth(end)-3, list)
		if line == "" || end == "" {
			return []string{line + end}
		}
		return []string{line + " " + r.theme.Faint.Render(r.theme.Glyphs.Dot) + " " + end}
	})[0]
}

// spelled are keys as one word, to tell lists of them apart.
func spelled(list []key.Binding) string {
	var b strings.Builder
	for _, k := range list {
		if k.Enabled() {
			b.WriteString(k.Help().Key + "\t" + k.Help().Desc + "\n")
		}
	}
	return b.String()
}

// allKeys names every key of the screen, a line each.
func (r *root) allKeys(w int) string {
	lines := []string{r.theme.Strong.Render("Keys of this screen"), ""}
	list := r.bindings()
	list = append(append(list, r.quits()...), bind("ctrl+z", "put the program aside; fg comes back", "ctrl+z"))
	for _, k := range list {
		if k.Enabled() {
			lines = append(lines, r.theme.Cut("  "+r.theme.Fit(r.theme.Key.Render(k.Help().Key), 14)+r.theme.Text.Render(k.Help().Desc), w))
		}
	}
	return strings.Join(lines, "\n")
}

// tooSmall says that the terminal has no room for a screen.
func (c *chrome) tooSmall() bool { return c.width < leastWidth || c.height < leastHeight }

// instead says that there is no room, and what to use instead.
func (r *root) instead(w, h int) []string {
	if w <= 0 || h <= 0 { // before the terminal told
		return nil
	}
	words := "This terminal is too small: 60 columns by 20 lines are needed. Make it larger, or leave with ctrl+c and use snapferry --plain."
	if _, is := r.screen.(interruptible); is && r.screen.Moving() {
		words = "The run goes on. To see it, make this terminal larger: 60 columns by 20 lines are needed. ctrl+c stops the run at the next safe point."
	}
	lines := r.theme.Wrap(words, w)
	return lines[:min(len(lines), h)]
}
