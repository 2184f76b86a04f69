package sched

import "time"

// A Client is the owner of a pump. The pump calls it on the UI thread, unless a method says more.
type Client interface {
	// Admit reports whether the pump may run a turn here and now.
	Admit() bool

	// Own reports whether the calling goroutine, which has the mark of coroutines and of loops
	// (package place), is likely to be on the pump's thread: what it leaves is the guest's own
	// then. What goroutines leave that have no mark comes from others. Any goroutine. The answer
	// is a hint, but the same for all calls of a goroutine, or its posts may change places.
	Own() bool

	// RequestWakeup passes wake on to the host, to be called soon on its thread. Any goroutine;
	// onThread says that the caller is the pump itself. No lock is held.
	RequestWakeup(wake func(), onThread bool)

	// NewCoro returns a zero Coro. What the client keeps with it goes into Ext.
	NewCoro() *Coro

	// EnterCoro is called in a new coroutine, before all else, and LeaveCoro at its end.
	EnterCoro()
	LeaveCoro()

	// Exited says that what ran in c has left it by runtime.Goexit. c is not used again.
	Exited(c *Coro)

	// Failed takes the panic of a posted function.
	Failed(value any, stack []byte)

	// DeadlinePassed says that the time of SetDeadline has come.
	DeadlinePassed()

	// TurnEnded says that the pump gives the thread back, and is not on the stack of what follows.
	TurnEnded()

	// Closed says that posts are refused from now on, after End.
	Closed()

	// Drained says that the pump is closed and that all that was accepted has run.
	Drained()

	// Fault says that the pump itself, or a client's method, has panicked. Nothing may be resumed.
	Fault(value any, stack []byte)

	// Backlogged says that n entries of other goroutines wait, and that of those which had
	// arrived so long ago some have not run. Once while that lasts, at the end of a turn.
	Backlogged(n int, since time.Duration)

	// Slow says that the thread is held, for so long now, and by what: it may look at all stacks.
	// Any goroutine. Now and then while that happens, and again when it has lasted for long; see
	// SlowTurns.
	Slow(by Held, d time.Duration, long bool)

	// Stalled says that a turn does not end. Any goroutine, while that lasts.
	Stalled()
}
