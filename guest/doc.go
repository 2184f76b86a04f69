// Package guest runs cooperative tasks on the UI thread of an existing main loop. It lets you
// write asynchronous code as straight-line code.
//
//	search.OnTapped = func() {
//		search.Disable()                              // at once, against a second click
//		app.Go(func(ctx context.Context) error {      // later; app is a *guest.Guest
//			defer search.Enable()                     // a plain widget call on the UI thread
//			hits, err := guest.Background(ctx, query) // off the UI thread; nothing freezes
//			if err != nil {
//				return err
//			}
//			status.SetText(fmt.Sprint(len(hits)))     // on the UI thread again, in the next line
//			return nil
//		})
//	}
//
// # Which call do I want?
//
// A guest runs in a [host.Host]: Fyne's loop, GTK's loop, or a headless one. Run in a toolkit's
// package runs the loop and a main task in one call. [RunTask] does it for any [host.Mainloop],
// and [Run] also returns a result; there the failure of a task ends main, unless
// Options.Supervise is set. If your program runs the loop itself, call [Start] before the
// loop and [Guest.Finish] after it. Look at the error in Finish's report: it may be the panic of
// a task, which has ended the guest.
//
//	to start something
//	  in a handler, without a context            g.Go
//	  in a scope: a window, a request, a task    Go; for a result to come: Async
//	  that must not overlap with its last call   flow.NewAction
//	  later, or again and again                  After, Every; by name: package jobs
//	  one after another, with results            Queue
//	to leave the UI thread
//	  and wait for the result                    Background; without a value: BackgroundFunc
//	  and get it later                           Submit
//	to reach the UI thread
//	  from a task's Background, and wait         CallOnMain
//	  from anywhere, and not wait                RunOnMain, or Guest.Post
//	  with news that replaces older news         flow.Progress, flow.Var
//	  with lines, events, all of them            flow.Mailbox
//	to wait
//	  for a task or a result                     Wait
//	  for several                                All, First, AsCompleted (also of mixed types)
//	  for a time, a turn, the end                Sleep, Yield, Park
//	  for a callback, a dialog                   Await
//	  for a channel, a slot, a value             flow.Recv, flow.Semaphore, flow.Var
//	  in a function that spins its own loop      Modal
//	to end
//	  what was started, together                 Scope; apart: Supervise; before the end: Join
//	  one task, or all                           Task.Cancel, Guest.Cancel
//	  with clean-up that waits                   Cleanup
//	to see what goes on
//	  which tasks exist, what each waits for     package inspect
//	  how busy the UI thread is                  Guest.Stats
//
// Future.Result and Task.Err read without waiting. flow.Semaphore limits how many tasks run at
// a time. flow.Pool limits how many background functions run at a time.
//
// # Rules on the UI thread
//
//   - A task runs alone on the host's thread until it waits. Between two waits nothing else
//     runs there, so you need no lock.
//   - Ready tasks run round-robin, in batches: what becomes ready meanwhile runs in a later
//     batch. So they are served first come, first served, while the guest keeps up. Under
//     load, work from other goroutines gets half of a turn's budget. Then the guest's own work
//     goes first: ready tasks, due timers, and whatever the UI thread starts or posts. So each
//     side gets half of the budget while it needs it, plus one function at most. Each side
//     keeps its order. The results of Background and Submit, and the values of flow.Progress,
//     never overtake what their function has posted. A future that you settle may overtake what
//     you have posted before.
//     The guest logs a backlog that is a second late.
//   - Go and Post only queue their function. It never runs before they return. So in a handler,
//     what must happen at once stands before Go: disable the button there, or a second click
//     may start a second task. The one exception is RunOnMain, which runs its function at once
//     when you call it on the UI thread.
//   - After 4 ms (Options.Budget) the guest gives the thread back to the window, however much
//     is left to do. It cannot interrupt a task that computes for long. Call Yield in such a
//     task, or better, compute in Background.
//   - The guest logs code that holds the thread for 100 ms (Options.SlowTurn), whether it
//     computes or blocks, once for each line of the program. For a call into the toolkit, and
//     for a handler outside the guest, the limit is 500 ms. If a task or a posted function
//     holds the thread for five seconds, another record also names whatever is held up.
//   - The guest sees a handler only while the guest waits for a turn: something is posted, or
//     due, or a result is there. It has no part in the handler's call, and to ask the UI
//     thread again and again would keep an idle program awake. An open page of guest/console
//     asks four times a second, so while it is open, no handler that holds the thread stays
//     unseen. A task of Every with a short period does the same.
//   - Never hold runtime.LockOSThread across a wait. Never return from a task or handler
//     without undoing your own lock. Never undo the host's lock. Go's runtime ends the process
//     for each of these, without a warning.
//
// # Waits
//
// In a task, a wait parks the task. On a goroutine that is not a UI thread, it blocks the
// goroutine. On a UI thread outside a task it is refused, even if it could return at once: the
// error wraps [ErrWouldDeadlock], and is logged once for each place in the program. So a helper
// that waits works in tasks, in Background functions and on your own goroutines.
//
// Use a task's context in tasks, and the context of Background or Submit on goroutines. Use any
// other context anywhere. A goroutine that waits with a task's context panics, and the message
// names the remedy: the code after the wait would touch widgets off the UI thread. Call
// [Scope], [Supervise], [Join] and [Modal] only in tasks. A function that waits in a pool lends
// its place to another meanwhile.
//
// # Contexts
//
// Every task gets a context. It carries the guest, the scope that owns what the task starts,
// the task's cancellation, and its values. Contexts derived with package context work as usual.
// It is always the running task that waits. The context only says which cancellation ends the
// wait.
//
// # Structure and errors
//
// A task ends only when the tasks that it has started have ended. The scope decides where a
// failure goes. Neither the place of the call nor the function that started the task matters,
// since both the mouse and a task may call the same handler:
//
//	scope                                 when a task of it fails
//	Scope, and what a task has started    the others are cancelled; the scope returns the failure
//	main's, under Run or RunTask          likewise, as in errgroup
//	main's, under a toolkit's own Run     it stays apart: a failed click does not end the program
//	  or with Options.Supervise
//	Supervise, a toolkit's WithWindow     it stays apart
//	Guest.Go                              it stays apart
//
// A failure that stays apart goes to the code that waits for the task. If no code waits, it
// goes to Options.OnError, or else to the log. The failure of a [Future] belongs to its holder.
// If no code has looked at it when its scope ends, the scope decides. A panic fails a Scope at
// once. A panic that stays apart ends the guest if there is no OnError.
//
// When a failure cancels other tasks, the log names both. A scope returns only one failure. It
// logs the others, unless they only follow from the cancellation; panics among them go to
// OnError. The same holds for all failures if the scope's function has panicked. A task's own
// deferred calls run before the task waits for its children. Use [Cleanup] for what must run
// after the children.
//
// # Futures
//
// A [Future] is settled by a task ([Async]) or by you ([NewFuture]). Callbacks
// ([Future.OnDone]) are posted: they run on the UI thread, never at once, and not after their
// context is done. An unobserved error is never silent. With Async it goes to the scope. With
// NewFuture it goes to OnError, or to the log, when the future is garbage.
//
// # Cancellation
//
// A wait never returns nil when its context is done, neither on entry nor on return. If the
// work was done nevertheless, its value comes with the error. On the guest's own UI thread,
// Cancel is complete when it returns. From elsewhere it is complete by the guest's next turn.
// So on the UI thread err == nil means that ctx.Err() is nil in that line, unless another
// goroutine calls a context's cancel function just then. A cancelled search never shows its
// result. If a result comes in time but the UI thread is busy past the deadline, the wait
// returns context.DeadlineExceeded with the value.
//
// The error of a wait matches both ctx.Err() and context.Cause(ctx). A function whose context
// is done and that returns such an error, bare or wrapped, was cancelled. It has not failed:
// its error matches the cause, too. [Cancelled] recognizes it unless it is a time-out, and
// [IsQuit] recognizes it if the cause is a quit, the end of the loop, or a closed window. Run
// returns nil after an ordinary close. An error that says more is a failure, even if it is
// joined to a cancellation error: a full disk while saving, for example. It goes where failures
// go, so main's is returned by Run, and it is not a quit. When a function of Background or
// Submit fails in this way, the cancellation error wraps its error. The guest also logs it as
// "failed after its cancellation", since the caller may look only at the cancellation. It does
// not go to OnError as well, unless it is a panic. [ErrNotBegun] tells a function that never
// ran from one that ran and was cancelled. An outer function that passes on the error of an
// inner one matches ErrNotBegun, too. Put clean-up that must wait in [Cleanup], whose context
// is shielded from cancellation. For other work use context.WithoutCancel.
//
// When a window is closed, work for it returns an error that matches [ErrWindowClosed]. So the
// code after a prompt never goes on with an empty answer. IsQuit and the report of unobserved
// errors do not count it as a failure.
//
// # Panics
//
// The guest recovers a panic in a task and turns it into an error, a [*PanicError] with the
// task's own stack. runtime.Goexit becomes [ErrGoexit]. Neither harms the UI thread.
//
// # The end
//
// A guest ends when main and its tasks have ended, or after Cancel. First all tasks unwind,
// then all posted functions run, then the guest tells the host, and then Done closes. A post
// either returns nil and runs, or returns ErrFinished and never runs. Only if a task could not
// be unwound, posts may be dropped, and the [Report] counts them. If the host's loop ends
// first, Finish unwinds everything after it. Tasks of Guest.Go and jobs of guest/jobs do not
// keep a guest alive: they are cancelled when main has ended.
//
// # Goroutines
//
// Each task whose function has begun but not returned counts as one goroutine in
// runtime.NumGoroutine and in stack dumps. So does each idle coroutine, which takes some 2.6
// kB. A guest keeps up to 1024 idle coroutines for its next tasks. After ten seconds without
// use it ends all but 16 of them; an idle guest wakes up once for that. When the guest has
// ended, none is left.
//
// # Browsers
//
// On js/wasm all goroutines share one thread, which has no id. A task that blocks it without a
// wait of this package does not freeze the others: Go runs another goroutine. Guests on several
// goroutines are told apart by their goroutines; that costs each wait some microseconds while more
// than one guest lives. A task can't wait inside an iter.Pull of its own: the wait panics with the
// remedy. A host that calls on a wrong goroutine goes unnoticed.
//
// # Looking at tasks
//
// guest/inspect prints what each task waits for, and on which line of the program.
// guest/console shows the same live in a browser, with a timeline of turns and the steps that
// have held the UI thread longest. inspect.Observe feeds metrics. None of them
// costs anything until you use it. When code holds the UI thread, the log says what it does
// (computes, waits for a mutex, for a channel, for itself), on which line, in which task, and
// who may hold the lock. Log records name a task in a group "task" with name, func and at.
// Stacks in the log have functions and lines, the program's first, but no arguments.
//
// # Testing
//
// guest/guesttest runs a test's body as a task, in virtual time. The test fails for unobserved
// errors and for tasks that do not end. A test that hangs in real time reports what holds it
// up. guesttest can also shuffle tasks; a failing test then prints a command that repeats its
// run. hosts/headless runs the same code without a display, also inside your own
// testing/synctest bubble.
package guest
