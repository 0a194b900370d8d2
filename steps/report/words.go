package report

import (
	"fmt"
	"time"

	"snapferry/awsx/text"
	"snapferry/steps"
)

// plain is a name from outside, as a word.
func plain(s string) steps.Text { return text.Plain(s) }

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// span is a duration as a person says it: 0.4 s, 12 s, 3:07 min, 2:05 h.
func span(seconds float64) string {
	s := int64(seconds + 0.5)
	switch {
	case seconds < 9.95:
		return fmt.Sprintf("%.1f s", seconds)
	case seconds < 59.5:
		return fmt.Sprintf("%d s", s)
	case seconds < 3599.5:
		return fmt.Sprintf("%d:%02d min", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d h", s/3600, s%3600/60)
}

// size is a number of bytes in the units the engine uses (1 KiB is 1024 bytes), in
// three figures, as on the screen.
func size(n int64) string {
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	v, unit := float64(n), ""
	for _, unit = range []string{"KiB", "MiB", "GiB", "TiB", "PiB"} {
		if v /= 1024; v < 1023.95 {
			break
		}
	}
	if v >= 99.95 {
		return fmt.Sprintf("%.0f %s", v, unit)
	}
	return fmt.Sprintf("%.1f %s", v, unit)
}
