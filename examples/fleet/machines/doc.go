// Package machines searches the folders of a whole fleet. Here the goroutines of the NATS
// client meet the UI thread, in three ways:
//
//   - Every answer counts. Answers go through a flow.Mailbox, in order. When it is full, the
//     client waits, and the servers keep the rest ([search.hear]).
//   - Only the newest status of each agent counts. [Latest] keeps only that one for each agent,
//     and the window takes them once per frame ([Roster.Follow]).
//   - A task waits for the answer to its job in one line ([search.ask]).
//
// Everything else is straight-line code on the UI thread, without locks.
package machines
