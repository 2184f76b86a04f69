// Package place answers one question for a guest: may its code run here and now?
//
// A guest's code runs on one OS thread, that of its host's loop. Its coroutines can be resumed
// only where they were made: at the same depth of C callbacks. Otherwise Go's runtime ends the
// process. The package knows nothing of scheduling and tasks.
//
// # What it guarantees
//
// Each guarantee has a test with its name.
//
//   - The first thread that may be the loop's becomes the place's thread. Calls on other
//     threads are refused (TestAnotherThreadIsRefused).
//   - All calls arrive at the depth of the first (TestAnotherDepthIsRefused).
//   - A call on the stack of the one that asked for it is refused
//     (TestACallInsideItsRequestIsRefused).
//   - A coroutine is on its own loop's thread and on no other thread, also where threads have no
//     ids (TestACoroutineBelongsToItsLoop).
//   - After the place was vacated, no call is admitted (TestAVacatedPlaceAdmitsNothing).
package place
