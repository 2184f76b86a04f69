//go:build !cgo && !windows

package host

// CallbackDepth returns how many C-to-Go callbacks are on the calling goroutine's stack. A
// program that was built without cgo has none. Any goroutine. Never waits.
func CallbackDepth() int { return 0 }
