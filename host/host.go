// Package host is the contract between a main loop and the guest that runs in it.
//
// A host is a main loop: Fyne's, GTK's, a headless one, or yours. A guest is a scheduler of
// cooperative tasks that runs inside that loop, on its one OS thread. The guest needs only
// three methods of the loop: the interface [Host]. The idea comes from async_kernel's Host
// class and Trio's guest mode. This package depends on no toolkit and no scheduler.
//
// # Writing a host
//
// These are the rules. Package hosttest has a case for each of them.
//
//  1. fn, a posted function, never runs on the stack of the call that posted it.
//  2. fn runs soon, at most once, on the host's one OS thread; exactly once unless the loop
//     ends first.
//  3. Every fn arrives at one constant depth of C-to-Go callbacks ([CallbackDepth]) and with
//     one constant LockOSThread count: those of Mainloop's caller, unless the host is an
//     [Enterer]. Otherwise Go's runtime can't resume the coroutines, and ends the process.
//  4. From one goroutine, fns run in the order posted.
//  5. A function that is posted before the loop starts runs after the loop has started.
//  6. After the loop has ended, a post drops fn: fn never runs on the caller, and the call
//     neither blocks nor panics.
//  7. The guest calls DoneCallback once for each host value. The host accepts the call even
//     after the loop has ended.
//  8. A loop that Mainloop runs ends soon after DoneCallback, and Mainloop returns nil.
//     DoneCallback does not end a loop that the program runs itself.
//  9. If a posted function posts another, that one runs in a later turn of the loop, so that
//     the toolkit handles its events in between. A host that drains its queue until it is empty
//     freezes its windows.
//
// Posting never waits and never panics.
//
// One host value serves only one guest, ever. Several host values on one thread are fine.
//
// The caller of Mainloop locks the goroutine to its thread, from before the loop starts until
// after the guest has ended. guest.Run does this itself. Mainloop, Enter and all callbacks
// return with the lock count that they found.
//
// [Queue] implements the rules that do not depend on the toolkit: 1, 2, 4, 5, 6 and 9. With it
// a host takes 30 lines.
//
// A host carries no payload. The guest keeps its work in its own queue and gives the host
// only wake-ups, so a host that loses or repeats a call never loses or repeats work.
package host

// Host is what a guest asks of a main loop. The rules are in the package comment.
type Host interface {
	// RunSyncSoonThreadsafe asks for fn to be called soon on the host's thread. Any goroutine.
	// Never waits.
	RunSyncSoonThreadsafe(fn func())

	// RunSyncSoonNotThreadsafe does the same on the host's thread, and may be cheaper. It may
	// simply call RunSyncSoonThreadsafe. Host's thread only. Never waits.
	RunSyncSoonNotThreadsafe(fn func())

	// DoneCallback tells the host that the guest has ended, and how. The guest calls it once, on
	// the host's thread.
	DoneCallback(Outcome)
}

// A Mainloop is a Host that can run its own loop.
type Mainloop interface {
	Host

	// Mainloop runs the loop on the calling goroutine, which the caller has locked to its
	// thread. It calls startGuest there once, when the loop is ready for it. An error from
	// startGuest ends the loop, and Mainloop returns it. Waits until the loop has ended.
	Mainloop(startGuest func() error) error
}

// A Threader says whether the caller is on the host's thread. It is optional. Without it, the
// guest detects fewer mistakes.
type Threader interface {
	// OnThread reports whether the caller is on the host's thread. It works before, during and
	// after the loop. Before the loop starts it returns false, unless the host already knows its
	// thread. Any goroutine. Never waits.
	OnThread() bool
}

// An Enterer runs a function at once, at the depth of rule 3. It is optional. A host whose
// callbacks arrive through C needs it, so that the guest can still finish after the loop has
// ended.
type Enterer interface {
	// Enter runs fn at once on the calling goroutine, at the constant depth of rule 3, and
	// returns when fn has returned. It works before, during and after the loop. Host's thread
	// only.
	Enter(fn func())
}

// A Native runs functions outside the constant depth of rule 3. It is optional. The guest uses
// it for calls that spin a nested loop.
type Native interface {
	// RunSyncSoonNative asks for fn to be called soon on the host's thread, at the thread's
	// native depth: straight from the loop. Host's thread only. Never waits.
	RunSyncSoonNative(fn func())
}

// A Looper says whether the caller runs inside the loop, for example in a handler. It is
// optional. With it, the guest refuses Finish in a handler of a loop that the program runs
// itself.
type Looper interface {
	// InLoop reports whether the loop is below the caller on the stack. Host's thread only.
	// Never waits.
	InLoop() bool
}

// An Outcome says how a guest ended: with a value or with an error.
type Outcome struct {
	Value any   // the result of guest.Run's main function; nil for guests without one
	Err   error // why the run failed; nil if it did not fail
}

// Unwrap returns the value and the error.
func (o Outcome) Unwrap() (any, error) { return o.Value, o.Err }
