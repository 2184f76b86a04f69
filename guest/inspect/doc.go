// Package inspect shows what a guest's tasks do: who waits for what, where in the code, and since
// when.
//
//	stop := inspect.OnSignal(g, os.Stderr, syscall.SIGUSR1) // kill -USR1 prints all tasks
//	defer stop()
//
//	guest "editor", running, 3 tasks
//	├─ main.run (main.go:31): waits 2m3s in guest.Park, main.go:44
//	├─ autosave: main.save (save.go:12): waits 12s in guest.Sleep, save.go:15
//	└─ main.search (search.go:20): waits 3.2s in guest.Background, search.go:27
//	   · off the UI thread: main.query (search.go:50)
//	   · waited for by main.show (show.go:9)
//
// Go's own tools see tasks, too: a trace (runtime/trace) has a region for each, from its first
// line to its last, and profiles have the label "task" for what was named.
//
// # Rules
//
//   - A snapshot is of one moment between two batches of tasks: no task runs meanwhile. Nothing is
//     stopped for it, and a guest that nobody looks at pays nothing.
//   - [Snapshot.Next] is for looking again and again: it asks only the tasks that have moved on.
//   - Lines are those of the program, never of the library.
//   - To look is a wait like any other: in a task it parks, on a goroutine it blocks until the UI
//     thread has come to it. On a UI thread outside a task it is refused. When the UI thread is
//     held by something else, [Dump] says by what.
//   - Arguments and context values are not shown.
//
// The ideas are Kotlin's DebugProbes, and tokio-console's list of tasks.
package inspect
