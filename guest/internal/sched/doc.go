// Package sched is the scheduler of a guest: it decides what runs next on the UI thread.
//
// Any goroutine leaves work in the inbox. The first to find the pump asleep asks the host for
// one wake-up. The host calls the pump on its thread. The pump takes what the inbox holds, adds
// what is due by the clock, and runs that as one batch: what becomes ready meanwhile waits for
// the next batch. It runs batches until nothing is ready or its budget is spent, and then gives
// the thread back to the host: to be called again, or to sleep. What waits is a coroutine; it
// runs between two lines of the pump, on the host's thread, until it parks.
//
//	any goroutine                  the host's thread
//	  Post, Wake, Control ──┐
//	  timer ────────────────┴► inbox ──one wake-up──► turn: inbox → controls → due timers → batch
//	  UI handler: Post ──────► inbox                        └─ coroutine ── Park ── back to it
//
// Entries come from two sides: the guest itself (what the UI thread starts, posts and readies,
// and due timers), and other goroutines. Each side has a queue. While the pump keeps up, their
// entries run in one order. When one side has used half of a turn, the other goes first.
//
// The package knows nothing of tasks, scopes and futures. It runs entries: posted functions, a
// [Runnable] that begins, a [Coro] that goes on. What it needs from its owner is [Client].
//
// # What it guarantees
//
// Each guarantee has a test of its name.
//
//   - No wake-up is lost: what was accepted runs, although it arrives while the pump falls
//     asleep (TestNoWakeupIsLost), and although the host loses a wake-up
//     (TestALostWakeupIsAskedForAgain).
//   - A batch is a snapshot: what becomes ready while it runs is in the next
//     (TestABatchIsASnapshot).
//   - Entries run first come, first served (TestEntriesRunInOrderOfArrival), until one side has
//     used half of a turn. Then the other side goes first. Neither gets less than half of a turn
//     while it needs it (TestEachSideGetsHalfOfATurn, TestSharesFollowTheirModel).
//   - If the guest itself needs less than half of a turn, each entry of its own runs within two
//     turns and one function (TestOwnEntriesRunWithinTwoTurns).
//   - Each side, and each goroutine, keeps its order (TestEachSideKeepsItsOrder). What must not
//     overtake the other side can tell, or step behind both (TestNothingOvertakesWhatItFollows).
//   - A backlog of other goroutines that is a second late is told, once while it lasts
//     (TestABacklogIsToldOnceWhileItLasts).
//   - Only the pump resumes coroutines, and a wake-up for an earlier wait resumes none
//     (TestOnlyTheCurrentWaitIsWoken).
//   - A turn ends when its budget is spent, however much is left to do (TestATurnKeepsItsBudget).
//   - A post is either accepted, and runs before Drained, or refused, and never runs
//     (TestAnAcceptedPostRunsBeforeDrained).
//   - A watcher hears of each turn (TestWatcherHearsOfEachTurn), and of each long step, with what
//     ran (TestWatcherHearsOfLongSteps).
//   - Idle coroutines that nothing has needed for ten seconds are ended, except 16, and a pump
//     that sleeps is called once for that (TestIdleCoroutinesAreEndedAfterAWhile).
package sched
