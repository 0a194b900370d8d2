// Package pace turns a set of shards and a moment into progress: which shard
// has begun, how many of its bytes are done, which one is finished.
//
// Everything is a pure function of the sizes and the time since the start, so
// that a world that was shut down has gone on by the clock. The package knows
// nothing of snapshots, restores or files.
package pace

import "time"

// Pace is how long work takes. The zero value does everything at once.
type Pace struct {
	// Snapshot and Restore are the longest times the whole of a snapshot's or
	// restore's shards takes, however large they pretend to be.
	Snapshot, Restore time.Duration
	// Replica is the time a replica takes after its primary is there.
	Replica time.Duration
	// Rate is the speed below that limit, in bytes a second; small work ends
	// sooner. 0 means that work always takes the whole time.
	Rate int64
	// Least is the shortest time of work that is not instant.
	Least time.Duration
}

// Instant does everything at once; tests use it.
func Instant() Pace { return Pace{} }

// Realistic makes a demonstration migration last about a minute with bars that
// move: 40 MB/s is the engines' default throttle, and the limits cut it short.
func Realistic() Pace {
	return Pace{Snapshot: 25 * time.Second, Restore: 20 * time.Second, Replica: 4 * time.Second, Rate: 40 << 20, Least: 2 * time.Second}
}

// Span is when a shard's work runs, counted from the start of the whole.
type Span struct {
	Start, End time.Duration
}

// Duration is the time for a number of bytes under a limit of Snapshot or Restore.
func (p Pace) Duration(bytes int64, limit time.Duration) time.Duration {
	if limit == 0 || p.Rate == 0 {
		return limit
	}
	d := time.Duration(float64(bytes) / float64(p.Rate) * float64(time.Second))
	return min(limit, max(d, p.Least))
}

// Spread lays shards of the given sizes into lanes that work side by side, each
// taking the next shard when it is free, so that the last one ends at total.
func Spread(sizes []int64, lanes int, total time.Duration) []Span {
	spans := make([]Span, len(sizes))
	if len(sizes) == 0 || total <= 0 {
		return spans
	}
	var sum int64
	for _, s := range sizes {
		sum += s
	}
	// Every shard costs a little even when it holds nothing, or empty ones would
	// all begin and end in one instant.
	fixed := float64(sum)/float64(len(sizes))/20 + 1
	free := make([]float64, max(1, lanes))
	at := make([][2]float64, len(sizes))
	end := 0.0
	for i, s := range sizes {
		lane := 0
		for l := range free {
			if free[l] < free[lane] {
				lane = l
			}
		}
		at[i][0] = free[lane]
		free[lane] += float64(s) + fixed
		at[i][1] = free[lane]
		end = max(end, free[lane])
	}
	for i := range spans {
		spans[i] = Span{Start: scale(at[i][0], end, total), End: scale(at[i][1], end, total)}
	}
	return spans
}

// scale maps a position to a time, the last one exactly to the end.
func scale(v, end float64, total time.Duration) time.Duration {
	if v >= end {
		return total
	}
	return time.Duration(v / end * float64(total))
}

// AtRate is the time for a number of bytes at an explicit speed in bytes a second.
func AtRate(bytes, rate int64) time.Duration {
	return time.Duration(float64(bytes) / float64(rate) * float64(time.Second))
}
