// Package sched is the scheduler of a guest: it decides what runs next on the UI thread.
//
// Any goroutine may leave work in the inbox. The first one that finds the pump asleep asks the
// host for one wake-up. The host then calls the pump on its thread. The pump takes what the
// inbox holds, adds what is due by the clock, and runs all of that as one batch. Whatever
// becomes ready meanwhile waits for the next batch. The pump runs batches until nothing is
// ready or its budget is spent. Then it gives the thread back to the host: it asks to be called
// again, or sleeps. Code that waits is a coroutine. It runs between two lines of the pump, on
// the host's thread, until it parks.
//
//	any goroutine                  the host's thread
//	  Post, Wake, Control ──┐
//	  timer ────────────────┴► inbox ──one wake-up──► turn: inbox → controls → due timers → batch
//	  UI handler: Post ──────► inbox                        └─ coroutine ── Park ── back to it
//
// Entries come from two sides. One is the guest itself: what the UI thread starts, posts and
// readies, and due timers. The other is all other goroutines. Each side has a queue. While the
// pump keeps up, the entries of both run in one order. When one side has used half of a turn,
// the other goes first.
//
// The package knows nothing about tasks, scopes and futures. It runs entries: posted functions,
// a [Runnable] that begins, a [Coro] that goes on. Its owner implements [Client].
//
// # What it guarantees
//
// Each guarantee names the test that holds it.
//
//   - No wake-up is lost. An accepted entry runs even if it arrives while the pump falls asleep
//     (TestNoWakeupIsLost), and even if the host loses a wake-up
//     (TestALostWakeupIsAskedForAgain).
//   - A batch is a snapshot: entries that become ready while it runs are in the next batch
//     (TestABatchIsASnapshot).
//   - Entries run first come, first served (TestEntriesRunInOrderOfArrival), until one side has
//     used half of a turn. Then the other side goes first. A side that needs half of a turn
//     gets it (TestEachSideGetsHalfOfATurn, TestSharesFollowTheirModel).
//   - If the guest itself needs less than half of a turn, each of its entries runs within two
//     turns, plus one function (TestOwnEntriesRunWithinTwoTurns).
//   - Each side, and each goroutine, keeps its order (TestEachSideKeepsItsOrder). A coroutine
//     can tell whether it has overtaken the other side, and a function can be queued behind
//     both sides (TestOvertakingCanBeSeenAndAvoided).
//   - The pump tells the client when the posts of other goroutines are a second late, once
//     while that lasts (TestABacklogIsReportedOnceWhileItLasts).
//   - Only the pump resumes coroutines, and a wake-up for an earlier wait resumes none
//     (TestOnlyTheCurrentWaitIsWoken).
//   - A turn ends when its budget is spent, no matter how much is left to do
//     (TestATurnKeepsItsBudget).
//   - A post is either accepted, and runs before Drained, or refused, and never runs
//     (TestAnAcceptedPostRunsBeforeDrained).
//   - A watcher is told about each turn (TestWatcherHearsOfEachTurn), also about the one that
//     runs when the watch begins (TestWatcherHearsOfTheTurnThatRuns), and about each long step
//     and what ran in it (TestWatcherHearsOfLongSteps).
//   - At most 1024 idle coroutines are kept. One more ends at once
//     (TestCoroutinesWithoutRoomEnd).
//   - The pump ends idle coroutines that were not needed for ten seconds, except 16. A pump
//     that sleeps is woken once for that (TestIdleCoroutinesAreEndedAfterAWhile).
package sched
