// Package windows has the common parts of the toolkits' windows and dialogs: a close button that
// asks, work under a dialog with a Cancel button, and a dialog that checks before it closes. The
// toolkits draw them.
package windows
