// Package console shows in a browser what a guest does, live: the tree of its tasks, what each
// waits for, where, and since when.
//
//	c, err := console.Serve(ctx, g, nil) // logs the address to open
//
// Nothing is served until a program calls Serve, and nothing is collected until somebody opens
// the page: a snapshot is taken when the page asks for one, at most four times a second.
//
// # What it shows
//
//   - The tree of tasks: name, function, state, the wait and its line, and for how long; who waits
//     for whom; background functions; cancelled tasks. With a click, the calls of a wait.
//   - The guest's [guest.Stats] over the last minute.
//   - Warnings, each with a remedy: a task that waits on after its cancellation, a task that
//     others wait for and that has waited long, a background function without a place in its
//     pool, a UI thread that does not answer.
//
// The arrow keys walk the tree, / goes to the filter, the space bar pauses.
//
// # Who may look
//
//   - It listens on 127.0.0.1 only, and there is no option to listen elsewhere.
//   - Its address has a random token of 128 bits. Without that, every request is refused with the
//     same answer. Anyone with the address may look, until the console ends.
//   - Requests with a Host, an Origin or Fetch metadata of another site are refused, so no page in
//     the same browser can read it.
//   - It only reads: it knows no method but GET, and no address changes anything in the program.
//   - Arguments of calls and values of contexts are not shown. Names of tasks, names of functions,
//     lines, and the text of errors that cancelled a task are.
//
// A console ends with its context and with its guest, whichever is first. It is for development,
// and for programs in the field behind a switch: a flag, a menu entry. In virtual time there is no
// network; use inspect.Dump there.
package console
