// Package guest runs cooperative tasks on the UI thread of somebody else's main loop, so that
// asynchronous code is straight-line code.
//
//	search.OnTapped = func() {
//		app.Go(func(ctx context.Context) error {      // app is a *guest.Guest
//			status.SetText("searching…")              // a plain widget call on the UI thread
//			hits, err := guest.Background(ctx, query) // off the UI thread; the window lives on
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
// A guest lives in a [host.Host]: in Fyne's loop, GTK's, or a headless one. The Run of a
// toolkit's package runs the loop and a main task in one call; so do [RunTask] and, with a
// result, [Run], for any host. [Start] makes a guest for a loop that the program runs itself;
// after the loop the program calls [Guest.Finish].
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
//	  for several                                All, First, AsCompleted (also of unlike things)
//	  for a time, a turn, the end                Sleep, Yield, Park
//	  for a callback, a dialog                   Await
//	  for a channel, a place, a value            flow.Recv, flow.Semaphore, flow.Var
//	  in a function that spins its own loop      Modal
//	to end
//	  what was started, together                 Scope; apart: Supervise; before the end: Join
//	  one task, or all                           Task.Cancel, Guest.Cancel
//	  with clean-up that waits                   Cleanup
//	to see what goes on
//	  which tasks there are, who waits for what  package inspect
//	  how busy the UI thread is                  Guest.Stats
//
// A Future's Result reads without waiting, as a Task's Err does. For a limit of tasks that run at
// a time there is flow.Semaphore, for a pool of background functions flow.Pool.
//
// # Rules on the UI thread
//
//   - A task runs on the host's thread, alone, until it waits. Between two waits nothing else
//     runs there: no lock is needed.
//   - Ready tasks run round-robin, first come, first served, while the guest keeps up. When what
//     comes from other goroutines has used half of a turn's budget, what is the guest's own goes
//     first: ready tasks, due timers, whatever the UI thread starts or posts. So each side gets
//     half of the budget while it needs it, and one function more at the most. Each side keeps
//     its order. What Background and Submit return, and flow.Progress, never overtakes what their
//     function has posted; a future that you settle may. A backlog that is a second late is
//     logged.
//   - Go and Post only queue: nothing of what they are given runs before they return. The one
//     exception is RunOnMain on the UI thread itself, which says so.
//   - After 4 ms (Options.Budget) the guest gives the thread back to the window, however much
//     is left to do. A task that computes for long does not; it calls Yield, or better
//     Background.
//   - What holds the thread for 100 ms (Options.SlowTurn), computing or blocked, is logged, once
//     for each line of the program; a handler outside of the guest after 500 ms. What holds it for
//     five seconds is logged with its stack, and with those whom it holds up.
//   - Never hold runtime.LockOSThread across a wait, nor leave it open in a task or handler,
//     nor undo the host's: Go's runtime ends the process for it, and nothing can warn before.
//
// # Waits
//
// A wait parks in a task, and blocks on any goroutine that is on no guest's UI thread. On a UI
// thread outside a task it is refused, also if it could return at once: the error wraps
// [ErrWouldDeadlock], and is logged once for each place in the program. So one helper that waits
// serves in tasks, in Background functions and on goroutines of your own.
//
// A task's context is for tasks, the context of Background or Submit for goroutines, any other for
// wherever you are. A goroutine that waits with a task's context panics with the remedy: what
// follows would touch widgets off the UI thread. [Scope], [Supervise], [Join] and [Modal] are
// structure and not waits; they stay in tasks. A wait in a pool lends its place meanwhile.
//
// # Contexts
//
// Every task gets a context that carries the guest, the scope that owns what it starts, its
// cancellation and values. Contexts derived with package context work as usual. Which task
// waits is always the one that runs; the context only says under which cancellation.
//
// # Structure and errors
//
// A task ends only when the tasks that it has started have ended. A failure goes where it can be
// answered for. The scope decides where that is, and never the place of the call or the verb that
// started the task, since one handler is called by the mouse as well as by a task:
//
//	scope                                 when a task of it fails
//	Scope, and what a task has started    the others are cancelled; the scope returns the failure
//	main's, under Run or RunTask          likewise, as in errgroup
//	main's, under a toolkit's own Run     it stays apart: a failed click does not end the program
//	  or with Options.Supervise
//	Supervise, WithWindow, Guest.Go       it stays apart
//
// A failure that stays apart is the error of who waits for the task, else it goes to
// Options.OnError, else to the log. The failure of a [Future] belongs to its holder; if no code
// has looked at it when its scope ends, the scope decides. A panic fails a Scope at once, and one
// that stays apart without an OnError ends the guest.
//
// A failure that cancels others is logged, naming both. Failures of a scope that are in no
// result, since another came first or its function has panicked, are logged, too, unless they
// only follow from the cancellation; panics among them go to OnError. A task's own deferred
// calls run before its children are waited for. [Cleanup] registers what is to run after them.
//
// # Futures
//
// A [Future] is settled by a task ([Async]) or by you ([NewFuture]). Callbacks
// ([Future.OnDone]) are posts: on the UI thread, never at once, and not once their context is
// done. An error that is never observed is never silent: Async's goes to its scope, yours to the
// log when the future is garbage.
//
// # Cancellation
//
// Nothing that waits returns nil when its context is done, neither on entry nor on return. If
// the work was done nevertheless, its value comes with the error. Cancel on the guest's own UI
// thread is complete when it returns; from elsewhere, by the guest's next turn. So on the UI
// thread err == nil means that ctx.Err() is nil in that line, unless another goroutine calls a
// context's cancel function just then; and a cancelled search never shows its result. A result
// that came in time while the UI thread was busy past the deadline is reported as
// context.DeadlineExceeded, with the value.
//
// The error of a wait matches both ctx.Err() and context.Cause(ctx). A function whose context
// is done and that answers so, perhaps with a text around it, has been cancelled, and has not
// failed: its error matches the cause, too; [IsQuit] and [Cancelled] see it, and an ordinary
// close exits with 0. An error that says more is a failure, also if it is joined to such an
// answer: of a full disk while saving, for example. It goes where failures go, makes the exit
// code, and is no quit. That of a function of Background or Submit comes with the cancellation
// around it, and is logged as "failed after its cancellation", since the caller may only look
// at that; it does not go to OnError as well, unless it is a panic. [ErrNotBegun] tells what
// never ran from what ran and was cancelled; an outer function that passes an inner one's error
// on has it, too. Clean-up that must wait belongs in [Cleanup], whose context is shielded; for
// other work there is context.WithoutCancel.
//
// A closed window has a name. What worked for it answers with an error that matches
// [ErrWindowClosed], so that code behind a prompt never goes on with an empty answer. IsQuit and
// the report of unobserved errors take it for no failure.
//
// # Panics
//
// A panic in a task is caught there, with the task's own stack, and becomes a [*PanicError]
// that travels as an error. runtime.Goexit is [ErrGoexit]. Neither harms the UI thread.
//
// # The end
//
// A guest ends when main and its tasks have ended, or after Cancel. Everything unwinds first:
// tasks, then posted functions; then the host hears of it, then Done closes. A post either
// returns nil and runs, or returns ErrFinished and never does. If the host's loop ends first,
// Finish unwinds everything after it. Tasks of Guest.Go, and jobs of guest/jobs, do not keep a
// guest alive: they are cancelled when main has ended.
//
// # Goroutines
//
// Each task whose function has begun and not returned is one goroutine in runtime.NumGoroutine
// and in stack dumps, and so is each idle coroutine, with some 2.6 kB. A guest keeps up to 1024
// of those for its next tasks. Those that nothing has needed for ten seconds are ended, except
// 16; a guest at rest is woken once for that. When the guest has ended, none is left.
//
// # Looking at tasks
//
// guest/inspect prints what each task waits for, and in which line of the program; guest/console
// shows that in a browser, live. inspect.Observe feeds metrics. None costs anything until somebody
// looks. A UI thread that is held is explained in the log: what it does (computes, waits for a
// mutex, for a channel, for itself), in which line and task, and who may hold the lock. Logs name
// a task by a group "task" with name, func and at. Stacks in logs have functions and lines, the
// program's first, and no arguments.
//
// # Testing
//
// guest/guesttest runs a test's body as a task, in virtual time, and fails for
// unobserved errors, and for tasks that do not end. A test that hangs in real time says what
// holds it up. Tasks may be shuffled there: a failing test prints a command that repeats its run.
// hosts/headless runs the same code without a display, also inside a
// testing/synctest bubble of your own.
package guest
