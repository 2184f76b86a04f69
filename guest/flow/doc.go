// Package flow connects the handlers, tasks and goroutines of a program with windows. It has
// actions, observable values, progress, mailboxes, waits for channels, semaphores, pools,
// retries, and loops that yield.
//
//	status := flow.NewVar("idle")
//	status.Bind(ctx, label.SetText)                  // the label follows it, without a task
//	lines := flow.NewMailbox[string](nil)
//	go tail(file, lines.Put)                         // a hundred thousand in a second
//	for batch, err := range lines.Batches(ctx) {     // in a task: at most one in each frame
//		if err != nil {
//			return err
//		}
//		view.Append(batch...)
//	}
//
// # Usage
//
// An [Action] is a handler with a policy for calls that come while it runs: drop them, queue
// them, or let the newest replace the rest. A [Var] holds a state that others watch; the newest
// value wins. A [Mailbox] delivers events in batches and keeps all of them, up to a limit. A
// [Semaphore] limits how much runs at a time; with a limit of 1 it is a mutex that tasks can
// wait for. [Recv], [Each] and [Send] wait for Go's channels. A [Progress] reports progress to
// the UI thread, and never after the work's result. A [Pool] runs CPU-bound background
// functions. [Retry] tries again after a delay. [Slice] ranges over a long sequence without
// freezing the window.
//
// For something that happens once, use a guest.Future. To wait for several things, use
// guest.AsCompleted, or a plain select inside guest.Background. To run one function after
// another, use a guest.Queue. At most n at a time: calls of one handler with [Limit], tasks of any
// kind with a [Semaphore], background functions that keep a processor busy with a [Pool].
//
// # Rules
//
//   - You can use everything here from tasks of any guest, goroutines and UI handlers. Only an
//     Action, a Progress and a binding belong to a guest. A wait parks in a task, blocks on a
//     goroutine, and is refused on a UI thread outside a task (see "Waits" and "Cancellation"
//     in package guest).
//   - Waits are served first come, first served. When its context ends a wait, the wait takes
//     nothing, or reports what it has taken.
//   - Nothing here has a goroutine or a timer while it is idle, and nothing needs closing. Only
//     Recv, Each and Send start a goroutine, for the length of a wait, and a Pool starts one for
//     each function.
package flow
