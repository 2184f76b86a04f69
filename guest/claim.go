package guest

import "sync/atomic"

// A claim is taken once: by the goroutine that begins something, or by the one that withdraws
// it.
type claim struct{ taken atomic.Bool }

// take reports whether the caller is the first. Any goroutine.
func (c *claim) take() bool { return c.taken.CompareAndSwap(false, true) }

// isTaken reports whether it has been taken. Any goroutine.
func (c *claim) isTaken() bool { return c.taken.Load() }
