//go:build !cgo && !windows

package host

// CallbackDepth returns how many C-to-Go callbacks are on the calling goroutine's stack. This
// program was built without cgo: there are none. Any goroutine.
func CallbackDepth() int { return 0 }
