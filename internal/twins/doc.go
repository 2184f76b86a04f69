// Package twins contains the stories that the tests of both toolkits share: how windows ask
// before they close, how programs end, and what the end means for code that waits. Each story
// is written once. A toolkit provides what a story needs, and says in which loops to play it.
// Some stories are played on a screen, in a process that screentest starts.
package twins
