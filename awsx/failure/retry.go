package failure

import (
	"context"
	"time"

	"snapferry/awsx/text"
)

// Clock is the time a retry lives by.
type Clock interface {
	Now() time.Time
	// Wait returns nil after d, or the context's error as soon as it ends.
	Wait(ctx context.Context, d time.Duration) error
}

// Policy says how often and how long to go on.
type Policy struct {
	// Attempts is the greatest number of calls, the first included; 0 means 5.
	Attempts int
	// First is the first wait, doubled up to Max; 0 means 500 ms and 20 s.
	First, Max time.Duration
	// Within bounds the time from the first call to the last one's start; 0 is no bound.
	Within time.Duration
	// Also widens what is repeated beyond transient failures, e.g. a denial
	// shortly after a role was made. Nil adds nothing.
	Also func(*Failure) bool
	// OnWait is told of every wait before it begins. Nil tells nobody.
	OnWait func(Wait)
	// Jitter gives a number in [0,1) that shortens a wait by up to half of it. Nil is none.
	Jitter func() float64
}

// Wait is one pause between two attempts.
type Wait struct {
	// Attempt is the number of calls made so far.
	Attempt int
	For     time.Duration
	Reason  text.Text
	Because *Failure
}
