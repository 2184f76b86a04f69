// Package loops runs tasks in background loops: a headless loop on a goroutine and thread of
// its own, for the parts of a program that want one place where their tasks run one at a time,
// and that should not be the UI thread.
//
//	ctx, cancel := context.WithCancel(context.Background())
//	defer cancel()  // ends the loops of the scope below
//	ctx = loops.Scoped(ctx)
//	db, err := loops.Create(ctx, "db", nil)                 // ours to stop
//	…
//	l, err := loops.Lookup(ctx, "db")  // elsewhere, by name: to submit, and no more
//	n, err := loops.Submit(ctx, l, countRows).Wait(ctx) // a task there; any goroutine may wait
//	…
//	err = db.Stop(ctx)  // cancels what runs, lets it unwind, waits for the loop's end
//
// # Who may do what
//
// A [Manager] belongs to who made it, and it alone stops the loop. A [Loop], which a name
// finds, gives the right to submit, and not to stop. (What is submitted runs inside and can
// reach the loop's guest. This keeps order among friends; it is no prison.)
//
// # Names and scopes
//
// Names live in scopes, and scopes in contexts: [Scoped] opens one. Lookup, Get and Create take
// the context's scope, and the first two go up from there to the root, the outermost scope that
// the context knows; a context that knows none means the process's. Get makes what it does not
// find, at the root. So who opens a scope, in main or in a test, has what is below it to
// itself. The loops of a scope end with the context that Scoped was given: cancel that one, and
// not one derived from the scope's.
//
//	            finds                      if there is none    if there is one
//	Lookup      own scope, up to the root  NotFoundError       the loop
//	Get         own scope, up to the root  made at the root    the loop
//	Create      own scope                  made there          ExistsError
//
// Three functions, and no flags that could contradict each other. The registry forgets a loop
// when it has ended.
//
// # Kinds
//
// A loop with a Kind is protected: it takes only what is submitted through a handle that names
// the same kind (For). All else is refused with an [*UnknownKindError], and never runs.
//
// # The guest
//
// Each loop has a guest of its own (package guest), which is private: RunOnMain in code without
// a context never means a background loop, but the program's window. Inside a loop's tasks it
// means that loop.
package loops
