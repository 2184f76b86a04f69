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
// The test fails when the body says so, and also for: an unobserved error or panic; an
// unobserved error of a garbage future, or of a background loop (guest/loops) made with the
// body's context; tasks that have not ended in time, by name; work that could not be unwound; a
// post or start after the end. Each failure says what it is about. No test hangs because a task
// waits. If a goroutine blocks in real time, Run names it, and go test's time-out ends the test
// (see "A test that hangs").
//
// Start background loops in the test's own scope, loops.Scoped(ctx). They then end with the
// body. Loops of the process never end, and a goroutine that never ends is fatal in a bubble
// (see Time).
//
// # FailNow and require
//
// t.FailNow, t.SkipNow and all of require work in the body, in tasks and in posted functions:
// everything unwinds, and then the test ends on its own goroutine. In a function of Background,
// and in goroutines, they end only that function, as package testing warns; the test fails, but
// goes on. The same holds in a task of a background loop if the test looks at the task's
// result.
//
// # What does not fail it
//
// Some errors do not fail the test. One is the error of a future that a goroutine made with
// NewFuture, or with Submit without a guest's context, since nothing says which test it belongs
// to. Another is the error of a future that something outside the body still holds, since it
// may still be observed. Errors of the losers of All and First do not count; call Wait on those
// whose clean-up may fail. Nor do failures that are only logged: a scope's second failure, or a
// failure of cancelled work. They are in the test's log.
//
// # Time
//
// The body runs in a testing/synctest bubble: time moves when everything waits, so an hour's
// sleep takes no real time. The t that the body gets is the bubble's. If the test uses sockets
// or processes, set Options.RealTime; files are fine. A toolkit's loop (Options.Host) waits in
// C and needs RealTime, too. The loop of fynetest waits in Go and does not need it.
//
// Virtual time stands still while tasks are ready. So a test also fails after a million (1<<20)
// batches of tasks at the same instant, and after a quarter of a million once the body has
// returned. A batch is all tasks that are ready together, so a task that only yields makes a
// batch with each Yield. Batches of posted functions alone do not count. If a task ignores its
// cancellation and never lets time move, only go test's time-out ends the test.
//
// A goroutine that stays blocked forever ends the test binary: "deadlock: main bubble goroutine
// has exited". If the bubble does not recognize that a goroutine is blocked, the test hangs
// (see below).
//
// # A test that hangs
//
// Virtual time also stands still while a goroutine of the bubble waits for a socket, a mutex, a
// system call or something made outside the bubble: testing/synctest does not call these
// durably blocked. A keep-alive connection of an HTTP client is enough, or a mutex that a
// sleeping goroutine holds. Then nothing happens until go test's -timeout. So when nothing in
// the bubble has run for ten seconds of real time (Options.HangAfter), Run reports on standard
// error which goroutines hold up the time, where, and what to do. It reports once, and does not
// end the test. A test that computes does not count as hanging, however long it takes.
//
// Call t.Run and t.Parallel outside Run, since they don't work in a bubble. Fuzz targets may
// call Run. In benchmarks use headless.Run.
//
// # Order
//
// With Options.Shuffle, or LODGER_SHUFFLE=on in the environment, tasks that are ready together
// run in a random order. This finds code that relies on the order by chance. To try many
// orders, run go test -count=100. A failing test prints a command that repeats the run:
//
//	LODGER_SHUFFLE=758112.12x2-a_7cAyGR53.0102 go test -count=1 -run '^TestSearch$' x.org/search
//
// The first number is the seed, which also works alone. The rest is a checksum of the guest's
// choices, and the order in which concurrent goroutines have posted. If a repeated run differs,
// it fails and names the first choice that differs. Then the code has changed, or something
// outside the guest makes a choice: the order of a map, a select, a random number, or which of
// two goroutines takes a lock first. The seed does not decide the jitter of guest.Every,
// flow.Retry and jobs: set their Rand to a source with a seed of its own, or turn the jitter off.
//
// To make this work, a shuffled test in virtual time runs one step of the UI thread at a time.
// Between two steps, and before each wait, the other goroutines run until all of them wait. So
// in such a test only tasks may call synctest.Wait. If the bubble does not recognize that a
// goroutine is blocked (see above), the UI thread stops, too. With Options.RealTime the seed
// repeats only the order of the tasks.
//
// # The guest
//
// The test's guest is private, unless there is an Options.Host: RunOnMain in code without a
// context finds it only on its own thread. So tests may run in parallel, and no test gets
// another's calls.
package guesttest
