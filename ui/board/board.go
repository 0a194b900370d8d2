// Package board draws: values in, lines out. The plain stream and the terminal
// screens use the same words and figures because they both take them from here.
//
// It is pure: it knows neither terminal nor clock, and it changes nothing.
package board

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"snapferry/awsx/text"
	"snapferry/steps"
)

// Words renders texts in one language, with names and account ids hidden if
// asked. It is the edge where words stop being values.
type Words struct {
	printer *message.Printer
	mask    func(string) string
}

// NewWords makes the words of a language. mask may be nil.
func NewWords(tag language.Tag, mask func(string) string) Words {
	return Words{printer: message.NewPrinter(tag), mask: mask}
}

// Say renders one text.
func (w Words) Say(t text.Text) string {
	if t.IsZero() {
		return ""
	}
	return w.Mask(t.Render(func(format string, args ...any) string { return w.printer.Sprintf(format, args...) }))
}

// Mask hides names and account ids in words that came from elsewhere.
func (w Words) Mask(s string) string {
	if w.mask == nil {
		return s
	}
	return w.mask(s)
}

// About writes a span as a person would say it; under a second it says so.
func About(d time.Duration) string {
	switch {
	case d < time.Second:
		return "less than a second"
	case d < 90*time.Second:
		return fmt.Sprintf("%d s", int(d.Round(time.Second)/time.Second))
	case d < 90*time.Minute:
		return fmt.Sprintf("%d min", int(d.Round(time.Minute)/time.Minute))
	}
	return fmt.Sprintf("%d h %02d min", int(d/time.Hour), int(d%time.Hour/time.Minute))
}

// Took says what a run took: the work of its steps, and the time over which it lay where
// that is another; "" where nothing was done.
func Took(s steps.Spent) string {
	if s.Worked == 0 {
		return ""
	}
	took := About(seconds(s.Worked)) + " of work"
	if s.Away() {
		took += ", over " + About(seconds(s.Over))
	}
	return took
}

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }

// honestShare is the part that must be done before a rate says anything about
// the rest.
const honestShare = 0.01

// ProgressLine is one line about how far a step is. Bytes lead where there are
// any, shards stand beside, and a guess of the rest only when it is honest.
func ProgressLine(p steps.Progress) string {
	var line string
	if p.TotalBytes > 0 {
		done := share(p.DoneBytes, p.TotalBytes)
		line = fmt.Sprintf("%s %d %%  %s of %s", bar(done), done, steps.Size(p.DoneBytes), steps.Size(p.TotalBytes))
	}
	if p.TotalShards > 0 && line == "" {
		line = bar(share(int64(p.DoneShards), int64(p.TotalShards))) + fmt.Sprintf(" shards %d of %d", p.DoneShards, p.TotalShards)
	} else if p.TotalShards > 0 {
		line = join(line, fmt.Sprintf("shards %d of %d", p.DoneShards, p.TotalShards))
	}
	if p.BytesPerSecond > 0 {
		line = join(line, steps.Size(p.BytesPerSecond)+"/s")
	}
	if p.ETASeconds > 0 && float64(p.DoneBytes) >= honestShare*float64(p.TotalBytes) {
		line = join(line, "about "+About(time.Duration(p.ETASeconds)*time.Second)+" left")
	}
	return line
}

// bar draws a percentage, in signs that every log can hold.
func bar(percent int64) string {
	full := int(percent / 10)
	return "[" + strings.Repeat("#", full) + strings.Repeat("-", 10-full) + "]"
}

// share is a percentage that reaches 100 only when everything is done.
func share(done, total int64) int64 {
	if total <= 0 {
		return 0
	}
	return min(done*100/total, 100)
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + ", " + b
}
