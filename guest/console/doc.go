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
//   - Warnings, each with a remedy: a task that waits on after its cancellation, a task that
//     others wait for and that has waited long, a background function without a place in its
//     pool, a UI thread that does not answer.
//
// The arrow keys move in the tree, / goes to the filter, and the space bar pauses.
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
