package facts

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"snapferry/awsx/failure"
)

// key is one remembered read: which fact, seen with which identity, of what.
type key struct {
	name Name
	who  string
	of   string
}

// memo remembers reads and lets concurrent callers share one flight.
type memo struct {
	mu      sync.Mutex
	entries map[key]*entry
}

// entry is a read under way or done. Its fields are written before done is closed.
type entry struct {
	done    chan struct{}
	value   any
	err     error
	waiters int
	cancel  context.CancelFunc
}

// ErrNotYet is the error of a fact that was not learned yet, where only what is
// remembered was wanted.
var ErrNotYet = errors.New("not learned yet")

type remembering struct{}

// Remembered gives a context with which facts ask nobody: what was not learned yet
// is ErrNotYet. It is for showing what is known by now.
func Remembered(ctx context.Context) context.Context {
	return context.WithValue(ctx, remembering{}, true)
}

// read gives the remembered value, or learns it. The flight does not end with
// the caller that happened to start it, but with the last one that waits.
func read[T any](ctx context.Context, m *memo, k key, learn func(context.Context) (T, error)) (T, error) {
	m.mu.Lock()
	e := m.entries[k]
	if ctx.Value(remembering{}) != nil {
		m.mu.Unlock()
		return known[T](e)
	}
	if e == nil {
		e = m.start(ctx, k, func(ctx context.Context) (any, error) { return learn(ctx) })
	}
	e.waiters++
	m.mu.Unlock()
	defer m.leave(k, e)
	var zero T
	select {
	case <-e.done:
		if e.err != nil {
			return zero, e.err
		}
		return e.value.(T), nil
	case <-ctx.Done():
		return zero, ctx.Err()
	}
}

// known gives the value of an entry that has one.
func known[T any](e *entry) (zero T, err error) {
	if e == nil {
		return zero, ErrNotYet
	}
	select {
	case <-e.done:
	default:
		return zero, ErrNotYet
	}
	if e.err != nil {
		return zero, e.err
	}
	return e.value.(T), nil
}

// start begins a flight. It keeps the values of the starter's context and not its
// end; a panic in it becomes an error, as it runs on nobody's goroutine. The lock
// is held.
func (m *memo) start(ctx context.Context, k key, learn func(context.Context) (any, error)) *entry {
	flight, cancel := context.WithCancel(context.WithoutCancel(ctx))
	e := &entry{done: make(chan struct{}), cancel: cancel}
	if m.entries == nil {
		m.entries = map[key]*entry{}
	}
	m.entries[k] = e
	go func() {
		defer cancel()
		defer close(e.done)
		defer func() {
			if p := recover(); p != nil {
				e.err = fmt.Errorf("internal error while reading %s: %v", k.name, p)
			}
			m.settle(k, e)
		}()
		e.value, e.err = learn(flight)
	}()
	return e
}

// settle forgets an error that may be gone the next time.
func (m *memo) settle(k key, e *entry) {
	f := failure.Of(e.err)
	if f == nil || !(f.Transient || f.NeedsLogin() || f.Kind == failure.Interrupted || f.Kind == failure.Unknown) {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forget(k, e)
}

// leave is called by every waiter; the last to leave before the end ends the flight.
func (m *memo) leave(k key, e *entry) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e.waiters--
	select {
	case <-e.done:
	default:
		if e.waiters == 0 {
			e.cancel()
			m.forget(k, e)
		}
	}
}

// forget drops e unless another flight has taken its place already.
func (m *memo) forget(k key, e *entry) {
	if m.entries[k] == e {
		delete(m.entries, k)
	}
}

// drop forgets what matches, and every read that failed: whatever was changed
// may have been the reason.
func (m *memo) drop(match func(key) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for k, e := range m.entries {
		failed := false
		select {
		case <-e.done:
			failed = e.err != nil
		default:
		}
		if failed || match(k) {
			delete(m.entries, k)
		}
	}
}
