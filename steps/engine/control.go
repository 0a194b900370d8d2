package engine

// Control is how a person stops a run from outside. Safe for concurrent use.
type Control struct{}

// NewControl makes a Control nobody has touched.
func NewControl() *Control { return nil }

// Interrupt asks to stop: the first time at the next safe point, the second
// time at once, cancelling the call in flight. It returns how often it was asked.
func (c *Control) Interrupt() int { return 0 }

// Continue ends a pause at once, after a new login, instead of at the next try.
func (c *Control) Continue() {}
