// Package flow has what a windowed program needs between its handlers, tasks and goroutines: an
// action, a value that is watched, progress, a mailbox, channels, a semaphore, a pool, a way to
// try again, and a loop that gives way.
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
// them, or let the newest replace the rest. A [Var] holds what something is, and the newest
// value wins. A [Mailbox] carries what happens, all of it up to a limit, in batches. A
// [Semaphore] limits how much goes on at a time; with a limit of 1 it is a mutex that tasks can
// wait for. [Recv], [Each] and [Send] wait for Go's channels. A [Progress] brings news of work to
// the UI thread, and none after the work's result. A [Pool] runs background functions that eat
// CPU. [Retry] tries again after a delay. [Slice] ranges over much without freezing the window.
//
// What happens once is a guest.Future. To wait for several is guest.AsCompleted, or a plain
// select inside guest.Background. One function after another is a guest.Queue.
//
// # Rules
//
//   - All of it serves tasks of any guest, goroutines and UI handlers alike, and belongs to no
//     guest. What waits parks in a task, blocks on a goroutine, and is refused on a UI thread
//     outside a task (see "Waits" and "Cancellation" in package guest).
//   - Waits are served first come, first served. A wait that its context ends takes nothing, or
//     says what it has taken.
//   - Nothing here has a goroutine or a timer while it is idle, and nothing needs closing. Only
//     Recv, Each and Send start a goroutine, for the length of a wait, and a Pool starts one for
//     each function.
package flow
