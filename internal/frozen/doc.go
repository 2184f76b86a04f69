// Package frozen has the freezes that people make, as stories for the tests of toolkits: a lock
// across a wait, a wait for the UI thread on the UI thread, a computation, a CallOnMain under a
// lock that the UI thread wants. Each is played in a window of the toolkit's, in a process, until
// the log and the console have explained it.
package frozen
