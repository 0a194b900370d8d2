package facts

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/awsx/network"
)

// TestOneFlight: callers that ask at the same time share one read, and later
// ones what it learned.
func TestOneFlight(t *testing.T) {
	var m memo
	var reads atomic.Int32
	gate := make(chan struct{})
	learn := func(context.Context) (int, error) {
		<-gate
		return int(reads.Add(1)), nil
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if v, err := read(t.Context(), &m, key{of: "x"}, learn); v != 1 || err != nil {
				t.Errorf("%d %v", v, err)
			}
		})
	}
	close(gate)
	all.Wait()
	if v, err := read(t.Context(), &m, key{of: "x"}, learn); v != 1 || err != nil || reads.Load() != 1 {
		t.Errorf("%d %v after %d reads", v, err, reads.Load())
	}
	if v, _ := read(t.Context(), &m, key{of: "y"}, learn); v != 2 {
		t.Errorf("another fact gave %d", v)
	}
	m.drop(func(k key) bool { return k.of == "x" })
	if v, _ := read(t.Context(), &m, key{of: "x"}, learn); v != 3 {
		t.Errorf("a dropped fact gave %d", v)
	}
	if v, _ := read(t.Context(), &m, key{of: "y"}, learn); v != 2 {
		t.Errorf("a fact that was not dropped gave %d", v)
	}
}

// TestFlightOutlivesItsStarter: who came second gets the answer although who
// started the read has gone; when the last one goes the read is ended.
func TestFlightOutlivesItsStarter(t *testing.T) {
	var m memo
	started, gate, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	learn := func(ctx context.Context) (string, error) {
		close(started)
		select {
		case <-gate:
			return "learned", nil
		case <-ctx.Done():
			close(ended)
			return "", ctx.Err()
		}
	}
	first, leave := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() {
		_, err := read(first, &m, key{}, learn)
		gone <- err
	}()
	<-started
	second := make(chan string)
	go func() {
		v, _ := read(t.Context(), &m, key{}, learn)
		second <- v
	}()
	waitFor(&m, 2)
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("who left got %v", err)
	}
	close(gate)
	if v := <-second; v != "learned" {
		t.Errorf("who stayed got %q", v)
	}

	m = memo{}
	started, gate = make(chan struct{}), make(chan struct{})
	alone, leave := context.WithCancel(t.Context())
	go func() { <-started; leave() }()
	if _, err := read(alone, &m, key{}, learn); !errors.Is(err, context.Canceled) {
		t.Errorf("who left alone got %v", err)
	}
	<-ended
	if v, err := read(t.Context(), &m, key{}, func(context.Context) (string, error) { return "anew", nil }); v != "anew" || err != nil {
		t.Errorf("after an ended read: %q %v", v, err)
	}
}

// waitFor spins until n callers wait for the one read under way.
func waitFor(m *memo, n int) {
	for {
		m.mu.Lock()
		e := m.entries[key{}]
		ready := e != nil && e.waiters == n
		m.mu.Unlock()
		if ready {
			return
		}
	}
}

// TestWhichErrorsStay: one that will not go away by itself is remembered until
// something changes; others are asked again.
func TestWhichErrorsStay(t *testing.T) {
	for kind, stays := range map[failure.Kind]bool{
		failure.Denied: true, failure.Missing: true, failure.Invalid: true,
		failure.Expired: false, failure.Credentials: false, failure.Interrupted: false, failure.Unknown: false,
	} {
		var m memo
		reads := 0
		learn := func(context.Context) (int, error) {
			reads++
			return 0, &failure.Failure{Kind: kind, Message: "no"}
		}
		for range 2 {
			if _, err := read(t.Context(), &m, key{}, learn); !failure.Is(err, kind) {
				t.Fatalf("%s: %v", kind, err)
			}
		}
		if (reads == 1) != stays {
			t.Errorf("%s was asked %d times", kind, reads)
		}
		m.drop(func(key) bool { return false })
		if _, err := read(t.Context(), &m, key{}, func(context.Context) (int, error) { return 1, nil }); err != nil {
			t.Errorf("%s outlived a change: %v", kind, err)
		}
	}
	var m memo
	busy := func(context.Context) (int, error) {
		return 0, &failure.Failure{Kind: failure.Throttled, Transient: true}
	}
	_, _ = read(t.Context(), &m, key{}, busy)
	if v, err := read(t.Context(), &m, key{}, func(context.Context) (int, error) { return 1, nil }); v != 1 || err != nil {
		t.Errorf("a transient failure was remembered: %v", err)
	}
}

func TestPanicIsAnError(t *testing.T) {
	var m memo
	if _, err := read(t.Context(), &m, key{name: "x"}, func(context.Context) (int, error) { panic("oh") }); err == nil {
		t.Error("a panic was swallowed")
	}
}

// TestRemembered: who wants only what is known by now starts nothing, and waits for
// nothing.
func TestRemembered(t *testing.T) {
	var m memo
	reads := 0
	learn := func(context.Context) (int, error) { reads++; return reads, nil }
	known := Remembered(t.Context())
	if _, err := read(known, &m, key{}, learn); !errors.Is(err, ErrNotYet) || reads != 0 {
		t.Errorf("%v after %d reads", err, reads)
	}
	gate, started := make(chan struct{}), make(chan struct{})
	slow := func(context.Context) (int, error) { close(started); <-gate; return 7, nil }
	done := make(chan struct{})
	go func() { defer close(done); _, _ = read(t.Context(), &m, key{of: "slow"}, slow) }()
	<-started
	if _, err := read(known, &m, key{of: "slow"}, learn); !errors.Is(err, ErrNotYet) {
		t.Errorf("while it is learned: %v", err)
	}
	close(gate)
	<-done
	if v, err := read(known, &m, key{of: "slow"}, learn); v != 7 || err != nil {
		t.Errorf("%d %v", v, err)
	}
	bad := errors.New("refused")
	refused := func(context.Context) (int, error) {
		return 0, &failure.Failure{Kind: failure.Denied, Message: bad.Error()}
	}
	_, first := read(t.Context(), &m, key{of: "bad"}, refused)
	if _, err := read(known, &m, key{of: "bad"}, learn); !errors.Is(err, first) {
		t.Errorf("%v, not %v", err, first)
	}
}

// TestDropAllHoldsNothing: whoever looks anew at thousands of indices must not have them
// twice.
func TestDropAllHoldsNothing(t *testing.T) {
	f, err := Open(t.Context(), Options{Network: network.New(network.Options{})})
	if err != nil {
		t.Fatal(err)
	}
	if f.chosen([]Index{{Index: cluster.Index{Name: "logs", Open: true}}}); f.selectedOf == nil || len(f.selected.Moves)+len(f.selected.Stays) == 0 {
		t.Fatal("nothing was chosen")
	}
	f.memo.entries = map[key]*entry{{of: "x"}: {done: make(chan struct{})}}
	if f.DropAll(); len(f.memo.entries) > 0 || f.selectedOf != nil || f.selected.Moves != nil || f.selected.Stays != nil {
		t.Errorf("%d reads and the choice %+v are held on to", len(f.memo.entries), f.selected)
	}
}
