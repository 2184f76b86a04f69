// Package held reads the stacks of all goroutines to say what holds a UI thread: a task that
// computes, a handler that waits for a channel, a lock; and who may have to go on first, as far
// as that can be known.
//
// Go does not say who holds a lock. So goroutines are suspects: they wait for the UI thread
// themselves; or they work on the value that the lock is in, or on one of its type, which their
// functions and arguments tell. A lock in a local variable tells nothing.
package held
