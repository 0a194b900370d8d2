package pace

import "time"

// Phase is how far a span has come.
type Phase int

// The phases, in order. Closing is the short stretch after the last byte in
// which an engine writes the shard's own metadata.
const (
	Waiting Phase = iota
	Moving
	Closing
	Done
)

// closing is the share of a span that its closing takes.
const closing = 0.06

// At gives the phase of a span at the time since the start of the whole.
func (s Span) At(since time.Duration) Phase {
	switch {
	case since >= s.End:
		return Done
	case since < s.Start:
		return Waiting
	case since >= s.moved():
		return Closing
	}
	return Moving
}

// moved is when the last byte has come.
func (s Span) moved() time.Duration {
	return s.End - time.Duration(float64(s.End-s.Start)*closing)
}

// Part gives how much of n (bytes, files) is done. It never gives all of n
// before the last byte is there, and never more.
func (s Span) Part(since time.Duration, n int64) int64 {
	switch s.At(since) {
	case Waiting:
		return 0
	case Moving:
		share := float64(since-s.Start) / float64(s.moved()-s.Start)
		return min(int64(share*float64(n)), max(0, n-1))
	}
	return n
}

// Total is the end of the last span.
func Total(spans []Span) time.Duration {
	var t time.Duration
	for _, s := range spans {
		t = max(t, s.End)
	}
	return t
}
