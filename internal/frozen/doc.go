// Package frozen contains the freezes that programmers cause, as stories for the tests of
// toolkits: a lock across a wait, a wait for the UI thread on the UI thread, a long
// computation, and a CallOnMain under a lock that the UI thread wants. Each is played in a
// window of the toolkit, in a separate process, until the log and the console have explained
// it.
package frozen
