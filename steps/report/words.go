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
