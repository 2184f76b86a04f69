// Package held reads the stacks of all goroutines to say what holds a UI thread: a task that
// computes, a handler that waits for a channel, or a lock. As far as possible, it also says
// which goroutines have to go on first.
//
// Go does not record which goroutine holds a lock. So some goroutines are suspects: those that
// wait for the UI thread themselves, and those that work on the value that contains the lock, or
// on a value of the same type, as their functions and arguments show. A lock in a local variable
// shows nothing.
package held
