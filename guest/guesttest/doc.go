// Package guesttest runs a test's body as a task, on the test's own goroutine and in virtual time.
//
//	func TestSearch(t *testing.T) {
//		guesttest.Run(t, func(ctx context.Context, t *testing.T) {
//			hits := guest.Async(ctx, search)            // tasks, as in the program
//			require.NoError(t, guest.Sleep(ctx, time.Hour)) // takes no time
//			n, err := hits.Await(ctx)
//			require.NoError(t, err)                     // ends the test, in tasks as in the body
//			require.Equal(t, 3, n)
//		}, nil)
//	}
//
// # What fails the test
//
// Besides what the body says itself: an error or panic that nobody observed, and that a program would only log; tasks that
// have not ended when their time is over, named; work that could not be unwound; a post or start after the end. Each
// failure says what it is about, and no test hangs in a wait of a task; what blocks the goroutine itself, in real time, is go test's
// to end.
//
// # FailNow and require
//
// t.FailNow, t.SkipNow and all of require work in the body, in tasks and in posted functions: everything unwinds, and the test
// ends, on its own goroutine, as its last act. In a function of Background, and in goroutines, they end that function only, as
// package testing warns; the test fails, but goes on.
//
// # Time
//
// The body runs in a testing/synctest bubble: time moves when everything waits, so an hour's sleep takes none. The t that the
// body gets is the bubble's. What needs the world outside (files are fine, sockets and processes are not) sets Options.RealTime.
//
// # Order
//
// With Options.Shuffle, or LODGER_SHUFFLE=on in the environment, tasks that are ready together run in a random order, which shows what
// relies on it by chance. A failing test prints its seed; LODGER_SHUFFLE=<seed> repeats it. To try many: go test -count=100.
//
// # The guest
//
// It is private: RunOnMain in code without a context finds it on its own thread only. So tests may run in parallel, and none
// gets another's calls.
package guesttest
