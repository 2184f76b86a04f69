// Package console shows a guest live in a browser: the tree of its tasks, what each task waits
// for, where, and since when.
//
//	c, err := console.Serve(ctx, g, nil) // logs the address to open
//
// The console serves nothing until you call Serve, and collects nothing until you open the
// page. It takes a snapshot when the page asks for one, at most four times a second.
//
// # What it shows
//
//   - The tree of tasks: name, function, state, the wait and its line, and for how long; which
//     task waits for which; background functions; cancelled tasks. Click a wait to see its
//     calls.
//   - The guest's [guest.Stats] over the last minute.
//   - The turns of the UI thread in the last 30 s: how long they were, beside their budget and
//     beside [guest.Options].SlowTurn; what was idle between; for how long something else held the
//     thread, a handler for example, while the guest had something to do.
//   - The slowest steps: tasks, posted functions and handlers that have held the thread for
//     longer than the budget of a turn (handlers: 50 ms); how long, when, how often, and the
//     calls that were seen last, in the second half of the step. The 30 slowest places of the
//     last ten minutes are kept while a page is open, and a minute longer.
//   - Warnings, each with a remedy: a task that waits on after its cancellation, a task that
//     others wait for and that has waited long, a background function without a place in its
//     pool, a UI thread that does not answer.
//
// The arrow keys move in the tree, in the timeline and in the table of steps, / goes to the
// filter, and the space bar pauses.
//
// A page that is open costs the guest one reading of the clock for each step, and a question
// four times a second. In return, the guest also sees handlers that hold its thread while it has
// nothing to do. Ten seconds after the last question it is watched no more.
//
// # Access
//
//   - It listens on 127.0.0.1 only, and there is no option to listen elsewhere.
//   - Its address has a random token of 128 bits. It refuses every request without the token
//     with the same answer. Anyone with the address has access until the console ends.
//   - It refuses requests with a Host, an Origin or Fetch metadata of another site, so no other
//     page in the same browser can read it.
//   - It is read-only: it accepts only GET, and no address changes anything in the program.
//   - It shows names of tasks, names of functions, lines, and the text of errors that cancelled
//     a task. It does not show arguments of calls or values of contexts.
//
// A console ends with its context or with its guest, whichever ends first. Use it in
// development. In production, put it behind a switch, such as a flag or a menu entry. In
// virtual time there is no network; use inspect.Dump there.
package console
