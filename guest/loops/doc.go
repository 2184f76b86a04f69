// Package loops runs tasks in background loops. A background loop is a headless loop on its own
// goroutine and thread. Use one for a part of the program whose tasks should run one at a time,
// but not on the UI thread.
//
//	ctx, cancel := context.WithCancel(context.Background())
//	defer cancel()  // ends the loops of the scope below
//	ctx = loops.Scoped(ctx)
//	db, err := loops.Create(ctx, "db", nil)  // the manager, which can stop the loop
//	…
//	l, err := loops.Lookup(ctx, "db")  // elsewhere, by name: can only submit
//	n, err := loops.Submit(ctx, l, countRows).Wait(ctx) // a task there; any goroutine may wait
//	…
//	err = db.Stop(ctx)  // cancels what runs, lets it unwind, waits for the loop's end
//
// # Who may do what
//
// A [Manager] starts and stops its loop. A [Loop], which you look up by name, can submit work
// but cannot stop the loop. This is a convention, not a security boundary: submitted code runs
// inside the loop and can reach the loop's guest.
//
// # Names and scopes
//
// Names live in scopes, and scopes live in contexts. [Scoped] opens a scope. The root is the
// outermost scope that a context knows; a context without a scope uses the scope of the process.
// Create uses the context's own scope. Lookup and Get search from there up to the root. If Get
// finds no loop, it makes one at the root. So code that opens a scope, in main or in a test,
// shares its loops with no other code.
//
// The loops of a scope end when the context that you passed to Scoped is done. Cancel that
// context, not one derived from the result of Scoped.
//
//	            finds                      if there is none    if there is one
//	Lookup      own scope, up to the root  NotFoundError       the loop
//	Get         own scope, up to the root  made at the root    the loop
//	Create      own scope                  made there          ExistsError
//
// These are three functions because flags could contradict each other. A name is free
// again when its loop has ended.
//
// # Kinds
//
// A loop with a Kind is protected: it takes only work that you submit through a handle of the
// same kind (For). It refuses all other work with an [*UnknownKindError], and never runs it.
//
// # The guest
//
// Each loop has its own private guest (package guest). So RunOnMain in code without a context
// means the program's window, never a background loop. In a task of a loop it means that loop.
package loops
