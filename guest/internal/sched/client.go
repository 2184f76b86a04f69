package sched

import "time"

// A Client is the owner of a pump. The pump calls it on the UI thread, unless a method says more.
type Client interface {
	// Admit reports whether the pump may run a turn here and now.
	Admit() bool

	// Own reports whether the calling goroutine is likely to be on the pump's thread. The
	// goroutine has the mark of coroutines and of loops (package place). If so, what it leaves
	// counts as the guest's own. Whatever unmarked goroutines leave counts as coming from
	// others. Any goroutine. The answer is a hint, but it must be the same for all calls of a
	// goroutine, or its posts may change places.
	Own() bool

	// RequestWakeup passes wake on to the host, which calls it soon on its thread. onThread
	// says that the caller is the pump itself. Any goroutine. The caller holds no lock.
	RequestWakeup(wake func(), onThread bool)

	// NewCoro returns a zero Coro. The client may keep its own data in Ext.
	NewCoro() *Coro

	// Exited says that the code in c has ended by runtime.Goexit. The pump does not use c
	// again.
	Exited(c *Coro)

	// Panicked takes the panic of the code of the Runnable that runs in c, after Entered. It is
	// called where the panic's stack can still be seen. Unless a Goexit follows, Recovered is
	// called next.
	Panicked(c *Coro, value any)

	// Recovered ends the Runnable that has panicked in c, in place of its Run, and returns it.
	Recovered(c *Coro) Runnable

	// Failed takes the panic of a posted function.
	Failed(value any, stack []byte)

	// DeadlinePassed says that the time of SetDeadline has come.
	DeadlinePassed()

	// TurnEnded says that the pump gives the thread back. The pump is not on the stack of the
	// code that runs next.
	TurnEnded()

	// Closed says that posts are refused from now on, after End.
	Closed()

	// Drained says that the pump is closed and that every accepted entry has run.
	Drained()

	// Fault says that the pump itself, or a method of the client, has panicked. No coroutine
	// may be resumed afterwards.
	Fault(value any, stack []byte)

	// Backlogged says that n entries of other goroutines wait, and that some of those that
	// arrived this long ago have not run yet. The pump calls it once while that lasts, at the
	// end of a turn.
	Backlogged(n int, since time.Duration)

	// Slow says that the thread is held, for how long so far, and by what. The method may look
	// at all stacks. Any goroutine. The pump calls it now and then while the thread is held,
	// and again after a long time; see SlowTurns.
	Slow(by Held, d time.Duration, long bool)

	// Stalled says that a turn does not end. Any goroutine, while the turn lasts.
	Stalled()
}
