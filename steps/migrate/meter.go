package migrate

import (
	"math"
	"time"

	"snapferry/steps"
)

// meterWindow is the span a rate is averaged over: short enough to follow a
// throttle, long enough not to jump with every file.
const meterWindow = 30 * time.Second

// meter turns "so many bytes done by now" into a rate and an honest guess of the
// rest.
type meter struct {
	points []meterPoint
}

type meterPoint struct {
	at   time.Time
	done int64
}

// measure notes how far things are and gives p its rate and estimate.
func (m *meter) measure(now time.Time, p steps.Progress) steps.Progress {
	m.points = append(m.points, meterPoint{now, p.DoneBytes})
	for len(m.points) > 2 && now.Sub(m.points[0].at) > meterWindow {
		m.points = m.points[1:]
	}
	first := m.points[0]
	span := now.Sub(first.at).Seconds()
	if span <= 0 || p.DoneBytes <= first.done {
		return p
	}
	p.BytesPerSecond = int64(float64(p.DoneBytes-first.done) / span)
	if left := p.TotalBytes - p.DoneBytes; left > 0 && p.BytesPerSecond > 0 {
		p.ETASeconds = left/p.BytesPerSecond + 1
	}
	return p
}

// pollEvery is the rest between two looks at a running act. The engine bounds it
// by nothing but a stop; the service throttles tighter loops.
const pollEvery = 2 * time.Second

// firstRest and restGrowth make an act's rests grow with its age: always about
// a twelfth of the time it has taken so far, so that a short act is not waited
// for much longer than it runs, and a long one is not pestered.
const (
	firstRest  = 100 * time.Millisecond
	restGrowth = 1.08
)

// lookShare and longestRest make a look that takes long rarer: at thousands of indices
// its answer has megabytes, which the domain has to make while it works. What is within
// quickLook is the way there and back.
const (
	quickLook   = 100 * time.Millisecond
	lookShare   = 10
	longestRest = 30 * time.Second
)

// restAfter is the rest before look number n where the last one took so long.
func restAfter(n int, took time.Duration) time.Duration {
	return max(rest(n), min(lookShare*(took-quickLook), longestRest))
}

// rest is how long to wait before look number n (from 0).
func rest(n int) time.Duration {
	d := float64(firstRest) * math.Pow(restGrowth, float64(n))
	return time.Duration(min(d, float64(pollEvery)))
}
