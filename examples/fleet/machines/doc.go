// Package machines searches the folders of a whole fleet. It is where the client library's
// goroutines meet the UI thread, in one of three ways:
//
//   - Answers: each counts. They go through a flow.Mailbox, in order; when it is full, the client
//     library waits, and the servers keep the rest ([search.hear]).
//   - Statuses: only the newest of each agent counts. However many come, [Latest] has one of each,
//     and the window takes them once in a frame ([Roster.Follow]).
//   - What a task waits for, it waits for in a line ([search.ask]).
//
// From there on all of it is straight-line code on the UI thread, without a lock.
package machines
