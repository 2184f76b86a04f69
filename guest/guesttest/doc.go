// Package guesttest runs a test's body as a task, on the test's own goroutine and in virtual time.
//
//	func TestSearch(t *testing.T) {
//		guesttest.Run(t, func(ctx context.Context, t *testing.T) {
//			hits := guest.Async(ctx, search)            // tasks, as in the program
//			require.NoError(t, guest.Sleep(ctx, time.Hour)) // takes no time
//			n, err := hits.Wait(ctx)
//			require.NoError(t, err)                     // ends the test, in tasks as in the body
//			require.Equal(t, 3, n)
//		}, nil)
//	}
//
// # What fails the test
//
// Besides what the body says itself: an unobserved error or panic, which a program would
// only log, those of garbage futures and of background loops (guest/loops) made with the
// body's context included; tasks that have not ended when their time is over, named; work that
// could not be unwound; a post or start after the end. Each failure says what it is about, and
// no test hangs in a wait of a task. What blocks a goroutine in real time is named, and go
// test's to end (see "A test that hangs").
//
// Background loops belong in a scope of the test's own, loops.Scoped(ctx), and end with the
// body then. Those of the process never end, and a goroutine that never ends is fatal in a
// bubble (see Time).
//
// # FailNow and require
//
// t.FailNow, t.SkipNow and all of require work in the body, in tasks and in posted functions:
// everything unwinds, and the test ends, on its own goroutine, as its last act. In a function
// of Background, and in goroutines, they end that function only, as package testing warns; the
// test fails, but goes on. So they do in a task of a background loop whose result somebody
// looks at.
//
// # What does not fail it
//
// An error of a future that was made by NewFuture, or Submit without a guest's context, on a
// goroutine: whose test that was in is not known. A future that something outside of the body
// still holds: it may yet be looked at. What the losers of All and First return: Wait for those
// whose clean-up may fail. What is in no result and only logged: a scope's second failure, or one
// of work that had been cancelled. It is in the test's log.
//
// # Time
//
// The body runs in a testing/synctest bubble: time moves when everything waits, so an hour's
// sleep takes none. The t that the body gets is the bubble's. What needs the world outside
// (files are fine, sockets and processes are not) sets Options.RealTime. A toolkit's loop
// (Options.Host) waits in C, and needs that, too; fynetest's waits in Go, and does not.
//
// Virtual time stands still while tasks are ready. So a test fails, too, after a million (1<<20)
// batches of tasks at the same instant, and after a quarter of a million since the body has
// returned. A batch is all tasks that are ready together, so a task that only yields makes one
// with each Yield. Batches of posted functions alone do not count. What goes on even when it is
// cancelled, and never lets time move, is go test's to end.
//
// A goroutine that is left blocked for ever ends the test binary: "deadlock: main bubble
// goroutine has exited". One that is blocked in a way that the bubble takes for work to come
// makes the test hang (see below).
//
// # A test that hangs
//
// Virtual time stands still, too, while a goroutine of the bubble waits for a socket, a mutex,
// a system call or something that was made outside of the bubble: for all that testing/synctest
// does not call durably blocked. A keep-alive connection of an HTTP client is enough, or a
// mutex that a sleeping goroutine holds. Then nothing happens until go test's -timeout. So when
// nothing of the bubble has run for ten seconds of real time (Options.HangAfter), Run says on
// standard error which goroutines hold the time up, where, and what to do about it. It does so
// once, and ends nothing. A test that computes does not hang, however long it takes.
//
// t.Run and t.Parallel belong outside Run, since they can't be called in a bubble. Fuzz targets
// may call Run; benchmarks use a guest of their own (headless.Run).
//
// # Order
//
// With Options.Shuffle, or LODGER_SHUFFLE=on in the environment, tasks that are ready together
// run in a random order, which shows what relies on it by chance. To try many: go test
// -count=100. A failing test prints a command that repeats the run:
//
//	LODGER_SHUFFLE=758112.12x2-a_7cAyGR53.0102 go test -count=1 -run '^TestSearch$' x.org/search
//
// The first number is the seed, which also works alone. Then come a check of the choices that
// the guest has made, and the order in which goroutines have posted that ran at the same time.
// A run that turns out differently fails, and says which choice is the first that differs: the
// code has changed, or something decides that the guest does not see. That may be the order of a
// map, a select, a random number, or which of two goroutines was the first to take a lock.
//
// For this, a shuffled test in virtual time runs one step of the UI thread at a time. Between
// two steps, and before each wait, the other goroutines run until all of them wait. So in such a
// test only tasks may call synctest.Wait, and a goroutine that waits in a way which the bubble
// does not see (below) stops the UI thread, too. With Options.RealTime the seed repeats the
// order of the tasks, and nothing else.
//
// # The guest
//
// It is private: RunOnMain in code without a context finds it on its own thread only. So tests
// may run in parallel, and none gets another's calls.
package guesttest
