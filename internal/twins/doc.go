// Package twins has the stories that the tests of both toolkits tell: how windows ask before
// they close, how programs end, and what the end does to those who wait. Each is written once.
// A toolkit says how to do what a story needs, and in which loops it is played. Stories of
// processes are played on a screen, each in a process that screentest starts.
package twins
