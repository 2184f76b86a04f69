// Package inspect shows what a guest's tasks do: what each task waits for, where in the code,
// and since when.
//
//	stop := inspect.OnSignal(g, os.Stderr, syscall.SIGUSR1) // kill -USR1 prints all tasks
//	defer stop()
//
//	guest "editor", running, 4 tasks
//	├─ main.run (main.go:31): waits 2m3s in guest.Park, main.go:44
//	├─ main.show (show.go:5): waits 3.2s in guest.Task.Wait, show.go:9
//	├─ autosave: main.save (save.go:12): waits 12s in guest.Sleep, save.go:15
//	└─ main.search (search.go:20): waits 3.2s in guest.Background, search.go:27
//	   · off the UI thread: main.query (search.go:50)
//	   ·   main.(*cache).get (cache.go:12) waits for a mutex
//	   ·     main.(*cache).fill (cache.go:31) works on the same value, and likely holds …
//	   · waited for by main.show (show.go:9)
//
// When a window is frozen, [Dump] says what holds the UI thread, on which line, and which
// goroutine may have to go on first. The log says the same of a task, and of a handler while the
// guest waits for the thread. Go does not record which goroutine holds a lock, so this is a
// guess: a goroutine that waits for the UI thread in guest.CallOnMain, or that is in a method
// of the lock's owner.
//
// [Observe] reports what tasks do as it happens, for metrics. [LogHandler] adds the task's name
// to your own log records. Go's tools see tasks, too. A trace (runtime/trace) has a task and a
// region for each task, from its first line to its last, and a region for each background function
// of a task. Profiles have the label "task" for named tasks and background functions. See
// docs/tracing.md for a picture.
//
// # Rules
//
//   - A snapshot shows one moment between two batches of tasks; no task runs meanwhile. It
//     stops nothing. It costs nothing while you do not use it.
//   - Use [Snapshot.Next] for repeated snapshots: it asks only the tasks that have moved on.
//   - Lines are those of the program, never of the library.
//   - Taking a snapshot is a wait like any other. In a task it parks. On a goroutine it blocks
//     until the UI thread answers. On a UI thread outside a task it is refused. When other code
//     holds the UI thread, [Dump] says which.
//   - Arguments and context values are not shown.
//
// # What it costs
//
// While nothing observes: less than can be measured. Where the linker places the functions
// matters more. On average over eight layouts of the program, a task that waits once takes 0.96
// of the time that it took before this package existed, and a task that does not wait 1.01. One
// layout takes up to 1.2 of the time of another. While something observes, as a multiple of
// that, the quickest of many short runs on two busy cores (BenchmarkEyes; BenchmarkYield and
// BenchmarkSpawn in guest/console):
//
//	                               observed   traced   page of the console open
//	Yield between two tasks        1.0        1.9      1.25 to 1.4
//	a task that does nothing       1.9        5
//	likewise, with a wait for it   1.6        4        1.1
//	likewise, with a name          1.3        2.8
//
// The benchmark's observer costs some 0.15 µs for each event, most of it for the map in which it
// counts. A name costs 0.8 µs for each start. The cost of a trace is mostly that of Go's tracer.
// An open page costs a reading of the clock for each step, and a snapshot four times a second. A
// console without an open page costs nothing.
//
// The ideas come from Kotlin's DebugProbes and tokio-console's list of tasks.
package inspect
