// Package windows has what the toolkits' windows and dialogs have in common: a close button that
// asks, work under a dialog with a Cancel button, and a dialog that checks before it closes. What
// is seen on the screen is the toolkit's.
package windows
