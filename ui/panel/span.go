package panel

import (
	"fmt"
	"time"

	"snapferry/ui/board"
)

// spent is a time spent, as a clock shows it; of what still runs, tenths would only
// make it restless.
func spent(d time.Duration, running bool) string {
	s := int(d / time.Second)
	switch {
	case d < 0:
		return "0 s"
	case d < time.Minute && running:
		return fmt.Sprintf("%d s", s)
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}

// soon is when the time left of a session is worth a warning.
const soon = 15 * time.Minute

// remaining is the time left of a session, as short as a header needs it; what is nearly
// over has a sign, too.
func (l Look) remaining(until time.Time) string {
	if until.IsZero() {
		return ""
	}
	d := until.Sub(l.Now)
	switch {
	case d <= 0:
		return l.Warn.Render(l.Glyphs.Warn + " over")
	case d < soon:
		return l.Warn.Render(fmt.Sprintf("%s %d min", l.Glyphs.Warn, int(d/time.Minute)))
	case d < 90*time.Minute:
		return l.Dim.Render(fmt.Sprintf("%d min", int(d/time.Minute)))
	}
	return l.Dim.Render(fmt.Sprintf("%d h", int(d/time.Hour)))
}

// span is a number of seconds as a person says it.
func span(seconds float64) string { return board.About(time.Duration(seconds * float64(time.Second))) }
